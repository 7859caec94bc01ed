using Urllib4.TestKit;
using Urllib4.Transport;

namespace Urllib4.Tests.Managers;

/// <summary>A stream on which every write takes one millisecond of virtual time, and every read five.</summary>
internal sealed class TickingStream(Stream inner, VirtualTime clock) : NetworkedStream
{
    private static readonly TimeSpan _write = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _read = TimeSpan.FromMilliseconds(5);

    public override bool IsReadable => false;

    public override int Read(Span<byte> buffer)
    {
        clock.Advance(_read);
        return inner.Read(buffer);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        clock.Advance(_read);
        return inner.ReadAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        clock.Advance(_write);
        inner.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        clock.Advance(_write);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
