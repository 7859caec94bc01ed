using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>What tests of proxies share. One scripted server often plays both: the proxy, and behind the tunnel the origin.</summary>
public abstract class ProxyTests : ClientTests
{
    /// <summary>The answer with which a tunnel stands.</summary>
    protected const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";

    /// <summary>A reply of SOCKS 5 with which the way is open.</summary>
    protected static readonly byte[] Socks5Done = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80];

    // Keys are dear; these do for all.
    private static readonly CertificateAuthority _authority = new();
    private static readonly CertificateAuthority _proxyAuthority = new("Urllib4 test root of proxies");

    /// <summary>The certificate of the origins: for localhost and what is below origin.test.</summary>
    protected static IssuedCertificate OriginCertificate { get; } = _authority.Issue("localhost", "*.origin.test");

    /// <summary>The certificate of the proxies, by another authority: for localhost.</summary>
    protected static IssuedCertificate ProxyCertificate { get; } = _proxyAuthority.Issue("localhost");

    /// <summary>Trust in the origins, and not in the proxies.</summary>
    protected static TlsOptions TrustOrigins { get; } = new() { CaCerts = new([_authority.Root]) };

    /// <summary>Trust in the proxies, and not in the origins.</summary>
    protected static TlsOptions TrustProxies { get; } = new() { CaCerts = new([_proxyAuthority.Root]) };

    /// <summary>A certificate for the clients of origins.</summary>
    protected static ClientCertificate NewClientCertificate(string name) =>
        new(_authority.Issue(new Leaf { CommonName = name, Usages = [Leaf.ClientUsage] }).Certificate);

    /// <summary>A manager with a proxy that trusts the origins.</summary>
    protected static PoolManager Through(ProxyOptions proxy, Retry? retries = null) =>
        new(new PoolOptions { Proxy = proxy, Tls = TrustOrigins, Retries = retries ?? Retry.Default });

    /// <summary>An http proxy with a certificate of ours, if it has TLS.</summary>
    protected static ProxyOptions HttpProxy(int port, bool isSecure = false) =>
        isSecure ? new($"https://localhost:{port}") { Tls = TrustProxies } : new($"http://127.0.0.1:{port}");

    /// <summary>A server that opens every tunnel and is the origin behind it.</summary>
    protected static MisbehavingServer TunnelToItself(string response = Ok) => MisbehavingServer.Start(
        _ => new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).Loop(d => d.ExpectRequest().Send(response)));
}
