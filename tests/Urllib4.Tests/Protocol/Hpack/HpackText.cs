using System.Text;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Tests.Protocol.Hpack;

/// <summary>Header blocks as text: bytes in hexadecimal with blanks anywhere, fields as "name: value" joined by a bar.</summary>
internal static class HpackText
{
    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    public static string Decode(HpackDecoder decoder, ReadOnlySpan<byte> block)
    {
        var fields = new List<string>();
        decoder.Start();
        while (decoder.Next(ref block, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
            fields.Add($"{Encoding.Latin1.GetString(name)}: {Encoding.Latin1.GetString(value)}");
        return string.Join('|', fields);
    }

    public static byte[] Encode(HpackEncoder encoder, string fields, FieldIndexing indexing = FieldIndexing.Indexed)
    {
        byte[] output = new byte[fields.Length * 20 + 20];
        int length = encoder.Start(output);
        foreach (string field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = field.IndexOf(": ", StringComparison.Ordinal);
            length += encoder.Encode(field[..colon], field[(colon + 2)..], indexing, output.AsSpan(length));
        }

        return output[..length];
    }

    /// <summary>The decoder's error, which is always the same kind.</summary>
    public static string Refuse(HpackDecoder decoder, byte[] block)
    {
        var error = Assert.Throws<Http2Exception>(() => Decode(decoder, block));
        Assert.Equal((Http2ErrorCode.CompressionError, 0), (error.ErrorCode, error.StreamId));
        return error.Message;
    }
}
