using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>WINDOW_UPDATE: room for more of a body (RFC 9113, section 6.9).</summary>
internal static class WindowUpdateFrame
{
    private const int Length = 4;

    /// <summary>The increment, which may be 0 on a stream: that is the stream's error alone.</summary>
    /// <exception cref="Http2Exception">It is not four bytes long, or gives the connection nothing.</exception>
    public static int Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Length)
            throw Http2Errors.Connection(
                Http2ErrorCode.FrameSizeError, "sent WINDOW_UPDATE that is not 4 bytes long (RFC 9113, section 6.9)");
        int increment = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (increment == 0 && header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent WINDOW_UPDATE with an increment of 0 (RFC 9113, section 6.9)");
        return increment;
    }

    public static void Write(int streamId, int increment, IBufferWriter<byte> output)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + Length);
        new FrameHeader(Length, FrameType.WindowUpdate, 0, streamId).Write(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], increment);
        output.Advance(FrameHeader.Size + Length);
    }
}
