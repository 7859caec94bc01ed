using System.Globalization;
using System.Text;

namespace Urllib4.Har;

/// <summary>
/// Puts a command line for curl together, word by word, so that a POSIX shell gives curl exactly these words, and curl sends exactly this
/// request: what it would add by itself is taken away again.
/// </summary>
internal sealed class CurlWords
{
    // The longest word that Linux hands to a program is 128 KB, its ending zero included.
    private const int LongestWord = 100 * 1024;

    private static readonly Encoding _strictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private readonly List<string> _words = ["curl"];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _method;
    private readonly string _authority;

    public CurlWords(string method, string url)
    {
        _method = method;
        _authority = Url.Parse(url).Authority ?? "";
        // Brackets and dots in the URL mean themselves.
        _words.AddRange(["--globoff", "--path-as-is", ShellWord.Quote(url)]);
    }

    public void Option(string name, string? value = null)
    {
        _words.Add(name);
        if (value is not null)
            _words.Add(ShellWord.Quote(value));
    }

    public void Version(Version? version)
    {
        if (version is { Major: 2 })
            Option("--http2");
        else if (version is { Major: 1, Minor: 0 })
            Option("--http1.0");
        else if (version is { Major: 1 })
            Option("--http1.1");
    }

    public void Header(string name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException($"The value of the header {name} has a line break or a zero in it.", nameof(value));
        _names.Add(name);
        // Both follow from the rest of the line; curl would send them twice.
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
            || (name.Equals("Host", StringComparison.OrdinalIgnoreCase) && value == _authority))
            return;
        string line = value == HttpHeaderDict.SkipHeader ? $"{name}:" : value.Length == 0 ? $"{name};" : $"{name}: {value}";
        _words.Add("-H");
        _words.Add(ShellWord.QuoteOctets(line));
        if (name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase) && value != "identity")
            _words.Add("--compressed");
    }

    /// <summary>The line, with what curl must not add by itself.</summary>
    /// <param name="body">The body; null for none.</param>
    public string Finish(ReadOnlyMemory<byte>? body)
    {
        bool hasBody = body is { IsEmpty: false };
        bool isAnnounced = body is not null || _method is "POST" or "PUT" or "PATCH";
        if (_method == "HEAD" && !hasBody)
            Option("--head");
        else if (_method != "GET" || isAnnounced)
            Option("-X", _method);
        Without("User-Agent");
        Without("Accept");
        if (!isAnnounced)
            return Line();
        Without("Content-Type");
        Without("Expect");
        if (!hasBody || IsWord(body!.Value.Span))
        {
            Option("--data-raw", _strictUtf8.GetString((body ?? default).Span));
            return Line();
        }

        // What is no text reaches curl through a pipe: a shell cannot hold a zero in a word.
        Option("--data-binary", "@-");
        return $"printf {ShellWord.Octal(body.Value.Span)} | {Line()}";
    }

    private void Without(string name)
    {
        if (_names.Contains(name))
            return;
        _words.Add("-H");
        _words.Add($"'{name}:'");
    }

    private string Line() => string.Join(' ', _words);

    private static bool IsWord(ReadOnlySpan<byte> body)
    {
        if (body.Length > LongestWord)
            return false;
        foreach (byte b in body)
        {
            if (b is < 0x20 and not ((byte)'\n' or (byte)'\t') or 0x7F)
                return false;
        }

        return System.Text.Unicode.Utf8.IsValid(body);
    }
}

/// <summary>Words that a POSIX shell takes as they are.</summary>
internal static class ShellWord
{
    /// <summary>Between single quotes nothing has a meaning but the single quote itself.</summary>
    public static string Quote(string word) => IsPlain(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The same for text whose characters are octets, as they are in a field of HTTP: beyond ASCII, printf makes them.</summary>
    public static string QuoteOctets(string word)
    {
        if (Ascii.IsValid(word))
            return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        var text = new StringBuilder();
        foreach (Range part in Parts(word))
        {
            string piece = word[part];
            text.Append(Ascii.IsValid(piece) ? Quote(piece) : $"\"$(printf {Octal(Encoding.Latin1.GetBytes(piece))})\"");
        }

        return text.ToString();
    }

    /// <summary>The argument of printf that prints these bytes.</summary>
    public static string Octal(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("'", (bytes.Length * 2) + 2);
        foreach (byte b in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)' ' or (byte)'.' or (byte)'/')
                text.Append((char)b);
            else if (b == (byte)'%')
                text.Append("%%"); // some shells undo the escapes first and look for conversions afterwards
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}");
        }

        // An argument that began with a dash would be an option.
        return text.Append('\'').ToString();
    }

    private static bool IsPlain(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('/' or ':' or '.' or '-' or '_' or ',' or '@' or '%' or '+' or '='))
                return false;
        }

        return word.Length > 0;
    }

    private static List<Range> Parts(string word)
    {
        var parts = new List<Range>();
        int start = 0;
        for (int i = 1; i <= word.Length; i++)
        {
            if (i == word.Length || char.IsAscii(word[i]) != char.IsAscii(word[start]))
            {
                parts.Add(start..i);
                start = i;
            }
        }

        return parts;
    }
}
