using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

public sealed class StreamedContentTests : HandlerTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_is_read_part_by_part_as_it_comes_and_only_once(Mode mode)
    {
        using HttpClient http = Client(new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Chunked).Send("2\r\nab\r\n").Send("2\r\ncd\r\n0\r\n\r\n")));
        using HttpResponseMessage response = await Open(mode, http);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[10];

        Assert.Equal(2, await Read(mode, stream, buffer));
        Assert.Equal(2, await Read(mode, stream, buffer));
        Assert.Equal(0, await Read(mode, stream, buffer));

        await Assert.ThrowsAsync<InvalidOperationException>(() => TextOf(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_that_ends_early_says_so_as_the_platform_does(Mode mode)
    {
        using HttpClient http = Client(new MemoryDialer(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Eof()));
        using HttpResponseMessage response = await Open(mode, http);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[10];
        Assert.Equal(3, await Read(mode, stream, buffer));
        var e = await Assert.ThrowsAsync<HttpIOException>(() => Read(mode, stream, buffer));
        Assert.Equal(HttpRequestError.ResponseEnded, e.HttpRequestError);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_given_up_with_little_left_saves_its_connection(Mode mode)
    {
        using HttpClient http = Client(new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Chunked + "2\r\nab\r\n").Send("0\r\n\r\n").ExpectRequest().Send(Ok)));
        (await Open(mode, http)).Dispose();
        using HttpResponseMessage second = await Get(mode, http);
        Assert.True(UrllibHandler.ConnectionOf(second)?.IsReused);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_given_up_where_nothing_is_read_away_closes_its_connection(Mode mode)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Chunked + "2\r\nab\r\n"), new Dialogue().ExpectRequest().Send(Ok));
        using HttpClient http = Client(dialer, static h => h.MaxResponseDrainSize = 0);
        (await Open(mode, http)).Dispose();
        await Get(mode, http);
        Assert.Equal(2, dialer.Peers.Count);
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_copy_holds_the_whole_content(Mode mode)
    {
        using HttpClient http = Client(new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Chunked).Repeat(50, static d => d.Send("A\r\n0123456789\r\n")).Send("0\r\n\r\n")));
        using HttpResponseMessage response = await Open(mode, http);
        Assert.Equal(500, (await TextOf(mode, response)).Length);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_that_was_disposed_is_not_read(Mode mode)
    {
        using HttpClient http = Client(new MemoryDialer(new Dialogue().ExpectRequest().Send(Chunked + "2\r\nab\r\n").Stall()));
        using HttpResponseMessage response = await Open(mode, http);
        Stream stream = await response.Content.ReadAsStreamAsync();
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Read(mode, stream, new byte[1]));
    }

    private static Task<HttpResponseMessage> Open(Mode mode, HttpClient http) =>
        Send(mode, http, new HttpRequestMessage(HttpMethod.Get, "http://a.test/"), HttpCompletionOption.ResponseHeadersRead);
}
