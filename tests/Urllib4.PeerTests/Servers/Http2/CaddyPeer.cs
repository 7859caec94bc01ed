using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>caddy, which has the HTTP/2 of Go, as a web server.</summary>
public sealed class CaddyPeer : Http2Peer
{
    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    public CaddyPeer(CertificateAuthority authority)
        : base("caddy", "caddy", authority)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2()
    {
        string files = WriteFiles();
        string configuration = Write("Caddyfile", $$"""
            {
                admin off
                auto_https off
                storage file_system {{Home}}/data
                servers {
                    protocols h1 h2
                }
            }
            https://localhost:{{Port}} {
                bind 127.0.0.1
                tls {{Home}}/cert.pem {{Home}}/key.pem
                root * {{files}}
                reverse_proxy /upload {{Sink}}
                file_server
            }

            """);
        return ["run", "--config", configuration, "--adapter", "caddyfile"];
    }
}
