using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>What RFC 9112 says of lines and targets, beyond the rules for names and values that all protocols share.</summary>
internal static class HttpGrammar
{
    // RFC 3986, section 3.2.2: unreserved, sub-delims, and the percent sign.
    private const string NameCharacters = "-._~!$&'()*+,;=%0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly AsciiSet _name = new(NameCharacters);
    private static readonly AsciiSet _literal = new("0123456789abcdefABCDEF:.");

    /// <summary>Optional whitespace (RFC 9110, section 5.6.3): the only bytes that may be trimmed from a value.</summary>
    public static ReadOnlySpan<byte> Whitespace => " \t"u8;

    /// <summary>Takes the next member off a list (RFC 9110, section 5.6.1), which may be empty; false when it was the last.</summary>
    /// <param name="rest">The list; afterwards what follows the member.</param>
    /// <param name="member">The member, without the whitespace around it.</param>
    public static bool NextMember(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> member)
    {
        int comma = rest.IndexOf((byte)',');
        member = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];
        while (member is [(byte)' ' or (byte)'\t', ..])
            member = member[1..];
        while (member is [.., (byte)' ' or (byte)'\t'])
            member = member[..^1];
        return comma >= 0;
    }

    /// <summary>The index of a character that no request target has, or -1: blanks, controls, non-ASCII, the mark of a fragment.</summary>
    public static int IndexOfNonTarget(ReadOnlySpan<char> text)
    {
        int outside = text.IndexOfAnyExceptInRange('!', '~');
        return outside >= 0 ? outside : text.IndexOf('#');
    }

    /// <summary>Whether the text is <c>host</c> or <c>host:port</c>, without user information (RFC 9112, section 3.2).</summary>
    public static bool IsAuthority(ReadOnlySpan<char> text, bool portRequired)
    {
        int hostEnd = HostEnd(text);
        if (hostEnd <= 0)
            return false;
        if (hostEnd == text.Length)
            return !portRequired;
        return text[hostEnd] == ':' && IsPort(text[(hostEnd + 1)..]);
    }

    /// <summary>
    /// As much of a field line as may be shown in a message: what stands before the colon is enough to find it, and what stands behind
    /// it, or in a continuation, may be a secret.
    /// </summary>
    public static ReadOnlySpan<byte> WithoutValue(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith((byte)' ') || line.StartsWith((byte)'\t'))
            return line[..1];
        int colon = line.IndexOf((byte)':');
        // Without a colon, what stands before the first blank may still be a name, and what stands behind it a secret.
        int end = colon >= 0 ? colon + 1 : line.IndexOfAny((byte)' ', (byte)'\t');
        return end >= 0 ? line[..end] : line;
    }

    // Digits are added up by hand: the platform's way makes a table of the signs of a culture first.
    private static bool IsPort(ReadOnlySpan<char> text)
    {
        int number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = (number * 10) + c - '0';
            if (number > ushort.MaxValue)
                return false;
        }

        return text.Length is > 0 and <= 5;
    }

    private static int HostEnd(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
        {
            int end = _name.IndexOfOther(text);
            return end < 0 ? text.Length : end;
        }

        int bracket = text.IndexOf(']');
        return bracket < 2 || _literal.IndexOfOther(text[1..bracket]) >= 0 ? -1 : bracket + 1;
    }
}
