namespace Urllib4.Protocol.Hpack;

/// <summary>
/// Takes header blocks apart (RFC 7541), one field at a time. Every block has to be read to its end, whatever became of the message: the
/// dynamic table changes with each field. Not thread-safe.
/// </summary>
internal sealed class HpackDecoder
{
    /// <summary>
    /// The size of the dynamic table of a side that has said nothing (RFC 9113, section 6.5.2), and the one this library asks for.
    /// </summary>
    public const int DefaultTableSize = 4096;

    // The smallest in between, and the last (RFC 7541, section 4.2). More would be work for nothing (H2-07).
    private const int MaxSizeUpdates = 2;

    private const int KeptScratch = 4096;

    private readonly DecoderTable _table = new();
    private byte[] _scratch = [];
    private int _limit;
    private int _sizeUpdates;
    private bool _mustShrink;
    private bool _hasField;

    /// <param name="tableSize">The most the peer may use, as our settings say.</param>
    public HpackDecoder(int tableSize = DefaultTableSize)
    {
        _limit = tableSize;
        _table.Resize(tableSize);
    }

    /// <summary>The size of the dynamic table as it stands.</summary>
    public int TableSize => _table.Size;

    /// <summary>
    /// The peer has acknowledged another size of its table. If that is smaller than what it uses, its next block has to say so first.
    /// </summary>
    public void SetLimit(int tableSize)
    {
        _limit = tableSize;
        _mustShrink = tableSize < _table.Capacity;
    }

    /// <summary>Makes ready for a block.</summary>
    public void Start()
    {
        _sizeUpdates = 0;
        _hasField = false;
        // A block may be made of one large string, a connection is not.
        if (_scratch.Length > KeptScratch)
            _scratch = [];
    }

    /// <summary>Takes the next field off a block; false at its end.</summary>
    /// <param name="block">What is left of the block.</param>
    /// <param name="name">The name. Like the value it lasts until the next call.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="Http2Exception">A rule was broken: COMPRESSION_ERROR for the connection.</exception>
    public bool Next(ref ReadOnlySpan<byte> block, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if (first is >= 0x20 and < 0x40)
            {
                ChangeSize(HpackInteger.Read(ref block, prefixBits: 5));
                continue;
            }

            if (_mustShrink)
                throw HpackError.Broken("the table was not made smaller first, as acknowledged (RFC 7541, section 4.2)");
            _hasField = true;
            if (first >= 0x80)
                Find(HpackInteger.Read(ref block, prefixBits: 7), out name, out value);
            else
                ReadLiteral(ref block, isIndexed: first >= 0x40, out name, out value);
            return true;
        }

        name = value = default;
        return false;
    }

    private void ChangeSize(int size)
    {
        if (_hasField)
            throw HpackError.Broken("the size of the table changes behind the first field (RFC 7541, section 4.2)");
        if (++_sizeUpdates > MaxSizeUpdates)
            throw HpackError.Broken("the size of the table changes more than twice (RFC 7541, section 4.2)");
        if (size > _limit)
            throw HpackError.Broken($"the size of the table is to be {size}, past the limit of {_limit} (RFC 7541, section 6.3)");
        _mustShrink = false;
        _table.Resize(size);
    }

    private void Find(int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        if (index is > 0 and <= StaticTable.Count)
        {
            name = StaticTable.Name(index);
            value = StaticTable.Value(index);
        }
        else if (!_table.TryGet(index - 1 - StaticTable.Count, out name, out value))
        {
            throw HpackError.Broken($"no field has the index {index} (RFC 7541, section 2.3.3)");
        }
    }

    private void ReadLiteral(ref ReadOnlySpan<byte> block, bool isIndexed, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int index = HpackInteger.Read(ref block, isIndexed ? 6 : 4);
        int used = 0;
        if (index == 0)
        {
            name = ReadString(ref block, ref used);
        }
        else
        {
            Find(index, out name, out _);
            // Adding the field may move, or drop, the one that lends its name.
            if (isIndexed && index > StaticTable.Count)
                name = Copy(name, ref used);
        }

        int nameLength = name.Length;
        bool nameIsScratch = used > 0;
        value = ReadString(ref block, ref used);
        // The value may have needed a larger scratch than the name was put into.
        if (nameIsScratch)
            name = _scratch.AsSpan(0, nameLength);
        if (isIndexed)
            _table.Add(name, value);
    }

    private ReadOnlySpan<byte> ReadString(ref ReadOnlySpan<byte> block, scoped ref int used)
    {
        bool isHuffman = !block.IsEmpty && block[0] >= 0x80;
        int length = HpackInteger.Read(ref block, prefixBits: 7);
        if (length > block.Length)
            throw HpackError.Broken("it ends within a string (RFC 7541, section 5.2)");
        ReadOnlySpan<byte> bytes = block[..length];
        block = block[length..];
        if (!isHuffman)
            return bytes;
        Span<byte> room = Scratch(used, HuffmanCode.MaxDecodedLength(length));
        int decoded = HuffmanCode.Decode(bytes, room);
        used += decoded;
        return room[..decoded];
    }

    private ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> name, scoped ref int used)
    {
        Span<byte> room = Scratch(used, name.Length);
        name.CopyTo(room);
        used += name.Length;
        return room[..name.Length];
    }

    private Span<byte> Scratch(int used, int length)
    {
        if (_scratch.Length < used + length)
            Array.Resize(ref _scratch, Math.Max(128, used + length));
        return _scratch.AsSpan(used, length);
    }
}
