using System.Globalization;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// Makes text of a peer or a caller safe to print in an error: printable ASCII stays, everything else is escaped, and the rest is cut off.
/// Without it a message could forge log lines, drive a terminal, or carry a password.
/// </summary>
internal static class Escaping
{
    /// <summary>Longest text shown. Enough to recognise what was sent, too little to flood a log.</summary>
    internal const int MaxShown = 100;

    private const string Ellipsis = "…";
    private const string Hidden = "***";

    internal static string Show(ReadOnlySpan<byte> bytes)
    {
        var shown = new StringBuilder(Math.Min(bytes.Length, MaxShown));
        foreach (byte value in bytes)
        {
            if (!TryAppend(shown, value))
            {
                break;
            }
        }

        return shown.ToString();
    }

    internal static string Show(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, MaxShown));
        foreach (char value in text)
        {
            if (!TryAppend(shown, value))
            {
                break;
            }
        }

        return shown.ToString();
    }

    /// <summary>
    /// Shows a text that may be no URL. As its parts are not known, everything up to the last <c>@</c> may be a password, and a query
    /// or a fragment may hold a token: all are left out.
    /// </summary>
    internal static string ShowUrl(ReadOnlySpan<char> text)
    {
        int at = text.LastIndexOf('@');
        ReadOnlySpan<char> start = at < 0 ? [] : text[..StartOfUser(text[..at])];
        ReadOnlySpan<char> rest = at < 0 ? text : text[at..];
        int tail = rest.IndexOfAny('?', '#');
        string end = tail < 0 ? "" : rest[tail] + Hidden;
        rest = tail < 0 ? rest : rest[..tail];
        return Show(at < 0 ? $"{rest}{end}" : $"{start}{Hidden}{rest}{end}");
    }

    /// <summary>After <c>scheme://</c>, or after a scheme that is followed by no slashes; any other word may be a user's name.</summary>
    private static int StartOfUser(ReadOnlySpan<char> text) =>
        text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? "mailto:".Length : AfterSlashes(text);

    private static int AfterSlashes(ReadOnlySpan<char> text)
    {
        int slashes = text.IndexOf("//", StringComparison.Ordinal);
        bool afterScheme = slashes == 0 || (slashes > 0 && text.IndexOf(':') == slashes - 1);
        return afterScheme ? slashes + 2 : 0;
    }

    private static bool TryAppend(StringBuilder shown, int value)
    {
        string piece = value switch
        {
            '\r' => @"\r",
            '\n' => @"\n",
            '\t' => @"\t",
            '\\' => @"\\",
            >= ' ' and <= '~' => char.ToString((char)value),
            <= 0xFF => @"\x" + value.ToString("x2", CultureInfo.InvariantCulture),
            _ => @"\u" + value.ToString("x4", CultureInfo.InvariantCulture),
        };
        bool fits = shown.Length + piece.Length <= MaxShown;
        shown.Append(fits ? piece : Ellipsis);
        return fits;
    }
}
