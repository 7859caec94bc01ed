namespace Urllib4;

/// <summary>
/// A proxy answered CONNECT with something else than a tunnel. What it said is here and never in a response, since the origin did not
/// say it.
/// </summary>
/// <remarks>Not a byte of the request was sent. Whether trying again may help depends on <see cref="Status"/>.</remarks>
public sealed class TunnelRefusedException : ProxyException
{
    internal const int MaxBodyLength = 64 * 1024;

    /// <summary>Creates the error.</summary>
    /// <param name="message">Which proxy, for which origin, and what it answered.</param>
    /// <param name="status">The status of its answer.</param>
    /// <param name="headers">The headers of its answer.</param>
    /// <param name="body">The body of its answer, cut off after 64 KiB.</param>
    public TunnelRefusedException(string message, int status, HttpHeaderDict headers, ReadOnlyMemory<byte> body)
        : base(message)
    {
        Status = status;
        Headers = headers;
        Body = body;
        IsTransient = status is 429 or >= 500;
    }

    /// <summary>The status of the proxy's answer.</summary>
    public int Status { get; }

    /// <summary>The headers of the proxy's answer; read-only.</summary>
    public HttpHeaderDict Headers { get; }

    /// <summary>The body of the proxy's answer as it came, without its framing; cut off after 64 KiB, empty when there was none.</summary>
    public ReadOnlyMemory<byte> Body { get; }
}
