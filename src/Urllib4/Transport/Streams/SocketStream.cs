using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Urllib4.Transport;

/// <summary>
/// The bytes of one stream socket. A blocking read really blocks in the system call; the time it may take is the socket's own timeout,
/// which is set anew only when the one in force would wake too late, so that a call with steady limits pays nothing for them. A write, in
/// both modes, hands over what there is room for, and waits only when there is none.
/// </summary>
internal sealed class SocketStream : WireStream
{
    // What is sent by a call that waits for room: it says when there is some, and the rest goes without waiting again.
    private const int PieceLength = 16 * 1024;

    // How far past its limit a wait may run before the socket's timeout is worth a system call.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMilliseconds(10);

    // The platform takes no more microseconds than an int holds; whoever waits longer asks again.
    private static readonly TimeSpan _longestPoll = TimeSpan.FromMinutes(30);

    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private SocketOperation? _receives;
    private SocketOperation? _sends;
    private CancellationTokenSource? _stopSending; // of a Unix socket
    private int _receiveTimeout; // milliseconds, as the socket has it; 0 means none
    private long _readBy = long.MaxValue;
    private WaitLimit _writeBy = WaitLimit.None;
    private long _now; // as somebody has just read it from the clock; else 0
    private long _handed; // bytes that the system has got

    public SocketStream(Socket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
    }

    public override EndPoint? LocalEndPoint => _socket.LocalEndPoint;

    public override EndPoint? RemoteEndPoint => _socket.RemoteEndPoint;

    public override bool KeepsTime => true;

    public override bool IsReadable
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception e) when (WireFailures.IsBreak(e))
            {
                return true; // a read would not wait for it to fail
            }
        }
    }

    public override long Taken
    {
        get
        {
            long handed = Volatile.Read(ref _handed);
            try
            {
                return OperatingSystem.IsLinux() ? handed - LinuxSocket.Unacknowledged(_socket.SafeHandle) : handed;
            }
            catch (Exception e) when (WireFailures.IsBreak(e))
            {
                return long.MinValue; // broken, so that nothing moves any more
            }
        }
    }

    public override void LimitReads(long moment, long? now)
    {
        _readBy = moment;
        _now = now ?? 0;
    }

    public override void LimitWrites(in WaitLimit limit, long? now)
    {
        _writeBy = limit;
        _now = now ?? 0;
    }

    public override bool WaitReadable(TimeSpan limit) => Poll(limit, SelectMode.SelectRead);

    public override bool WaitWritable(TimeSpan limit) => Poll(limit, SelectMode.SelectWrite) || HasTimedOut();

    public override void StopSending()
    {
        _socket.Shutdown(SocketShutdown.Send);
        _stopSending?.Cancel();
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int timeout = ReceiveTimeout();
            if (timeout != _receiveTimeout)
                _socket.ReceiveTimeout = _receiveTimeout = timeout;
            int received = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
                return received;
            if (error is not (SocketError.TimedOut or SocketError.WouldBlock) || _clock.GetTimestamp() >= _readBy)
                throw new SocketException((int)error);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // Also where nothing has to be waited for: a body without an end has to end some time.
        if (_writeBy.End != long.MaxValue && Now() >= _writeBy.End && HasTimedOut())
            throw new SocketException((int)SocketError.TimedOut);
        while (true)
        {
            int sent = SendNow(buffer);
            buffer = buffer[sent..];
            if (buffer.IsEmpty)
                return;
            WaitForRoom(hasMoved: sent > 0);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? AwaitReadable() : (_receives ??= new SocketOperation()).Receive(_socket, buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = buffer[SendNow(buffer.Span)..];
        if (buffer.IsEmpty)
            return default;
        return NeverWaits ? throw new WouldWaitException() : WriteRest(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
            _receives?.Dispose();
            _sends?.Dispose();
            _stopSending?.Dispose();
        }

        base.Dispose(disposing);
    }

    // The platform takes the system's word that something has come, which may be about bytes that were taken already.
    private async ValueTask<int> AwaitReadable()
    {
        while (!IsReadable)
            await (_receives ??= new SocketOperation()).Receive(_socket, Memory<byte>.Empty).ConfigureAwait(false);
        return 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteRest(ReadOnlyMemory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> piece = buffer[..Math.Min(buffer.Length, PieceLength)];
            int sent = _socket.AddressFamily == AddressFamily.Unix
                ? await SendUnlessStopped(piece).ConfigureAwait(false)
                : await (_sends ??= new SocketOperation()).Send(_socket, piece).ConfigureAwait(false);
            Interlocked.Add(ref _handed, sent);
            buffer = buffer[sent..];
            buffer = buffer[SendNow(buffer.Span)..];
        }
    }

    // A send that waits on a Unix socket sleeps on when sending is shut down; on TCP it wakes and fails.
    private async ValueTask<int> SendUnlessStopped(ReadOnlyMemory<byte> data)
    {
        try
        {
            CancellationToken stop = (_stopSending ??= new CancellationTokenSource()).Token;
            return await _socket.SendAsync(data, SocketFlags.None, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new SocketException((int)SocketError.Shutdown);
        }
    }

    // What there is room for, without waiting. Elsewhere than on Linux nobody says how much that is.
    private int SendNow(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return 0;
        int sent = OperatingSystem.IsLinux() ? LinuxSocket.SendNow(_socket.SafeHandle, data)
            : _socket.Poll(0, SelectMode.SelectWrite) ? _socket.Send(data[..Math.Min(data.Length, PieceLength)])
            : 0;
        Interlocked.Add(ref _handed, sent);
        return sent;
    }

    // The system wakes whoever waits only when there is a good deal of room; looking in between shows a peer that takes little.
    private void WaitForRoom(bool hasMoved)
    {
        if (!_writeBy.IsFixed && (hasMoved || !_writeBy.IsBegun))
            _writeBy.Begin(_clock.GetTimestamp(), Taken);
        do
        {
            long now = _clock.GetTimestamp();
            long next = _writeBy.NextLook(now);
            TimeSpan slice = next == long.MaxValue ? Timeout.InfiniteTimeSpan : _clock.GetElapsedTime(now, Math.Max(now, next));
            if (Poll(slice, SelectMode.SelectWrite))
                return;
        }
        while (!HasTimedOut());
        throw new SocketException((int)SocketError.TimedOut);
    }

    private bool Poll(TimeSpan limit, SelectMode mode)
    {
        _now = 0; // time passes
        return _socket.Poll(limit < _longestPoll ? limit : _longestPoll, mode);
    }

    private bool HasTimedOut()
    {
        if (_writeBy.End == long.MaxValue)
            return false;
        long now = _clock.GetTimestamp();
        if (!_writeBy.IsFixed)
            _writeBy.Look(now, Taken);
        return now >= _writeBy.End;
    }

    private long Now()
    {
        long known = _now;
        _now = 0;
        return known == 0 ? _clock.GetTimestamp() : known;
    }

    // The timeout that wakes in time: the one in force when it is not too long, nor too short, else the time left. A read that wakes early
    // only goes round again, so it may be shorter, but not so short that going round would spin.
    private int ReceiveTimeout()
    {
        if (_readBy == long.MaxValue)
            return 0;
        TimeSpan left = _clock.GetElapsedTime(Now(), _readBy);
        if (left <= TimeSpan.Zero)
            throw new SocketException((int)SocketError.TimedOut);
        double milliseconds = left.TotalMilliseconds;
        int inForce = _receiveTimeout;
        return inForce > 0 && inForce <= milliseconds + _tolerance.TotalMilliseconds && inForce * 8.0 >= milliseconds
            ? inForce
            : (int)Math.Min(Math.Ceiling(milliseconds), int.MaxValue);
    }
}
