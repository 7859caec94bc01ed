using System.Buffers;

namespace Urllib4.Managers;

/// <summary>
/// Pinned memory of a caller, as <see cref="Memory{T}"/>: what waits takes no spans. Only for blocking calls, which are over when they
/// return, and disposed before the memory is let go.
/// </summary>
internal sealed unsafe class LentMemory(byte* start, int length) : MemoryManager<byte>
{
    private byte* _start = start;
    private int _length = length;

    public override Span<byte> GetSpan() => new(_start, _length);

    // Pinned by whoever lends it.
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    // Whoever keeps the memory all the same finds it empty, not somebody else's.
    protected override void Dispose(bool disposing)
    {
        _start = null;
        _length = 0;
    }
}
