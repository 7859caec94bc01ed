using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>RST_STREAM: the end of a stream at once (RFC 9113, section 6.4).</summary>
internal static class RstStreamFrame
{
    private const int Length = 4;

    /// <exception cref="Http2Exception">It is on no stream, or not four bytes long.</exception>
    public static Http2ErrorCode Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent RST_STREAM outside a stream (RFC 9113, section 6.4)");
        if (payload.Length != Length)
            throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, "sent RST_STREAM that is not 4 bytes long (RFC 9113, section 6.4)");
        return (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload);
    }

    public static void Write(int streamId, Http2ErrorCode code, IBufferWriter<byte> output)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + Length);
        new FrameHeader(Length, FrameType.RstStream, 0, streamId).Write(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], (int)code);
        output.Advance(FrameHeader.Size + Length);
    }
}
