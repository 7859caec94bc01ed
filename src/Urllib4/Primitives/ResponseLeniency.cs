namespace Urllib4;

/// <summary>
/// Faults of a response that are forgiven. Each of them lets two readers of the same bytes see different messages, which is how responses
/// are smuggled (RFC 9112, section 11.2), so none is forgiven by default: name those of a server that cannot be mended.
/// </summary>
[Flags]
public enum ResponseLeniency
{
    /// <summary>None: the default.</summary>
    None = 0,

    /// <summary>A line of a head that ends in LF without CR (RFC 9112, section 2.2). Chunks and trailers stay as strict as ever.</summary>
    BareLineFeed = 1,

    /// <summary>
    /// A header line without a name: without a colon, or with nothing before it. It is dropped, with the lines it is folded over, and
    /// counted in <see cref="UrllibResponse.DroppedHeaderLines"/>.
    /// </summary>
    LineWithoutName = 2,

    /// <summary>Blanks between the name of a header and its colon (RFC 9112, section 5.1); they are dropped.</summary>
    BlankBeforeColon = 4,

    /// <summary>
    /// <c>Content-Length</c> beside <c>Transfer-Encoding: chunked</c>: the chunks count (RFC 9112, section 6.3). The connection is closed
    /// afterwards.
    /// </summary>
    ContentLengthBesideChunked = 8,

    /// <summary><c>chunked</c> named twice for a body that is chunked once. The connection is closed afterwards.</summary>
    ChunkedTwice = 16,

    /// <summary>
    /// The transfer coding <c>identity</c>, which means nothing and was taken out of HTTP (RFC 9112, section 12). The connection is closed
    /// afterwards.
    /// </summary>
    IdentityTransferCoding = 32,
}
