using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>Header fields that many requests carry: checked once, and put into bytes once.</summary>
internal sealed class HeaderBlock
{
    private readonly byte[] _lines;

    /// <exception cref="InvalidHeaderException">A header cannot be sent, or one that concerns the message is there twice.</exception>
    public HeaderBlock(HttpHeaderDict headers)
    {
        Headers = headers;
        Fields = ControlFields.Collect(headers);
        var lines = new ArrayBufferWriter<byte>();
        WriteLines(headers, lines);
        _lines = lines.WrittenSpan.ToArray();
    }

    /// <summary>The headers, which are read-only.</summary>
    public HttpHeaderDict Headers { get; }

    /// <summary>Those of them that concern the message or the connection.</summary>
    public ControlFields Fields { get; }

    /// <summary>Their lines, but for <c>Host</c>, which stands elsewhere.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>Writes the lines of headers that go out only once.</summary>
    public static void WriteLines(HttpHeaderDict headers, IBufferWriter<byte> output)
    {
        foreach (KeyValuePair<string, string> header in headers.Lines)
        {
            if (!HeaderNames.Same(header.Key, HeaderNames.Host) && !ReferenceEquals(header.Value, HttpHeaderDict.SkipHeader))
                OutgoingFields.WriteLine(header.Key, header.Value, output);
        }
    }
}
