using System.Buffers.Binary;

namespace Urllib4.Tests.Bodies.Decoding;

/// <summary>Zstandard frames written by hand after RFC 8878, section 3.1.1: what no encoder would write, or not in a test.</summary>
internal static class ZstdFrames
{
    public const int BlockSize = 128 * 1024;

    private static readonly byte[] _magic = [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>A frame of blocks that each say "128 KB of zeros" in four bytes.</summary>
    public static byte[] OfZeros(int blocks, int windowLog = 17)
    {
        var frame = new List<byte>([.. _magic, 0x00, (byte)((windowLog - 10) << 3)]);
        for (var block = 1; block <= blocks; block++)
        {
            var header = (BlockSize << 3) | (1 << 1) | (block == blocks ? 1 : 0);
            frame.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), 0]);
        }

        return [.. frame];
    }

    /// <summary>A frame of one uncompressed block.</summary>
    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        var header = (text.Length << 3) | 1;
        return [.. _magic, 0x00, 7 << 3, (byte)header, (byte)(header >> 8), (byte)(header >> 16), .. text];
    }

    /// <summary>A frame that decoders pass over.</summary>
    public static byte[] Skippable(int size)
    {
        var frame = new byte[8 + size];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, 0x184D2A50);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), size);
        return frame;
    }
}
