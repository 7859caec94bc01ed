using System.IO.Pipelines;

namespace Urllib4.TestKit;

/// <summary>
/// A connection in memory: what is written to one end is read from the other, blocking or asynchronously. For peers that are programs of
/// their own, such as a TLS server; a peer that follows a script is a <see cref="ScriptedPeer"/>.
/// </summary>
public sealed class StreamPair
{
    /// <summary>Makes both ends.</summary>
    public StreamPair()
    {
        // Nobody waits for the other end to read, as with a socket whose buffers are large.
        var options = new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false);
        var there = new Pipe(options);
        var back = new Pipe(options);
        Client = new End(back.Reader, there.Writer);
        Server = new End(there.Reader, back.Writer);
    }

    /// <summary>One end.</summary>
    public Stream Client { get; }

    /// <summary>The other one.</summary>
    public Stream Server { get; }

    private sealed class End(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _in = reader.AsStream(leaveOpen: true);
        private readonly Stream _out = writer.AsStream(leaveOpen: true);
        private int _isDisposed;

        public override bool CanRead => Volatile.Read(ref _isDisposed) == 0;

        public override bool CanWrite => CanRead;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            ThrowIfDisposed();
            return _in.Read(buffer, offset, count);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ThrowIfDisposed();
            return _in.ReadAsync(buffer, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            ThrowIfDisposed();
            _out.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ThrowIfDisposed();
            return _out.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                writer.Complete();
                reader.CancelPendingRead();
            }

            base.Dispose(disposing);
        }

        private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(!CanRead, this);
    }
}
