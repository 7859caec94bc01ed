using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class HeadTests : ResponseTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Headers_keep_their_order_their_spelling_and_every_line(Mode mode)
    {
        string[] names = [.. Enumerable.Range(0, 16).Select(static i => $"X-hEaDeR-{15 - i}")];
        using var server = Serve(
            Sized("", string.Concat(names.Select(static n => $"{n}: v\r\n")) + "Set-Cookie: foo=1\r\nSet-Cookie: bar=1\r\n"));
        using var manager = new PoolManager();

        UrllibResponse response = await Get(mode, manager, server.Url);

        Assert.Equal(["Content-Length", .. names, "Set-Cookie", "Set-Cookie"], response.Headers.Select(static h => h.Key));
        Assert.Equal(["foo=1", "bar=1"], response.Headers.GetAll("set-cookie"));
    }

    [Theory]
    [InlineData(Mode.Blocking, ": Value")]
    [InlineData(Mode.Asynchronous, ":")]
    [InlineData(Mode.Blocking, "Broken Header")]
    public async Task A_line_that_is_no_header_is_an_error_and_is_not_read_over(Mode mode, string line)
    {
        using var server = Serve(Sized("body", line + "\r\n"));
        using var manager = new PoolManager();

        await Assert.ThrowsAsync<ProtocolException>(() => Get(mode, manager, server.Url));
        server.WaitUntilAllClosed();
    }

    [Theory]
    [InlineData(Mode.Blocking, "multipart/encrypted; boundary=x", "--x\r\nfor your eyes only\r\n--x--")]
    [InlineData(Mode.Asynchronous, "multipart/mixed; boundary=x", "")]
    [InlineData(Mode.Blocking, "message/rfc822", "")]
    public async Task A_type_means_nothing_to_the_framing_of_the_body(Mode mode, string type, string body)
    {
        using var server = Serve(Sized(body, $"Content-Type: {type}\r\n"));
        using var manager = new PoolManager();

        Assert.Equal(body, (await Get(mode, manager, server.Url)).Text());
    }

    [Theory]
    [InlineData(Mode.Blocking, "5, 5, 5", true)]
    [InlineData(Mode.Asynchronous, "5, 42", false)]
    [InlineData(Mode.Blocking, "+5", false)]
    [InlineData(Mode.Asynchronous, "-10", false)]
    [InlineData(Mode.Blocking, "foo", false)]
    public async Task A_length_is_digits_or_the_same_digits_again(Mode mode, string length, bool isOne)
    {
        using var server = Serve($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello");
        using var manager = new PoolManager();

        if (isOne)
            Assert.Equal("hello", (await Get(mode, manager, server.Url)).Text());
        else
            await Assert.ThrowsAsync<ProtocolException>(() => Get(mode, manager, server.Url));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_that_is_not_read_holds_its_place_and_can_still_be_read(Mode mode)
    {
        using var server = Serve(Sized("first"), Sized("second"));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        UrllibResponse first = await Get(mode, manager, server.Url, Streamed);
        var impatient = new RequestOptions { Timeout = HttpTimeout.Default with { Pool = TimeSpan.FromMilliseconds(1) } };

        await Assert.ThrowsAsync<PoolTimeoutException>(() => Get(mode, manager, server.Url, impatient));

        Assert.Equal("first", first.Text());
        Assert.Equal("second", (await Get(mode, manager, server.Url, impatient)).Text());
    }
}
