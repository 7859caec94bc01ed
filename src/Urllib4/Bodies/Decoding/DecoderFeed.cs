using System.Buffers;

namespace Urllib4.Bodies;

/// <summary>
/// The far end of a platform decompressor that is fed by hand. When it has nothing to give it says "end of stream", which the decompressors
/// take back as soon as there is more, and it remembers that it was asked: this is what tells waiting from finished.
/// </summary>
internal sealed class DecoderFeed : Stream
{
    // As much as the decompressors ask for at once. Copied rather than pinned, so that nothing is read after the call that brought it.
    private const int BufferLength = 8192;

    private byte[]? _bytes; // rented while there is a body to decode; whoever forgets that leaves it to the collector
    private bool _isDisposed;
    private int _start;
    private int _end;

    /// <summary>Whether more was asked for than there was, since this was last set to false.</summary>
    public bool Starved { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes as much of <paramref name="source"/> as it holds, if it is empty; says how much.</summary>
    public int Refill(ReadOnlySpan<byte> source)
    {
        if (_start < _end)
            return 0;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _bytes ??= ArrayPool<byte>.Shared.Rent(BufferLength);
        _start = 0;
        _end = Math.Min(source.Length, BufferLength);
        source[.._end].CopyTo(_bytes);
        return _end;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _end - _start);
        Starved |= count == 0;
        _bytes.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isDisposed = true;
            _start = _end = 0;
            if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
                ArrayPool<byte>.Shared.Return(bytes);
        }

        base.Dispose(disposing);
    }
}
