namespace Urllib4.Protocol;

/// <summary>The value of <c>Content-Length</c> in a response: one number, or the same number again (RFC 9110, section 8.6).</summary>
internal static class ContentLength
{
    /// <summary>Takes one more line of the field; false when it is no number, too large, or another than before.</summary>
    public static bool TryTake(ReadOnlySpan<byte> value, ref long? length)
    {
        ReadOnlySpan<byte> rest = value;
        bool isMore = true;
        while (isMore)
        {
            isMore = HttpGrammar.NextMember(ref rest, out ReadOnlySpan<byte> digits);
            if (!TryReadNumber(digits, out long number) || (length ?? number) != number)
                return false;
            length = number;
        }

        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9' || number > (long.MaxValue - (digit - '0')) / 10)
                return false;
            number = (number * 10) + (digit - '0');
        }

        return !digits.IsEmpty;
    }
}
