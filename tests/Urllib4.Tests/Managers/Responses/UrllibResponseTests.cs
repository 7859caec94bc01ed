using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>Every way to take a body, of one that is kept and of one on its way, in both modes.</summary>
public sealed class UrllibResponseTests : MemoryTests, IDisposable
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private PoolManager? _manager;

    public static MatrixTheoryData<Mode, bool> Ways => new(Enum.GetValues<Mode>(), [true, false]);

    public void Dispose() => _manager?.Dispose();

    [Theory, MemberData(nameof(Ways))]
    public async Task A_body_is_read_into_memory_of_the_caller(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        byte[] buffer = new byte[20];
        Assert.Equal(20, await ReadInto(mode, response, buffer));
        Assert.Equal(6, await ReadInto(mode, response, buffer));
        Assert.Equal("uvwxyz", Encoding.ASCII.GetString(buffer, 0, 6));
        Assert.Equal(0, await ReadInto(mode, response, buffer));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task As_many_bytes_are_read_as_were_asked_for_or_all_that_are_left(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        Assert.Equal("abcdefghij", await ReadAmount(mode, response, 10));
        Assert.Equal("", await ReadAmount(mode, response, 0));
        Assert.Equal("klmnopqrstuvwxyz", await ReadAmount(mode, response, int.MaxValue / 2));
        Assert.Equal("", await ReadAmount(mode, response, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAmount(mode, response, -1));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task One_read_brings_what_is_there_and_no_more_than_was_asked_for(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        byte[] part = await Call(mode, () => response.ReadOne(4), () => response.ReadOneAsync(4).AsTask());
        Assert.Equal("abcd"u8.ToArray(), part);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Call(mode, () => response.ReadOne(-1), () => response.ReadOneAsync(-1).AsTask()));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Parts_put_together_are_the_body(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        Assert.Equal(Alphabet, await CallRig.ReadParts(mode, response));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.Stream(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.StreamAsync(0));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_copy_is_the_body_and_its_progress_ends_at_the_length(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        using var copy = new MemoryStream();
        var progress = new LastProgress();
        long copied = await Call(mode, () => response.CopyTo(copy, progress), () => response.CopyToAsync(copy, progress).AsTask());
        Assert.Equal((26, Alphabet), (copied, Encoding.ASCII.GetString(copy.ToArray())));
        Assert.Equal(new TransferProgress(26, 26), progress.Last);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_copy_into_a_file_replaces_what_was_there(Mode mode, bool preloads)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("file", new string('x', 100));
        UrllibResponse response = await Alphabetical(mode, preloads);
        long copied = await Call(mode, () => response.CopyTo(path), () => response.CopyToAsync(path).AsTask());
        Assert.Equal((26, Alphabet), (copied, await File.ReadAllTextAsync(path)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_stream_of_a_response_reads_its_body_and_gives_it_up_when_disposed(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        Stream stream = response.AsStream();
        byte[] buffer = new byte[10];
        Assert.Equal(10, await Read(mode, stream, buffer));
        await Call(mode, stream.Dispose, () => stream.DisposeAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Read(mode, stream, buffer));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Lines_end_at_any_kind_of_line_end(Mode mode, bool preloads)
    {
        UrllibResponse response = await Response(mode, preloads, "one\ntwo\r\n\r\nthree");
        Assert.Equal(["one", "two", "", "three"], await Lines(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_line_that_is_too_long_is_an_error_and_ends_the_response(Mode mode)
    {
        UrllibResponse response = await Response(mode, preloads: false, new string('x', 100));
        await Assert.ThrowsAsync<LimitExceededException>(() => Lines(mode, response, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadLines(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadLinesAsync(0));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Each_line_of_json_is_a_value_and_empty_ones_are_none(Mode mode, bool preloads)
    {
        UrllibResponse response = await Response(mode, preloads, "1\n\n2\n");
        var numbers = (JsonTypeInfo<int>)JsonSerializerOptions.Default.GetTypeInfo(typeof(int));
        List<int> values = await Call(
            mode,
            () => response.ReadJsonLines(numbers).ToList(),
            async () =>
            {
                List<int> read = [];
                await foreach (int value in response.ReadJsonLinesAsync(numbers))
                    read.Add(value);
                return read;
            });
        Assert.Equal([1, 2], values);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Events_come_one_by_one_and_an_unfinished_one_does_not(Mode mode, bool preloads)
    {
        UrllibResponse response = await Response(mode, preloads, "event: a\ndata: 1\ndata: 2\n\ndata: 3\n\ndata: 4");
        Assert.Equal(["a 1\n2", "message 3"], await Events(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_event_that_is_too_long_is_an_error(Mode mode)
    {
        UrllibResponse response = await Response(mode, preloads: false, "data: " + new string('x', 100) + "\n\n");
        await Assert.ThrowsAsync<LimitExceededException>(() => Events(mode, response, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadEvents(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadEventsAsync(0));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_whole_body_is_there_as_often_as_it_is_asked_for(Mode mode, bool preloads)
    {
        UrllibResponse response = await Alphabetical(mode, preloads);
        byte[] first = await Call(mode, () => response.Data, () => response.DataAsync().AsTask());
        Assert.Equal(Alphabet, Encoding.ASCII.GetString(first));
        Assert.Same(first, await Call(mode, () => response.Data, () => response.DataAsync().AsTask()));
        Assert.Equal((26, 0), (response.BytesReceived, response.LengthRemaining));
        Assert.Equal("200 OK http://a.test/", response.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Text_is_read_in_the_charset_of_the_response_without_its_mark(Mode mode)
    {
        Assert.Equal("\u00E9", (await Response(mode, true, "\u00E9", "text/plain; charset=iso-8859-1")).Text());
        Assert.Equal("\u00E9", (await Response(mode, true, "\u00EF\u00BB\u00BF\u00C3\u00A9")).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Json_is_read_by_reflection_and_with_a_plan_and_in_any_charset(Mode mode)
    {
        var plan = (JsonTypeInfo<Dictionary<string, string>>)JsonSerializerOptions.Default.GetTypeInfo(typeof(Dictionary<string, string>));
        UrllibResponse response = await Response(mode, true, "\u00EF\u00BB\u00BF{\"a\":\"b\"}");
        Assert.Equal("b", response.Json<Dictionary<string, string>>()?["a"]);
        Assert.Equal("b", response.Json(plan)?["a"]);
        UrllibResponse latin = await Response(mode, true, "{\"a\":\"\u00E9\"}", "application/json; charset=iso-8859-1");
        Assert.Equal("\u00E9", latin.Json(plan)?["a"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_is_no_json_is_said_with_url_status_and_type(Mode mode)
    {
        var plan = (JsonTypeInfo<int>)JsonSerializerOptions.Default.GetTypeInfo(typeof(int));
        UrllibResponse response = await Response(mode, true, "<html>", "text/html");
        foreach (Func<int> read in new Func<int>[] { () => response.Json<int>(), () => response.Json(plan) })
        {
            string message = Assert.Throws<JsonException>(() => read()).Message;
            Assert.Contains("http://a.test/ answered 200 with 'text/html'", message, StringComparison.Ordinal);
        }

        UrllibResponse other = await Response(mode, true, "x", null);
        string untyped = Assert.Throws<JsonException>(() => other.Json<int>()).Message;
        Assert.Contains("content without a type", untyped, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_ends_early_says_how_much_came(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Eof());
        using var manager = new PoolManager(Over(dialer));
        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/", new() { PreloadContent = false });
        var e = await Assert.ThrowsAsync<IncompleteReadException>(() => ReadAmount(mode, response, 9));
        Assert.Equal("abc"u8.ToArray(), e.Partial.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_that_was_given_up_is_not_read_on(Mode mode)
    {
        UrllibResponse response = await Alphabetical(mode, preloads: false);
        response.Release();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAmount(mode, response, 1));
        await Call(mode, response.Drain, () => response.DrainAsync().AsTask());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_are_there_after_the_body(Mode mode)
    {
        MemoryDialer dialer = Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        using var manager = new PoolManager(Over(dialer));
        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/", new() { PreloadContent = false });
        Assert.Null(response.Trailers);
        Assert.Null(response.LengthRemaining);
        Assert.Equal("ok", response.Text());
        Assert.Equal("7", response.Trailers?["X-Sum"]);
        Assert.False(response.IsDecoded);
        Assert.Null(response.UnknownCoding);
    }

    private Task<UrllibResponse> Alphabetical(Mode mode, bool preloads) => Response(mode, preloads, Alphabet);

    private Task<UrllibResponse> Response(Mode mode, bool preloads, string body, string? type = "text/plain; charset=utf-8")
    {
        string head = type is null ? "" : $"Content-Type: {type}\r\n";
        _manager?.Dispose();
        _manager = new PoolManager(Over(Answering($"HTTP/1.1 200 OK\r\n{head}Content-Length: {body.Length}\r\n\r\n{body}")));
        return Send(mode, _manager, "GET", "http://a.test/", new() { PreloadContent = preloads });
    }

    private static Task<int> ReadInto(Mode mode, UrllibResponse response, byte[] buffer) =>
        Call(mode, () => response.Read(buffer), () => response.ReadAsync(buffer).AsTask());

    private static async Task<string> ReadAmount(Mode mode, UrllibResponse response, int amount) => Encoding.ASCII.GetString(
        await Call(mode, () => response.Read(amount), () => response.ReadAsync(amount).AsTask()));

    private static Task<List<string>> Lines(Mode mode, UrllibResponse response, int most = 1000) => Call(
        mode,
        () => response.ReadLines(most).ToList(),
        async () =>
        {
            List<string> lines = [];
            await foreach (string line in response.ReadLinesAsync(most))
                lines.Add(line);
            return lines;
        });

    private static Task<List<string>> Events(Mode mode, UrllibResponse response, int most = 1000) => Call(
        mode,
        () => response.ReadEvents(most).Select(static e => $"{e.EventType} {e.Data}").ToList(),
        async () =>
        {
            List<string> events = [];
            await foreach (var item in response.ReadEventsAsync(most))
                events.Add(string.Create(CultureInfo.InvariantCulture, $"{item.EventType} {item.Data}"));
            return events;
        });

    private sealed class LastProgress : IProgress<TransferProgress>
    {
        public TransferProgress Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }
}
