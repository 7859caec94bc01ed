using System.Buffers;
using System.Buffers.Binary;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http2;

/// <summary>GOAWAY: no new streams, and which ones were looked at (RFC 9113, section 6.8).</summary>
/// <param name="LastStreamId">The last stream that may have been processed.</param>
/// <param name="Code">Why.</param>
/// <param name="Text">What the peer adds for people to read; escaped and cut short, since it may be anything.</param>
internal sealed record GoAwayFrame(int LastStreamId, Http2ErrorCode Code, string Text)
{
    private const int FixedLength = 8;

    /// <exception cref="Http2Exception">It is on a stream, or shorter than eight bytes.</exception>
    public static GoAwayFrame Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent GOAWAY on a stream (RFC 9113, section 6.8)");
        if (payload.Length < FixedLength)
            throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, "sent GOAWAY shorter than 8 bytes (RFC 9113, section 6.8)");
        int last = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        var code = (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload[4..]);
        return new GoAwayFrame(last, code, Escaping.Show(payload[FixedLength..]));
    }

    /// <summary>Writes one. A client whose server may not push has processed no stream of its.</summary>
    public static void Write(Http2ErrorCode code, IBufferWriter<byte> output)
    {
        Span<byte> frame = output.GetSpan(FrameHeader.Size + FixedLength);
        new FrameHeader(FixedLength, FrameType.GoAway, 0, 0).Write(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], 0);
        BinaryPrimitives.WriteInt32BigEndian(frame[(FrameHeader.Size + 4)..], (int)code);
        output.Advance(FrameHeader.Size + FixedLength);
    }
}
