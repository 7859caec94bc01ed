namespace Urllib4.Protocol.Hpack;

/// <summary>
/// The dynamic table as the peer fills it (RFC 7541, section 2.3.2): the fields lie one behind the other in one array, the oldest first,
/// so that an entry costs no object and what it gives out is a look into the array.
/// </summary>
internal sealed class DecoderTable
{
    /// <summary>What each entry counts beyond its bytes (RFC 7541, section 4.1).</summary>
    public const int EntryOverhead = 32;

    private const int SmallestArray = 256;

    private byte[] _bytes = [];
    private int _end;
    private Entry[] _entries = [];
    private int _oldest;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The size of all entries, overheads included.</summary>
    public int Size { get; private set; }

    /// <summary>The size that may not be passed.</summary>
    public int Capacity { get; private set; }

    /// <summary>Sets what may not be passed, and drops the oldest entries until it is not.</summary>
    public void Resize(int capacity)
    {
        Capacity = capacity;
        EvictTo(capacity);
    }

    /// <summary>An entry; the newest has the number 0. What it shows lasts until the next <see cref="Add"/>.</summary>
    public bool TryGet(int number, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if ((uint)number >= (uint)Count)
        {
            name = value = default;
            return false;
        }

        ref Entry entry = ref At(Count - 1 - number);
        name = _bytes.AsSpan(entry.Start, entry.NameLength);
        value = _bytes.AsSpan(entry.Start + entry.NameLength, entry.ValueLength);
        return true;
    }

    /// <summary>
    /// Puts an entry in, for which old ones may have to go. One that is larger than the table empties it and is not an error
    /// (RFC 7541, section 4.4). Neither part may lie in this table.
    /// </summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        long size = (long)name.Length + value.Length + EntryOverhead;
        EvictTo((int)Math.Max(Capacity - size, 0));
        if (size > Capacity)
            return;
        MakeRoom(name.Length + value.Length);
        if (Count == _entries.Length)
            GrowEntries();
        Count++;
        At(Count - 1) = new Entry(_end, name.Length, value.Length);
        name.CopyTo(_bytes.AsSpan(_end));
        value.CopyTo(_bytes.AsSpan(_end + name.Length));
        _end += name.Length + value.Length;
        Size += (int)size;
    }

    private ref Entry At(int position) => ref _entries[(_oldest + position) & (_entries.Length - 1)];

    private void EvictTo(int size)
    {
        while (Size > size)
        {
            ref Entry oldest = ref At(0);
            Size -= oldest.NameLength + oldest.ValueLength + EntryOverhead;
            _oldest++;
            Count--;
        }

        if (Count == 0)
            _end = 0;
    }

    // Entries move to the front of the array when its end is reached. It is twice as large as what lies in it, so that this is seldom.
    private void MakeRoom(int length)
    {
        if (_end + length <= _bytes.Length)
            return;
        int start = Count == 0 ? _end : At(0).Start;
        int live = _end - start;
        int wanted = Math.Max(SmallestArray, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * (live + length))));
        byte[] target = _bytes.Length >= wanted ? _bytes : new byte[wanted];
        _bytes.AsSpan(start, live).CopyTo(target);
        _bytes = target;
        for (int i = 0; i < Count; i++)
            At(i).Start -= start;
        _end = live;
    }

    private void GrowEntries()
    {
        var grown = new Entry[Math.Max(8, 2 * _entries.Length)];
        for (int i = 0; i < Count; i++)
            grown[i] = At(i);
        _entries = grown;
        _oldest = 0;
    }

    private record struct Entry(int Start, int NameLength, int ValueLength);
}
