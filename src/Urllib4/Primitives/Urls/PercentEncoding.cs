using System.Buffers;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// RFC 3986 §2.1: which characters a component may show, and how the others are written. Escapes come out in capitals and are never undone,
/// so <c>%2F</c> cannot turn into a slash.
/// </summary>
internal static class PercentEncoding
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelims = "!$&'()*+,;=";
    private const string LoneSurrogate = "half of a surrogate pair has no UTF-8 form";
    private const string HexDigits = "0123456789ABCDEF";

    internal static readonly AsciiSet UserInfo = new(Unreserved + SubDelims + ":%");
    internal static readonly AsciiSet Path = new(Unreserved + SubDelims + ":@/%");
    internal static readonly AsciiSet Query = new(Unreserved + SubDelims + ":@/?%");
    internal static readonly AsciiSet Fragment = Query;

    /// <summary>Characters of a registered name; without <c>%</c>, because an escaped host is two hosts for two readers.</summary>
    internal static readonly AsciiSet RegName = new(Unreserved + SubDelims);

    /// <summary>Of the name of an interface; the escapes that RFC 6874 allows there name none that exists.</summary>
    internal static readonly AsciiSet Zone = new(Unreserved);

    /// <summary>Whether <see cref="Append"/> would change nothing.</summary>
    internal static bool IsNormal(ReadOnlySpan<char> text, AsciiSet legal)
    {
        if (legal.IndexOfOther(text) >= 0)
        {
            return false;
        }

        for (int at = text.IndexOf('%'); at >= 0;)
        {
            if (!IsEscape(text, at) || char.IsAsciiLetterLower(text[at + 1]) || char.IsAsciiLetterLower(text[at + 2]))
            {
                return false;
            }

            int next = text[(at + 3)..].IndexOf('%');
            at = next < 0 ? -1 : at + 3 + next;
        }

        return true;
    }

    /// <summary>
    /// Writes one component, as urllib3 does: when each <c>%</c> of it starts an escape, the text counts as encoded and all are kept;
    /// when one does not, the text counts as plain and every <c>%</c> is encoded. With <paramref name="keepsEscapes"/> each escape stays to
    /// the letter, whatever else there is.
    /// </summary>
    internal static UrlFault Append(StringBuilder result, ReadOnlySpan<char> text, AsciiSet legal, bool keepsEscapes = false)
    {
        bool encoded = keepsEscapes || IsEachPercentAnEscape(text);
        Span<byte> utf8 = stackalloc byte[4];
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i];
            if (IsEscape(text, i))
            {
                result.Append(encoded ? "%" : "%25").Append(Digit(text[i + 1])).Append(Digit(text[i + 2]));
                i += 3;
                continue;
            }

            if (c != '%' && legal.Contains(c))
            {
                result.Append(c);
                i++;
                continue;
            }

            if (Rune.DecodeFromUtf16(text[i..], out Rune rune, out int consumed) != OperationStatus.Done)
            {
                return new UrlFault(i, LoneSurrogate);
            }

            foreach (byte octet in utf8[..rune.EncodeToUtf8(utf8)])
            {
                result.Append('%').Append(HexDigits[octet >> 4]).Append(HexDigits[octet & 0xF]);
            }

            i += consumed;
        }

        return default;

        char Digit(char hex) => keepsEscapes ? hex : char.ToUpperInvariant(hex);
    }

    /// <summary>Undoes escapes, reading their bytes as UTF-8; bytes that are not become U+FFFD, as in urllib3.</summary>
    internal static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%'))
        {
            return text.ToString();
        }

        var octets = new ArrayBufferWriter<byte>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            if (IsEscape(text, i))
            {
                octets.Write([(byte)((FromHex(text[i + 1]) << 4) | FromHex(text[i + 2]))]);
                i += 3;
                continue;
            }

            int next = text[(i + 1)..].IndexOf('%');
            int end = next < 0 ? text.Length : i + 1 + next;
            Encoding.UTF8.GetBytes(text[i..end], octets);
            i = end;
        }

        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }

    /// <summary>Finds text that could not be written as UTF-8.</summary>
    internal static UrlFault FindLoneSurrogate(ReadOnlySpan<char> text)
    {
        int at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (int i = Math.Max(at, 0); at >= 0 && i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out int consumed) != OperationStatus.Done)
            {
                return new UrlFault(i, LoneSurrogate);
            }

            i += consumed;
        }

        return default;
    }

    /// <summary>Whether a percent sign and two hexadecimal digits stand at <paramref name="at"/>.</summary>
    internal static bool IsEscape(ReadOnlySpan<char> text, int at) =>
        at + 2 < text.Length && text[at] == '%' && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);

    private static int FromHex(char digit) => HexDigits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);

    private static bool IsEachPercentAnEscape(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && !IsEscape(text, i))
            {
                return false;
            }
        }

        return true;
    }
}
