using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>Apache with mod_http2 as a web server.</summary>
public sealed class ApacheHttp2Peer : Http2Peer
{
    private const string Modules = "/usr/lib/apache2/modules";

    /// <inheritdoc cref="Http2Peer(string, string, CertificateAuthority)"/>
    public ApacheHttp2Peer(CertificateAuthority authority)
        : base("apache2", "apache2-bin", authority)
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> ConfigureHttp2()
    {
        string files = WriteFiles();
        string configuration = Write("apache.conf", $$"""
            ServerRoot {{Home}}
            PidFile {{Home}}/apache.pid
            Listen 127.0.0.1:{{Port}}
            ServerName localhost
            LoadModule mpm_event_module {{Modules}}/mod_mpm_event.so
            LoadModule authz_core_module {{Modules}}/mod_authz_core.so
            LoadModule ssl_module {{Modules}}/mod_ssl.so
            LoadModule http2_module {{Modules}}/mod_http2.so
            LoadModule proxy_module {{Modules}}/mod_proxy.so
            LoadModule proxy_http_module {{Modules}}/mod_proxy_http.so
            Protocols h2 http/1.1
            SSLEngine on
            SSLCertificateFile {{Home}}/cert.pem
            SSLCertificateKeyFile {{Home}}/key.pem
            User nobody
            Group nogroup
            ErrorLog /dev/stderr
            DocumentRoot {{files}}
            ProxyPass /upload http://{{Sink}}/upload
            <Directory {{files}}>
              Require all granted
            </Directory>

            """);
        return ["-f", configuration, "-DFOREGROUND"];
    }
}
