using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Servers that want to know who calls: nginx, which answers 400, and haproxy, which ends the handshake.</summary>
public sealed class ClientCertificateTests : ClientTests, IDisposable
{
    private readonly Peers _peers;
    private readonly IssuedCertificate _alice, _bob, _stranger;
    private readonly CertificateAuthority _strangers = new("Strangers");

    public ClientCertificateTests(Peers peers)
    {
        _peers = peers;
        _alice = peers.Authority.Issue(new Leaf { CommonName = "alice", Usages = [Leaf.ClientUsage] });
        _bob = peers.Authority.Issue(new Leaf { CommonName = "bob", Usages = [Leaf.ClientUsage] });
        _stranger = _strangers.Issue(new Leaf { CommonName = "alice", Usages = [Leaf.ClientUsage] });
    }

    /// <summary>With a proxy the certificate goes through it, and not to it.</summary>
    public static MatrixTheoryData<Mode, bool> Ways { get; } = new(Enum.GetValues<Mode>(), [false, true]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Each_caller_is_seen_as_who_he_is(Mode mode, bool isProxied)
    {
        using PoolManager http = Manager(_alice, isProxied);
        string nginx = $"https://localhost:{_peers.Nginx.ClientCertificatePort}/client-certificate";
        string haproxy = $"https://localhost:{_peers.Haproxy.ClientCertificatePort}/small.txt";

        Assert.Equal("CN=alice", (await Send(mode, http, "GET", nginx)).Text());
        Assert.Equal("CN=bob", (await Send(mode, http, "GET", nginx, new() { Tls = As(_bob) })).Text());
        Assert.Equal("CN=alice", (await Send(mode, http, "GET", nginx)).Text());
        Assert.Equal("alice", (await Send(mode, http, "GET", haproxy)).Headers["X-Client-Certificate"]);
        Assert.Equal("bob", (await Send(mode, http, "GET", haproxy, new() { Tls = As(_bob) })).Headers["X-Client-Certificate"]);
        Assert.Equal(4, http.Pools.Count);
        Assert.All(http.Pools, static p => Assert.Equal(1, p.Value.NumConnections));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Nobody_and_strangers_are_turned_away(Mode mode, bool isProxied)
    {
        foreach (IssuedCertificate? own in new[] { null, _stranger })
        {
            using PoolManager http = Manager(own, isProxied);
            string nginx = $"https://localhost:{_peers.Nginx.ClientCertificatePort}/client-certificate";
            string haproxy = $"https://localhost:{_peers.Haproxy.ClientCertificatePort}/small.txt";

            Assert.Equal(400, (await Send(mode, http, "GET", nginx)).Status);
            Exception? e = await Record.ExceptionAsync(() => Send(mode, http, "GET", haproxy, new() { Retries = Retry.None }));
            Assert.True(e is TlsException or ProtocolException, $"{e}");
        }
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _stranger.Dispose();
        _strangers.Dispose();
    }

    private PoolManager Manager(IssuedCertificate? own, bool isProxied) => new(new PoolOptions
    {
        Tls = own is null ? TrustIn(_peers) : As(own),
        Proxy = isProxied ? new ProxyOptions($"https://localhost:{_peers.Squid.TlsPort}") { Tls = TrustIn(_peers) } : null,
    });

    private TlsOptions As(IssuedCertificate own) => TrustIn(_peers) with { ClientCertificate = new ClientCertificate(own.Certificate) };
}
