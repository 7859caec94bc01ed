using Urllib4.Primitives;

namespace Urllib4;

/// <summary>The base of errors that concern a pool as a whole rather than one connection; urllib3's <c>PoolError</c>.</summary>
public abstract class PoolException : HttpException
{
    private protected PoolException(string message, HttpPhase phase, Initiator initiator, Exception? innerException = null)
        : base(message, phase, initiator, innerException)
    {
    }
}

/// <summary>A request was made on a pool or manager that had been closed; urllib3's <c>ClosedPoolError</c>.</summary>
public sealed class ClosedPoolException : PoolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pool">The pool, as it prints itself.</param>
    public ClosedPoolException(string pool)
        : base($"{pool} is closed: its owner closed or disposed it.", HttpPhase.PoolWait, Initiator.Us)
    {
    }
}

/// <summary>A pool for one host was asked for a URL of another; urllib3's <c>HostChangedError</c>.</summary>
public sealed class HostChangedException : PoolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pool">The pool, as it prints itself.</param>
    /// <param name="url">The URL that belongs elsewhere.</param>
    public HostChangedException(string pool, Url url)
        : base(
            $"{pool} cannot serve {Of(url)}, which has another origin; use a PoolManager for requests across hosts.",
            HttpPhase.Prepare,
            Initiator.Us) => Url = url;

    private static string Of(Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return FactText.Of(url);
    }
}

/// <summary>
/// A budget of <c>Retry</c> ran out; urllib3's <c>MaxRetryError</c>. <see cref="Reason"/> is the last failure, or a
/// <see cref="ResponseException"/> when it was the status of a response.
/// </summary>
public sealed class MaxRetryException : PoolException
{
    /// <summary>Creates the error from the failure that ended the retries.</summary>
    /// <param name="url">The URL that was asked for last.</param>
    /// <param name="reason">The last failure.</param>
    /// <param name="attempts">How often the request was sent or tried.</param>
    public MaxRetryException(Url url, HttpException reason, int attempts)
        : base(
            $"Gave up after {FactText.Count(attempts, "attempt")}: {Of(reason).Sentence}",
            reason.Phase,
            reason.Initiator,
            reason)
    {
        Url = url;
        Attempts = attempts;
        ServerMayHaveActed = reason.ServerMayHaveActed;
        IsTransient = reason.IsTransient;
        Connection = reason.Connection;
    }

    /// <summary>The last failure, the one no budget was left for. The same object as <see cref="Exception.InnerException"/>.</summary>
    public HttpException Reason => (HttpException)InnerException!;

    private static HttpException Of(HttpException reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason;
    }
}

/// <summary>
/// A response whose status or redirect could not be accepted: the <see cref="MaxRetryException.Reason"/> of another error, the end of a
/// download, or what <c>EnsureSuccess</c> throws.
/// </summary>
public sealed class ResponseException : PoolException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was wrong with the response.</param>
    /// <param name="status">The status of the response.</param>
    public ResponseException(string message, int status)
        : base(message, HttpPhase.Follow, Initiator.Server)
    {
        Status = status;
        ServerMayHaveActed = true;
        IsTransient = status >= 400; // a redirect stays where it points, an error may pass
    }

    /// <summary>The status of the response that was refused.</summary>
    public int Status { get; }

    /// <summary>
    /// The beginning of the body as text, at most 4,096 bytes of it, when <c>EnsureSuccess</c> threw this; else null. What a server says
    /// may hold secrets, so it is in no message.
    /// </summary>
    public string? BodyStart { get; internal init; }
}
