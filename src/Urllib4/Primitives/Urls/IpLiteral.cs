namespace Urllib4.Primitives;

/// <summary>
/// The two address grammars of RFC 3986 §3.2.2, exactly. The platform's parser is not used: it also reads <c>127.1</c>, <c>0x7f.1</c> and
/// <c>0177.0.0.1</c> as addresses, and drops zone identifiers without a word.
/// </summary>
internal static class IpLiteral
{
    private const int Groups = 8;

    /// <summary>Four decimal numbers up to 255, without leading zeros, between three dots.</summary>
    internal static bool IsIPv4(ReadOnlySpan<char> text) => TryReadIPv4(text, out _);

    /// <inheritdoc cref="IsIPv4"/>
    /// <param name="text">The address.</param>
    /// <param name="address">The same as one number, the first of the four in its highest bits.</param>
    internal static bool TryReadIPv4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int numbers = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            int start = i;
            uint value = 0;
            while (i < text.Length && char.IsAsciiDigit(text[i]) && i - start < 3)
            {
                value = (value * 10) + text[i++] - '0';
            }

            bool leadingZero = i - start > 1 && text[start] == '0';
            if (i == start || leadingZero || value > 255 || ++numbers > 4 || (i < text.Length && text[i] != '.'))
            {
                return false;
            }

            address = (address << 8) | value;
        }

        return numbers == 4;
    }

    /// <summary>Eight groups of up to four hexadecimal digits; one run may be <c>::</c>, the last two may be an IPv4 address.</summary>
    internal static bool IsIPv6(ReadOnlySpan<char> text)
    {
        int groups = 0;
        bool compressed = text.StartsWith("::");
        int i = compressed ? 2 : 0;
        while (i < text.Length)
        {
            int start = i;
            while (i < text.Length && char.IsAsciiHexDigit(text[i]))
            {
                i++;
            }

            if (i < text.Length && text[i] == '.')
            {
                groups += 2;
                return IsIPv4(text[start..]) && IsComplete(groups, compressed);
            }

            if (i == start || i - start > 4 || ++groups > Groups)
            {
                return false;
            }

            if (i == text.Length)
            {
                break;
            }

            bool twoColons = text[i..].StartsWith("::");
            if (text[i] != ':' || (twoColons && compressed) || (!twoColons && i + 1 == text.Length))
            {
                return false;
            }

            compressed |= twoColons;
            i += twoColons ? 2 : 1;
        }

        return IsComplete(groups, compressed);
    }

    /// <summary>Whether an IPv6 address is in fe80::/10, so that it means something on one link only (RFC 4291 §2.5.6).</summary>
    internal static bool IsLinkLocal(ReadOnlySpan<char> address) =>
        address is [var f, var e, var third, not ':', ':', ..]
        && (f | 0x20) == 'f' && (e | 0x20) == 'e' && (third is '8' or '9' || (third | 0x20) is 'a' or 'b');

    private static bool IsComplete(int groups, bool compressed) => compressed ? groups < Groups : groups == Groups;
}
