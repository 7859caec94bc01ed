namespace Urllib4.Protocol.Hpack;

/// <summary>What a header block can be refused for.</summary>
internal static class HpackError
{
    /// <summary>
    /// The error for a rule that was broken. Both tables are out of step from here on, so it ends the connection (RFC 9113, section 4.3).
    /// </summary>
    /// <param name="rule">The rule, as the middle of a sentence, with its section of RFC 7541.</param>
    public static Http2Exception Broken(string rule) =>
        new($"The server's header block cannot be decoded: {rule}.", Http2ErrorCode.CompressionError);
}
