using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>mitmdump: a proxy that opens the TLS of its clients and presents certificates of an authority of its own.</summary>
public sealed class MitmdumpPeer : PeerServer
{
    private readonly CertificateAuthority _authority;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="authority">Whose servers it trusts.</param>
    public MitmdumpPeer(CertificateAuthority authority)
        : base("mitmdump", "mitmproxy") => _authority = authority;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Its authority, made anew for every run: what a client has to trust to be looked through.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Home, "mitmproxy-ca-cert.pem"));

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        Port = TakePort();
        string trusted = Write("trusted.pem", _authority.RootPem);
        return
        [
            "--listen-host", "127.0.0.1", "--listen-port", $"{Port}", "--flow-detail", "1", "--set", $"confdir={Home}",
            "--set", $"ssl_verify_upstream_trusted_ca={trusted}",
        ];
    }
}
