using System.Buffers;

namespace Urllib4.Bodies;

/// <summary>
/// The <c>application/x-www-form-urlencoded</c> serializer of the WHATWG URL standard, section 5.2, for bodies and for the queries of
/// methods whose fields travel in the URL.
/// </summary>
internal static class FormEncoding
{
    public const string MediaType = "application/x-www-form-urlencoded";

    private static readonly SearchValues<byte> _plain =
        SearchValues.Create("*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    /// <summary>Encodes pairs, in their order.</summary>
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in pairs)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(pairs));
            ArgumentNullException.ThrowIfNull(value, nameof(pairs));
            Append(output, name, StrictUtf8.GetBytes(value, "The value of a form field"));
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Appends one pair, after an ampersand if it is not the first.</summary>
    public static void Append(ArrayBufferWriter<byte> output, string name, ReadOnlySpan<byte> value)
    {
        if (output.WrittenCount > 0)
            output.Write("&"u8);
        Escape(output, StrictUtf8.GetBytes(name, "The name of a form field"));
        output.Write("="u8);
        Escape(output, value);
    }

    /// <summary>Adds an encoded query to a URL that may already have a query, a fragment, or both; the fragment stays last.</summary>
    public static string AppendTo(string url, string query)
    {
        if (query.Length == 0)
            return url;
        int end = url.IndexOf('#', StringComparison.Ordinal);
        if (end < 0)
            end = url.Length;
        ReadOnlySpan<char> before = url.AsSpan(0, end);
        string joint = !before.Contains('?') ? "?" : before[^1] is '?' or '&' ? string.Empty : "&";
        return string.Concat(before, joint, query, url.AsSpan(end));
    }

    private static void Escape(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int plain = bytes.IndexOfAnyExcept(_plain);
            if (plain < 0)
                plain = bytes.Length;
            output.Write(bytes[..plain]);
            bytes = bytes[plain..];
            if (bytes.IsEmpty)
                return;
            byte special = bytes[0];
            if (special == (byte)' ')
                output.Write("+"u8);
            else
                output.Write([(byte)'%', HexDigits[special >> 4], HexDigits[special & 0xF]]);
            bytes = bytes[1..];
        }
    }
}
