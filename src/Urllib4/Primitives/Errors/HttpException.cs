namespace Urllib4;

/// <summary>
/// The base of everything that can go wrong with a call, after urllib3's <c>HTTPError</c>. It says in which phase, for which URL,
/// on which connection, whose doing it was, and whether trying again may help.
/// </summary>
/// <remarks>
/// Cancellation is not an error of this tree: a cancelled call ends in <see cref="OperationCanceledException"/> with the caller's token.
/// Instances are written once, before they are thrown, and are safe to read from any thread.
/// </remarks>
public abstract class HttpException : Exception
{
    private protected HttpException(string message, HttpPhase phase, Initiator initiator, Exception? innerException)
        : base(message, innerException)
    {
        Phase = phase;
        Initiator = initiator;
    }

    /// <summary>The URL of the request that failed; after redirects, the hop that failed. Null when no URL was understood yet.</summary>
    public Url? Url { get; internal set; }

    /// <summary>The stage in which the call failed.</summary>
    public HttpPhase Phase { get; internal set; }

    /// <summary>Whose doing it was.</summary>
    public Initiator Initiator { get; internal set; }

    /// <summary>
    /// Whether the server may have begun to act on the request: true once a byte of it was handed to the network and nothing since
    /// proved that it was not processed. Repeat a request that is not idempotent only when this is false.
    /// </summary>
    public bool ServerMayHaveActed { get; internal set; }

    /// <summary>Whether the same call may succeed when it is tried again later, with nothing changed on this side.</summary>
    public bool IsTransient { get; internal set; }

    /// <summary>Why the request was not sent again, as the rest of a sentence; null when the question did not come up.</summary>
    public string? NotRetriedBecause { get; internal set; }

    /// <summary>What was tried and followed before, the oldest first; empty when this was the first attempt.</summary>
    public IReadOnlyList<RequestHistory> History { get; internal set; } = [];

    /// <summary>The connection the request travelled on, or null when there was none yet.</summary>
    public HttpConnectionInfo? Connection { get; internal set; }
}
