using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>h2o as a web server.</summary>
public sealed class H2oPeer : Http2Peer
{
    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    public H2oPeer(CertificateAuthority authority)
        : base("h2o", "h2o", authority)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2()
    {
        string files = WriteFiles();
        string configuration = Write("h2o.conf", $$"""
            num-threads: 1
            pid-file: {{Home}}/h2o.pid
            error-log: /dev/stderr
            listen:
              host: 127.0.0.1
              port: {{Port}}
              ssl:
                certificate-file: {{Home}}/cert.pem
                key-file: {{Home}}/key.pem
            hosts:
              default:
                paths:
                  "/upload":
                    proxy.reverse.url: http://{{Sink}}/upload
                  "/":
                    file.dir: {{files}}

            """);
        return ["-c", configuration];
    }
}
