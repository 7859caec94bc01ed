using System.Buffers;
using System.Buffers.Text;

namespace Urllib4.Protocol.Http1;

/// <summary>Writes the framing of a chunked body (RFC 9112, section 7.1); the data itself goes to the wire without passing here.</summary>
internal static class ChunkedWriter
{
    // Eight hexadecimal digits hold every int; CRLF follows.
    private const int LongestSizeLine = 10;

    public static void WriteSize(int length, IBufferWriter<byte> output)
    {
        Span<byte> line = output.GetSpan(LongestSizeLine);
        Utf8Formatter.TryFormat(length, line, out int digits, 'x');
        "\r\n"u8.CopyTo(line[digits..]);
        output.Advance(digits + 2);
    }

    public static void WriteDataEnd(IBufferWriter<byte> output) => output.Write("\r\n"u8);

    /// <summary>The last chunk, the trailers and the blank line; nothing at all when a trailer may not be sent.</summary>
    public static void WriteEnd(HttpHeaderDict? trailers, IBufferWriter<byte> output)
    {
        if (trailers is not null)
            CheckTrailers(trailers);
        output.Write("0\r\n"u8);
        if (trailers is not null)
        {
            foreach (KeyValuePair<string, string> trailer in trailers.Lines)
                OutgoingFields.WriteLine(trailer.Key, trailer.Value, output);
        }

        output.Write("\r\n"u8);
    }

    private static void CheckTrailers(HttpHeaderDict trailers)
    {
        foreach (KeyValuePair<string, string> trailer in trailers.Lines)
        {
            OutgoingFields.CheckLine(trailer.Key, trailer.Value);
            if (TrailerFields.IsForbidden(trailer.Key))
                throw new InvalidHeaderException(trailer.Key, -1, "it may not stand in a trailer (RFC 9110, section 6.5.1)");
        }
    }
}
