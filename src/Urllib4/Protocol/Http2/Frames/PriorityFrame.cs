namespace Urllib4.Protocol.Http2;

/// <summary>PRIORITY: a scheme that is no longer used (RFC 9113, section 6.3). It is checked, and means nothing.</summary>
internal static class PriorityFrame
{
    private const int Length = 5;

    /// <exception cref="Http2Exception">It is on no stream, or not five bytes long.</exception>
    public static void Check(FrameHeader header)
    {
        if (header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent PRIORITY outside a stream (RFC 9113, section 6.3)");
        if (header.Length != Length)
            throw Http2Errors.Connection(Http2ErrorCode.FrameSizeError, "sent PRIORITY that is not 5 bytes long (RFC 9113, section 6.3)");
    }
}
