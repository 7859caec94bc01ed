namespace Urllib4.Protocol.Http2;

/// <summary>
/// HEADERS, and the CONTINUATIONs behind it: a header block in as many pieces as it takes (RFC 9113, sections 6.2 and 6.10).
/// </summary>
internal static class HeadersFrame
{
    private const int PriorityLength = 5;

    /// <summary>The part of the header block in a HEADERS frame.</summary>
    /// <exception cref="Http2Exception">It is on no stream, or shorter than its flags say.</exception>
    public static ReadOnlySpan<byte> Read(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent HEADERS outside a stream (RFC 9113, section 6.2)");
        payload = Padding.Remove(header, payload);
        if (!header.Has(FrameHeader.Prioritised))
            return payload;
        if (payload.Length < PriorityLength)
            throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, "sent HEADERS too short for its priority (RFC 9113, section 6.2)");
        return payload[PriorityLength..];
    }

    /// <summary>The room that frames around a block need in front of it and in it.</summary>
    public static int Overhead(int maxBlock, int maxFrame) => FrameHeader.Size * (1 + (maxBlock / maxFrame));

    /// <summary>Puts the frames around a block, and tells the length of all.</summary>
    /// <param name="frames">The block, behind the room for one frame header.</param>
    /// <param name="block">The length of the block.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="isEnd">Whether nothing of the message follows.</param>
    /// <param name="maxFrame">The longest payload the peer takes.</param>
    public static int Write(Span<byte> frames, int block, int streamId, bool isEnd, int maxFrame)
    {
        int pieces = Math.Max(1, (block + maxFrame - 1) / maxFrame);
        // From the last to the first, so that a piece moves to where nothing stands that is still to be moved.
        for (int piece = pieces - 1; piece >= 0; piece--)
        {
            int start = piece * maxFrame;
            int length = Math.Min(maxFrame, block - start);
            int to = start + (piece * FrameHeader.Size);
            frames.Slice(FrameHeader.Size + start, length).CopyTo(frames[(to + FrameHeader.Size)..]);
            byte flags = piece == pieces - 1 ? FrameHeader.EndHeaders : (byte)0;
            if (piece == 0 && isEnd)
                flags |= FrameHeader.EndStream;
            new FrameHeader(length, piece == 0 ? FrameType.Headers : FrameType.Continuation, flags, streamId).Write(frames[to..]);
        }

        return block + (pieces * FrameHeader.Size);
    }
}
