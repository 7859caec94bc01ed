using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>
/// Answers with bytes that are ready, one blocking thread for each connection: two system calls for a small request, so that what is
/// measured is the client.
/// </summary>
internal static class Responder
{
    public const string Body =
        """{"id":4711,"name":"a small thing","tags":["red","green","blue"],"price":12.5,"inStock":true,"note":"one hundred and fifty bytes, as promised: ......"}""";

    private const int ThreadStackLength = 128 * 1024;
    private const int UploadBufferLength = 256 * 1024;

    /// <summary>Serves until standard input ends; the first line of output is the port.</summary>
    public static void Serve()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(4096);
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
            new Thread(() => Serve(socket), ThreadStackLength) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket)
    {
        using Socket owned = socket;
        socket.NoDelay = true;
        byte[] buffer = new byte[4096];
        byte[] path = [];
        Answer? answer = null;
        int length = 0;
        while (TryReceive(socket, buffer.AsSpan(length), out int received))
        {
            length += received;
            ReadOnlySpan<byte> request = buffer.AsSpan(0, length);
            int bodyStart = request.IndexOf("\r\n\r\n"u8) + "\r\n\r\n"u8.Length;
            if (bodyStart < "\r\n\r\n"u8.Length)
                continue;
            if (request.StartsWith("POST"u8) && !TrySkip(socket, LengthOf(request) - (length - bodyStart)))
                return;
            length = 0;
            // A connection asks for the same again and again.
            ReadOnlySpan<byte> asked = PathOf(request);
            if (answer is null || !asked.SequenceEqual(path))
                answer = Answers.For(Encoding.ASCII.GetString(path = asked.ToArray()));
            if (!TrySend(socket, answer))
                return;
        }
    }

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> request)
    {
        ReadOnlySpan<byte> rest = request[(request.IndexOf((byte)' ') + 1)..];
        return rest[..rest.IndexOf((byte)' ')];
    }

    private static long LengthOf(ReadOnlySpan<byte> request)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        return Utf8Parser.TryParse(request[(request.IndexOf(name) + name.Length)..], out long length, out _) ? length : 0;
    }

    private static bool TryReceive(Socket socket, Span<byte> buffer, out int received)
    {
        received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return received > 0 && error == SocketError.Success;
    }

    private static bool TrySkip(Socket socket, long length)
    {
        byte[] buffer = new byte[UploadBufferLength];
        while (length > 0)
        {
            if (!TryReceive(socket, buffer, out int received))
                return false;
            length -= received;
        }

        return true;
    }

    private static bool TrySend(Socket socket, Answer answer)
    {
        bool isSent = TrySend(socket, answer.Head);
        for (long i = 0; isSent && i < answer.Blocks; i++)
            isSent = TrySend(socket, answer.Block);
        return isSent && (answer.End is not { } end || TrySend(socket, end));
    }

    private static bool TrySend(Socket socket, byte[] bytes)
    {
        socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error == SocketError.Success;
    }
}

/// <summary>The <see cref="Responder"/> in another process.</summary>
internal sealed class ResponderServer(Process process, int port) : ServerProcess(process, port)
{
    public static ResponderServer Start(Placement place)
    {
        Process process = PinnedProcess.Start(CoreFor(place), PinnedProcess.Self, "serve");
        return new ResponderServer(process, int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
    }
}
