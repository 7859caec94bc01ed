using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Urllib4.Benchmarks;

/// <summary>A text of some megabytes that shrinks about as much as such texts do.</summary>
internal static class CompressedText
{
    public const int Length = 4 * 1024 * 1024;

    public static byte[] AsGzip() => Compress(static stream => new GZipStream(stream, CompressionLevel.Optimal));

    public static byte[] AsBrotli() => Compress(static stream => new BrotliStream(stream, CompressionLevel.Optimal));

    private static byte[] Compress(Func<Stream, Stream> coding)
    {
        using var result = new MemoryStream();
        using (Stream coded = coding(result))
            coded.Write(Text());
        return result.ToArray();
    }

    private static byte[] Text()
    {
        var text = new StringBuilder();
        var random = new Random(1);
        for (int i = 0; text.Length < Length; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"id":{{i}},"name":"thing {{random.Next(5000)}}","price":{{random.Next(100000) / 100.0}},"inStock":true},{{"\n"}}""");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, Length));
    }
}
