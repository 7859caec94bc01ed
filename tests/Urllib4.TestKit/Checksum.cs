namespace Urllib4.TestKit;

/// <summary>CRC-32 as in gzip: what both ends compute over a body to know that it is the right one, whole.</summary>
public static class Checksum
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static n => Entry((uint)n))];

    /// <summary>The checksum of some bytes.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint Entry(uint n)
    {
        for (int bit = 0; bit < 8; bit++)
            n = (n & 1) != 0 ? (n >> 1) ^ 0xEDB88320u : n >> 1;
        return n;
    }
}
