using System.Net.ServerSentEvents;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Whatever is collected in memory has a limit, by an option that the error names (report 4).</summary>
public sealed class CollectedLimitTests : ResponseTests
{
    private const int Most = 10_000;

    private static readonly PoolOptions _limited = new() { DecodeLimits = new() { MaxDecodedBytes = Most } };

    /// <summary>How a body is framed, and how it is read as a whole.</summary>
    public static TheoryData<Mode, string, string> Ways() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from framing in new[] { "sized", "chunked", "until close" }
           from way in new[] { "preloaded", "explained", "data", "text", "buffer" }
           select new TheoryDataRow<Mode, string, string>(mode, framing, way),
    ];

    [Theory, MemberData(nameof(Ways))]
    public async Task A_body_that_is_read_as_a_whole_may_be_as_long_as_the_limit_and_no_longer(Mode mode, string framing, string way)
    {
        using var server = MisbehavingServer.Start(Framed(framing, Most), Framed(framing, Most + 1));
        using var manager = new PoolManager(_limited);

        Assert.Equal(Most, await ReadWhole(mode, manager, server.Url, way));
        if (framing != "until close")
            manager.Clear(); // each answer on a connection of its own
        LimitExceededException error = await Assert.ThrowsAsync<LimitExceededException>(
            () => ReadWhole(mode, manager, server.Url, way));

        Assert.Equal((nameof(DecodeLimits.MaxDecodedBytes), (long)Most), (error.LimitName, error.Limit));
        Assert.Equal(2, server.Requests.Count); // it would be as long the second time
    }

    [Theory]
    [InlineData(Mode.Blocking, "preloaded")]
    [InlineData(Mode.Asynchronous, "preloaded")]
    [InlineData(Mode.Blocking, "data")]
    [InlineData(Mode.Asynchronous, "buffer")]
    public async Task An_endless_body_ends_at_the_limit(Mode mode, string way)
    {
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\n").SendForever(new string('x', 1000)));
        using var manager = new PoolManager(_limited);

        await Assert.ThrowsAsync<LimitExceededException>(() => ReadWhole(mode, manager, server.Url, way));

        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_length_above_the_limit_fails_before_the_body_comes(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 104857601\r\n\r\n").Stall());
        using var manager = new PoolManager();

        LimitExceededException error = await Assert.ThrowsAsync<LimitExceededException>(() => Get(mode, manager, server.Url));

        Assert.Equal(100L * 1024 * 1024, error.Limit);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_may_set_another_limit_or_none(Mode mode)
    {
        using var server = Serve(Sized(new string('x', 20_000)), Sized(new string('x', 20_000)));
        using var manager = new PoolManager(_limited);

        Assert.Equal(20_000, (await Get(mode, manager, server.Url, new() { DecodeLimits = DecodeLimits.None })).Data.Length);
        var more = new RequestOptions { DecodeLimits = new() { MaxDecodedBytes = 20_000 } };
        Assert.Equal(20_000, (await Get(mode, manager, server.Url, more)).Data.Length);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_streamed_body_has_no_limit(Mode mode)
    {
        using var server = Serve(Sized(new string('x', 20_000)));
        using var manager = new PoolManager(_limited);
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        using var target = new MemoryStream();
        Assert.Equal(20_000, await Call(mode, () => response.CopyTo(target), () => response.CopyToAsync(target).AsTask()));
    }

    [Theory]
    [InlineData(Mode.Blocking, "data: ", "xxxxxxxxxx")] // one endless line
    [InlineData(Mode.Asynchronous, "data: ", "xxxxxxxxxx")]
    [InlineData(Mode.Blocking, "", "data: xxxxxxxxxx\n")] // endless lines of one event
    [InlineData(Mode.Asynchronous, "", "data: xxxxxxxxxx\n")]
    [InlineData(Mode.Blocking, ": ", "xxxxxxxxxx")]
    [InlineData(Mode.Asynchronous, "id: ", "xxxxxxxxxx")]
    public async Task An_endless_event_ends_at_the_limit_and_costs_the_connection(Mode mode, string beginning, string more)
    {
        using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n" + beginning)
            .SendForever(string.Concat(Enumerable.Repeat(more, 100))));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        var events = new List<SseItem<string>>();

        LimitExceededException error = await Assert.ThrowsAsync<LimitExceededException>(() => Call(
            mode,
            () => events.AddRange(Kept(response.ReadEvents(5000))),
            async () =>
            {
                await foreach (SseItem<string> item in response.ReadEventsAsync(5000))
                    events.Add(item);
            }));

        Assert.Equal(("maxEventLength", 5000L), (error.LimitName, error.Limit));
        server.WaitUntilAllClosed();
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadEvents(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadEventsAsync(0));

        IEnumerable<SseItem<string>> Kept(IEnumerable<SseItem<string>> items) => items.Select(item => item);
    }

    private static Dialogue Framed(string framing, int length)
    {
        var body = new string('x', length);
        return framing switch
        {
            "sized" => Dialogue(Sized(body)),
            "chunked" => Dialogue(Chunked("", body[..4000], body[4000..])),
            _ => Dialogue("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body).Close(),
        };
    }

    private static async Task<int> ReadWhole(Mode mode, PoolManager manager, string url, string way)
    {
        if (way == "buffer")
        {
            var buffer = new ResponseBuffer();
            await Call(
                mode, () => manager.RequestInto("GET", url, buffer), () => manager.RequestIntoAsync("GET", url, buffer).AsTask());
            return buffer.Body.Length;
        }

        RequestOptions options = way switch
        {
            "preloaded" => RequestOptions.Default,
            "explained" => new() { Explain = true },
            _ => Streamed,
        };
        UrllibResponse response = await Get(mode, manager, url, options);
        return way == "text" ? await Call(mode, () => response.Text(), () => OnThread(() => response.Text())) is { } text ? text.Length : 0
            : (await Data(mode, response)).Length;
    }
}
