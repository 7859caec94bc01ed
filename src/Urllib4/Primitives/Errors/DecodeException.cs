namespace Urllib4;

/// <summary>
/// The content encoding of the body could not be undone: corrupt, cut short, too deep or too large; urllib3's <c>DecodeError</c>.
/// </summary>
public class DecodeException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The coding, and what was wrong with its data.</param>
    /// <param name="innerException">What the platform's decoder said, if anything.</param>
    public DecodeException(string message, Exception? innerException = null)
        : base(message, HttpPhase.Decode, Initiator.Server, innerException) => ServerMayHaveActed = true;
}

/// <summary>Decoding the body gave more than the caller allows: a decompression bomb, or a body too large to be read as a whole.</summary>
/// <remarks>The connection is closed. Where a large body is expected, read it as a stream, or raise the limit that is named.</remarks>
public sealed class DecodeLimitException : DecodeException
{
    /// <summary>Creates the error.</summary>
    /// <param name="limitName">The option that holds the limit.</param>
    /// <param name="limit">Its value.</param>
    /// <param name="received">Bytes of the body that were received, before decoding.</param>
    /// <param name="decoded">Bytes they had become when decoding stopped.</param>
    public DecodeLimitException(string limitName, long limit, long received, long decoded)
        : base($"{received} bytes of the body became {decoded} by decoding, which passes the limit of {limit} ({limitName}).")
    {
        LimitName = limitName;
        Limit = limit;
        Received = received;
        Decoded = decoded;
    }

    /// <summary>The name of the option that holds the limit.</summary>
    public string LimitName { get; }

    /// <summary>The limit: bytes, or decoded bytes for each byte received.</summary>
    public long Limit { get; }

    /// <summary>Bytes of the body that were received, before decoding.</summary>
    public long Received { get; }

    /// <summary>Bytes they had become when decoding stopped.</summary>
    public long Decoded { get; }
}
