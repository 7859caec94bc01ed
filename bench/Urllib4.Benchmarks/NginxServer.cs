using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.Benchmarks;

/// <summary>nginx with one worker, a folder of its own and a port that was free a moment ago.</summary>
internal sealed class NginxServer : ServerProcess
{
    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo _folder;

    private NginxServer(Process process, int port, DirectoryInfo folder)
        : base("nginx", process, port) => _folder = folder;

    public static bool IsInstalled => File.Exists(Program);

    public static ServerProcess Start(Placement place)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("urllib4-bench-");
        int port = FreePort();
        File.WriteAllText(Path.Combine(folder.FullName, "nginx.conf"), Configuration(port));
        File.WriteAllText(Path.Combine(folder.FullName, "small.json"), Responder.Body);
        Process process = PinnedProcess.Start(
            CoreFor(place), Program, "-p", folder.FullName, "-c", "nginx.conf", "-e", "stderr");
        var server = new NginxServer(process, port, folder);
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

    private static string Configuration(int port) => $$"""
        daemon off;
        master_process off;
        worker_processes 1;
        pid nginx.pid;
        events { worker_connections 1024; }
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
          tcp_nodelay on;
          server {
            listen 127.0.0.1:{{port}};
            root .;
            add_header Cache-Control "max-age=60";
            add_header X-Content-Type-Options nosniff;
          }
        }
        """;
}
