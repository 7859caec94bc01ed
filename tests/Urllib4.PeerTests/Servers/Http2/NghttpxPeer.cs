using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>nghttpx, the proxy of nghttp2, in front of a web server that speaks HTTP/1.1.</summary>
public sealed class NghttpxPeer : Http2Peer
{
    private readonly int _origin;

    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    /// <param name="authority">Signs its certificate.</param>
    /// <param name="origin">The port of the web server behind it.</param>
    public NghttpxPeer(CertificateAuthority authority, int origin)
        : base("nghttpx", "nghttp2-proxy", authority) => _origin = origin;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2() =>
    [
        "--conf=/dev/null", "--workers=1", "--single-process", $"-f127.0.0.1,{Port}", $"-b127.0.0.1,{_origin}",
        $"{Home}/key.pem", $"{Home}/cert.pem",
    ];
}
