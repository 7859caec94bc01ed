namespace Urllib4;

/// <summary>Which versions of HTTP may be spoken with a server; see <see cref="PoolOptions.HttpVersions"/>.</summary>
[Flags]
public enum HttpVersions
{
    /// <summary>HTTP/1.1 (RFC 9112): one request at a time on a connection.</summary>
    Http11 = 1,

    /// <summary>
    /// HTTP/2 (RFC 9113): many requests at once on one connection. Alone it means HTTP/2 or nothing: over TLS the server has to agree in
    /// the handshake, and without TLS it is spoken from the first byte ("prior knowledge", RFC 9113, section 3.3).
    /// </summary>
    Http2 = 2,
}
