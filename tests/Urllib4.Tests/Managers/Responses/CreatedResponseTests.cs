using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers.Responses;

public sealed class CreatedResponseTests : ModeTests
{
    private static readonly JsonTypeInfo<JsonElement> _anyJson =
        (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement));

    [Fact]
    public void It_says_what_it_was_made_with()
    {
        Retry retries = new Retry { Total = 3 }.Increment("GET", Url.Parse("http://h/"), 503);
        HttpHeaderDict headers = new() { ["Content-Type"] = "text/plain", ["X-A"] = "J\u00fcr" };
        UrllibResponse response = UrllibResponse.Create(404, "gone"u8, headers, "http://h/a", "Not Found", retries, attempts: 2);
        headers["X-A"] = "other";

        Assert.Equal((404, "Not Found", "http://h/a", 2), (response.Status, response.Reason, response.Url.Href, response.Attempts));
        Assert.Equal("J\u00fcr", response.Headers["x-a"]);
        Assert.Equal("text/plain", response.Headers["content-type"]);
        Assert.Equal(retries, response.Retries);
        Assert.Equal(new Version(1, 1), response.Version);
        Assert.Equal("404 Not Found http://h/a", response.ToString());
        Assert.Equal((0L, 4L, (long?)0), (response.Connection.Id, response.BytesReceived, response.LengthRemaining));
        Assert.Equal((false, null, null, null), (response.IsDecoded, response.Trailers, response.Report, response.UnknownCoding));
    }

    [Fact]
    public void Without_anything_it_is_an_empty_200()
    {
        UrllibResponse response = UrllibResponse.Create();
        Assert.Equal((200, "", "http://localhost/"), (response.Status, response.Reason, response.Url.Href));
        Assert.Empty(response.Headers);
        Assert.Empty(response.Data);
        Assert.True(response.IsSuccess);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task It_is_read_in_every_way_as_one_from_a_server_is(Mode mode)
    {
        const string Text = "{\"a\":1}\n{\"a\":2}\n";
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(static d => d
            .ExpectRequest().Send($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Text.Length}\r\n\r\n{Text}")));
        foreach (Func<UrllibResponse, Task<string>> way in Ways(mode))
        {
            UrllibResponse real = await rig.Send(mode, "GET", "/");
            UrllibResponse made = UrllibResponse.Create(200, Text, new() { ["Content-Type"] = "application/json" });
            Assert.Equal(await way(real), await way(made));
        }
    }

    [Fact]
    public async Task Whatever_ends_a_response_may_be_called()
    {
        UrllibResponse response = UrllibResponse.Create(200, "abc");
        response.Drain();
        await response.DrainAsync();
        response.Release();
        response.Dispose();
        await response.DisposeAsync();
        Assert.Equal("abc", response.Text());
        Assert.Throws<InvalidOperationException>(response.TakeOver);
    }

    [Fact]
    public void A_text_is_written_in_the_charset_of_the_type()
    {
        UrllibResponse response = UrllibResponse.Create(200, "\u00fc", new() { ["Content-Type"] = "text/plain; charset=iso-8859-1" });
        Assert.Equal([0xFC], response.Data);
        Assert.Equal("\u00fc", response.Text());
    }

    [Fact]
    public void What_no_response_can_be_is_refused()
    {
        Assert.Equal("status", Assert.Throws<ArgumentOutOfRangeException>(static () => UrllibResponse.Create(100)).ParamName);
        Assert.Equal("status", Assert.Throws<ArgumentOutOfRangeException>(static () => UrllibResponse.Create(1000)).ParamName);
        Assert.Equal("attempts", Assert.Throws<ArgumentOutOfRangeException>(static () => UrllibResponse.Create(attempts: 0)).ParamName);
        Assert.Throws<InvalidHeaderException>(static () => UrllibResponse.Create(headers: new() { ["X-A"] = "a\r\nb" }));
        Assert.Throws<LocationValueException>(static () => UrllibResponse.Create(url: "/path"));
    }

    private static Func<UrllibResponse, Task<string>>[] Ways(Mode mode) =>
    [
        r => Call(mode, () => Convert.ToHexString(r.Data), async () => Convert.ToHexString(await r.DataAsync())),
        static r => Task.FromResult(r.Text()),
        r => Call(mode, () => Convert.ToHexString(r.Read(3)) + r.Text(), async () => Convert.ToHexString(await r.ReadAsync(3)) + r.Text()),
        r => Call(mode, () => Convert.ToHexString(r.ReadOne(5)), async () => Convert.ToHexString(await r.ReadOneAsync(5))),
        r => CallRig.ReadParts(mode, r),
        r => Call(mode, () => string.Join('|', r.ReadLines()), async () => string.Join('|', await All(r.ReadLinesAsync()))),
        r => Call(
            mode,
            () => string.Join('|', r.ReadJsonLines(_anyJson).Select(static e => e.GetRawText())),
            async () => string.Join('|', (await All(r.ReadJsonLinesAsync(_anyJson))).Select(static e => e.GetRawText()))),
        r => Call(mode, () => $"{r.ReadEvents().Count()}", async () => $"{(await All(r.ReadEventsAsync())).Count}"),
        r => Call(mode, () => Copied(r), async () => await CopiedAsync(r)),
        r => Call(mode, () => new StreamReader(r.AsStream()).ReadToEnd(), () => new StreamReader(r.AsStream()).ReadToEndAsync()),
        static r => Task.FromResult($"{r.BytesReceived} {r.LengthRemaining} {r.IsDecoded} {r.Trailers} {r.IsSuccess} {r.Attempts}"),
    ];

    private static string Copied(UrllibResponse response)
    {
        using var copy = new MemoryStream();
        return $"{response.CopyTo(copy)} {Encoding.ASCII.GetString(copy.ToArray())}";
    }

    private static async Task<string> CopiedAsync(UrllibResponse response)
    {
        using var copy = new MemoryStream();
        return $"{await response.CopyToAsync(copy)} {Encoding.ASCII.GetString(copy.ToArray())}";
    }

    private static async Task<List<T>> All<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (T item in items)
            all.Add(item);
        return all;
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Events_go_on_where_lines_ended(Mode mode)
    {
        using UrllibResponse response = UrllibResponse.Create(200, "a preamble\ndata: one\n\ndata: two\n\n");
        Assert.Equal("a preamble", mode == Mode.Blocking ? response.ReadLines().First() : await First(response.ReadLinesAsync()));
        List<string> events = [];
        if (mode == Mode.Blocking)
        {
            events.AddRange(response.ReadEvents().Select(static item => item.Data));
        }
        else
        {
            await foreach (System.Net.ServerSentEvents.SseItem<string> item in response.ReadEventsAsync())
                events.Add(item.Data);
        }

        Assert.Equal(["one", "two"], events);
    }

    private static async Task<string> First(IAsyncEnumerable<string> lines)
    {
        await foreach (string line in lines)
            return line;
        throw new InvalidOperationException("There is no line.");
    }
}
