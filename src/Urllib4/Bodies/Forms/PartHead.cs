using System.Buffers;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Bodies;

/// <summary>Writes the head of one part of a form (RFC 7578, section 4; HTML standard, "Multipart form data"; MP-02).</summary>
internal static class PartHead
{
    /// <exception cref="InvalidRequestException">The field cannot be sent as a part; the message names it and the rule.</exception>
    public static void Write(ArrayBufferWriter<byte> output, RequestField field)
    {
        if (field.Name.Length == 0)
            throw new InvalidRequestException("A field of a multipart body has no name.");
        if (field.Data.ContentEncoding is not null)
            throw Refuse(field, "its data is compressed, which a part cannot mark (RFC 7578, section 4.8); compress the whole body");
        if (field.Headers.Contains(HeaderNames.ContentDisposition))
            throw Refuse(field, "its Content-Disposition is made from its name and file name and cannot be among its headers");

        string disposition = $"form-data; name=\"{Escape(field, field.Name, "name")}\"";
        if (field.FileName is { } fileName)
            disposition += $"; filename=\"{Escape(field, fileName, "file name")}\"";
        WriteLine(output, HeaderNames.ContentDisposition, disposition);
        if (ContentType(field) is { Length: > 0 } contentType)
            WriteLine(output, HeaderNames.ContentType, HeaderRules.CheckValue(HeaderNames.ContentType, contentType));
        WriteFurther(output, field);
        output.Write("\r\n"u8);
    }

    private static string? ContentType(RequestField field) =>
        field.ContentType
        ?? field.Headers[HeaderNames.ContentType]
        ?? field.Data.ContentType
        ?? (field.FileName is { } fileName ? MediaTypes.OfFile(fileName) : null);

    private static void WriteFurther(ArrayBufferWriter<byte> output, RequestField field)
    {
        HttpHeaderDict headers = field.Headers;
        if (headers[HeaderNames.ContentLocation] is { } location)
            WriteLine(output, HeaderNames.ContentLocation, location);
        foreach (var (name, value) in headers)
        {
            if (!HeaderNames.Same(name, HeaderNames.ContentType) && !HeaderNames.Same(name, HeaderNames.ContentLocation))
                WriteLine(output, name, value);
        }
    }

    // A quote or line end would end the parameter or the head, and is escaped as browsers do it. Other control characters, and U+0085,
    // which some parsers take for a line end too, are in no honest name.
    private static string Escape(RequestField field, string text, string what)
    {
        if (IndexOfIllegal(text) is var at and >= 0)
        {
            throw Refuse(field, char.IsSurrogate(text[at])
                ? $"its {what} holds half of a surrogate pair (at index {at})"
                : $"its {what} holds a control character (at index {at})");
        }

        return text.Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal)
            .Replace("\"", "%22", StringComparison.Ordinal);
    }

    private static int IndexOfIllegal(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsControl(c) && c is not ('\r' or '\n'))
                return i;
            if (!char.IsSurrogate(c))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }

    private static void WriteLine(ArrayBufferWriter<byte> output, string name, string value) =>
        Encoding.UTF8.GetBytes($"{name}: {value}\r\n", output);

    private static InvalidRequestException Refuse(RequestField field, string rule) =>
        new($"The field '{Escaping.Show(field.Name)}' cannot be sent: {rule}.");
}
