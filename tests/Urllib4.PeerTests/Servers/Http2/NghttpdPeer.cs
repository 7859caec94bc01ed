using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>nghttpd, the server of nghttp2: answers any upload with its body, and ends every file with a trailer.</summary>
public sealed class NghttpdPeer : Http2Peer
{
    /// <summary>How many streams it takes on one connection.</summary>
    public const int Streams = 1000;

    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    public NghttpdPeer(CertificateAuthority authority)
        : base("nghttpd", "nghttp2-server", authority)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2() =>
    [
        "-a", "127.0.0.1", "-d", WriteFiles(), "--echo-upload", "--trailer=x-trailer: behind it all", $"-m{Streams}", "-w20", "-W22",
        $"{Port}", $"{Home}/key.pem", $"{Home}/cert.pem",
    ];
}
