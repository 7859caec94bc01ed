using System.Net;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Egress;

/// <summary>
/// Policies of egress before real sockets: 127.0.0.1 plays the public internet, and 127.0.0.2 somebody who must not be reached, and
/// listens for it.
/// </summary>
public sealed class EgressTests : ClientTests
{
    private static readonly EgressPolicy _onlyOne = new() { Addresses = EgressAddresses.Listed, AllowedNetworks = ["127.0.0.1"] };

    [Theory]
    [InlineData(Mode.Blocking, "localhost")]
    [InlineData(Mode.Asynchronous, "localhost.")]
    [InlineData(Mode.Blocking, "LOCALHOST")]
    [InlineData(Mode.Asynchronous, "127.0.0.1")]
    [InlineData(Mode.Blocking, "[::ffff:127.0.0.1]")]
    public async Task What_is_refused_gets_no_packet(Mode mode, string host)
    {
        await using MisbehavingServer server = Answering();
        using var manager = new PoolManager(new PoolOptions
        {
            Egress = EgressPolicy.PublicInternetOnly, Resolver = Everywhere(server.Port, "localhost", "localhost."),
        });

        var e = await Fails<EgressRefusedException>(Send(mode, manager, "GET", $"http://{host}:{server.Port}/"));

        Assert.Contains("loopback", e.Rule, StringComparison.Ordinal);
        Assert.Equal(server.Port, e.Port);
        Assert.Equal(0, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_that_changes_its_address_after_the_first_look_is_judged_anew(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok").Eof());
        using TcpListener secret = Listener(server.Port);
        using var manager = new PoolManager(new PoolOptions
        {
            Egress = _onlyOne,
            Resolver = new Turning(["127.0.0.1"], ["127.0.0.2"]),
            Names = new() { MaxTimeToLive = TimeSpan.Zero },
        });

        await Send(mode, manager, "GET", $"http://a.test:{server.Port}/");
        var e = await Fails<EgressRefusedException>(Send(mode, manager, "GET", $"http://a.test:{server.Port}/"));

        Assert.Equal("127.0.0.2", $"{e.Address}");
        Assert.False(secret.Pending());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Of_several_addresses_only_the_allowed_ones_are_dialed(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using TcpListener secret = Listener(server.Port);
        var resolver = new Turning(["127.0.0.2", "127.0.0.1", "10.0.0.1"]);
        using var manager = new PoolManager(new PoolOptions { Egress = _onlyOne, Resolver = resolver });

        UrllibResponse response = await Send(mode, manager, "GET", $"http://a.test:{server.Port}/", new() { Explain = true });

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)response.Report!.Attempts[0].Connection!.RemoteEndPoint!).Address);
        Assert.Contains(
            response.Report.Attempts[0].Addresses, static a => $"{a.EndPoint.Address}" == "127.0.0.2" && a.Failure!.StartsWith("not dialed", StringComparison.Ordinal));
        Assert.False(secret.Pending());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_to_an_address_that_is_refused_ends_there(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 307 Over There\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: //b.test/\r\nContent-Length: 0\r\n\r\n"));
        using TcpListener secret = Listener(0);
        Resolver resolver = Resolver.FromTable(
        [
            new("a.test", new IPEndPoint(IPAddress.Loopback, server.Port)),
            new("b.test", new IPEndPoint(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)secret.LocalEndpoint).Port)),
        ]);
        using var manager = new PoolManager(new PoolOptions { Egress = _onlyOne, Resolver = resolver });

        var e = await Fails<EgressRefusedException>(Send(mode, manager, "GET", "http://a.test/"));

        Assert.Equal((((IPEndPoint)secret.LocalEndpoint).Port, 2), (e.Port, e.History.Count));
        Assert.False(secret.Pending());
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task TLS_comes_after_the_judgement(Mode mode)
    {
        using var authority = new CertificateAuthority();
        await using HttpBinServer server = await HttpBinServer.StartAsync(new() { Certificate = authority.Issue("localhost") });
        var tls = new TlsOptions { CaCerts = new CertificateSet([authority.Root]) };
        using var open = new PoolManager(new PoolOptions { Tls = tls, Egress = _onlyOne with { AllowedSchemes = ["https"] } });
        using var closed = new PoolManager(new PoolOptions { Tls = tls, Egress = EgressPolicy.PublicInternetOnly });

        Assert.Equal(200, (await Send(mode, open, "GET", $"{server.SecureUrl}/get")).Status);
        await Fails<EgressRefusedException>(Send(mode, open, "GET", $"{server.Url}/get"));
        await Fails<EgressRefusedException>(Send(mode, closed, "GET", $"{server.SecureUrl}/get"));

        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, true)]
    [InlineData(Mode.Asynchronous, false)]
    public async Task A_dialer_that_goes_elsewhere_is_judged_by_where_it_went(Mode mode, bool dialsByTcpDialer)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Eof());
        using var manager = new PoolManager(new PoolOptions
        {
            Egress = EgressPolicy.PublicInternetOnly, Dialer = new Elsewhere(server.Port, dialsByTcpDialer),
        });

        var e = await Fails<EgressRefusedException>(Send(mode, manager, "GET", "http://a.example/"));

        Assert.Equal(("a.example", server.Port, IPAddress.Loopback), (e.Host, e.Port, e.Address!.MapToIPv4()));
        Assert.Empty(server.Requests);
        if (dialsByTcpDialer)
            Assert.Equal(0, server.Connections);
        else
            server.WaitUntilAllClosed();
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_socket_on_a_file_that_the_program_named_may_be_reached(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "s");
        await using var server = MisbehavingServer.StartOnPath(path, new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager(new PoolOptions
        {
            Egress = EgressPolicy.PublicInternetOnly, Dialer = new UnixSocketDialer(path),
        });

        Assert.Equal("ok", (await Send(mode, manager, "GET", "http://docker/")).Text());
        await Fails<EgressRefusedException>(Send(mode, manager, "GET", "http://127.0.0.1/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Through_a_real_proxy_the_policy_is_about_what_is_behind_it(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        await using TunnelProxy proxy = TunnelProxy.Start(server.Port);
        using var manager = new PoolManager(new PoolOptions
        {
            Egress = EgressPolicy.PublicInternetOnly, Proxy = $"socks5h://127.0.0.1:{proxy.Port}",
        });

        await Send(mode, manager, "GET", "http://a.example/");
        await Fails<EgressRefusedException>(Send(mode, manager, "GET", "http://localhost/"));
        await Fails<EgressRefusedException>(Send(mode, manager, "GET", "https://10.0.0.1/"));

        Assert.Equal(["SOCKS5 a.example:80"], proxy.Requests);
    }

    private static MisbehavingServer Answering() => MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));

    private static TcpListener Listener(int port)
    {
        var listener = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
        listener.Start();
        return listener;
    }

    /// <summary>Gives its answers in turn, the last for ever.</summary>
    private sealed class Turning(params string[][] answers) : Resolver
    {
        private int _next;

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) =>
        [
            .. answers[Math.Min(Interlocked.Increment(ref _next), answers.Length) - 1]
                .Select(address => new IPEndPoint(IPAddress.Parse(address), port)),
        ];
    }

    private sealed class Elsewhere(int port, bool dialsByTcpDialer) : Dialer
    {
        public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
        {
            if (dialsByTcpDialer)
                return new TcpDialer().Dial(target with { Host = "127.0.0.1", Port = port }, cancellationToken);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
