using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Managers;

/// <summary>What a response or a failure means for the call.</summary>
/// <param name="IsEnd">Whether the call is over: with this response, or with the error.</param>
/// <param name="Error">What it ends with; null when the response is the result, or the call goes on.</param>
/// <param name="Pause">How long to wait before the next attempt.</param>
/// <param name="Why">Why there is a next attempt, for the report; null at the end.</param>
/// <param name="IsNextLeg">Whether the next attempt answers a challenge, on the same connection if it is bound to that.</param>
internal readonly record struct Verdict(
    bool IsEnd, HttpException? Error = null, TimeSpan Pause = default, string? Why = null, bool IsNextLeg = false)
{
    public static Verdict Return { get; } = new(true);

    public static Verdict Throw(HttpException error) => new(true, error);

    public static Verdict Again(TimeSpan pause, string why) => new(false, null, pause, why);
}

/// <summary>
/// Decides after each attempt, without waiting or sending anything; what it decides is written into the <see cref="Call"/>.
/// </summary>
internal static class Judge
{
    private const string Unproven = "The server did not prove that it knows the password (RFC 7616, section 3.5).";

    /// <summary>A response came.</summary>
    public static Verdict OfHead(ref Call call, ResponseHead head, Exchange exchange)
    {
        Verdict verdict = Weigh(ref call, head, exchange);
        // Only a handshake that goes on needs the same connection again.
        if (!verdict.IsNextLeg)
            call.LetGo();
        return verdict;
    }

    /// <summary>The attempt failed, before there was an exchange or in it.</summary>
    public static Verdict OfFailure(ref Call call, HttpException error, Exchange? exchange)
    {
        Complete(ref call, error, exchange);
        if (FailureKinds.Of(error) == FailureKind.Final)
            return Verdict.Throw(Annotated(ref call, error, null));
        ReplayEvent happened = exchange is null ? ReplayEvent.ConnectFailed
            : error is HttpTimeoutException ? ReplayEvent.TimedOut : ReplayEvent.ConnectionClosed;
        ReplayAnswer answer = Ask(ref call, exchange, happened);
        if (answer.Verdict == ReplayVerdict.Replay)
        {
            call.Replay();
            return Verdict.Again(TimeSpan.Zero, answer.Why);
        }

        if (answer.Verdict == ReplayVerdict.No)
            return Verdict.Throw(Final(ref call, error, answer));
        Retry next = call.Retries.Count(call.Request.Method, call.Request.Url, error, answer.AnyMethod, out HttpException? end);
        string whyNot = UsedUp(next);
        if (end is null && TryAgain(ref call, next, null, out TimeSpan pause, out whyNot))
            return Verdict.Again(pause, answer.Why);
        // The failure itself tells why it was the last one, even when it is only the reason of another error.
        error.NotRetriedBecause = NotResent(ref call, whyNot);
        return Verdict.Throw(Annotated(ref call, end ?? error, error.NotRetriedBecause));
    }

    private static Verdict Weigh(ref Call call, ResponseHead head, Exchange exchange)
    {
        if (head.Status is 401 or 407 && call.TryAnswer(head))
        {
            ReplayAnswer answer = Ask(ref call, exchange, ReplayEvent.Challenge);
            return answer.Verdict == ReplayVerdict.Replay
                ? Verdict.Again(TimeSpan.Zero, answer.Why) with { IsNextLeg = true }
                : Verdict.Return;
        }

        if (!call.Confirms(head))
            return Verdict.Throw(Refused(ref call, new ProtocolException(Unproven, HttpPhase.Head), exchange));
        if (head.Status is 301 or 302 or 303 or 307 or 308 && call.Redirects is { } redirects)
            return OfRedirect(ref call, head, exchange, redirects);
        if (head.Status == 417 && (call.Request.Body?.IsReplayable != false || !exchange.HasOpenedBody) && call.TryDropExpectation())
            return Verdict.Again(TimeSpan.Zero, $"the {call.Request.Method} was resent without Expect, which the server cannot meet");
        string? retryAfter = head.Status < 400 ? null : head.Headers[HeaderNames.RetryAfter];
        ReplayEvent? happened = head.Status switch
        {
            < 400 => null,
            421 or 425 => ReplayEvent.NotProcessedStatus,
            _ when call.Retries.IsRetryStatus(head.Status, !string.IsNullOrEmpty(retryAfter)) => ReplayEvent.RetryableStatus,
            408 when exchange.Connection.IsReused => ReplayEvent.RequestTimeoutStatus,
            _ => null,
        };
        return happened is { } question ? OfStatus(ref call, head, exchange, question, retryAfter) : Verdict.Return;
    }

    private static Verdict OfRedirect(ref Call call, ResponseHead head, Exchange exchange, RedirectOptions options)
    {
        OutgoingRequest request = call.Request;
        IReadOnlyList<string> locations = head.Headers.GetAll(HeaderNames.Location);
        string? location = locations.Count == 0 ? null : locations[0];
        // Two different ways to go are none: whoever stands between may have read the other one.
        if (locations.Any(other => other != location))
        {
            var ambiguous = new RedirectException(request.Url, string.Join(", ", locations), RedirectRule.UnusableLocation);
            return Verdict.Throw(Refused(ref call, ambiguous, exchange));
        }

        RedirectOutcome outcome = RedirectRules.Decide(
            new RedirectHop
            {
                Method = request.Method,
                Url = request.Url,
                Headers = request.Headers,
                Status = head.Status,
                Location = location,
                ResponseHeaders = head.Headers,
                HasBody = request.Body is not null,
                BodyIsReplayable = request.Body?.IsReplayable != false,
                History = call.Retries.History,
                RemoveHeaders = call.Retries.RemoveHeadersOnRedirect,
            },
            options);
        if (outcome.Refusal is { } refusal && call.Retries.RaiseOnRedirect)
            return Verdict.Throw(Refused(ref call, refusal, exchange));
        if (outcome.Next is not { } step)
            return Verdict.Return;
        Retry next = call.Retries.Count(request.Method, request.Url, head.Status, location, out MaxRetryException? end);
        if (end is not null)
        {
            string whyNot = $"the redirect was not followed because {UsedUp(next)}";
            return call.Retries.RaiseOnRedirect ? Verdict.Throw(Refused(ref call, end, exchange, whyNot)) : Verdict.Return;
        }

        TimeSpan pause = Call.PauseAfter(next, head.Headers[HeaderNames.RetryAfter], call.Remaining, call.Options.Clock);
        call.Follow(step, next);
        return Verdict.Again(pause, $"the redirect was followed to {FactText.Of(step.Url)}");
    }

    private static Verdict OfStatus(ref Call call, ResponseHead head, Exchange exchange, ReplayEvent happened, string? retryAfter)
    {
        ReplayAnswer answer = Ask(ref call, exchange, happened);
        if (answer.Verdict == ReplayVerdict.No)
            return Verdict.Return;
        if (answer.Verdict == ReplayVerdict.Replay)
        {
            call.Replay();
            return Verdict.Again(TimeSpan.Zero, answer.Why);
        }

        Retry next = call.Retries.Count(call.Request.Method, call.Request.Url, head.Status, null, out MaxRetryException? end);
        if (end is not null)
            return call.Retries.RaiseOnStatus
                ? Verdict.Throw(Refused(ref call, end, exchange, NotResent(ref call, UsedUp(next))))
                : Verdict.Return;
        return TryAgain(ref call, next, retryAfter, out TimeSpan pause, out _) ? Verdict.Again(pause, answer.Why) : Verdict.Return;
    }

    private static bool TryAgain(ref Call call, Retry next, string? retryAfter, out TimeSpan pause, out string whyNot)
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

    private static ReplayAnswer Ask(ref Call call, Exchange? exchange, ReplayEvent happened)
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

    private static HttpException Final(ref Call call, HttpException error, in ReplayAnswer answer)
    {
        if (!answer.BodyIsSpent)
            return Annotated(ref call, error, answer.Why);
        error.NotRetriedBecause = answer.Why;
        var spent = new UnrewindableBodyException($"{error.Sentence.TrimEnd('.')}, and {answer.Why}.", error)
        {
            Connection = error.Connection,
            ServerMayHaveActed = error.ServerMayHaveActed,
            IsTransient = error.IsTransient,
        };
        return Annotated(ref call, spent, answer.Why);
    }

    private static string UsedUp(Retry next) => $"{nameof(Retry)}.{next.ExhaustedCounter} allowed no more";

    private static string NotResent(ref Call call, string why) => $"the {call.Request.Method} was not resent because {why}";

    private static HttpException Annotated(ref Call call, HttpException error, string? whyNot)
    {
        error.NotRetriedBecause ??= whyNot;
        call.Blame(error);
        return error;
    }

    private static HttpException Refused(ref Call call, HttpException error, Exchange exchange, string? whyNot = null)
    {
        Complete(ref call, error, exchange);
        return Annotated(ref call, error, whyNot);
    }

    private static void Complete(ref Call call, HttpException error, Exchange? exchange)
    {
        if (exchange is not null)
        {
            error.Connection ??= exchange.Connection;
            // A body that cannot be decoded may be noticed when the connection serves somebody else already.
            error.ServerMayHaveActed = error is DecodeException || exchange.Progress != SendProgress.NothingWritten;
        }

        call.Blame(error);
    }
}
