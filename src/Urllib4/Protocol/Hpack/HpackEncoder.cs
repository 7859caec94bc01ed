using System.Text;

namespace Urllib4.Protocol.Hpack;

/// <summary>Puts header fields into blocks (RFC 7541). The order of the blocks is the order on the wire. Not thread-safe.</summary>
internal sealed class HpackEncoder
{
    /// <summary>
    /// The most the dynamic table is given, whatever the peer offers: the fields of requests that repeat fit in, and a peer cannot make
    /// every connection hold megabytes (H2-06).
    /// </summary>
    public const int MaxTableSize = 4096;

    private const int MaxSizeUpdates = 2;
    private const int ShortName = 128;

    private readonly EncoderTable _table = new();
    private readonly bool _usesHuffman;
    private int _lowest = MaxTableSize; // since the last block
    private int _wanted = MaxTableSize;

    /// <param name="usesHuffman">Whether strings take the Huffman code where that is not longer.</param>
    public HpackEncoder(bool usesHuffman = true)
    {
        _usesHuffman = usesHuffman;
        _table.Resize(MaxTableSize);
    }

    /// <summary>Grows whenever bytes that were written before may have come to mean something else.</summary>
    public int Changes => _table.Changes;

    /// <summary>The size of the dynamic table as it stands.</summary>
    public int TableSize => _table.Size;

    /// <summary>The most bytes that <see cref="Start"/> and these fields can take.</summary>
    /// <param name="fields">How many fields there are.</param>
    /// <param name="characters">The length of all names and values.</param>
    public static int MaxLength(int fields, int characters) =>
        (MaxSizeUpdates * HpackInteger.MaxLength) + (fields * 3 * HpackInteger.MaxLength) + characters;

    /// <summary>The peer's SETTINGS_HEADER_TABLE_SIZE; the next block says what was made of it.</summary>
    public void SetLimit(uint tableSize)
    {
        _wanted = (int)Math.Min(tableSize, MaxTableSize);
        _lowest = Math.Min(_lowest, _wanted);
    }

    /// <summary>Begins a block: writes the changes of size that are due (RFC 7541, section 4.2), and tells their length.</summary>
    public int Start(Span<byte> output)
    {
        if (_lowest == _table.Capacity && _wanted == _table.Capacity)
            return 0;
        int length = 0;
        // Lowered and raised again: the lowest drops entries all the same, so it has to be said.
        if (_lowest < _wanted && _lowest < _table.Capacity)
            length = Resize(_lowest, output);
        length += Resize(_wanted, output[length..]);
        _lowest = _wanted;
        return length;
    }

    /// <summary>Writes a field that stands in one of the tables, and tells the length; 0, and nothing written, when it does not.</summary>
    public int EncodeIndexed(string name, string value, Span<byte> output)
    {
        int number = _table.Find(name, value);
        if (number >= 0)
            return HpackInteger.Write(StaticTable.Count + 1 + number, 7, 0x80, output);
        int index = StaticTable.Find(name, value, out bool hasValue);
        return hasValue ? HpackInteger.Write(index, 7, 0x80, output) : 0;
    }

    /// <summary>Writes a field, and tells the length.</summary>
    /// <param name="name">The name, which is written in lower case.</param>
    /// <param name="value">The value, of characters up to U+00FF.</param>
    /// <param name="indexing">What becomes of it if it stands in neither table.</param>
    /// <param name="output">Room for <see cref="MaxLength"/> of it.</param>
    public int Encode(string name, string value, FieldIndexing indexing, Span<byte> output)
    {
        if (indexing is not FieldIndexing.NeverIndexed && EncodeIndexed(name, value, output) is var length and > 0)
            return length;
        return EncodeLiteral(name, value, indexing, output);
    }

    /// <summary>Writes a field that <see cref="EncodeIndexed"/> has not found, or that it must not look for.</summary>
    public int EncodeLiteral(string name, string value, FieldIndexing indexing, Span<byte> output)
    {
        int index = StaticTable.Find(name, value, out _);
        if (index == 0 && _table.FindName(name) is var number and >= 0)
            index = StaticTable.Count + 1 + number;
        bool isAdded = indexing is FieldIndexing.Indexed && _table.TryAdd(name, value);
        int length = isAdded
            ? HpackInteger.Write(index, 6, 0x40, output)
            : HpackInteger.Write(index, 4, indexing is FieldIndexing.NeverIndexed ? (byte)0x10 : (byte)0, output);
        if (index == 0)
            length += WriteName(name, output[length..]);
        return length + WriteString(value, output[length..]);
    }

    private int Resize(int size, Span<byte> output)
    {
        _table.Resize(size);
        return HpackInteger.Write(size, 5, 0x20, output);
    }

    private int WriteName(string name, Span<byte> output)
    {
        Span<char> lower = name.Length <= ShortName ? stackalloc char[ShortName] : new char[name.Length];
        lower = lower[..name.Length];
        Ascii.ToLower(name, lower, out _);
        return WriteString(lower, output);
    }

    private int WriteString(ReadOnlySpan<char> text, Span<byte> output)
    {
        int coded = _usesHuffman ? HuffmanCode.EncodedLength(text) : int.MaxValue;
        if (coded <= text.Length)
        {
            int prefix = HpackInteger.Write(coded, 7, 0x80, output);
            return prefix + HuffmanCode.Encode(text, output[prefix..]);
        }

        int length = HpackInteger.Write(text.Length, 7, 0, output);
        return length + OutgoingFields.Put(text, output[length..]);
    }
}
