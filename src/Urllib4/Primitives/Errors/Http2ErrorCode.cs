namespace Urllib4;

/// <summary>The error codes of HTTP/2 (RFC 9113, section 7). A peer may send others; they keep their number.</summary>
public enum Http2ErrorCode
{
    /// <summary>Nothing is wrong: the stream or the connection simply ends.</summary>
    NoError = 0x0,

    /// <summary>A rule was broken that no other code is about.</summary>
    ProtocolError = 0x1,

    /// <summary>The side that sends it failed by itself.</summary>
    InternalError = 0x2,

    /// <summary>More was sent than the other side had room for, or a window grew past 2^31-1.</summary>
    FlowControlError = 0x3,

    /// <summary>Settings were not acknowledged in time.</summary>
    SettingsTimeout = 0x4,

    /// <summary>A frame came for a stream that had ended.</summary>
    StreamClosed = 0x5,

    /// <summary>A frame has a length that its type cannot have.</summary>
    FrameSizeError = 0x6,

    /// <summary>The stream was not processed at all; the request may be sent again.</summary>
    RefusedStream = 0x7,

    /// <summary>The stream is not wanted any more.</summary>
    Cancel = 0x8,

    /// <summary>The header compression of the two sides is out of step.</summary>
    CompressionError = 0x9,

    /// <summary>The connection behind a CONNECT was reset or closed abnormally.</summary>
    ConnectError = 0xa,

    /// <summary>The peer causes more work than it has reason to.</summary>
    EnhanceYourCalm = 0xb,

    /// <summary>The TLS below is too weak (RFC 9113, section 9.2).</summary>
    InadequateSecurity = 0xc,

    /// <summary>The request is to be sent over HTTP/1.1.</summary>
    Http11Required = 0xd,
}
