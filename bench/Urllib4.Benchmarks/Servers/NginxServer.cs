using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>nginx with one worker, a folder of its own and three ports that were free a moment ago: plain, TLS 1.3 and h2c.</summary>
internal sealed class NginxServer : ServerProcess
{
    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo _folder;

    private readonly int _tlsPort;
    private readonly int _http2Port;

    private NginxServer(Process process, int port, int tlsPort, int http2Port, DirectoryInfo folder)
        : base(process, port) => (_folder, _tlsPort, _http2Port) = (folder, tlsPort, http2Port);

    public static bool IsInstalled => File.Exists(Program);

    public static NginxServer Start(Placement place, TestAuthority authority)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("urllib4-bench-");
        (int port, int tlsPort, int http2Port) = (FreePort(), FreePort(), FreePort());
        File.WriteAllText(Path.Combine(folder.FullName, "nginx.conf"), Configuration(port, tlsPort, http2Port, authority));
        File.WriteAllText(Path.Combine(folder.FullName, "small.json"), Responder.Body);
        File.WriteAllText(Path.Combine(folder.CreateSubdirectory("once").FullName, "small.json"), Responder.Body);
        using (FileStream big = File.Create(Path.Combine(folder.FullName, "big.bin")))
            big.SetLength(Workload.TlsDownload.Payload);
        File.WriteAllBytes(Path.Combine(folder.FullName, "mb.bin"), new byte[Workload.MegabyteLength]);
        Process process = PinnedProcess.Start(
            CoreFor(place), Program, "-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr");
        var server = new NginxServer(process, port, tlsPort, http2Port, folder);
        try
        {
            server.AwaitFirstConnection();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public override int PortFor(Workload work) => work switch
    {
        { IsTls: true } => _tlsPort,
        { Version: 2 } => _http2Port,
        _ => Port,
    };

    public override void Dispose()
    {
        base.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Configuration(int port, int tlsPort, int http2Port, TestAuthority authority) => $$"""
        daemon off;
        master_process off;
        worker_processes 1;
        pid nginx.pid;
        events { worker_connections 19000; }
        http {
          access_log off;
          types { application/json json; }
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          keepalive_requests 1000000000;
          keepalive_timeout 600s;
          open_file_cache max=10;
          sendfile on;
          tcp_nodelay on;
          server {
            listen {{port}} backlog=4096;
            listen {{http2Port}} http2 backlog=4096;
            listen {{tlsPort}} ssl http2 backlog=4096;
            http2_max_concurrent_streams 2000;
            ssl_certificate {{authority.CertificateFile}};
            ssl_certificate_key {{authority.KeyFile}};
            ssl_protocols TLSv1.3;
            root .;
            add_header Cache-Control "max-age=60";
            add_header X-Content-Type-Options nosniff;
            add_header X-Resumed $ssl_session_reused;
            location /once/ { keepalive_timeout 0; }
          }
        }
        """;
}
