using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>openssl s_server: TLS that ends with an alert for whoever has no certificate, as the RFC has it.</summary>
public sealed class OpenSslPeer : PeerServer
{
    private readonly CertificateAuthority _authority;

    /// <summary>Makes sure that it is installed.</summary>
    public OpenSslPeer(CertificateAuthority authority)
        : base("openssl", "openssl") => _authority = authority;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        using IssuedCertificate certificate = _authority.Issue("localhost");
        certificate.WriteTo(Home);
        string authority = Write("ca.pem", _authority.RootPem);
        return
        [
            "s_server", "-accept", $"127.0.0.1:{Port}", "-cert", Path.Combine(Home, "cert.pem"), "-key", Path.Combine(Home, "key.pem"),
            "-CAfile", authority, "-Verify", "1", "-verify_return_error", "-www",
        ];
    }
}
