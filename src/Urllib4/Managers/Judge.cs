using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol.Http1;

namespace Urllib4.Managers;

/// <summary>What a response or a failure means for the call.</summary>
/// <param name="IsEnd">Whether the call is over: with this response, or with the error.</param>
/// <param name="Error">What it ends with; null when the response is the result, or the call goes on.</param>
/// <param name="Pause">How long to wait before the next attempt.</param>
internal readonly record struct Verdict(bool IsEnd, HttpException? Error = null, TimeSpan Pause = default)
{
    public static Verdict Return { get; } = new(true);

    public static Verdict Throw(HttpException error) => new(true, error);

    public static Verdict Again(TimeSpan pause) => new(false, null, pause);
}

/// <summary>
/// Decides after each attempt, without waiting or sending anything; what it decides is written into the <see cref="Call"/>.
/// </summary>
internal static class Judge
{
    /// <summary>A response came.</summary>
    public static Verdict OfHead(Call call, ResponseHead head, Exchange exchange)
    {
        if (call.Redirects is { } redirects && head.Status is 301 or 302 or 303 or 307 or 308)
            return OfRedirect(call, head, redirects);
        if (head.Status == 417 && (call.Request.Body?.IsReplayable != false || !exchange.HasOpenedBody) && call.TryDropExpectation())
            return Verdict.Again(TimeSpan.Zero);
        string? retryAfter = head.Status < 400 ? null : head.Headers[HeaderNames.RetryAfter];
        ReplayEvent? happened = head.Status switch
        {
            < 400 => null,
            421 or 425 => ReplayEvent.NotProcessedStatus,
            _ when call.Retries.IsRetryStatus(head.Status, !string.IsNullOrEmpty(retryAfter)) => ReplayEvent.RetryableStatus,
            408 when exchange.Connection.IsReused => ReplayEvent.RequestTimeoutStatus,
            _ => null,
        };
        return happened is { } question ? OfStatus(call, head, exchange, question, retryAfter) : Verdict.Return;
    }

    /// <summary>The attempt failed, before there was an exchange or in it.</summary>
    public static Verdict OfFailure(Call call, HttpException error, Exchange? exchange)
    {
        Complete(call, error, exchange);
        if (FailureKinds.Of(error) == FailureKind.Final)
            return Verdict.Throw(Annotated(call, error, null));
        ReplayEvent happened = exchange is null ? ReplayEvent.ConnectFailed
            : error is HttpTimeoutException ? ReplayEvent.TimedOut : ReplayEvent.ConnectionClosed;
        ReplayAnswer answer = Ask(call, exchange, happened);
        if (answer.Verdict == ReplayVerdict.Replay)
        {
            call.Replay();
            return Verdict.Again(TimeSpan.Zero);
        }

        if (answer.Verdict == ReplayVerdict.No)
            return Verdict.Throw(Final(call, error, answer));
        Retry next = call.Retries.Count(call.Request.Method, call.Request.Url, error, answer.AnyMethod, out HttpException? end);
        if (end is not null)
            return Verdict.Throw(Annotated(call, end, $"the retries were used up ({call.Retries})"));
        return TryAgain(call, next, null, out TimeSpan pause, out string whyNot)
            ? Verdict.Again(pause)
            : Verdict.Throw(Annotated(call, error, whyNot));
    }

    private static Verdict OfRedirect(Call call, ResponseHead head, RedirectOptions options)
    {
        OutgoingRequest request = call.Request;
        IReadOnlyList<string> locations = head.Headers.GetAll(HeaderNames.Location);
        string? location = locations.Count == 0 ? null : locations[0];
        // Two different ways to go are none: whoever stands between may have read the other one.
        if (locations.Any(other => other != location))
        {
            var ambiguous = new RedirectException(request.Url, string.Join(", ", locations), RedirectRule.UnusableLocation);
            return Verdict.Throw(Annotated(call, ambiguous, null));
        }

        RedirectOutcome outcome = RedirectRules.Decide(
            new RedirectHop
            {
                Method = request.Method,
                Url = request.Url,
                Headers = request.Headers,
                Status = head.Status,
                Location = location,
                HasBody = request.Body is not null,
                BodyIsReplayable = request.Body?.IsReplayable != false,
                History = call.Retries.History,
                RemoveHeaders = call.Retries.RemoveHeadersOnRedirect,
            },
            options);
        if (outcome.Refusal is { } refusal && call.Retries.RaiseOnRedirect)
            return Verdict.Throw(Annotated(call, refusal, null));
        if (outcome.Next is not { } step)
            return Verdict.Return;
        Retry next = call.Retries.Count(request.Method, request.Url, head.Status, location, out MaxRetryException? end);
        if (end is not null)
            return call.Retries.RaiseOnRedirect ? Verdict.Throw(Annotated(call, end, null)) : Verdict.Return;
        TimeSpan pause = Call.PauseAfter(next, head.Headers[HeaderNames.RetryAfter], call.Remaining, call.Options.Clock);
        call.Follow(step, next);
        return Verdict.Again(pause);
    }

    private static Verdict OfStatus(Call call, ResponseHead head, Exchange exchange, ReplayEvent happened, string? retryAfter)
    {
        ReplayAnswer answer = Ask(call, exchange, happened);
        if (answer.Verdict == ReplayVerdict.No)
            return Verdict.Return;
        if (answer.Verdict == ReplayVerdict.Replay)
        {
            call.Replay();
            return Verdict.Again(TimeSpan.Zero);
        }

        Retry next = call.Retries.Count(call.Request.Method, call.Request.Url, head.Status, null, out MaxRetryException? end);
        if (end is not null)
            return call.Retries.RaiseOnStatus ? Verdict.Throw(Annotated(call, end, null)) : Verdict.Return;
        return TryAgain(call, next, retryAfter, out TimeSpan pause, out _) ? Verdict.Again(pause) : Verdict.Return;
    }

    private static bool TryAgain(Call call, Retry next, string? retryAfter, out TimeSpan pause, out string whyNot)
    {
        pause = Call.PauseAfter(next, retryAfter, call.Remaining, call.Options.Clock);
        whyNot = $"{nameof(Retry.OnRetry)} said no";
        if (next.Agree(pause, call.Remaining) is not { } agreed)
            return false;
        pause = agreed;
        whyNot = "the retry budget of the manager was used up";
        if (!call.TryTakeRetry())
            return false;
        call.Again(next);
        return true;
    }

    private static ReplayAnswer Ask(Call call, Exchange? exchange, ReplayEvent happened)
    {
        OutgoingRequest request = call.Request;
        SendProgress progress = exchange?.Progress ?? SendProgress.NothingWritten;
        return ReplayRules.Decide(new ReplayFacts
        {
            Event = happened,
            Progress = progress,
            Method = request.Method,
            IsAllowed = call.Retries.Allows(request.Method),
            HasIdempotencyKey = call.Own.HonoursIdempotencyKey && request.Headers.Contains("Idempotency-Key"),
            IsReused = exchange?.Connection.IsReused == true,
            AlreadyReplayed = call.WasReplayed,
            BodyIsReplayable = request.Body?.IsReplayable != false || exchange?.HasOpenedBody != true,
            BodyBytesWritten = exchange?.BodyBytesSent ?? 0,
        });
    }

    private static HttpException Final(Call call, HttpException error, in ReplayAnswer answer)
    {
        if (!answer.BodyIsSpent)
            return Annotated(call, error, answer.Why);
        var spent = new UnrewindableBodyException($"The request failed, and {answer.Why}.", error)
        {
            Url = error.Url,
            Connection = error.Connection,
            ServerMayHaveActed = error.ServerMayHaveActed,
        };
        return Annotated(call, spent, answer.Why);
    }

    private static HttpException Annotated(Call call, HttpException error, string? whyNot)
    {
        error.Url ??= call.Request.Url;
        error.NotRetriedBecause ??= whyNot;
        if (error.History.Count == 0)
            error.History = call.Retries.History;
        return error;
    }

    private static void Complete(Call call, HttpException error, Exchange? exchange)
    {
        error.Url ??= call.Request.Url;
        if (exchange is null)
            return;
        error.Connection ??= exchange.Connection;
        // A body that cannot be decoded may be noticed when the connection serves somebody else already.
        error.ServerMayHaveActed = error is DecodeException || exchange.Progress != SendProgress.NothingWritten;
    }
}
