using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Protocol.Http2;

/// <summary>PRIORITY_UPDATE: a stream has become more or less urgent (RFC 9218, section 7.1). Only clients send it.</summary>
internal static class PriorityUpdateFrame
{
    private const int FixedLength = 4;

    public static void Write(int streamId, HttpPriority priority, IBufferWriter<byte> output)
    {
        string value = priority.ToString();
        int length = FixedLength + value.Length;
        Span<byte> frame = output.GetSpan(FrameHeader.Size + length);
        new FrameHeader(length, FrameType.PriorityUpdate, 0, 0).Write(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Size..], streamId);
        OutgoingFields.Put(value, frame[(FrameHeader.Size + FixedLength)..]);
        output.Advance(FrameHeader.Size + length);
    }

    public static Http2Exception Refuse() =>
        Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent PRIORITY_UPDATE, which only clients may (RFC 9218, section 7.1)");
}
