using System.Buffers;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// A connection after a switch of protocols (RFC 9110, section 7.8): what the server sent behind its head, then the wire. One reader and
/// one writer may use it at once. Owns the exchange, and so the connection and its place in the pool.
/// </summary>
internal sealed class UpgradedStream : NetworkedStream
{
    private const int BlockingBufferLength = 16 * 1024;

    private readonly ExchangeHandle _exchange;
    private readonly Wire _wire;
    private readonly LeakGuard _guard;
    private int _users = 1; // interlocked: the owner, and each operation under way; whoever leaves last ends the exchange
    private bool _isDisposed; // interlocked

    public UpgradedStream(ExchangeHandle exchange, Wire wire)
    {
        _exchange = exchange;
        _wire = wire;
        _guard = new LeakGuard(exchange);
    }

    public override bool CanRead => !Volatile.Read(ref _isDisposed);

    public override bool CanWrite => CanRead;

    public override bool IsReadable => !_wire.Unread.IsEmpty;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return Blocking.Result(Read<Blocking>(Memory<byte>.Empty, CancellationToken.None));
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, BlockingBufferLength));
        try
        {
            int count = Blocking.Result(Read<Blocking>(rented.AsMemory(0, Math.Min(buffer.Length, rented.Length)), CancellationToken.None));
            rented.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Read<Asynchronous>(buffer, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer) => SpanWrites.WriteParts(
        buffer, this, static (stream, part) => Blocking.Result(stream.Write<Blocking>(part, CancellationToken.None)));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Write<Asynchronous>(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
        {
            _guard.Disarm();
            // What is under way still uses the buffers, so it is cut off first, and the last one out clears away.
            if (Volatile.Read(ref _users) > 1)
                _exchange.Abort();
            Leave();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> Read<TMode>(Memory<byte> destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            if (!_wire.Unread.IsEmpty)
                return TakeUnread(destination.Span);
            using CancellationTokenRegistration stop = CutOn(cancellationToken);
            int received = await _wire.ReadInto<TMode>(destination).ConfigureAwait(false);
            return received > 0 || _wire.EndedCleanly ? received : throw new IOException("The upgraded connection broke off.", _wire.Break);
        }
        catch (Exception e) when (Explain(e, cancellationToken) is { } own)
        {
            throw own;
        }
        finally
        {
            Leave();
        }
    }

    private async ValueTask Write<TMode>(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        Enter();
        try
        {
            using CancellationTokenRegistration stop = CutOn(cancellationToken);
            await _wire.Write<TMode>(data).ConfigureAwait(false);
            await _wire.Flush<TMode>().ConfigureAwait(false);
        }
        catch (Exception e) when (Explain(e, cancellationToken) is { } own)
        {
            throw own;
        }
        finally
        {
            Leave();
        }
    }

    private int TakeUnread(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _wire.Unread.Length);
        _wire.Unread[..count].CopyTo(destination);
        _wire.Consume(count);
        return count;
    }

    private CancellationTokenRegistration CutOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static w => ((Wire)w!).Cut(WireEnd.Cancelled), _wire);

    private Exception? Explain(Exception e, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && _wire.End == WireEnd.Cancelled)
            return new OperationCanceledException(cancellationToken);
        if (Volatile.Read(ref _isDisposed))
            return new ObjectDisposedException("The upgraded stream was disposed while it was in use.", e);
        return e is IOException ? null : new IOException("The upgraded connection broke off.", e);
    }

    private void Enter()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
        int users = Volatile.Read(ref _users);
        while (users > 0 && Interlocked.CompareExchange(ref _users, users + 1, users) is var seen && seen != users)
            users = seen;
        ObjectDisposedException.ThrowIf(users == 0, this);
        if (!Volatile.Read(ref _isDisposed))
            return;
        // Disposed in between, perhaps too early to have been seen there: then nobody would cut this operation off.
        Leave();
        throw new ObjectDisposedException(nameof(UpgradedStream));
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _exchange.Finish();
    }
}
