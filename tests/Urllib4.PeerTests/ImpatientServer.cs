using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Urllib4.PeerTests;

/// <summary>
/// A server that answers with the X-Request-Id of the request, and closes its connections between two requests whenever it likes: after
/// the response, a moment later, at the very sight of the next request, which it does not read, or after it has executed a POST, which it
/// does not answer. It never closes a connection that has not served a request yet, and it honours an Idempotency-Key.
/// </summary>
internal sealed class ImpatientServer : IDisposable
{
    private const int MostRequests = 8;
    private const int HeadLength = 4096;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<string, int> _executed = new();
    private int _unread;
    private int _unanswered;

    public ImpatientServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1000);
        Url = $"http://{_listener.LocalEndPoint}";
        _ = Accept();
    }

    public string Url { get; }

    /// <summary>How many connections were closed in the face of a request.</summary>
    public int Unread => _unread;

    /// <summary>How many POSTs were executed and not answered.</summary>
    public int Unanswered => _unanswered;

    /// <summary>How many requests were executed more than once.</summary>
    public int Doubles => _executed.Count(static e => e.Value > 1);

    /// <summary>How often the request of an id was executed.</summary>
    public int Executions(string id) => _executed.GetValueOrDefault(id);

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            for (int number = 0; ; number++)
                _ = Serve(await _listener.AcceptAsync(), new Random(number));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task Serve(Socket socket, Random random)
    {
        socket.NoDelay = true;
        using (socket)
        {
            try
            {
                byte[] buffer = new byte[HeadLength];
                for (int left = random.Next(MostRequests); left >= 0; left--)
                {
                    if (await Read(socket, buffer) is not { } request)
                        return;
                    string id = Execute(request);
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {id.Length}\r\n\r\n{id}"));
                }

                await Linger(socket, buffer, random);
            }
            catch (SocketException)
            {
                // The client was quicker.
            }
        }
    }

    private string Execute(string request)
    {
        string id = Field(request, "X-Request-Id")!;
        bool isKeyed = Field(request, "Idempotency-Key") is not null;
        _executed.AddOrUpdate(id, 1, (_, count) => isKeyed ? count : count + 1);
        return id;
    }

    private async Task Linger(Socket socket, byte[] buffer, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                break;
            case 1:
                await Task.Delay(random.Next(1, 6));
                break;
            case 2:
                // A GET is not executed: it may be repeated, and then would be executed twice by right.
                if (await Read(socket, buffer) is { } request && request.StartsWith("POST ", StringComparison.Ordinal))
                {
                    Execute(request);
                    Interlocked.Increment(ref _unanswered);
                }

                break;
            default:
                // Nothing is taken: this only waits until something is there, be it the end.
                await socket.ReceiveAsync(Memory<byte>.Empty);
                if (socket.Available > 0)
                    Interlocked.Increment(ref _unread);
                break;
        }
    }

    /// <summary>Reads one request with its body.</summary>
    /// <returns>The request, or null at the end of the connection.</returns>
    private static async Task<string?> Read(Socket socket, byte[] buffer)
    {
        for (int length = 0; ;)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (received == 0)
                return null;
            length += received;
            string text = Encoding.ASCII.GetString(buffer, 0, length);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && length >= end + 4 + int.Parse(Field(text, "Content-Length") ?? "0", CultureInfo.InvariantCulture))
                return text;
        }
    }

    private static string? Field(string head, string name)
    {
        int start = head.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase) + name.Length + 4;
        return start < name.Length + 4 ? null : head[start..head.IndexOf('\r', start)];
    }
}
