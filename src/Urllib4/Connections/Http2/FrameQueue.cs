using System.Buffers;
using Urllib4.Transport;

namespace Urllib4.Connections;

/// <summary>
/// Frames on their way out, in the order in which they were made. Two buffers take turns: one is filled while the other is written. Both
/// are given back when they are empty.
/// </summary>
internal sealed class FrameQueue : IBufferWriter<byte>
{
    private const int BufferLength = 4 * 1024;

    // As soon as there is a large frame, more of them are likely to follow before they are taken.
    private const int LargeBufferLength = 128 * 1024;

    private PooledBuffer _filled;
    private PooledBuffer _taken;

    /// <summary>Bytes that wait to be taken.</summary>
    public int Length => _filled.Held.Length;

    /// <summary>Whether nothing waits to be taken.</summary>
    public bool IsEmpty => _filled.Held.IsEmpty;

    /// <summary>Bytes that were ever put in.</summary>
    public long Total { get; private set; }

    /// <summary>Bytes that were ever taken.</summary>
    public long Taken { get; private set; }

    public void Advance(int count)
    {
        _filled.Add(count);
        Total += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) =>
        _filled.Room(Math.Max(sizeHint, 1), sizeHint < BufferLength ? BufferLength : LargeBufferLength);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Takes everything that waits. It lasts until the next call, which says that it was written.</summary>
    public ReadOnlyMemory<byte> TakeAll()
    {
        _taken.GiveBack();
        (_filled, _taken) = (_taken, _filled);
        Taken += _taken.Held.Length;
        return _taken.Held;
    }

    /// <summary>What was taken was written, and nothing waits: an idle connection needs no memory for frames.</summary>
    public void GiveBack()
    {
        _taken.GiveBack();
        if (_filled.Held.IsEmpty)
            _filled.GiveBack();
    }

    /// <summary>Drops what waits and what was taken: nothing of it is written any more.</summary>
    public void Clear()
    {
        _filled.GiveBack();
        _taken.GiveBack();
    }
}
