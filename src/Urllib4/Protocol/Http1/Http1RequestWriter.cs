using System.Buffers;
using System.Buffers.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http1;

/// <summary>Puts a checked request head on the wire: request line, Host, the caller's headers as given, and the framing header.</summary>
internal static class Http1RequestWriter
{
    private const int LongestNumber = 20;

    public static void Write(in RequestHead head, in RequestTerms terms, IBufferWriter<byte> output)
    {
        WriteRequestLine(head.Method, head.Target, output);
        // First, as RFC 9110, section 7.2 asks.
        if (terms.Host is not null)
            OutgoingFields.WriteLine(HeaderNames.Host, terms.Host, output);
        if (head.Block is { } block)
            output.Write(block.Lines.Span);
        else
            OutgoingFields.WriteLines(head.Headers, output);
        // RFC 9110, section 10.1.4. Who writes for HTTP/2 as well, as gRPC does, names it nowhere.
        if (terms.HasUnnamedTe)
            output.Write("Connection: TE\r\n"u8);
        if (!terms.HasFramingField)
            WriteFraming(head, output);
        output.Write("\r\n"u8);
    }

    /// <summary>The fields as <see cref="Write"/> puts them on the wire, for who is told of them.</summary>
    public static HttpHeaderDict FieldsOf(in RequestHead head, in RequestTerms terms)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write(head, terms, bytes);
        int start = bytes.WrittenSpan.IndexOf("\r\n"u8) + 2;
        return HttpHeaderDict.FromWire(bytes.WrittenMemory[start..^2]).Freeze();
    }

    private static void WriteRequestLine(string method, string target, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> end = " HTTP/1.1\r\n"u8;
        Span<byte> line = output.GetSpan(method.Length + 1 + target.Length + end.Length);
        int length = OutgoingFields.Put(method, line);
        line[length++] = (byte)' ';
        length += OutgoingFields.Put(target, line[length..]);
        end.CopyTo(line[length..]);
        output.Advance(length + end.Length);
    }

    private static void WriteFraming(in RequestHead head, IBufferWriter<byte> output)
    {
        if (head.Framing.Kind is BodyKind.Chunked)
            output.Write("Transfer-Encoding: chunked\r\n"u8);
        else if (head.Framing.Kind is BodyKind.Length || ExpectsBody(head.Method))
            WriteContentLength(head.Framing.Length, output);
    }

    // A server may wait for the body of these, so its absence is spelled out (RFC 9110, section 8.6).
    private static bool ExpectsBody(string method) => method is "POST" or "PUT" or "PATCH";

    private static void WriteContentLength(long length, IBufferWriter<byte> output)
    {
        output.Write("Content-Length: "u8);
        Span<byte> digits = output.GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(length, digits, out int count);
        output.Advance(count);
        output.Write("\r\n"u8);
    }
}
