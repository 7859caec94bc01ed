using Urllib4.Waiting;

namespace Urllib4.Bodies;

/// <summary>A stream that is only read, forwards, and releases what it holds exactly once, however often it is disposed (OT-01).</summary>
internal abstract class ForwardStream : Stream
{
    private bool _released;

    public sealed override bool CanRead => !_released;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => false;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public sealed override void Flush()
    {
    }

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _released, true))
            await Release<Asynchronous>().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _released, true))
            Blocking.Result(Release<Blocking>());
        base.Dispose(disposing);
    }

    /// <summary>Gives up what the stream holds.</summary>
    protected abstract ValueTask Release<TMode>() where TMode : struct, IWaitMode;

    protected void ThrowIfReleased() => ObjectDisposedException.ThrowIf(_released, this);
}
