using System.Globalization;
using System.Text;

namespace Urllib4.TestKit;

/// <summary>Reads HTTP/1 requests far enough to know where they end. Stricter than a server, because it judges a client.</summary>
internal static class RequestReader
{
    /// <summary>Reads a head, if all of it is there.</summary>
    public static ReceivedRequest? TryReadHead(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        consumed = end + 4;
        string head = Encoding.Latin1.GetString(bytes[..consumed]);
        string[] lines = head[..end].Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words is not [{ Length: > 0 } method, { Length: > 0 } target, "HTTP/1.1" or "HTTP/1.0"])
            throw new DialogueException($"'{lines[0]}' is not a request line.");
        return new ReceivedRequest(head, method, target, words[2], Fields(lines.AsSpan(1)));
    }

    /// <summary>Reads the body of a request whose head was read, if all of it is there.</summary>
    public static bool TryReadBody(ReceivedRequest request, ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        string[] lengths = [.. request.ValuesOf("Content-Length")];
        string[] codings = [.. request.ValuesOf("Transfer-Encoding")];
        switch (lengths, codings)
        {
            case ([], []):
                return true;
            case ([], ["chunked"]):
                return TryReadChunks(request, bytes, out consumed);
            case ([var text], []) when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length):
                if (bytes.Length < length)
                    return false;
                request.Body = bytes[..length].ToArray();
                consumed = length;
                return true;
            default:
                throw new DialogueException($"The framing of the request is not plain:\n{request.Head}");
        }
    }

    private static bool TryReadChunks(ReceivedRequest request, ReadOnlySpan<byte> bytes, out int consumed)
    {
        using var body = new MemoryStream();
        var sizes = new List<int>();
        consumed = 0;
        while (TryReadLine(bytes, ref consumed) is { } line)
        {
            if (!int.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int size))
                throw new DialogueException($"'{line}' is not a chunk size.");
            if (size == 0)
                return TryReadTrailers(request, bytes, body.ToArray(), sizes, ref consumed);
            if (bytes.Length - consumed < size + 2)
                return false;
            if (!bytes.Slice(consumed + size, 2).SequenceEqual("\r\n"u8))
                throw new DialogueException($"A chunk of {size} bytes is not followed by a line end.");
            body.Write(bytes.Slice(consumed, size));
            sizes.Add(size);
            consumed += size + 2;
        }

        return false;
    }

    private static bool TryReadTrailers(ReceivedRequest request, ReadOnlySpan<byte> bytes, byte[] body, List<int> sizes, ref int consumed)
    {
        var lines = new List<string>();
        while (TryReadLine(bytes, ref consumed) is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
                continue;
            }

            request.Body = body;
            request.Chunks = sizes;
            request.Trailers = Fields([.. lines]);
            return true;
        }

        return false;
    }

    private static string? TryReadLine(ReadOnlySpan<byte> bytes, ref int consumed)
    {
        int end = bytes[consumed..].IndexOf("\r\n"u8);
        if (end < 0)
            return null;
        string line = Encoding.Latin1.GetString(bytes.Slice(consumed, end));
        consumed += end + 2;
        return line;
    }

    private static List<KeyValuePair<string, string>> Fields(ReadOnlySpan<string> lines)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':');
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(" \t") || line.AsSpan().ContainsAny("\r\n\0"))
                throw new DialogueException($"'{line}' is not a header line.");
            fields.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return fields;
    }
}
