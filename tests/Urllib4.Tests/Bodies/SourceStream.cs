namespace Urllib4.Tests.Bodies;

/// <summary>A source of any size that holds nothing, counts how it is used, and fails where it is told to.</summary>
internal sealed class SourceStream(long length, bool canSeek = false, long failAt = long.MaxValue) : Stream
{
    private long _position;

    public Exception Failure { get; } = new InvalidTimeZoneException("the source broke");

    public bool FailsToSeek { get; set; }

    public bool FailsToTell { get; set; }

    public int Disposals { get; private set; }

    public int BlockingReads { get; private set; }

    public int AsynchronousReads { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => FailsToTell ? throw new IOException("no position") : _position;
        set => _position = FailsToSeek ? throw new IOException("no seek") : value;
    }

    public static byte ByteAt(long position) => (byte)(position * 31 >> 3);

    public static byte[] Expected(long from, long to)
    {
        var bytes = new byte[to - from];
        for (long i = from; i < to; i++)
            bytes[i - from] = ByteAt(i);
        return bytes;
    }

    public override int Read(Span<byte> buffer)
    {
        BlockingReads++;
        return Fill(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        AsynchronousReads++;
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Fill(buffer.Span);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Disposals++;
        base.Dispose(disposing);
    }

    private int Fill(Span<byte> buffer)
    {
        if (_position >= failAt)
            throw Failure;
        int count = (int)Math.Min(buffer.Length, Math.Min(length, failAt) - _position);
        for (int i = 0; i < count; i++)
            buffer[i] = ByteAt(_position + i);
        _position += count;
        return count;
    }
}
