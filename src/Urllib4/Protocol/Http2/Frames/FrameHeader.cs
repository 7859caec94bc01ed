using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>What stands before every frame (RFC 9113, section 4.1).</summary>
/// <param name="Length">The length of the payload.</param>
/// <param name="Type">The kind of frame; may be one that nobody knows.</param>
/// <param name="Flags">Their meaning depends on the kind.</param>
/// <param name="StreamId">The stream, or 0 for the connection. The bit before it is ignored.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, byte Flags, int StreamId)
{
    /// <summary>Bytes of a frame header.</summary>
    public const int Size = 9;

    /// <summary>The largest payload a side takes that has said nothing, and the least it may ask for.</summary>
    public const int DefaultMaxLength = 16 * 1024;

    /// <summary>The largest payload there can be.</summary>
    public const int GreatestMaxLength = (1 << 24) - 1;

    /// <summary>On DATA and HEADERS: nothing of the message follows.</summary>
    public const byte EndStream = 0x1;

    /// <summary>On SETTINGS and PING: an answer.</summary>
    public const byte Ack = 0x1;

    /// <summary>On HEADERS and CONTINUATION: the header block is complete.</summary>
    public const byte EndHeaders = 0x4;

    /// <summary>On DATA and HEADERS: the payload begins with the length of what is to be ignored at its end.</summary>
    public const byte Padded = 0x8;

    /// <summary>On HEADERS: five bytes of a scheme of priorities that is no longer used.</summary>
    public const byte Prioritised = 0x20;

    public bool Has(byte flag) => (Flags & flag) != 0;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        uint first = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        uint stream = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        return new FrameHeader((int)(first >> 8), (FrameType)(byte)first, bytes[4], (int)(stream & int.MaxValue));
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ((uint)Length << 8) | (byte)Type);
        bytes[4] = Flags;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[5..], (uint)StreamId);
    }
}
