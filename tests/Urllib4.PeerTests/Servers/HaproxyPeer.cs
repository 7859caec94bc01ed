using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// haproxy as a reverse proxy in front of a web server, with one port for each way it can treat connections. A client's connection shares
/// the one behind it with nobody, so that a test can tell from the log of the web server what became of it.
/// </summary>
public sealed class HaproxyPeer : PeerServer
{
    private readonly CertificateAuthority _authority;
    private readonly int _origin;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="authority">Signs its certificate, and those of its clients.</param>
    /// <param name="origin">The port of the web server behind it.</param>
    public HaproxyPeer(CertificateAuthority authority, int origin)
        : base("haproxy", "haproxy")
    {
        _authority = authority;
        _origin = origin;
    }

    /// <summary>The port that keeps connections on both sides.</summary>
    public int KeepAlivePort { get; private set; }

    /// <summary>The port that keeps the client's connection and closes the one to the server.</summary>
    public int ServerClosePort { get; private set; }

    /// <summary>The port that closes both connections after every response.</summary>
    public int ClosePort { get; private set; }

    /// <summary>The TLS port whose handshake fails without a client certificate.</summary>
    public int ClientCertificatePort { get; private set; }

    /// <summary>The TLS port that speaks HTTP/2.</summary>
    public int Http2Port { get; private set; }

    /// <summary>Where it speaks HTTP/2, without a slash at the end.</summary>
    public string Http2Url => $"https://localhost:{Http2Port}";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        using (IssuedCertificate certificate = _authority.Issue("localhost", "127.0.0.1"))
            certificate.WriteTo(Home);
        Write("root.pem", _authority.RootPem);
        KeepAlivePort = TakePort();
        ServerClosePort = TakePort();
        ClosePort = TakePort();
        ClientCertificatePort = TakePort();
        Http2Port = TakePort();
        string configuration = Write("haproxy.cfg", $"""
            global
                log stdout format raw local0
                maxconn 500
            defaults
                mode http
                log global
                option httplog
                option http-keep-alive
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                http-reuse never
                default_backend origin
            frontend keep_alive
                bind 127.0.0.1:{KeepAlivePort}
            frontend server_close
                bind 127.0.0.1:{ServerClosePort}
                option http-server-close
            frontend close
                bind 127.0.0.1:{ClosePort}
                option httpclose
            frontend http2
                bind 127.0.0.1:{Http2Port} ssl crt {Home}/combined.pem alpn h2,http/1.1
            frontend client_certificate
                bind 127.0.0.1:{ClientCertificatePort} ssl crt {Home}/combined.pem ca-file {Home}/root.pem verify required
                http-response set-header X-Client-Certificate %[ssl_c_s_dn(cn)]
            backend origin
                http-response set-header X-Proxied-By haproxy
                server nginx 127.0.0.1:{_origin}

            """);
        return ["-db", "-f", configuration];
    }
}
