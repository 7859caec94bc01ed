using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>What a person reads: each error of a call, word for word.</summary>
public sealed class ErrorMessageTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>What the server does on each connection, how it is asked, and what the error says.</summary>
    private static readonly Dictionary<string, (Dialogue[] Peers, string Method, string Url, Func<RequestOptions> Options, string Message)> _table = new()
    {
        ["closed before a response"] = (
            [new Dialogue().ExpectRequest().Close()],
            "GET",
            "/a/b?token=secret",
            static () => new() { Retries = Retry.None },
            "The server closed the connection before the first byte of a response [Head, http://example.com/a/b?***, new connection #N, "
            + "53 bytes out, 0 in]; the GET was not resent because Retry.Total allows none."),
        ["a POST that may not be repeated"] = (
            [new Dialogue().ExpectRequest().Reset()],
            "POST",
            "/",
            static () => new() { Body = RequestBody.FromString("abc", null) },
            "The connection broke before the first byte of a response [Head, http://example.com/, new connection #N, 60 bytes out, 0 in]; "
            + "the POST was not resent because all of it had left."),
        ["broken again and again"] = (
            [new Dialogue().ExpectRequest().Close(), new Dialogue().ExpectRequest().Close()],
            "GET",
            "/",
            static () => new() { Retries = new Retry { Read = 1 } },
            "Gave up after 2 attempts: The server closed the connection before the first byte of a response [Head, http://example.com/, "
            + "new connection #N, 37 bytes out, 0 in]; the GET was not resent because Retry.Read allowed no more."),
        ["a veto"] = (
            [new Dialogue().ExpectRequest().Close()],
            "GET",
            "/",
            static () => new() { Retries = new Retry { OnRetry = static _ => RetryDecision.Veto } },
            "The server closed the connection before the first byte of a response [Head, http://example.com/, new connection #N, "
            + "37 bytes out, 0 in]; the GET was not resent because OnRetry said no."),
        ["a body that cannot be read again"] = (
            [new Dialogue().ExpectRequest().Close()],
            "PUT",
            "/",
            static () => new() { Body = RequestBody.FromChunks([new byte[3]], replayable: false), Headers = new HttpHeaderDict { ["Connection"] = "close" } },
            "The server closed the connection before the first byte of a response, and the PUT was not resent because its body can be read "
            + "only once [Follow, http://example.com/, new connection #N, 97 bytes out, 0 in]."),
        ["half a head"] = (
            [new Dialogue().ExpectRequest().Send("HTTP/1.1 200").Close()],
            "GET",
            "/",
            static () => new(),
            "The connection ended before the response head was complete [Head, http://example.com/, new connection #N, 37 bytes out, 12 in]; "
            + "the GET was not resent because the response had begun."),
        ["no HTTP"] = (
            [new Dialogue().ExpectRequest().Send("SSH-2.0-OpenSSH_9.6\r\n")],
            "GET",
            "/",
            static () => new(),
            "The response cannot be understood: this is not HTTP/1: 'SSH-2.0-OpenSSH_9.6\\r\\n' [Head, http://example.com/, new connection #N, "
            + "37 bytes out, 21 in]; the GET was not resent because the response had begun."),
        ["half a body"] = (
            [new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").Close()],
            "GET",
            "/",
            static () => new(),
            "The response body ended after 4 bytes, 5 short of the 9 announced [Body, http://example.com/, new connection #N, 37 bytes out, "
            + "42 in]; the GET was not resent because the response had begun."),
        ["a body that is not what it says"] = (
            [new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\nabcd")],
            "GET",
            "/",
            static () => new(),
            "The gzip data of the body is corrupt: the platform's decoder refused it [Decode, http://example.com/, new connection #N, "
            + "37 bytes out, 66 in]; the GET was not resent because the response had begun."),
        ["a status again and again"] = (
            [new Dialogue().Loop(static d => d.ExpectRequest().Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"))],
            "GET",
            "/",
            static () => new() { Retries = new Retry { Total = 1, StatusForcelist = [503] } },
            "Gave up after 2 attempts: too many 503 error responses [Follow, http://example.com/, kept-alive connection #N, idle 0 ms, "
            + "1 request served, 37 bytes out, 38 in]; the GET was not resent because Retry.Total allowed no more."),
        ["a redirect in a circle"] = (
            [new Dialogue().Loop(static d => d.ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"))],
            "GET",
            "/",
            static () => new(),
            "The redirect to '/' was not followed: the call goes in a circle, and has made the same request before [Follow, "
            + "http://example.com/, kept-alive connection #N, idle 0 ms, 10 requests served, 37 bytes out, 54 in]."),
        ["too many redirects"] = (
            [new Dialogue().ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")],
            "GET",
            "/",
            static () => new() { Retries = 0 },
            "Gave up after 1 attempt: too many redirects [Follow, http://example.com/, new connection #N, 37 bytes out, 55 in]; "
            + "the redirect was not followed because Retry.Total allows none."),
        ["a redirect elsewhere"] = (
            [new Dialogue().ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: http://else.where/\r\nContent-Length: 0\r\n\r\n")],
            "GET",
            "/",
            static () => new(),
            "Pool http://example.com:80 cannot serve http://else.where/, which has another origin; use a PoolManager for requests across "
            + "hosts [Prepare]."),
        ["a method that cannot be sent"] = (
            [],
            "GE T",
            "/",
            static () => new(),
            "The method 'GE T' cannot be sent: it must be a token of letters, digits and !#$%&'*+-.^_`|~ (at index 2) "
            + "[Prepare, http://example.com/]."),
    };

    public static TheoryData<string, Mode> Table()
    {
        var rows = new TheoryData<string, Mode>();
        foreach (string name in _table.Keys)
        {
            rows.Add(name, Mode.Blocking);
            rows.Add(name, Mode.Asynchronous);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Table))]
    public async Task An_error_says_what_is_known(string name, Mode mode)
    {
        var (peers, method, url, options, message) = _table[name];
        using CallRig rig = CallRig.Over(null, peers);
        HttpException error = await Assert.ThrowsAnyAsync<HttpException>(() => rig.Send(mode, method, url, options()));
        Assert.Equal(message, CallRig.Anonymous(error.Message));
        Assert.StartsWith($"{error.GetType().FullName}: {error.Message}", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("/", error.Url!.RequestUri[..1]);
        Assert.Equal(0, rig.Counts.Busy);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_idle_connection_that_was_closed_is_told_with_its_history(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            new PoolOptions { MaxIdleTime = TimeSpan.FromMinutes(2) },
            new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)).ExpectHead().Reset());
        await rig.Send(mode, "GET", "/");
        await rig.Send(mode, "GET", "/");
        rig.Clock.Advance(TimeSpan.FromSeconds(61));
        var body = RequestBody.FromChunks([new byte[312]], contentType: null);

        HttpException error = await Assert.ThrowsAsync<ConnectionClosedException>(
            () => rig.Send(mode, "POST", "/upload", new() { Body = body }));

        // The blocking caller learns of it by a write, when the last chunk goes out; the other one by a read before that.
        (string phase, int bytes) = mode == Mode.Blocking ? ("Head", 396) : ("Send", 391);
        Assert.Equal(
            $"The connection broke before the first byte of a response [{phase}, http://example.com/upload, kept-alive connection #N, "
            + $"idle 61 s, 2 requests served, {bytes} bytes out, 0 in]; the POST was not resent because 312 body bytes had left.",
            CallRig.Anonymous(error.Message));
        Assert.Equal(TimeSpan.FromSeconds(61), error.Connection!.Age);
        Assert.True(error.ServerMayHaveActed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Silence_is_told_with_its_limit(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest().Stall());
        Task<UrllibResponse> call = rig.Send(mode, "GET", "/", new() { Retries = Retry.None, Timeout = HttpTimeout.Seconds(read: 5) });
        while (!call.IsCompleted)
        {
            // When the limit has run out, there is no timer until the call has ended.
            if (rig.Clock.PendingTimers > 0)
                rig.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(call, Task.Delay(1));
        }

        HttpException error = await Assert.ThrowsAsync<ReadTimeoutException>(() => call);
        Assert.Equal(
            "No response head came within 5 s (waited 5 s) [Head, http://example.com/, new connection #N, 37 bytes out, 0 in]; "
            + "the GET was not resent because Retry.Total allows none.",
            CallRig.Anonymous(error.Message));
        Assert.True(error.ServerMayHaveActed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_cannot_be_made_leaves_nothing_sent(Mode mode)
    {
        using var rig = new CallRig(static () => throw new NewConnectionException("No connection to example.com could be made ([::1]:80: refused)."));
        HttpException error = await Assert.ThrowsAsync<MaxRetryException>(() => rig.Send(mode, "POST", "/", new() { Retries = 1 }));
        Assert.Equal(
            "Gave up after 2 attempts: No connection to example.com could be made ([::1]:80: refused) [Connect, http://example.com/]; "
            + "the POST was not resent because Retry.Total allowed no more.",
            error.Message);
        Assert.False(error.ServerMayHaveActed);
        Assert.True(error.IsTransient);
        Assert.Null(error.Connection);
        RequestHistory first = Assert.Single(error.History);
        Assert.Equal("No connection to example.com could be made ([::1]:80: refused) [Connect, http://example.com/].", first.Error!.Message);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_closed_pool_refuses_at_once(Mode mode)
    {
        using CallRig rig = CallRig.Over(null);
        rig.Pool.Close();
        HttpException error = await Assert.ThrowsAsync<ClosedPoolException>(() => rig.Send(mode, "GET", "/"));
        Assert.Equal("Pool http://example.com:80 is closed: its owner closed or disposed it [PoolWait, http://example.com/].", error.Message);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_breaks_off_in_the_hands_of_the_caller_still_knows_its_call(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            null,
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").Close());
        using UrllibResponse response = await rig.Send(mode, "GET", "/a", new() { PreloadContent = false });
        HttpException error = await Assert.ThrowsAsync<IncompleteReadException>(() => CallRig.ReadParts(mode, response));
        Assert.Equal(
            "The response body ended after 4 bytes, 5 short of the 9 announced [Body, http://example.com/b, kept-alive connection #N, "
            + "idle 0 ms, 1 request served, 38 bytes out, 42 in]; the GET was not resent because the response had begun.",
            CallRig.Anonymous(error.Message));
        Assert.Equal("/a", Assert.Single(error.History).Url.RequestUri);
        Assert.True(error.ServerMayHaveActed);
    }

    [Fact]
    public void An_error_outside_of_a_call_is_its_own_sentence() =>
        Assert.Equal("The header 'A' cannot be sent: why not.", new InvalidHeaderException("A", -1, "why not").Message);
}
