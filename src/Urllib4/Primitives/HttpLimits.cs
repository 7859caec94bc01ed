namespace Urllib4;

/// <summary>
/// What a server may send before it is cut off. Every limit ends the exchange with a <see cref="LimitExceededException"/> that names it,
/// and closes the connection.
/// </summary>
/// <remarks>Immutable, so safe to share between threads.</remarks>
public sealed record HttpLimits
{
    /// <summary>The defaults.</summary>
    public static HttpLimits Default { get; } = new();

    /// <summary>
    /// Bytes of one response head, status line and line ends included. Those of all 1xx responses before it count too: beside the limits of
    /// time, this is what bounds how many of them may come. Over HTTP/2 a field counts 32 bytes more than its name and value (RFC 9113,
    /// section 6.5.2). Default 65,536, as in <c>HttpClient</c>: four times what common servers are willing to send.
    /// </summary>
    public int MaxHeaderBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Header lines of one response. Default 256: more than twice what CPython and hyper accept, far below what costs memory.
    /// </summary>
    public int MaxHeaderLines { get; init; } = 256;

    /// <summary>Bytes of one chunk-size line, extensions included. Default 4,096; real lines have fewer than twenty.</summary>
    public int MaxChunkLineBytes { get; init; } = 4 * 1024;

    /// <summary>
    /// Bytes of chunk extensions of one body, over the bytes of the body itself: one-byte chunks with long extensions fail here.
    /// Default 16,384, as in hyper.
    /// </summary>
    public int MaxChunkExtensionBytes { get; init; } = 16 * 1024;

    /// <summary>Bytes of the trailers of one response. Default 16,384, as in hyper.</summary>
    public int MaxTrailerBytes { get; init; } = 16 * 1024;

    /// <summary>Whether the trailers are counted together with the heads before them, under <see cref="MaxHeaderBytes"/>.</summary>
    internal bool TrailersAreOfHead { get; init; }
}
