using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>PING: eight bytes that come back (RFC 9113, section 6.7).</summary>
internal static class PingFrame
{
    private const int Length = 8;

    /// <exception cref="Http2Exception">It is on a stream, or not eight bytes long.</exception>
    public static ulong Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent PING on a stream (RFC 9113, section 6.7)");
        if (payload.Length != Length)
            throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, "sent PING that is not 8 bytes long (RFC 9113, section 6.7)");
        return BinaryPrimitives.ReadUInt64BigEndian(payload);
    }

    public static void Write(ulong opaque, bool isAck, IBufferWriter<byte> output)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + Length);
        new FrameHeader(Length, FrameType.Ping, isAck ? FrameHeader.Ack : (byte)0, 0).Write(frame);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FrameHeader.Size..], opaque);
        output.Advance(FrameHeader.Size + Length);
    }
}
