using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class BodilessTests : ResponseTests
{
    [Theory]
    [InlineData(Mode.Blocking, "HEAD", "200 OK\r\nContent-Length: 22")]
    [InlineData(Mode.Asynchronous, "HEAD", "200 OK\r\nTransfer-Encoding: chunked")]
    [InlineData(Mode.Blocking, "HEAD", "200 OK\r\nContent-Encoding: gzip")]
    [InlineData(Mode.Blocking, "GET", "204 No Content\r\nX: y")]
    [InlineData(Mode.Asynchronous, "GET", "304 Not Modified\r\nContent-Length: 22")]
    [InlineData(Mode.Blocking, "GET", "200 OK\r\nContent-Length: 0")]
    [InlineData(Mode.Asynchronous, "GET", "200 OK\r\nContent-Length: 0\r\nContent-Encoding: br")]
    public async Task A_response_without_a_body_is_at_its_end_at_once_and_holds_no_connection(Mode mode, string method, string head)
    {
        using var server = Serve($"HTTP/1.1 {head}\r\n\r\n", Sized("next"));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });

        UrllibResponse response = await Get(mode, manager, server.Url, Streamed, method);
        UrllibResponse next = await Get(mode, manager, server.Url);

        Assert.Equal("next", next.Text());
        Assert.Equal(1, server.Connections);
        Assert.Equal(0, response.LengthRemaining);
        Assert.Empty(await Data(mode, response));
        Assert.Empty(await Parts(mode, response, 10));
        Assert.Empty(await Lines(mode, response));
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_server_sends_behind_a_204_is_no_body_and_no_response(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n12345"), Dialogue(Sized("next")));
        using var manager = new PoolManager();

        Assert.Empty((await Get(mode, manager, server.Url)).Data);
        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(2, server.Connections);
    }
}
