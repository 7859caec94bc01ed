using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>Header fields that many requests carry: checked once, and put into bytes once.</summary>
internal sealed class HeaderBlock
{
    /// <exception cref="InvalidHeaderException">A header cannot be sent, or one that concerns the message is there twice.</exception>
    public HeaderBlock(HttpHeaderDict headers)
    {
        Headers = headers;
        Fields = ControlFields.Collect(headers);
        var lines = new ArrayBufferWriter<byte>();
        OutgoingFields.WriteLines(headers, lines);
        Lines = lines.WrittenMemory;
    }

    /// <summary>The headers, which are read-only.</summary>
    public HttpHeaderDict Headers { get; }

    /// <summary>Those of them that concern the message or the connection.</summary>
    public ControlFields Fields { get; }

    /// <summary>Their lines, as <see cref="OutgoingFields.WriteLines"/> writes them.</summary>
    public ReadOnlyMemory<byte> Lines { get; }
}
