using System.Net.ServerSentEvents;
using System.Text.Json.Serialization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed partial class LinesTests : ResponseTests
{
    [Theory]
    [InlineData(Mode.Blocking, "", "")]
    [InlineData(Mode.Asynchronous, "\n", "|")]
    [InlineData(Mode.Blocking, "\n\n\n", "|||")]
    [InlineData(Mode.Asynchronous, "abc\ndef", "abc|def|")]
    [InlineData(Mode.Blocking, "Hello\nworld\n\n\n!", "Hello|world|||!|")]
    [InlineData(Mode.Asynchronous, "a\r\nb\rc\n", "a|b|c|")]
    public async Task Lines_come_without_their_ends_whatever_these_are(Mode mode, string body, string lines)
    {
        using var server = Serve(Sized(body), Chunked("", [.. body.Select(static c => c.ToString())]));
        using var manager = new PoolManager();

        Assert.Equal(lines, string.Concat((await Lines(mode, await Get(mode, manager, server.Url))).Select(static l => l + "|")));
        Assert.Equal(lines, string.Concat((await Lines(mode, await Get(mode, manager, server.Url, Streamed))).Select(static l => l + "|")));
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Lines_are_decoded_and_read_in_the_charset_of_the_body(Mode mode)
    {
        byte[] coded = Gzip([0xE9, (byte)'\n', 0xE8]);
        using var server = Serve(Sized(coded, "Content-Encoding: gzip\r\nContent-Type: text/plain; charset=\"iso-8859-1\"\r\n"));
        using var manager = new PoolManager();

        Assert.Equal(["é", "è"], await Lines(mode, await Get(mode, manager, server.Url, Streamed)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_line_comes_as_soon_as_it_is_there_and_another_call_goes_on_behind_it(Mode mode)
    {
        var gate = new Gate();
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\none\ntwo\nth").WaitFor(gate).Send("ree\n"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("one", await Call(
            mode, () => response.ReadLines().First(), async () => await response.ReadLinesAsync().FirstAsync()));
        gate.Open();
        Assert.Equal(["two", "three"], await Lines(mode, response));
        Assert.Empty(await Lines(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_line_without_an_end_stops_at_the_limit_and_costs_the_connection(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\nshort\n").SendForever(new string('x', 1000)));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        LimitExceededException error = await Assert.ThrowsAsync<LimitExceededException>(() => Lines(mode, response, 5000));

        Assert.Equal(("maxLineLength", 5000L), (error.LimitName, error.Limit));
        server.WaitUntilAllClosed();
        Assert.Throws<ArgumentOutOfRangeException>(() => response.ReadLines(0));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Json_lines_are_values_one_by_one(Mode mode)
    {
        using var server = Serve(Chunked("Content-Type: application/x-ndjson\r\n", "{\"Id\":1}\n{\"I", "d\":2}\n\n", "{\"Id\":3}"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        List<Item?> items = await Call(
            mode,
            () => response.ReadJsonLines(LinesJson.Default.Item).ToList(),
            () => Collect(response.ReadJsonLinesAsync(LinesJson.Default.Item)));

        Assert.Equal([1, 2, 3], items.Select(static i => i!.Id));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Events_come_one_by_one(Mode mode)
    {
        var gate = new Gate();
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\nid: 7\ndata: one\n\n")
                .WaitFor(gate).Send("event: end\ndata: two\ndata: lines\n\n").Eof());
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        List<SseItem<string>> events = await Call(
            mode,
            () => response.ReadEvents().Select(Opening).ToList(),
            () => Collect(response.ReadEventsAsync(), Opening));

        Assert.Equal([("message", "one"), ("end", "two\nlines")], events.Select(static e => (e.EventType, e.Data)));
        Assert.Equal("7", events[0].EventId);

        SseItem<string> Opening(SseItem<string> item)
        {
            gate.Open();
            return item;
        }
    }

    public sealed record Item(int Id);

    [JsonSerializable(typeof(Item))]
    private sealed partial class LinesJson : JsonSerializerContext;
}
