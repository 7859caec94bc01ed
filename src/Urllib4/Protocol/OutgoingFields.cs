using System.Buffers;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>Header lines on their way out: what each may hold, and how it is put on the wire.</summary>
internal static class OutgoingFields
{
    /// <exception cref="InvalidHeaderException">The name is no token, or the value has a character that may not be sent.</exception>
    public static void CheckLine(string name, string value)
    {
        HeaderRules.CheckName(name);
        HeaderRules.CheckValue(name, value);
    }

    /// <summary>Writes all headers of a request but <c>Host</c>, which stands before them.</summary>
    public static void WriteLines(HttpHeaderDict headers, IBufferWriter<byte> output)
    {
        foreach (KeyValuePair<string, string> header in headers.Lines)
        {
            if (!HeaderNames.Same(header.Key, HeaderNames.Host) && !ReferenceEquals(header.Value, HttpHeaderDict.SkipHeader))
                WriteLine(header.Key, header.Value, output);
        }
    }

    public static void WriteLine(string name, string value, IBufferWriter<byte> output)
    {
        Span<byte> line = output.GetSpan(name.Length + value.Length + 4);
        int length = Put(name, line);
        line[length++] = (byte)':';
        line[length++] = (byte)' ';
        length += Put(value, line[length..]);
        line[length++] = (byte)'\r';
        line[length++] = (byte)'\n';
        output.Advance(length);
    }

    /// <summary>Puts down text that was checked to be narrow enough, and tells its length.</summary>
    public static int Put(ReadOnlySpan<char> text, Span<byte> room)
    {
        // The platform's Latin-1 is compiled anew in each process, its ASCII is not; hardly any header is more than that.
        if (Ascii.FromUtf16(text, room, out int length) == OperationStatus.Done)
            return length;
        // Checked before, so that it cannot fail; should a check ever be lost, it throws rather than send half a character.
        for (int i = length; i < text.Length; i++)
            room[i] = checked((byte)text[i]);
        return text.Length;
    }
}
