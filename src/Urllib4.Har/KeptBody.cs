using System.Buffers;
using System.Text;

namespace Urllib4.Har;

/// <summary>The beginning of a body, and how much there was of it.</summary>
internal sealed class KeptBody(int most)
{
    private static readonly string[] _texts =
        ["json", "xml", "javascript", "ecmascript", "x-www-form-urlencoded", "yaml", "graphql", "csv"];

    private readonly ArrayBufferWriter<byte> _kept = new();

    public long Length { get; private set; }

    public bool IsCut => Length > _kept.WrittenCount;

    public ReadOnlyMemory<byte> Bytes => _kept.WrittenMemory;

    public string? Comment => IsCut ? $"cut: {_kept.WrittenCount} of {Length} bytes are kept" : null;

    public void Add(ReadOnlySpan<byte> part)
    {
        Length += part.Length;
        _kept.Write(part[..(int)Math.Min(part.Length, most - _kept.WrittenCount)]);
    }

    /// <summary>Reads a stream up to one byte more than is kept; the rest, when its length is known, only counts.</summary>
    public void Read(Stream stream, long? length)
    {
        byte[] buffer = new byte[8 * 1024];
        while (Length <= most && stream.Read(buffer) is > 0 and int count)
            Add(buffer.AsSpan(0, count));
        Length = Math.Max(Length, length ?? 0);
    }

    /// <summary>The bytes as text, if they are some; else null, and they go into Base64.</summary>
    public string? Text(string mimeType)
    {
        string type = mimeType.Split(';')[0].Trim();
        if (!type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            && !_texts.Any(word => type.EndsWith(word, StringComparison.OrdinalIgnoreCase)))
            return null;
        try
        {
            var encoding = Encoding.GetEncoding(
                Charset(mimeType), EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            // The last character may have been cut in two.
            Decoder decoder = encoding.GetDecoder();
            char[] chars = new char[encoding.GetMaxCharCount(Bytes.Length)];
            return new string(chars, 0, decoder.GetChars(Bytes.Span, chars, flush: !IsCut));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public string Base64() => Convert.ToBase64String(Bytes.Span);

    private static string Charset(string mimeType)
    {
        int at = mimeType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "utf-8" : mimeType[(at + "charset=".Length)..].Split(';')[0].Trim().Trim('"');
    }
}
