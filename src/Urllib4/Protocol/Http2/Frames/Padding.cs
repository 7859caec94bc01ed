namespace Urllib4.Protocol.Http2;

/// <summary>Bytes that hide the length of a frame (RFC 9113, section 6.1).</summary>
internal static class Padding
{
    /// <summary>Takes the length and the padding off the payload of a frame.</summary>
    /// <exception cref="Http2Exception">There is more padding than payload.</exception>
    public static ReadOnlySpan<byte> Remove(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameHeader.Padded))
            return payload;
        if (payload.IsEmpty)
            throw Http2Errors.Connection(
                Http2ErrorCode.FrameSizeError, "sent a padded frame without its length of padding (RFC 9113, section 6.2)");
        Check(payload[0], payload.Length - 1);
        return payload[1..^payload[0]];
    }

    /// <exception cref="Http2Exception">There is more padding than payload.</exception>
    public static void Check(int padding, int room)
    {
        if (padding > room)
            throw Http2Errors.Connection(
                Http2ErrorCode.ProtocolError, "sent a frame with more padding than payload (RFC 9113, section 6.1)");
    }
}
