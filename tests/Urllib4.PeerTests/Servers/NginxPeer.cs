using System.Text;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Servers;

/// <summary>
/// nginx as a web server, with the files of <see cref="WebRoot"/>. All its ports offer the same resources:
/// <list type="bullet">
/// <item><c>/small.txt</c>, <c>/ten-megabytes.bin</c>, <c>/one-gigabyte.bin</c>: with a length, ranges and an ETag</item>
/// <item><c>/chunked/…</c>: the same files in chunks</item>
/// <item><c>/until-close/…</c>: the same files without length or chunks, until the connection is closed</item>
/// <item><c>/gzip/…</c>: the same files, compressed on the way when the client accepts gzip: in chunks</item>
/// <item><c>/gzip-static/small.txt</c>: compressed already when the client accepts gzip: with a length</item>
/// <item><c>/upload</c>: reads the body, however long, and answers its length in digits</item>
/// <item><c>/request-id</c>: answers the X-Request-Id header</item>
/// <item><c>/large-headers</c>: 204 with <see cref="LargeHeaders"/> headers of <see cref="LargeHeaderLength"/> bytes</item>
/// <item><c>/proxy-authorization</c>: answers the Proxy-Authorization header, which should never come, in brackets</item>
/// <item><c>/client-certificate</c>: answers the subject of the client's certificate</item>
/// </list>
/// </summary>
/// <remarks>
/// A line of the log: number of the connection, number of the request on it, method, target, version, status, X-Request-Id.
/// </remarks>
public sealed class NginxPeer : PeerServer
{
    /// <summary>How many X-Large-<i>n</i> headers <c>/large-headers</c> sends.</summary>
    public const int LargeHeaders = 8;

    /// <summary>The length of each of their values.</summary>
    public const int LargeHeaderLength = 4000;

    /// <summary>How many requests <see cref="ShortLivedPort"/> answers on one connection.</summary>
    public const int ShortLife = 3;

    /// <summary>How many requests <see cref="Http2Port"/> answers at once on one connection.</summary>
    public const int Http2Streams = 8;

    /// <summary>How many requests <see cref="Http2Port"/> answers on one connection before it sends GOAWAY.</summary>
    public const int Http2Life = 20;

    private readonly CertificateAuthority _authority;
    private BodySink? _sink;

    /// <summary>Makes sure that it is installed.</summary>
    /// <param name="authority">Signs its certificate for localhost and 127.0.0.1, and those of its clients.</param>
    public NginxPeer(CertificateAuthority authority)
        : base("nginx", "nginx") => _authority = authority;

    /// <summary>The port without TLS.</summary>
    public int Port { get; private set; }

    /// <summary>The port without TLS that closes the connection after <see cref="ShortLife"/> requests.</summary>
    public int ShortLivedPort { get; private set; }

    /// <summary>The port with TLS.</summary>
    public int TlsPort { get; private set; }

    /// <summary>The port with TLS that answers 400 to requests without a client certificate.</summary>
    public int ClientCertificatePort { get; private set; }

    /// <summary>The port with TLS and HTTP/2, few streams and connections that end soon.</summary>
    public int Http2Port { get; private set; }

    /// <summary>Where it speaks HTTP/2, without a slash at the end.</summary>
    public string Http2Url => $"https://localhost:{Http2Port}";

    /// <summary>Where it is without TLS, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Where it is with TLS, without a slash at the end.</summary>
    public string TlsUrl => $"https://localhost:{TlsPort}";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Configure()
    {
        using (IssuedCertificate certificate = _authority.Issue("localhost", "127.0.0.1"))
            certificate.WriteTo(Home);
        Write("root.pem", _authority.RootPem);
        WebRoot.WriteTo(Path.Combine(Home, "www"));
        _sink ??= new BodySink();
        Port = TakePort();
        ShortLivedPort = TakePort();
        TlsPort = TakePort();
        ClientCertificatePort = TakePort();
        Http2Port = TakePort();
        Write("resources.conf", Resources(_sink.Port));
        string configuration = Write("nginx.conf", Configuration());
        // One process, so that nothing is left when it is killed.
        return ["-p", Home, "-c", configuration, "-e", "stderr", "-g", "daemon off; master_process off;"];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _sink?.Dispose();
    }

    private string Configuration() => $$"""
        pid nginx.pid;
        error_log stderr warn;
        events {
            worker_connections 1024;
        }
        http {
            log_format peer '$connection $connection_requests $request $status $http_x_request_id';
            access_log {{AccessLog}} peer;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            default_type application/octet-stream;
            types {
                text/plain txt;
            }
            root www;
            sendfile on;
            keepalive_timeout 60;
            keepalive_requests 1000000;
            client_max_body_size 0;
            ssl_certificate cert.pem;
            ssl_certificate_key key.pem;
            ssl_client_certificate root.pem;
            ssl_protocols TLSv1.2 TLSv1.3;
            server {
                listen 127.0.0.1:{{Port}};
                include resources.conf;
            }
            server {
                listen 127.0.0.1:{{ShortLivedPort}};
                keepalive_requests {{ShortLife}};
                include resources.conf;
            }
            server {
                listen 127.0.0.1:{{TlsPort}} ssl;
                include resources.conf;
            }
            server {
                listen 127.0.0.1:{{Http2Port}} ssl http2;
                http2_max_concurrent_streams {{Http2Streams}};
                keepalive_requests {{Http2Life}};
                include resources.conf;
            }
            server {
                listen 127.0.0.1:{{ClientCertificatePort}} ssl;
                ssl_verify_client on;
                include resources.conf;
            }
        }

        """;

    // A filter that finds nothing to replace still makes nginx forget the length of the file.
    private string Resources(int sink)
    {
        string files = Path.Combine(Home, "www/");
        string forgetLength = "sub_filter_types *; sub_filter 'not in any file' '';";
        var largeHeaders = new StringBuilder();
        for (int i = 0; i < LargeHeaders; i++)
            largeHeaders.Append($"add_header X-Large-{i} {new string((char)('a' + i), LargeHeaderLength)};\n");
        return $$"""
            location /chunked/ { alias {{files}}; {{forgetLength}} }
            location /until-close/ { alias {{files}}; {{forgetLength}} chunked_transfer_encoding off; keepalive_timeout 0; }
            location /gzip/ { alias {{files}}; gzip on; gzip_types *; gzip_min_length 0; }
            location /gzip-static/ { alias {{files}}; gzip_static on; }
            location = /upload { proxy_pass http://127.0.0.1:{{sink}}; proxy_http_version 1.1; proxy_request_buffering off; }
            location = /request-id { default_type text/plain; return 200 $http_x_request_id; }
            location = /proxy-authorization { default_type text/plain; return 200 [$http_proxy_authorization]; }
            location = /client-certificate { default_type text/plain; return 200 $ssl_client_s_dn; }
            location = /large-headers {
                {{largeHeaders}}
                return 204;
            }

            """;
    }
}
