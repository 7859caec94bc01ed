using Urllib4.Primitives;

namespace Urllib4.Protocol.Hpack;

/// <summary>
/// The dynamic table as this side fills it. To be found quickly a field has a fingerprint, and the fingerprints lie side by side, where the
/// platform looks through all of them in a few instructions.
/// </summary>
internal sealed class EncoderTable
{
    private const int SmallestArray = 16;

    private uint[] _fields = []; // fingerprints of name and value, 0 where there is no entry
    private uint[] _names = []; // fingerprints of the name alone
    private (string Name, string Value)[] _entries = [];
    private int _newest = -1;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The size of all entries, overheads included.</summary>
    public int Size { get; private set; }

    /// <summary>The size that may not be passed.</summary>
    public int Capacity { get; private set; }

    /// <summary>Grows with each change, so that who remembers it knows whether indices are still the same.</summary>
    public int Changes { get; private set; }

    /// <summary>A number that equal fields share and others hardly ever; names compare without regard to case. Never 0.</summary>
    public static uint Fingerprint(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        uint print = NamePrint(name) + (uint)value.Length;
        // Values that differ at all nearly always do so at an end, and long ones come with each request.
        ReadOnlySpan<char> head = value[..Math.Min(value.Length, 8)];
        ReadOnlySpan<char> tail = value[Math.Max(0, value.Length - 8)..];
        foreach (char c in head)
            print = (print * 31) + c;
        foreach (char c in tail)
            print = (print * 31) + c;
        return NotNone(print);
    }

    /// <summary>Sets what may not be passed, and drops the oldest entries until it is not.</summary>
    public void Resize(int capacity)
    {
        Capacity = capacity;
        Changes++;
        EvictTo(capacity);
    }

    /// <summary>The number of a field, the newest having 0; -1 when it is not there.</summary>
    public int Find(string name, string value) => Find(_fields, Fingerprint(name, value), name, value);

    /// <summary>The number of a field with this name; -1 when there is none.</summary>
    public int FindName(string name) => Find(_names, NamePrint(name), name, value: null);

    /// <summary>
    /// Puts an entry in, for which old ones may have to go; false when it is larger than the table, which then stays as it is.
    /// </summary>
    public bool TryAdd(string name, string value)
    {
        int size = name.Length + value.Length + DecoderTable.EntryOverhead;
        if (size > Capacity)
            return false;
        EvictTo(Capacity - size);
        if (Count == _entries.Length)
            Grow();
        _newest = (_newest + 1) & (_entries.Length - 1);
        _entries[_newest] = (name, value);
        _fields[_newest] = Fingerprint(name, value);
        _names[_newest] = NamePrint(name);
        Count++;
        Size += size;
        Changes++;
        return true;
    }

    private static uint NamePrint(ReadOnlySpan<char> name) =>
        NotNone(((((uint)name.Length * 31) + Lower(name[0])) * 31 * 31) + (Lower(name[name.Length / 2]) * 31) + Lower(name[^1]));

    private static uint NotNone(uint print) => print == 0 ? 1 : print;

    private static uint Lower(char c) => c | 0x20u;

    private int Find(uint[] prints, uint print, string name, string? value)
    {
        for (int from = 0; from < prints.Length;)
        {
            int at = prints.AsSpan(from).IndexOf(print);
            if (at < 0)
                return -1;
            (string foundName, string foundValue) = _entries[from + at];
            if ((value is null || foundValue == value) && HeaderNames.Same(foundName, name))
                return (_newest - from - at) & (_entries.Length - 1);
            from += at + 1;
        }

        return -1;
    }

    private void EvictTo(int size)
    {
        while (Size > size)
        {
            int oldest = (_newest - Count + 1) & (_entries.Length - 1);
            Size -= _entries[oldest].Name.Length + _entries[oldest].Value.Length + DecoderTable.EntryOverhead;
            _entries[oldest] = default;
            _fields[oldest] = _names[oldest] = 0;
            Count--;
        }
    }

    private void Grow()
    {
        int length = Math.Max(SmallestArray, 2 * _entries.Length);
        var entries = new (string Name, string Value)[length];
        var fields = new uint[length];
        var names = new uint[length];
        for (int i = 0; i < Count; i++)
        {
            int from = (_newest - Count + 1 + i) & (_entries.Length - 1);
            (entries[i], fields[i], names[i]) = (_entries[from], _fields[from], _names[from]);
        }

        (_entries, _fields, _names) = (entries, fields, names);
        _newest = Count - 1;
    }
}
