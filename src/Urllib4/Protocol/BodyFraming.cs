namespace Urllib4.Protocol;

/// <summary>The ways in which the end of a message is marked.</summary>
internal enum BodyKind : byte
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>A number of bytes that was announced.</summary>
    Length,

    /// <summary>Chunks, the last of which is empty.</summary>
    Chunked,

    /// <summary>The end of the connection; for responses only.</summary>
    UntilClose,
}

/// <summary>How a message shows where its body ends.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Length">The announced length, for <see cref="BodyKind.Length"/>.</param>
internal readonly record struct BodyFraming(BodyKind Kind, long Length = 0)
{
    public static BodyFraming None => default;

    public static BodyFraming Chunked => new(BodyKind.Chunked);

    public static BodyFraming UntilClose => new(BodyKind.UntilClose);

    public static BodyFraming OfLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new(BodyKind.Length, length);
    }

    /// <summary>
    /// The rules of RFC 9112, section 6.3, in their order. The second, a 2xx to CONNECT, is not here: that is no body but a tunnel.
    /// </summary>
    /// <param name="head">A final head.</param>
    /// <param name="answersHead">Whether the request was a HEAD.</param>
    public static BodyFraming OfResponse(ResponseHead head, bool answersHead)
    {
        if (answersHead || head.Status is < 200 or 204 or 304)
            return None;
        if (head.IsChunked && head.ContentLength is not null)
            throw new ProtocolException(
                "The response has both Transfer-Encoding and Content-Length (RFC 9112, section 6.3).", HttpPhase.Head);
        if (head.IsChunked)
            return Chunked;
        return head.ContentLength switch
        {
            null => UntilClose,
            0 => None,
            long length => OfLength(length),
        };
    }
}
