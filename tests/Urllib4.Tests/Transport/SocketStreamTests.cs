using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.Tests.Transport;

/// <summary>
/// What only a socket can do, over sockets of the abstract kind: they have no address, no port and no file, so nothing but memory is
/// touched.
/// </summary>
public sealed class SocketStreamTests : MemoryTests
{
    private readonly string _path = $"\0urllib4-{Guid.NewGuid():N}";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_is_used_again_and_bodies_pass_both_ways(Mode mode)
    {
        string large = new('x', 300_000);
        await using var server = MisbehavingServer.StartOnPath(
            _path, new Dialogue().Loop(d => d.ExpectRequest().Send($"HTTP/1.1 200 OK\r\nContent-Length: {large.Length}\r\n\r\n{large}")));
        using PoolManager manager = Manager();

        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, manager, "POST", "http://a.test/", new() { Body = large });
            Assert.Equal(large, response.Text());
            Assert.IsType<UnixDomainSocketEndPoint>(response.Connection.RemoteEndPoint);
        }

        Assert.Equal(1, server.Connections);
        Assert.All(server.Requests, r => Assert.Equal(large, r.Text));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_dialed_in_one_mode_serves_the_other(Mode mode)
    {
        await using var server = MisbehavingServer.StartOnPath(_path, new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using PoolManager manager = Manager(maxSize: 1);
        await Send(1 - mode, manager, "GET", "http://a.test/");
        Assert.True((await Send(mode, manager, "GET", "http://a.test/")).Connection.IsReused);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_idle_connection_that_was_closed_or_spoken_on_is_not_used_again(Mode mode)
    {
        var asked = new Gate();
        await using var server = MisbehavingServer.StartOnPath(
            _path,
            new Dialogue().ExpectRequest().Send(Ok).Close(),
            new Dialogue().ExpectRequest().Send(Ok).Send("unasked").Open(asked).ExpectEof(),
            new Dialogue().ExpectRequest().Send(Ok));
        using PoolManager manager = Manager();

        await Send(mode, manager, "POST", "http://a.test/");
        Assert.True(SpinWait.SpinUntil(() => server.OpenConnections == 0, Patience));
        await Send(mode, manager, "POST", "http://a.test/");
        asked.Wait(Patience);
        await Send(mode, manager, "POST", "http://a.test/");

        Assert.Equal(3, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_says_nothing_runs_into_the_limit_on_reading(Mode mode)
    {
        await using var server = MisbehavingServer.StartOnPath(_path, new Dialogue().ExpectRequest().Stall());
        using PoolManager manager = Manager();
        var limit = new HttpTimeout { Read = TimeSpan.FromMilliseconds(1) };
        await Assert.ThrowsAsync<ReadTimeoutException>(() => Send(mode, manager, "GET", "http://a.test/", new() { Timeout = limit }));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_reads_nothing_runs_into_the_limit_on_sending(Mode mode)
    {
        await using var server = MisbehavingServer.StartOnPath(_path, new Dialogue().ExpectHead().StopReadingAfter(1));
        using PoolManager manager = Manager();
        RequestOptions options = new() { Body = new byte[32 * 1024 * 1024], Timeout = new() { Send = TimeSpan.FromMilliseconds(100) } };
        var e = await Assert.ThrowsAsync<SendTimeoutException>(() => Send(mode, manager, "POST", "http://a.test/", options));
        Assert.True(e.ServerMayHaveActed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_refusal_in_the_middle_of_an_upload_is_the_answer(Mode mode)
    {
        await using var server = MisbehavingServer.StartOnPath(
            _path,
            new Dialogue().ExpectHead().Send("HTTP/1.1 413 No\r\nContent-Length: 4\r\n\r\nmuch").StopReadingAfter(50_000_000));
        using PoolManager manager = Manager();
        RequestBody body = RequestBody.Create(static () => new MemoryStream(new byte[8_000_000]), 8_000_000);
        UrllibResponse response = await Send(mode, manager, "POST", "http://a.test/", new() { Body = body });
        Assert.Equal((413, "much"), (response.Status, response.Text()));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_is_kept_back_until_a_100_says_that_it_is_wanted(Mode mode)
    {
        var sent = new List<string>();
        await using var server = MisbehavingServer.StartOnPath(
            _path,
            new Dialogue().ExpectHead(r => sent.Add("head")).Send("HTTP/1.1 100 Continue\r\n\r\n")
                .ExpectBody(r => sent.Add(r.Text)).Send(Ok)
                .ExpectHead().Send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"));
        using PoolManager manager = Manager();
        RequestOptions options = new()
        {
            Body = "text", Headers = new() { ["Expect"] = "100-continue" }, Timeout = new() { Continue = TimeSpan.FromMinutes(5) },
        };

        Assert.Equal(200, (await Send(mode, manager, "POST", "http://a.test/", options)).Status);
        Assert.Equal(403, (await Send(mode, manager, "POST", "http://a.test/", options)).Status);

        Assert.Equal(["head", "text"], sent);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_who_gives_up_ends_the_call_at_once(Mode mode)
    {
        await using var server = MisbehavingServer.StartOnPath(_path, new Dialogue().ExpectRequest().Stall());
        using PoolManager manager = Manager();
        using var cancellation = new CancellationTokenSource();
        Task<UrllibResponse> call = Send(mode, manager, "GET", "http://a.test/", token: cancellation.Token);
        server.WaitForRequests(1);
        await cancellation.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, e.CancellationToken);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_socket_that_nobody_listens_on_is_a_connection_that_cannot_be_made(Mode mode)
    {
        using PoolManager nobody = Manager();
        var refused = await Assert.ThrowsAsync<NewConnectionException>(() => Send(mode, nobody, "GET", "http://a.test/"));
        Assert.Contains("nobody listens there", refused.Message, StringComparison.Ordinal);
        using var missing = new PoolManager(new PoolOptions { Dialer = new UnixSocketDialer("/no/such/file"), Retries = Retry.None });
        var absent = await Assert.ThrowsAsync<NewConnectionException>(() => Send(mode, missing, "GET", "http://a.test/"));
        Assert.Contains("there is no such file", absent.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Tls_over_a_socket_leaves_an_idle_connection_fit_for_the_next_request(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("a.test");
        await using var server = MisbehavingServer.StartOnPath(
            _path, new Dialogue().StartTls(certificate).Loop(static d => d.ExpectRequest().Send(Ok)));
        using PoolManager manager = Manager(new TlsOptions { CaCerts = new([authority.Root]) });
        for (int i = 0; i < 3; i++)
            Assert.Equal("ok", (await Send(mode, manager, "POST", "https://a.test/", new() { Body = "text" })).Text());
        Assert.Equal(1, server.Connections);
    }

    private PoolManager Manager(TlsOptions? tls = null, int maxSize = 10) => new(new PoolOptions
    {
        Dialer = new UnixSocketDialer(_path), Retries = Retry.None, Tls = tls ?? TlsOptions.Default, MaxSize = maxSize,
    });
}
