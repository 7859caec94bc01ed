namespace Urllib4.Protocol.Http2;

/// <summary>PRIORITY: a scheme that is no longer used (RFC 9113, section 6.3). It is checked, and means nothing.</summary>
internal static class PriorityFrame
{
    private const int Length = 5;

    /// <summary>What is wrong with it alone, as the rest of a sentence about the server; null for nothing.</summary>
    /// <exception cref="Http2Exception">It is on no stream.</exception>
    public static string? Check(FrameHeader header)
    {
        if (header.StreamId == 0)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent PRIORITY outside a stream (RFC 9113, section 6.3)");
        return header.Length == Length ? null : "sent PRIORITY that is not 5 bytes long (RFC 9113, section 6.3)";
    }
}
