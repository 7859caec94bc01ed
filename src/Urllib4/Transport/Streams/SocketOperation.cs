using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Urllib4.Transport;

/// <summary>
/// The asynchronous receives of a socket, or its sends: one at a time, without an allocation for each. The platform's own keep the buffer
/// of the last operation alive for as long as the connection lives; this lets go of it. It captures nothing of its caller's context.
/// </summary>
internal sealed class SocketOperation() : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _source;

    /// <summary>Receives what is there, waiting only for the first byte.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed before.</exception>
    public ValueTask<int> Receive(Socket socket, Memory<byte> buffer)
    {
        Begin(buffer);
        return socket.ReceiveAsync(this) ? new ValueTask<int>(this, _source.Version) : Result();
    }

    /// <summary>Sends all of it.</summary>
    /// <inheritdoc cref="Receive"/>
    public ValueTask<int> Send(Socket socket, ReadOnlyMemory<byte> data)
    {
        // Nothing is written into it.
        Begin(System.Runtime.InteropServices.MemoryMarshal.AsMemory(data));
        return socket.SendAsync(this) ? new ValueTask<int>(this, _source.Version) : Result();
    }

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        (int count, SocketError error) = (BytesTransferred, SocketError);
        LetGo();
        if (error == SocketError.Success)
            _source.SetResult(count);
        else
            _source.SetException(new SocketException((int)error));
    }

    private void Begin(Memory<byte> buffer)
    {
        _source.Reset();
        SetBuffer(buffer);
    }

    private ValueTask<int> Result()
    {
        (int count, SocketError error) = (BytesTransferred, SocketError);
        LetGo();
        return error == SocketError.Success ? new(count) : ValueTask.FromException<int>(new SocketException((int)error));
    }

    private void LetGo()
    {
        try
        {
            SetBuffer(Memory<byte>.Empty);
        }
        catch (ObjectDisposedException)
        {
            // The socket was closed under it, and with it goes this object.
        }
    }
}
