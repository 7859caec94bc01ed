using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Urllib4.SocketTests.Http2.Soak;

/// <summary>
/// A server of HTTP/2 without TLS that answers most requests, and refuses, resets, interrupts or says goodbye for the rest, by the chance
/// of its seed. It holds the client to the rules.
/// </summary>
internal sealed class FickleServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<FickleConnection> _connections = new();
    private readonly int _seed;

    public FickleServer(int seed)
    {
        _seed = seed;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "fickle server" }.Start();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>All connections so far.</summary>
    public IReadOnlyCollection<FickleConnection> Connections => _connections;

    /// <summary>What a request or a response of so many bytes has as its body, if it has this id.</summary>
    public static byte[] Body(string id, int length)
    {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++)
            body[i] = (byte)id[i % id.Length];
        return body;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (FickleConnection connection in _connections)
            connection.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = new FickleConnection(_listener.AcceptSocket(), new Random(_seed + _connections.Count));
                _connections.Enqueue(connection);
                new Thread(connection.Run) { IsBackground = true, Name = "fickle connection" }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }
}
