namespace Urllib4.Primitives;

/// <summary>
/// Which names, methods and values may leave this machine; one rule for HTTP/1.1, HTTP/2 and multipart alike (IN-01, IN-03, IN-08, IN-09).
/// </summary>
internal static class HeaderRules
{
    private static readonly AsciiSet _token = new("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Where the text stops being a token of RFC 9110, section 5.6.2; -1 when it is one throughout (or empty).</summary>
    public static int IndexOfIllegalInToken(ReadOnlySpan<char> text) => _token.IndexOfOther(text);

    /// <inheritdoc cref="IndexOfIllegalInToken(ReadOnlySpan{char})"/>
    public static int IndexOfIllegalInToken(ReadOnlySpan<byte> text) => _token.IndexOfOther(text);

    /// <summary>Whether the text is a token of RFC 9110, section 5.6.2.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && IndexOfIllegalInToken(text) < 0;

    /// <inheritdoc cref="IsToken(ReadOnlySpan{char})"/>
    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && IndexOfIllegalInToken(text) < 0;

    /// <summary>
    /// The first character that a value cannot carry, or -1. Legal are HTAB, SP, visible ASCII, and U+0080 to U+00FF, each of which is one
    /// byte of Latin-1 on the wire. Narrowing what lies above would turn U+010A into a line feed, so it is refused (IN-08).
    /// </summary>
    public static int IndexOfIllegalInValue(ReadOnlySpan<char> value)
    {
        // Almost every value is printable throughout, which is found out in vectors.
        int at = value.IndexOfAnyExceptInRange(' ', '~');
        while (at >= 0 && at < value.Length && IsLegalInValue(value[at]))
            at++;
        return at < value.Length ? at : -1;
    }

    /// <summary>The first byte that a value cannot carry, or -1. Legal are HTAB, SP, visible ASCII and 0x80 to 0xFF.</summary>
    public static int IndexOfIllegalInValue(ReadOnlySpan<byte> value)
    {
        int at = value.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        while (at >= 0 && at < value.Length && IsLegalInValue(value[at]))
            at++;
        return at < value.Length ? at : -1;
    }

    /// <summary>Refuses a method that is not a token (IN-01).</summary>
    /// <exception cref="InvalidRequestException">It is empty, or has a character no token has.</exception>
    public static void CheckMethod(ReadOnlySpan<char> method)
    {
        if (method.IsEmpty)
            throw new InvalidRequestException("The method is empty.");
        if (IndexOfIllegalInToken(method) is var at and >= 0)
        {
            throw new InvalidRequestException(
                $"The method '{Escaping.Show(method)}' cannot be sent: "
                + $"it must be a token of letters, digits and !#$%&'*+-.^_`|~ (at index {at}).");
        }
    }

    /// <summary>Refuses a header name that is not a token (IN-03).</summary>
    /// <exception cref="InvalidHeaderException">It is empty, or has a character no token has.</exception>
    public static void CheckName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
            throw new InvalidHeaderException(string.Empty, -1, "a name cannot be empty");
        if (IndexOfIllegalInToken(name) is var at and >= 0)
            throw new InvalidHeaderException(Escaping.Show(name), at, "a name must be a token of letters, digits and !#$%&'*+-.^_`|~");
    }

    /// <summary>Refuses a value that cannot be sent (IN-03, IN-08), and takes the blanks off its ends, which are no part of it.</summary>
    /// <returns>The value without leading and trailing SP and HTAB; the same string when there were none.</returns>
    /// <exception cref="InvalidHeaderException">It has an illegal character; the message tells where, and nothing of the value.</exception>
    public static string CheckValue(string name, string value)
    {
        if (IndexOfIllegalInValue(value) is var at and >= 0)
        {
            throw new InvalidHeaderException(Escaping.Show(name), at, value[at] > '\u00FF'
                ? "characters above U+00FF have no byte in a value"
                : "a value cannot hold control characters");
        }

        ReadOnlySpan<char> kept = value.AsSpan().Trim(" \t");
        return kept.Length == value.Length ? value : kept.ToString();
    }

    private static bool IsLegalInValue(int c) => c is '\t' or (>= ' ' and <= '~') or (>= 0x80 and <= 0xFF);
}
