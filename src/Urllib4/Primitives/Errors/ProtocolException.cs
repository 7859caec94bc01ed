namespace Urllib4;

/// <summary>The peer broke a rule of HTTP, or the connection broke in the middle of an exchange; urllib3's <c>ProtocolError</c>.</summary>
/// <remarks>The connection is closed; nothing that came after the error is ever read as HTTP.</remarks>
public class ProtocolException : HttpException
{
    /// <summary>Creates the error for a rule the server broke.</summary>
    /// <param name="message">The rule, and the bytes that broke it, escaped and cut short.</param>
    /// <param name="phase">Where in the exchange it was noticed.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public ProtocolException(string message, HttpPhase phase, Exception? innerException = null)
        : this(message, phase, Initiator.Server, innerException)
    {
    }

    private protected ProtocolException(string message, HttpPhase phase, Initiator initiator, Exception? innerException)
        : base(message, phase, initiator, innerException) => ServerMayHaveActed = true;
}

/// <summary>A limit on what a peer may send was passed; the limit is named, and so is the option that sets it.</summary>
public sealed class LimitExceededException : ProtocolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="limitName">The option that holds the limit.</param>
    /// <param name="limit">Its value.</param>
    /// <param name="what">What was too much, as the beginning of a sentence.</param>
    /// <param name="phase">Where in the exchange it was noticed.</param>
    public LimitExceededException(string limitName, long limit, string what, HttpPhase phase)
        : base($"{what} passed the limit of {limit} ({limitName}); raise it if the server may send that much.", phase)
    {
        LimitName = limitName;
        Limit = limit;
    }

    /// <summary>The name of the option that holds the limit.</summary>
    public string LimitName { get; }

    /// <summary>The limit.</summary>
    public long Limit { get; }
}

/// <summary>
/// The connection ended before the first byte of a response: the server or something on the way closed or reset it.
/// </summary>
public sealed class ConnectionClosedException : ProtocolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was sent on which connection when it closed.</param>
    /// <param name="phase"><see cref="HttpPhase.Send"/> or <see cref="HttpPhase.Head"/>.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public ConnectionClosedException(string message, HttpPhase phase, Exception? innerException = null)
        : base(message, phase, Initiator.Network, innerException) => IsTransient = true;
}

/// <summary>The response body ended early; urllib3's <c>IncompleteRead</c>. What was read before stays readable.</summary>
public class IncompleteReadException : ProtocolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="received">Body bytes received.</param>
    /// <param name="expected">Body bytes announced in all, or null when the length was not announced.</param>
    /// <param name="message">How it was noticed, or null for the plain sentence.</param>
    /// <param name="innerException">What the platform said, if anything.</param>
    public IncompleteReadException(long received, long? expected, string? message = null, Exception? innerException = null)
        : base(message ?? Describe(received, expected), HttpPhase.Body, Initiator.Network, innerException)
    {
        Received = received;
        Expected = expected;
        IsTransient = true;
    }

    /// <summary>Body bytes received before the end, as framed: without chunk headers, before content decoding.</summary>
    public long Received { get; }

    /// <summary>Body bytes the server had announced in all, or null when it had not.</summary>
    public long? Expected { get; }

    /// <summary>
    /// What the call that failed had read of the body by then, decoded if the body is: all of it from a request that reads it whole. Empty
    /// where every part is handed out as it comes, since the caller has it already.
    /// </summary>
    public ReadOnlyMemory<byte> Partial { get; internal set; }

    private static string Describe(long received, long? expected) => expected is { } all
        ? $"The response body ended after {received} bytes, {all - received} short of the {all} announced."
        : $"The response body ended after {received} bytes, before its end was marked.";
}

/// <summary>A chunk of the response body was framed wrongly; urllib3's <c>InvalidChunkLength</c>.</summary>
public sealed class InvalidChunkException : ProtocolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The rule of RFC 9112, section 7.1, and the bytes that broke it, escaped and cut short.</param>
    public InvalidChunkException(string message)
        : base(message, HttpPhase.Body)
    {
    }
}
