using System.Globalization;
using System.Text;

namespace Urllib4.Cli.Curl;

/// <summary>Splits a command line as bash does: quotes of all kinds, <c>$'…'</c>, backslashes, lines that go on.</summary>
internal static class ShellWords
{
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isWord = false;
        int i = 0;
        while (i < line.Length)
        {
            char c = line[i];
            if (c is ' ' or '\t' or '\n' or '\r')
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                (isWord, i) = (false, i + 1);
            }
            else if (c == '\\' && IsLineEnd(line, i + 1, out int next))
            {
                i = next;
            }
            else
            {
                isWord = true;
                i = Take(line, i, word);
            }
        }

        if (isWord)
            words.Add(word.ToString());
        return words;
    }

    // Gives where the next part begins.
    private static int Take(string line, int i, StringBuilder word)
    {
        switch (line[i])
        {
            case '\'':
                int end = End(line, '\'', i + 1);
                word.Append(line, i + 1, end - i - 1);
                return end + 1;
            case '"':
                return Quoted(line, i + 1, word);
            case '$' when i + 1 < line.Length && line[i + 1] == '\'':
                return Escaped(line, i + 2, word);
            case '\\' when i + 1 < line.Length:
                word.Append(line[i + 1]);
                return i + 2;
            case '$' or '`' or ';' or '|' or '&' or '<' or '>' or '(' or ')':
                throw CliException.Usage($"the command line has an unquoted '{line[i]}', which only a shell can carry out");
            default:
                word.Append(line[i]);
                return i + 1;
        }
    }

    private static int Quoted(string line, int i, StringBuilder word)
    {
        while (i < line.Length && line[i] != '"')
        {
            if (line[i] is '$' or '`')
                throw CliException.Usage($"the command line has a '{line[i]}' in double quotes, which only a shell can carry out");
            if (line[i] == '\\' && IsLineEnd(line, i + 1, out int next))
            {
                i = next;
                continue;
            }

            if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\' or '$' or '`')
                i++;
            word.Append(line[i++]);
        }

        return i < line.Length ? i + 1 : throw Open('"');
    }

    // Octets above 7F are bytes of UTF-8 there, so they are gathered before they are read.
    private static int Escaped(string line, int i, StringBuilder word)
    {
        using var bytes = new MemoryStream();
        while (i < line.Length && line[i] != '\'')
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                int length = char.IsHighSurrogate(line[i]) && i + 1 < line.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(line.Substring(i, length)));
                i += length;
                continue;
            }

            char c = line[i + 1];
            i += 2;
            switch (c)
            {
                case 'n': bytes.WriteByte(10); break;
                case 'r': bytes.WriteByte(13); break;
                case 't': bytes.WriteByte(9); break;
                case 'a': bytes.WriteByte(7); break;
                case 'b': bytes.WriteByte(8); break;
                case 'f': bytes.WriteByte(12); break;
                case 'v': bytes.WriteByte(11); break;
                case 'e' or 'E': bytes.WriteByte(27); break;
                case 'x': bytes.WriteByte((byte)Number(line, ref i, 2, 16)); break;
                case 'u': bytes.Write(Encoding.UTF8.GetBytes(Unit(line, ref i))); break;
                case 'U': bytes.Write(Encoding.UTF8.GetBytes(new Rune(Number(line, ref i, 8, 16)).ToString())); break;
                case >= '0' and <= '7': i--; bytes.WriteByte((byte)Number(line, ref i, 3, 8)); break;
                default: bytes.Write(Encoding.UTF8.GetBytes(c.ToString())); break;
            }
        }

        word.Append(Encoding.UTF8.GetString(bytes.ToArray()));
        return i < line.Length ? i + 1 : throw Open('\'');
    }

    // Browsers write a character outside of the first plane as two units.
    private static string Unit(string line, ref int i)
    {
        char first = (char)Number(line, ref i, 4, 16);
        if (!char.IsHighSurrogate(first) || i + 1 >= line.Length || line[i] != '\\' || line[i + 1] != 'u')
            return first.ToString();
        i += 2;
        return new string([first, (char)Number(line, ref i, 4, 16)]);
    }

    private static int Number(string line, ref int i, int most, int radix)
    {
        int start = i;
        while (i < line.Length && i - start < most && (radix == 16 ? char.IsAsciiHexDigit(line[i]) : line[i] is >= '0' and <= '7'))
            i++;
        if (i == start)
            throw CliException.Usage("the command line has a backslash without the number that belongs to it");
        return radix == 16
            ? int.Parse(line.AsSpan(start, i - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : Convert.ToInt32(line[start..i], 8);
    }

    private static bool IsLineEnd(string line, int i, out int next)
    {
        next = i < line.Length && line[i] == '\r' ? i + 1 : i;
        if (next >= line.Length || line[next] != '\n')
            return false;
        next++;
        return true;
    }

    private static int End(string line, char quote, int from) => line.IndexOf(quote, from) is var end and >= 0 ? end : throw Open(quote);

    private static CliException Open(char quote) => CliException.Usage($"the command line has a {quote} that does not end");
}
