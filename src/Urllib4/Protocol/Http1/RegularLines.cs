using System.Buffers;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// Field lines as everybody behind the parser expects them: a name, a colon at once, a value, CRLF. Each line was judged before, and what
/// deviates was allowed.
/// </summary>
internal static class RegularLines
{
    /// <summary>Whether a line has no colon, or nothing before it.</summary>
    public static bool HasNoName(ReadOnlySpan<byte> line) => line.IndexOf((byte)':') <= 0;

    /// <summary>
    /// Joins folded lines with one blank (RFC 9112, section 5.2), leaves out blanks before a colon and lines without a name, and ends each
    /// line with CRLF.
    /// </summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> lines)
    {
        var kept = new ArrayBufferWriter<byte>(lines.Length + 2);
        bool isDropped = false;
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = lines[..end].TrimEnd((byte)'\r');
            lines = lines[(end + 1)..];
            bool isFold = line is [(byte)' ' or (byte)'\t', ..];
            if (!isFold)
                isDropped = HasNoName(line);
            if (isDropped)
                continue;
            if (isFold)
            {
                kept.Write(" "u8);
            }
            else
            {
                int colon = line.IndexOf((byte)':');
                kept.Write(line[..colon].TrimEnd(HttpGrammar.Whitespace));
                line = line[colon..];
            }

            kept.Write(line.Trim(HttpGrammar.Whitespace));
            if (lines is not [(byte)' ' or (byte)'\t', ..])
                kept.Write("\r\n"u8);
        }

        return kept.WrittenSpan;
    }
}
