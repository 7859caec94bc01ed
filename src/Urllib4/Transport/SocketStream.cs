using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Urllib4.Transport;

/// <summary>
/// The bytes of one TCP socket. A blocking read or write really blocks in the system call; the time it may take is the socket's own
/// timeout, which is set anew only when the one in force would wake too late, so that a call with steady limits pays nothing for them.
/// </summary>
internal sealed class SocketStream(Socket socket, TimeProvider clock) : NetworkedStream
{
    // How far past its limit a wait may run before the socket's timeout is worth a system call.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(10);

    private int _receiveTimeout; // milliseconds, as the socket has it; 0 means none
    private int _sendTimeout;

    private long _waitBy = long.MaxValue;
    private long? _now; // as somebody has just read it from the clock

    /// <summary>While set, an asynchronous write that would have to wait throws <see cref="WouldWaitException"/> instead.</summary>
    public bool NeverWaits { get; set; }

    public Socket Socket => socket;

    public override bool IsReadable => socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Tells when blocking reads and writes have to be over, as a timestamp of the clock.</summary>
    /// <param name="moment">That moment.</param>
    /// <param name="now">The present one, for whoever knows it and is going to read or write at once.</param>
    public void Await(long moment, long? now)
    {
        _waitBy = moment;
        _now = now;
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int timeout = TimeoutFor(_receiveTimeout, mayWakeEarly: true);
            if (timeout != _receiveTimeout)
                socket.ReceiveTimeout = _receiveTimeout = timeout;
            int received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                return received;
            ThrowUnlessEarly(error);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int timeout = TimeoutFor(_sendTimeout, mayWakeEarly: false);
            if (timeout != _sendTimeout)
                socket.SendTimeout = _sendTimeout = timeout;
            int sent = socket.Send(buffer, SocketFlags.None, out SocketError error);
            // Even when it comes too early: nobody tells how much was taken before, so none of it can be sent again.
            if (error != SocketError.Success)
                throw new SocketException((int)error);
            buffer = buffer[sent..];
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Nothing of the platform's asynchronous machinery, which a blocking socket has had no need of so far.
        if (NeverWaits)
        {
            if (!socket.Poll(0, SelectMode.SelectWrite))
                throw new WouldWaitException();
            buffer = buffer[socket.Send(buffer.Span, SocketFlags.None)..];
            return;
        }

        while (buffer.Length > 0)
            buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private void ThrowUnlessEarly(SocketError error)
    {
        if (error is not (SocketError.TimedOut or SocketError.WouldBlock) || clock.GetTimestamp() >= _waitBy)
            throw new SocketException((int)error);
    }

    // The timeout that wakes in time: the one in force when it is not too long, nor too short, else the time left. A read that wakes early
    // only goes round again, so there it may be shorter, but not so short that going round would spin.
    private int TimeoutFor(int inForce, bool mayWakeEarly)
    {
        if (_waitBy == long.MaxValue)
            return 0;
        TimeSpan left = clock.GetElapsedTime(_now ?? clock.GetTimestamp(), _waitBy);
        _now = null;
        if (left <= TimeSpan.Zero)
            throw new SocketException((int)SocketError.TimedOut);
        double milliseconds = left.TotalMilliseconds;
        return inForce > 0 && inForce <= milliseconds + _tolerance.TotalMilliseconds && inForce * (mayWakeEarly ? 8.0 : 1.0) >= milliseconds
            ? inForce
            : (int)Math.Min(Math.Ceiling(milliseconds), int.MaxValue);
    }
}
