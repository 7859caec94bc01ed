using System.Buffers;

namespace Urllib4.Protocol.Http2;

/// <summary>DATA: a part of a body (RFC 9113, section 6.1). It may come, and be handed on, in pieces.</summary>
internal static class DataFrame
{
    /// <summary>What padding, with its length, adds to a frame at the most.</summary>
    public const int MostPadding = 256;

    /// <summary>How many bytes have to be there before the body: the header, and the length of the padding if it has one.</summary>
    public static int HeadLength(FrameHeader header) => FrameHeader.Size + (header.Has(FrameHeader.Padded) ? 1 : 0);

    /// <summary>Checks a header, and tells how much of the payload is body and how much is padding behind it.</summary>
    /// <exception cref="Http2Exception">It is on no stream, or has more padding than payload.</exception>
    public static (int Body, int Padding) Read(FrameHeader header, ReadOnlySpan<byte> head)
    {
        if (header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent DATA outside a stream (RFC 9113, section 6.1)");
        if (!header.Has(FrameHeader.Padded))
            return (header.Length, 0);
        int padding = head[FrameHeader.Size];
        Padding.Check(padding, header.Length - 1);
        return (header.Length - 1 - padding, padding);
    }

    /// <summary>Writes what stands before so many bytes of a body.</summary>
    public static void WriteHead(int streamId, int length, bool isLast, IBufferWriter<byte> output)
    {
        new FrameHeader(length, FrameType.Data, isLast ? FrameHeader.EndStream : (byte)0, streamId).Write(output.GetSpan(FrameHeader.Size));
        output.Advance(FrameHeader.Size);
    }
}
