using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trimmed;

/// <summary>Answers each request with its method and its path. It is small, so that what is published is mostly the client.</summary>
internal sealed class TinyServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public TinyServer()
    {
        Url = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = Serve();
    }

    public string Url { get; }

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                byte[] text = Encoding.UTF8.GetBytes($"{context.Request.HttpMethod} {context.Request.RawUrl}");
                context.Response.ContentLength64 = text.Length;
                await context.Response.OutputStream.WriteAsync(text);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed: the program ends.
        }
    }
}
