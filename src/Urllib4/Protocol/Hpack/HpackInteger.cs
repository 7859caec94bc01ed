namespace Urllib4.Protocol.Hpack;

/// <summary>Integers that begin within a byte (RFC 7541, section 5.1).</summary>
internal static class HpackInteger
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public const int MaxLength = 6;

    // Five groups of seven bits hold every number there is a use for; more groups could only hide zeros or overflow (H2-08).
    private const int MaxShift = 28;

    /// <summary>Takes an integer off the input.</summary>
    /// <param name="input">Begins with the byte that has the prefix in its low bits; afterwards with what follows the integer.</param>
    /// <param name="prefixBits">How many low bits of the first byte belong to it, 1 to 8.</param>
    /// <exception cref="Http2Exception">It is cut short, or larger than 2^31-1.</exception>
    public static int Read(ref ReadOnlySpan<byte> input, int prefixBits)
    {
        int mask = (1 << prefixBits) - 1;
        if (input.IsEmpty)
            throw CutShort();
        int first = input[0] & mask;
        input = input[1..];
        return first < mask ? first : ReadGroups(ref input, mask);
    }

    /// <summary>Writes an integer, and tells its length.</summary>
    /// <param name="value">At least 0.</param>
    /// <param name="prefixBits">How many low bits of the first byte it may use.</param>
    /// <param name="pattern">The high bits of the first byte.</param>
    /// <param name="output">Room for <see cref="MaxLength"/> bytes.</param>
    public static int Write(int value, int prefixBits, byte pattern, Span<byte> output)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            output[0] = (byte)(pattern | value);
            return 1;
        }

        output[0] = (byte)(pattern | mask);
        int length = 1;
        int rest = value - mask;
        for (; rest >= 0x80; rest >>= 7)
            output[length++] = (byte)(rest | 0x80);
        output[length++] = (byte)rest;
        return length;
    }

    private static int ReadGroups(ref ReadOnlySpan<byte> input, long value)
    {
        for (int shift = 0; shift <= MaxShift; shift += 7)
        {
            if (input.IsEmpty)
                throw CutShort();
            byte group = input[0];
            input = input[1..];
            value += (long)(group & 0x7f) << shift;
            if (group >= 0x80)
                continue;
            if (value <= int.MaxValue)
                return (int)value;
            break;
        }

        throw HpackError.Broken("an integer is larger than 2^31-1, or longer than that needs (RFC 7541, section 5.1)");
    }

    private static Http2Exception CutShort() => HpackError.Broken("it ends within an integer (RFC 7541, section 5.1)");
}
