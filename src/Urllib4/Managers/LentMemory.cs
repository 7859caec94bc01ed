using System.Buffers;

namespace Urllib4.Managers;

/// <summary>
/// Pinned memory of a caller, as <see cref="Memory{T}"/>: what waits takes no spans. Only for blocking calls, which are over when they
/// return.
/// </summary>
internal sealed unsafe class LentMemory : MemoryManager<byte>
{
    private byte* _start;
    private int _length;

    /// <summary>Lends memory that stays where it is until it is taken back.</summary>
    public Memory<byte> Lend(byte* start, int length)
    {
        _start = start;
        _length = length;
        return CreateMemory(length);
    }

    /// <summary>Ends the loan: what is left of it is empty, not somebody else's.</summary>
    public void TakeBack()
    {
        _length = 0;
        _start = null;
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    // Pinned by whoever lends it.
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => TakeBack();
}
