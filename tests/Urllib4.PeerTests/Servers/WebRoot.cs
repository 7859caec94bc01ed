using System.IO.Compression;

namespace Urllib4.PeerTests.Servers;

/// <summary>The files that <see cref="NginxPeer"/> serves. They say nothing, but every byte of them is known.</summary>
public static class WebRoot
{
    /// <summary>The length of <c>/one-gigabyte.bin</c>, which is all zeros and takes no room on the disk.</summary>
    public const long OneGigabyte = 1L << 30;

    /// <summary>What is in <c>/small.txt</c>: 150 bytes.</summary>
    public static string Small { get; } = string.Concat(Enumerable.Range(0, 10).Select(static i => $"{i}: fifteen chars\n"[..15]));

    /// <summary>What is in <c>/ten-megabytes.bin</c>: 10 MiB of text that repeats itself.</summary>
    public static ReadOnlyMemory<byte> TenMegabytes { get; } =
        Repeat("The quick brown fox jumps over the lazy dog. 0123456789 abcdef\r\n"u8, 10 << 20);

    /// <summary>Writes the files, and <c>small.txt.gz</c> for the resource that is compressed already.</summary>
    internal static void WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "small.txt"), Small);
        File.WriteAllBytes(Path.Combine(directory, "ten-megabytes.bin"), TenMegabytes.Span);
        using (FileStream sparse = File.Create(Path.Combine(directory, "one-gigabyte.bin")))
            sparse.SetLength(OneGigabyte);
        using var compressed = new GZipStream(File.Create(Path.Combine(directory, "small.txt.gz")), CompressionLevel.Optimal);
        compressed.Write(System.Text.Encoding.ASCII.GetBytes(Small));
    }

    private static byte[] Repeat(ReadOnlySpan<byte> pattern, int length)
    {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += pattern.Length)
            pattern[..Math.Min(pattern.Length, length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
