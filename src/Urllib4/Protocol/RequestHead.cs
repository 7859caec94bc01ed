namespace Urllib4.Protocol;

/// <summary>What goes out before the body.</summary>
/// <param name="Method">The method, case-sensitive.</param>
/// <param name="Target">
/// The request target as it will stand on the wire (RFC 9112, section 3.2): <c>/path?query</c>, an absolute URL for a proxy,
/// <c>host:port</c> for CONNECT, or <c>*</c> for OPTIONS.
/// </param>
/// <param name="Host">The value of <c>Host</c> if <paramref name="Headers"/> has none.</param>
/// <param name="Headers">The other fields; written in their order and spelling.</param>
/// <param name="Framing">How the body will end; <see cref="BodyFraming.None"/> for none.</param>
internal readonly record struct RequestHead(string Method, string Target, string Host, HttpHeaderDict Headers, BodyFraming Framing)
{
    /// <summary><see cref="Headers"/>, when they were made ready before; else null.</summary>
    public HeaderBlock? Block { get; init; }

    /// <summary>What it means for the response and the connection, when it was checked already; else null.</summary>
    public RequestTerms? Terms { get; init; }

    /// <summary>
    /// The protocol a CONNECT asks for (RFC 8441, HTTP/2 only): the target is then that of a resource, and the body a stream in both
    /// directions. Null for everything else.
    /// </summary>
    public string? Protocol { get; init; }
}
