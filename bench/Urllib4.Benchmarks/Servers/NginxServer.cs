using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.Benchmarks;

/// <summary>nginx with one worker, a folder of its own and two ports that were free a moment ago, one of them for TLS 1.3.</summary>
internal sealed class NginxServer : ServerProcess
{
    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo _folder;

    private NginxServer(Process process, int port, int tlsPort, DirectoryInfo folder)
        : base(process, port) => (_folder, TlsPort) = (folder, tlsPort);

    public static bool IsInstalled => File.Exists(Program);

    public override int TlsPort { get; }

    public static NginxServer Start(Placement place, TestAuthority authority)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("urllib4-bench-");
        int port = FreePort();
        int tlsPort = FreePort();
        File.WriteAllText(Path.Combine(folder.FullName, "nginx.conf"), Configuration(port, tlsPort, authority));
        File.WriteAllText(Path.Combine(folder.FullName, "small.json"), Responder.Body);
        File.WriteAllText(Path.Combine(folder.CreateSubdirectory("once").FullName, "small.json"), Responder.Body);
        using (FileStream big = File.Create(Path.Combine(folder.FullName, "big.bin")))
            big.SetLength(Workload.TlsDownload.Payload);
        Process process = PinnedProcess.Start(
            CoreFor(place), Program, "-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr");
        var server = new NginxServer(process, port, tlsPort, folder);
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

    public override void Dispose()
    {
        base.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void AwaitFirstConnection()
    {
        for (int attempt = 0; ; attempt++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static string Configuration(int port, int tlsPort, TestAuthority authority) => $$"""
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
            listen {{tlsPort}} ssl backlog=4096;
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
