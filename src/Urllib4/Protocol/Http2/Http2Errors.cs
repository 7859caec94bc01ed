namespace Urllib4.Protocol.Http2;

/// <summary>The two kinds of errors of RFC 9113, section 5.4. Whatever a server does wrong to the connection ends all of it.</summary>
internal static class Http2Errors
{
    /// <summary>An error that ends the connection.</summary>
    /// <param name="code">What GOAWAY says.</param>
    /// <param name="rule">The rule that was broken, as the rest of a sentence about the server, with its section.</param>
    public static Http2Exception Connection(Http2ErrorCode code, string rule) =>
        new($"The server {rule}. The HTTP/2 connection was closed ({code}).", code);

    /// <summary>An error that ends one stream.</summary>
    public static Http2Exception Stream(int streamId, Http2ErrorCode code, string rule, HttpPhase phase) =>
        new($"The server {rule}. Stream {streamId} was reset ({code}).", code, streamId, phase);

    /// <summary>The server has reset a stream.</summary>
    public static Http2Exception Reset(int streamId, Http2ErrorCode code, HttpPhase phase) =>
        new($"The server reset stream {streamId} with {Name(code)} (RFC 9113, section 6.4).", code, streamId, phase);

    /// <summary>The server closes the connection, and says that it has not looked at a stream.</summary>
    public static Http2Exception Unprocessed(int streamId, Http2ErrorCode code) =>
        new(
            $"The server closes the connection with {Name(code)} and has not processed stream {streamId} (RFC 9113, section 6.8).",
            code,
            streamId)
        {
            ServerMayHaveActed = false,
            IsTransient = true,
        };

    private static string Name(Http2ErrorCode code) => Enum.IsDefined(code) ? code.ToString() : $"0x{(uint)code:x}";
}
