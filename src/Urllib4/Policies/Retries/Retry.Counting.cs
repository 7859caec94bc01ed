using System.Collections.Immutable;
using Urllib4.Policies;

namespace Urllib4;

/// <content>What the engine asks of a value: whether a request may be sent again, what is left then, and after which pause.</content>
public sealed partial record Retry
{
    /// <summary>Whether a method may be sent again although the server may have acted on it.</summary>
    internal bool Allows(string method) => AllowedMethods.Contains(method) || AllowedMethods.Contains("*");

    /// <summary>As <see cref="IsRetry"/>, for a request whose method does not matter.</summary>
    internal bool IsRetryStatus(int status, bool hasRetryAfter) => _statusForcelist?.Contains(status) == true
        || (hasRetryAfter && RespectRetryAfterHeader && RetryAfterStatusCodes.Contains(status) && Total is not <= 0 && Status is not <= 0);

    /// <summary>Counts a failure without throwing.</summary>
    /// <param name="method">The method that was sent.</param>
    /// <param name="url">The URL that was asked for.</param>
    /// <param name="error">The failure.</param>
    /// <param name="anyMethod">
    /// Whether <see cref="AllowedMethods"/> does not matter: it was not processed, or carries an Idempotency-Key.
    /// </param>
    /// <param name="end">What to throw, or null when the call may go on.</param>
    /// <param name="attempts">How many attempts there were, the free ones included; by default those that were counted.</param>
    internal Retry Count(string method, Url url, HttpException error, bool anyMethod, out HttpException? end, int? attempts = null)
    {
        FailureKind kind = FailureKinds.Of(error);
        Retry next = this with
        {
            Total = Less(Total, true),
            Connect = Less(Connect, kind == FailureKind.Connect),
            Read = Less(Read, kind == FailureKind.Read),
            Other = Less(Other, kind == FailureKind.Other),
            History = History.Add(new() { Method = method, Url = url, Error = error }),
        };
        end = (kind, next.IsExhausted) switch
        {
            (FailureKind.Final, _) => error,
            (FailureKind.Read, _) when !anyMethod && !Allows(method) => error,
            (_, true) => next.End(url, error, attempts ?? next.History.Count),
            _ => null,
        };
        return next;
    }

    /// <summary>Counts a response without throwing.</summary>
    /// <param name="method">The method that was sent.</param>
    /// <param name="url">The URL that was asked for.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="redirectLocation">The <c>Location</c> of a redirect, or null when the status is the reason.</param>
    /// <param name="end">What to throw if the call is to throw, or null when it may go on.</param>
    /// <param name="attempts">How many attempts there were, the free ones included; by default those that were counted.</param>
    internal Retry Count(
        string method, Url url, int status, string? redirectLocation, out MaxRetryException? end, int? attempts = null)
    {
        Retry next = this with
        {
            Total = Less(Total, true),
            Redirect = Less(Redirect, redirectLocation is not null),
            Status = Less(Status, redirectLocation is null),
            History = History.Add(new() { Method = method, Url = url, Status = status, RedirectLocation = redirectLocation }),
        };
        string cause = redirectLocation is null ? $"too many {status} error responses" : "too many redirects";
        end = next.IsExhausted
            ? new MaxRetryException(url, new ResponseException(cause, status), attempts ?? next.History.Count)
            : null;
        return next;
    }

    /// <summary>What a call throws that could be retried, but is not.</summary>
    internal HttpException End(Url url, HttpException error, int attempts) =>
        RaiseReason ? error : new MaxRetryException(url, error, attempts);

    /// <summary>
    /// The pause after what was counted last: the server's <c>Retry-After</c>, or else the back-off, which is nothing after a redirect.
    /// </summary>
    /// <param name="retryAfter">The field of the response, or null.</param>
    /// <param name="now">The wall clock, for a <c>Retry-After</c> that is a date.</param>
    /// <param name="chance">Gives numbers in [0, 1).</param>
    internal TimeSpan Delay(string? retryAfter, DateTimeOffset now, Func<double> chance)
    {
        TimeSpan delay = TimeSpan.Zero;
        if (RespectRetryAfterHeader && retryAfter is not null && RetryAfter.TryParse(retryAfter, now, out TimeSpan asked))
            delay = asked < RetryAfterMax ? asked : RetryAfterMax;
        return delay > TimeSpan.Zero
            ? delay
            : Backoff.Of(Backoff.ConsecutiveErrors(History), BackoffFactor, BackoffMax, BackoffJitter, chance);
    }

    /// <summary>Asks <see cref="OnRetry"/> for the pause to make; null when it vetoes the retry.</summary>
    internal TimeSpan? Agree(TimeSpan delay)
    {
        if (OnRetry is null)
            return delay;
        RetryDecision decision = OnRetry(new() { History = History, Delay = delay })
            ?? throw new InvalidRequestException($"{nameof(OnRetry)} returned null; it is to return a {nameof(RetryDecision)}.");
        return decision.GoesOn ? decision.Delay ?? delay : null;
    }

    private static int? Less(int? counter, bool counts) => counts && counter >= 0 ? counter - 1 : counter;
}
