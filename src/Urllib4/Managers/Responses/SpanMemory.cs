using System.Buffers;
using Urllib4.Connections;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// Pinned memory of a caller, as <see cref="Memory{T}"/>: what waits takes no spans. Only for blocking calls, which are over when they
/// return.
/// </summary>
internal sealed unsafe class SpanMemory : MemoryManager<byte>
{
    private byte* _start;
    private int _length;

    /// <summary>
    /// Reads some of a body into a span. A blocking read is over when it returns, so memory that lasts no longer will do; a copy would cost
    /// as much as the network.
    /// </summary>
    /// <param name="spare">One to use again. Two who read at once are told so by the body, but must not meet here before that.</param>
    /// <param name="body">The body.</param>
    /// <param name="buffer">Where to put it.</param>
    public static int Read(ref SpanMemory? spare, ResponseBody body, Span<byte> buffer)
    {
        SpanMemory lent = Interlocked.Exchange(ref spare, null) ?? new SpanMemory();
        fixed (byte* start = buffer)
        {
            try
            {
                return Blocking.Result(body.Read<Blocking>(lent.Lend(start, buffer.Length), CancellationToken.None));
            }
            finally
            {
                lent.TakeBack();
                spare = lent;
            }
        }
    }

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
