using System.Net.Sockets;
using Urllib4.Transport;

namespace Urllib4.Tests.Managers;

/// <summary>What goes wrong.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The operation throws an <see cref="IOException"/> without a cause.</summary>
    Broken,

    /// <summary>The operation throws what a reset socket throws, as it is.</summary>
    Reset,

    /// <summary>A read finds the end, now and ever after; a write seems to succeed.</summary>
    EndOfStream,

    /// <summary>The operation throws that the stream was disposed.</summary>
    Disposed,

    /// <summary>The operation does not come back before the stream is disposed.</summary>
    Stall,

    /// <summary>The same, and the caller cancels.</summary>
    Cancel,

    /// <summary>From now on each read gives one byte: not a failure at all.</summary>
    Trickle,
}

/// <summary>Which fault strikes at which operation of a call, counted over all its connections.</summary>
internal sealed class FaultPlan(Fault fault, int at, CancellationTokenSource cancellation)
{
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Reads and writes so far.</summary>
    public int Operations => Volatile.Read(ref _count);

    /// <summary>Ends when an operation has begun to stall.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>The stream that was struck, if any.</summary>
    public FaultyStream? Struck { get; private set; }

    public Fault Next(FaultyStream stream)
    {
        if (Interlocked.Increment(ref _count) != at)
            return Fault.None;
        Struck = stream;
        return fault;
    }

    public void Stall()
    {
        _stalled.TrySetResult();
        if (fault == Fault.Cancel)
            cancellation.Cancel();
    }
}

/// <summary>A stream over another one, on which a fault strikes as planned.</summary>
internal sealed class FaultyStream(Stream inner, FaultPlan plan) : NetworkedStream
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Fault _fate; // what is broken or has ended stays so
    private volatile bool _trickles;

    public bool IsDisposed => _disposed.Task.IsCompleted;

    public override bool IsReadable => false;

    public override int Read(Span<byte> buffer)
    {
        if (Strike())
            StallBlocking();
        return HasEnded ? 0 : inner.Read(_trickles ? buffer[..1] : buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Strike())
            await StallAsynchronous();
        if (HasEnded)
            return 0;
        // A read that waits while a write fails learns of it too.
        Task<int> read = inner.ReadAsync(_trickles ? buffer[..1] : buffer, cancellationToken).AsTask();
        if (await Task.WhenAny(read, _struck.Task) == read)
            return await read;
        ThrowBroken();
        return 0;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Strike())
            StallBlocking();
        if (!HasEnded)
            inner.Write(buffer);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Strike())
            await StallAsynchronous();
        if (!HasEnded)
            await inner.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _disposed.TrySetResult();
        inner.Dispose();
        base.Dispose(disposing);
    }

    private bool HasEnded => _fate == Fault.EndOfStream;

    // True when the operation is to stall.
    private bool Strike()
    {
        Fault fault = plan.Next(this);
        _trickles |= fault == Fault.Trickle;
        if (fault is Fault.Broken or Fault.Reset or Fault.Disposed or Fault.EndOfStream)
        {
            _fate = fault;
            _struck.TrySetResult();
        }

        ThrowBroken();
        return fault is Fault.Stall or Fault.Cancel;
    }

    private void ThrowBroken()
    {
        switch (_fate)
        {
            case Fault.Broken:
                throw new IOException("planned");
            case Fault.Reset:
                throw new SocketException((int)SocketError.ConnectionReset);
            case Fault.Disposed:
                throw new ObjectDisposedException("planned");
        }
    }

    private void StallBlocking()
    {
        plan.Stall();
        ((IAsyncResult)_disposed.Task).AsyncWaitHandle.WaitOne();
        throw new SocketException((int)SocketError.OperationAborted);
    }

    private async Task StallAsynchronous()
    {
        plan.Stall();
        await _disposed.Task;
        throw new SocketException((int)SocketError.OperationAborted);
    }
}
