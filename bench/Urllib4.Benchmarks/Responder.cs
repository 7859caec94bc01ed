using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>
/// Answers every request with the same bytes, one blocking thread for each connection: two system calls a request, so that what is
/// measured is the client.
/// </summary>
internal static class Responder
{
    public const string Body =
        """{"id":4711,"name":"a small thing","tags":["red","green","blue"],"price":12.5,"inStock":true,"note":"one hundred and fifty bytes, as promised: ......"}""";

    private const int ThreadStackLength = 128 * 1024;

    private static readonly byte[] _response = Encoding.ASCII.GetBytes(string.Join("\r\n", [
        "HTTP/1.1 200 OK",
        "Server: responder/1.0",
        "Date: Mon, 05 Jan 2026 10:00:00 GMT",
        "Content-Type: application/json",
        $"Content-Length: {Body.Length}",
        "Last-Modified: Sun, 04 Jan 2026 10:00:00 GMT",
        "Connection: keep-alive",
        "ETag: \"695a3a40-96\"",
        "Cache-Control: max-age=60",
        "X-Content-Type-Options: nosniff",
        "Accept-Ranges: bytes",
        "",
        Body]));

    /// <summary>Serves until standard input ends; the first line of output is the port.</summary>
    public static void Serve()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        while (Console.ReadLine() is not null)
        {
        }
    }

    private static void Accept(Socket listener)
    {
        while (true)
        {
            Socket socket = listener.Accept();
            new Thread(() => Answer(socket), ThreadStackLength) { IsBackground = true }.Start();
        }
    }

    private static void Answer(Socket socket)
    {
        using Socket owned = socket;
        socket.NoDelay = true;
        byte[] buffer = new byte[4096];
        int length = 0;
        while (socket.Receive(buffer.AsSpan(length), SocketFlags.None, out SocketError error) is > 0 and int received && error == 0)
        {
            length += received;
            if (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                continue;
            length = 0;
            socket.Send(_response, SocketFlags.None, out _);
        }
    }
}

/// <summary>The <see cref="Responder"/> in another process.</summary>
internal sealed class ResponderServer(Process process, int port) : ServerProcess("responder", process, port)
{
    public static ServerProcess Start(Placement place)
    {
        Process process = PinnedProcess.StartSelf(CoreFor(place), "serve");
        return new ResponderServer(process, int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
    }
}
