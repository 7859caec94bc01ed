using System.Net;
using System.Net.Sockets;

namespace Urllib4.TestKit;

/// <summary>
/// An address on the loopback interface that never answers a connect: a listener whose queue is full and that accepts nobody.
/// </summary>
/// <remarks>
/// Relies on the system dropping what does not fit the queue, as Linux does; elsewhere the connect may be refused instead.
/// </remarks>
public sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    /// <summary>Opens the hole.</summary>
    public BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        while (Connects())
            continue;
    }

    /// <summary>The address that does not answer.</summary>
    public IPEndPoint EndPoint { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _queue.ForEach(static s => s.Dispose());
    }

    private bool Connects()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _queue.Add(socket);
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // On the loopback interface a connect is answered in microseconds or, once the queue is full, not at all.
            return socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite);
        }
    }
}
