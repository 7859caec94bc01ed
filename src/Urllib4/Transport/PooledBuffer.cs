using System.Buffers;

namespace Urllib4.Transport;

/// <summary>
/// Bytes in an array of a pool, by default the shared one, which is held only while there is a use for it. Filled at the end, used from the
/// start.
/// </summary>
internal struct PooledBuffer(ArrayPool<byte> pool)
{
    private readonly ArrayPool<byte>? _pool = pool;
    private byte[]? _array;
    private int _start;
    private int _end;

    private readonly ArrayPool<byte> Pool => _pool ?? ArrayPool<byte>.Shared;

    public readonly Memory<byte> Held => _array.AsMemory(_start, _end - _start);

    /// <summary>Room behind what is held.</summary>
    /// <param name="needed">The room to make at the least.</param>
    /// <param name="length">How long the array is to be at the least.</param>
    public Memory<byte> Room(int needed, int length)
    {
        // What is held is the beginning of something, so moving it to the front is cheap, and a short room costs a receive.
        if (_array is null || _start > 0 || _array.Length - _end < needed || _array.Length < length)
            MakeRoom(needed, length);
        return _array.AsMemory(_end);
    }

    /// <summary>
    /// Puts bytes behind what is held, which may be much: it is moved seldom enough that a byte costs the same however much is held.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="length">How long the array is to be at the least.</param>
    public void Append(ReadOnlySpan<byte> data, int length)
    {
        if (_array is null || _array.Length - _end < data.Length)
            MakeRoom(data.Length, Math.Max(length, 2 * (_end - _start)));
        data.CopyTo(_array.AsSpan(_end));
        Add(data.Length);
    }

    /// <summary>Counts bytes that were put into the room.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Marks bytes at the start as used.</summary>
    public void Use(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    /// <summary>Gives the array back, whatever is in it.</summary>
    public void GiveBack()
    {
        if (_array is { } array)
            Pool.Return(array);
        Abandon();
    }

    /// <summary>Lets go of the array without giving it back, because somebody may still write into it.</summary>
    public void Abandon()
    {
        _array = null;
        _start = _end = 0;
    }

    private void MakeRoom(int needed, int length)
    {
        int held = _end - _start;
        byte[]? old = _array;
        int least = Math.Max(held + needed, length);
        byte[] array = old is not null && old.Length >= least ? old : Pool.Rent(least);
        old.AsSpan(_start, held).CopyTo(array);
        if (old is not null && old != array)
            Pool.Return(old);
        _array = array;
        _start = 0;
        _end = held;
    }
}
