namespace Urllib4;

/// <summary>
/// A stream or a connection of HTTP/2 ended with an error: the server reset or refused it, or broke a rule (RFC 9113, section 5.4).
/// </summary>
/// <remarks>
/// With a stream the other requests on the connection go on; without one (<see cref="StreamId"/> is 0) the connection ended.
/// Instances are written once, before they are thrown, and are safe to read from any thread.
/// </remarks>
public sealed class Http2Exception : ProtocolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened; bytes of the peer escaped and cut short.</param>
    /// <param name="errorCode">The code that was sent or received.</param>
    /// <param name="streamId">The stream, or 0 for the connection.</param>
    /// <param name="phase">Where in the exchange it was noticed.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public Http2Exception(
        string message, Http2ErrorCode errorCode, int streamId = 0, HttpPhase phase = HttpPhase.Head, Exception? innerException = null)
        : base(message, phase, innerException)
    {
        ErrorCode = errorCode;
        StreamId = streamId;
        ServerMayHaveActed = errorCode is not Http2ErrorCode.RefusedStream;
        IsTransient = errorCode is Http2ErrorCode.RefusedStream or Http2ErrorCode.NoError;
    }

    /// <summary>Why: as the server said it, or as it was told to the server.</summary>
    public Http2ErrorCode ErrorCode { get; }

    /// <summary>The stream that ended, or 0 when it was the connection.</summary>
    public int StreamId { get; }
}
