using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Where a body that writes itself writes to. It is open while the exchange waits for the body; a body that keeps the stream and writes
/// later finds it closed, since the connection may serve somebody else by then.
/// </summary>
internal abstract class UploadStream : Stream
{
    private volatile bool _isClosed;

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => !_isClosed;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What ended the upload from our side; the body may have hidden it or wrapped it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends the upload; disposing does not, since contents are known to dispose what they are lent.</summary>
    public void End() => _isClosed = true;

    public sealed override void Write(ReadOnlySpan<byte> buffer) => SpanWrites.WriteParts(
        buffer, this, static (stream, part) => Blocking.Result(stream.Run<Blocking>(part, CancellationToken.None)));

    public sealed override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        if (count > 0)
            Blocking.Result(Run<Blocking>(buffer.AsMemory(offset, count), CancellationToken.None));
    }

    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? default : Run<Asynchronous>(buffer, cancellationToken);

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public sealed override void Flush() => Blocking.Result(Run<Blocking>(default, CancellationToken.None));

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Run<Asynchronous>(default, cancellationToken).AsTask();

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Sends a part of the body; an empty one flushes what is held back.</summary>
    protected abstract ValueTask Send<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode;

    private async ValueTask Run<TMode>(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (Failure is not null)
            throw new IOException("The upload has failed before.", Failure);
        try
        {
            await Send<TMode>(data).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failure = e;
            throw;
        }
    }
}
