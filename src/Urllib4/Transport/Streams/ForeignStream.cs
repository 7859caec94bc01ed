namespace Urllib4.Transport;

/// <summary>
/// A stream of which nothing is known but that it is one: what a dialer of the caller's gave. Limits are kept by cutting it off, and
/// progress of a write is seen part by part.
/// </summary>
internal sealed class ForeignStream(Stream stream) : WireStream
{
    // Small enough that each part is progress, large enough not to matter.
    private const int PartLength = 16 * 1024;

    private long _taken;

    public override bool KeepsTime => false;

    public override bool IsReadable => false;

    public override long Taken => Volatile.Read(ref _taken);

    public override int Read(Span<byte> buffer) => stream.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.ReadAsync(buffer, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (; buffer.Length > PartLength; buffer = buffer[PartLength..])
            WritePart(buffer[..PartLength]);
        WritePart(buffer);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ReadOnlyMemory<byte> part = buffer[..Math.Min(buffer.Length, PartLength)];
            await stream.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _taken, part.Length);
            buffer = buffer[part.Length..];
            if (buffer.IsEmpty)
                break;
        }

        // It may hold back what was written; nobody else flushes it.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void LimitReads(long moment, long? now)
    {
    }

    public override void LimitWrites(in WaitLimit limit, long? now)
    {
    }

    public override bool WaitReadable(TimeSpan limit) => false;

    public override bool WaitWritable(TimeSpan limit) => true;

    // There is no half of it to end: whoever wants the write to fail has to give the answer up.
    public override void StopSending()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    private void WritePart(ReadOnlySpan<byte> part)
    {
        stream.Write(part);
        stream.Flush();
        Interlocked.Add(ref _taken, part.Length);
    }
}
