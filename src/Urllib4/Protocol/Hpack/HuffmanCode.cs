namespace Urllib4.Protocol.Hpack;

/// <summary>
/// The Huffman code of RFC 7541, appendix B. It is canonical: codes of one length follow one another in the order of their symbols, and
/// shorter ones come before longer ones, so the lengths are all there is to know.
/// </summary>
internal static class HuffmanCode
{
    /// <summary>The symbol that marks the end, which is never sent (RFC 7541, section 5.2).</summary>
    public const int EndOfString = 256;

    /// <summary>The longest code, in bits.</summary>
    public const int MaxBits = 30;

    private static readonly uint[] _codes = new uint[257];

    // By length: the first code of it, how many shorter codes there are, and the first value that is no code of it or of a shorter one
    // when codes are put at the left of 30 bits.
    private static readonly uint[] _first = new uint[MaxBits + 1];
    private static readonly ushort[] _shorter = new ushort[MaxBits + 1];
    private static readonly uint[] _end = new uint[MaxBits + 1];
    private static readonly ushort[] _symbols = new ushort[257];

    // Codes of up to eight bits, which are nearly all that real fields have: symbol and length by the next eight bits; 0 for a longer one.
    private static readonly ushort[] _short = new ushort[256];

    static HuffmanCode()
    {
        uint next = 0;
        ushort found = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            next <<= 1;
            _first[length] = next;
            _shorter[length] = found;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] != length)
                    continue;
                _codes[symbol] = next;
                _symbols[found++] = (ushort)symbol;
                if (length <= 8)
                    _short.AsSpan((int)(next << (8 - length)), 1 << (8 - length)).Fill((ushort)((symbol << 4) | length));
                next++;
            }

            _end[length] = next << (MaxBits - length);
        }
    }

    private static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    /// <summary>The most bytes that so many bytes of code can stand for: the shortest code has five bits.</summary>
    public static int MaxDecodedLength(int length) => (int)Math.Min((long)length * 8 / 5, int.MaxValue);

    /// <summary>How many bytes the code of a text takes. Its characters are U+0000 to U+00FF.</summary>
    public static int EncodedLength(ReadOnlySpan<char> text)
    {
        long bits = 0;
        foreach (char c in text)
            bits += Lengths[c];
        return (int)((bits + 7) >> 3);
    }

    /// <summary>Writes the code of a text, filled up with ones to the next byte, and tells its length.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> output)
    {
        ulong pending = 0;
        int bits = 0;
        int length = 0;
        foreach (char c in text)
        {
            pending = (pending << Lengths[c]) | _codes[c];
            bits += Lengths[c];
            while (bits >= 8)
            {
                bits -= 8;
                output[length++] = (byte)(pending >> bits);
            }
        }

        if (bits > 0)
            output[length++] = (byte)((pending << (8 - bits)) | (0xFFu >> bits));
        return length;
    }

    /// <summary>Reads the code of a text, and tells the length of that.</summary>
    /// <param name="input">The code, with its padding.</param>
    /// <param name="output">Room for <see cref="MaxDecodedLength"/> bytes.</param>
    /// <exception cref="Http2Exception">The end symbol is in it, or the padding is longer than seven bits, or not all ones.</exception>
    public static int Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ulong pending = 0; // at its left the bits that were not used yet
        int bits = 0;
        int length = 0;
        while (true)
        {
            for (; bits <= 56 && !input.IsEmpty; bits += 8, input = input[1..])
                pending |= (ulong)input[0] << (56 - bits);
            int known = _short[(int)(pending >> 56)];
            int size = known & 15;
            int symbol = known >> 4;
            if (size == 0)
                symbol = LongSymbol((uint)(pending >> (64 - MaxBits)), out size);
            if (size > bits)
                break;
            if (symbol == EndOfString)
                throw HpackError.Broken("a string has the end symbol in it (RFC 7541, section 5.2)");
            output[length++] = (byte)symbol;
            pending <<= size;
            bits -= size;
        }

        // What is left is the beginning of the end symbol, which is ones throughout.
        if (bits > 7 || (bits > 0 && pending >> (64 - bits) != (1UL << bits) - 1))
            throw HpackError.Broken("the padding of a string is not up to seven ones (RFC 7541, section 5.2)");
        return length;
    }

    private static int LongSymbol(uint next30, out int size)
    {
        for (size = 9; size < MaxBits && next30 >= _end[size];)
            size++;
        return _symbols[_shorter[size] + (next30 >> (MaxBits - size)) - _first[size]];
    }
}
