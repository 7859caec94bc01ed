using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Retries;

/// <summary>What is sent again when a connection ends under a request, and what never is.</summary>
public sealed class ReplayTests : ClientTests
{
    public static TheoryData<Mode, bool> Ends => new()
    {
        { Mode.Blocking, false },
        { Mode.Blocking, true },
        { Mode.Asynchronous, false },
        { Mode.Asynchronous, true },
    };

    [Theory, MemberData(nameof(Ends))]
    public async Task A_get_that_meets_a_closing_connection_is_sent_again_unseen(Mode mode, bool reset)
    {
        await using MisbehavingServer server = ClosingUnder(reset, static d => d.ExpectRequest());
        await using var manager = new PoolManager();
        RequestOptions noRetries = new() { Retries = Retry.None };
        await Send(mode, manager, "GET", server.Url, noRetries);

        UrllibResponse response = await Send(mode, manager, "GET", server.Url + "/again", noRetries);

        Assert.Equal("ok", response.Text());
        Assert.Empty(response.Retries.History);
        Assert.False(response.Connection.IsReused);
        Assert.Equal([0, 0, 1], server.Requests.Select(static r => r.Connection));
        server.Verify();
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task A_post_of_which_a_byte_was_sent_is_never_sent_again(Mode mode, bool reset)
    {
        await using MisbehavingServer server = ClosingUnder(reset, static d => d.ExpectRequest());
        await using var manager = new PoolManager();
        await Send(mode, manager, "GET", server.Url);

        ConnectionClosedException e = await Fails<ConnectionClosedException>(
            Send(mode, manager, "POST", server.Url, new() { Body = "once" }));

        Assert.Equal("the POST was not resent because all of it had left", e.NotRetriedBecause);
        Assert.True(e.ServerMayHaveActed);
        Assert.True(e.IsTransient);
        Assert.True(e.Connection?.IsReused);
        Assert.Single(server.Requests, static r => r.Method == "POST");
        Assert.Equal(1, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task A_post_that_broke_in_the_middle_says_how_much_had_left(Mode mode, bool reset)
    {
        await using MisbehavingServer server = ClosingUnder(reset, static d => d.ExpectHead());
        await using var manager = new PoolManager();
        await Send(mode, manager, "GET", server.Url);
        byte[] data = new byte[16 * 1024 * 1024];

        ConnectionClosedException e = await Fails<ConnectionClosedException>(
            Send(mode, manager, "POST", server.Url, new() { Body = RequestBody.Create(() => new MemoryStream(data), data.Length) }));

        Assert.Matches("the POST was not resent because ([0-9]+ body bytes|its head) had left", e.NotRetriedBecause);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_post_with_an_idempotency_key_may_be_sent_again(Mode mode)
    {
        await using MisbehavingServer server = ClosingUnder(false, static d => d.ExpectRequest());
        await using var manager = new PoolManager();
        await Send(mode, manager, "GET", server.Url);
        RequestOptions options = new() { Body = "once", Headers = new() { { "Idempotency-Key", "\"k\"" } }, HonoursIdempotencyKey = true };

        Assert.Equal("ok", (await Send(mode, manager, "POST", server.Url, options)).Text());

        Assert.Equal(["once", "once"], server.Requests.Where(static r => r.Method == "POST").Select(static r => r.Text));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_post_that_never_found_a_connection_is_tried_again(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Resolver = new SecondTimeRight(server.EndPoint) });

        UrllibResponse response = await Send(mode, manager, "POST", "http://a.test/", new() { Body = "once" });

        Assert.Equal("ok", response.Text());
        var failure = Assert.IsType<NewConnectionException>(Assert.Single(response.Retries.History).Error);
        Assert.Contains("refused", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.ServerMayHaveActed);
        Assert.Equal("once", Assert.Single(server.Requests).Text);
    }

    public static TheoryData<Mode, string, string> Broken()
    {
        var rows = new TheoryData<Mode, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string method in new[] { "GET", "POST" })
            {
                rows.Add(mode, method, "HTTP/1.1 200 O");
                rows.Add(mode, method, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
                rows.Add(mode, method, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
                rows.Add(mode, method, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                rows.Add(mode, method, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n");
                rows.Add(mode, method, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
                rows.Add(mode, method, "HTTP/1.1 100 Continue\r\n\r\n");
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Broken))]
    public async Task Nothing_is_sent_again_once_the_response_has_begun(Mode mode, string method, string response)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(response).Close(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        await Send(mode, manager, "GET", server.Url);

        Exception? failure = await Record.ExceptionAsync(() => Send(mode, manager, method, server.Url + "/broken"));

        var e = Assert.IsType<HttpException>(failure, exactMatch: false);
        Assert.True(e.ServerMayHaveActed);
        Assert.Equal(Url.Parse(server.Url + "/broken"), e.Url);
        Assert.True(e.Connection is { IsReused: true, BytesRead: > 0 }, $"{e.Connection}");
        Assert.Single(server.Requests, static r => r.Target == "/broken");
        AssertAtRest(manager);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
    }

    [Theory]
    [InlineData(Mode.Blocking, 421)]
    [InlineData(Mode.Asynchronous, 421)]
    [InlineData(Mode.Blocking, 425)]
    [InlineData(Mode.Asynchronous, 408)]
    public async Task A_status_that_says_unprocessed_is_sent_again_once(Mode mode, int status)
    {
        string refusal = $"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n";
        await using var server = MisbehavingServer.Start(n => n == 0
            ? new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(refusal)
            : new Dialogue().ExpectRequest().Send(refusal));
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });
        await Send(mode, manager, "GET", server.Url);

        UrllibResponse response = await Send(mode, manager, "GET", server.Url);

        Assert.Equal(status, response.Status);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(2, server.Connections);
    }

    /// <summary>Answers once, then closes under the second request of the first connection; the second connection answers.</summary>
    private static MisbehavingServer ClosingUnder(bool reset, Func<Dialogue, Dialogue> expect)
    {
        Dialogue closing = expect(new Dialogue().ExpectRequest().Send(Ok));
        return MisbehavingServer.Start(reset ? closing.Reset() : closing.Close(), new Dialogue().ExpectRequest().Send(Ok));
    }

    private sealed class SecondTimeRight(IPEndPoint right) : Resolver
    {
        private int _asked;

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            if (Interlocked.Increment(ref _asked) > 1)
                return [right];
            using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return [(IPEndPoint)closed.LocalEndPoint!];
        }
    }
}
