using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;

namespace Urllib4.Managers;

/// <summary>
/// Says what an attempt means for its call. Pure: it takes facts and gives a <see cref="Verdict"/>. It changes nothing, waits for nothing
/// and calls no code of a user.
/// </summary>
internal static class Judge
{
    private const string Unproven = "The server did not prove that it knows the password (RFC 7616, section 3.5).";

    /// <summary>A response came.</summary>
    public static Verdict OfHead(in CallFacts call, in AttemptFacts attempt, ResponseHead head)
    {
        if (attempt.HasAnswer)
        {
            ReplayAnswer answer = Ask(call, attempt, ReplayEvent.Challenge);
            return answer.Verdict == ReplayVerdict.Replay ? new Verdict.NextLeg(answer.Why) : Verdict.Return.Response;
        }

        if (attempt.IsUnproven)
            return new Verdict.Fail(new ProtocolException(Unproven, HttpPhase.Head));
        return head.Status switch
        {
            300 when call is { FollowsChoices: true, Redirects: { } choice } => OfRedirect(call, attempt, head, choice),
            301 or 302 or 303 or 307 or 308 when call.Redirects is { } options => OfRedirect(call, attempt, head, options),
            < 400 => Verdict.Return.Response,
            417 when CanDropExpectation(call, attempt) => WithoutExpectation(call.Request),
            _ => OfStatus(call, attempt, head),
        };
    }

    /// <summary>The attempt failed, before there was a connection or on it.</summary>
    public static Verdict OfFailure(in CallFacts call, in AttemptFacts attempt, HttpException error)
    {
        if (attempt.HasAnotherProxy)
            return new Verdict.Reroute($"{error.Sentence} The next proxy was tried.");
        if (FailureKinds.Of(error) == FailureKind.Final)
            return new Verdict.Fail(error);
        ReplayEvent happened = !attempt.HadConnection ? ReplayEvent.ConnectFailed
            : error is Http2Exception { StreamId: > 0, ServerMayHaveActed: false } ? ReplayEvent.StreamRefused
            : error is Http2Exception { ErrorCode: Http2ErrorCode.Http11Required } ? ReplayEvent.Http11Required
            : error is HttpTimeoutException ? ReplayEvent.TimedOut : ReplayEvent.ConnectionClosed;
        ReplayAnswer answer = Ask(call, attempt, happened);
        // A hundred streams of one dead connection need not open a hundred others; the dead one takes none.
        bool goesAnywhere = attempt.IsStream && happened is ReplayEvent.StreamRefused or ReplayEvent.ConnectionClosed;
        if (answer.Verdict == ReplayVerdict.Replay)
            return new Verdict.Replay(answer.Why) { WantsFresh = !goesAnywhere };
        if (answer.Verdict == ReplayVerdict.No)
            return new Verdict.Fail(answer.BodyIsSpent ? Spent(error, answer.Why) : error, answer.Why);
        OutgoingRequest request = call.Request;
        Retry next = call.Retries.Count(request.Method, request.Url, error, answer.AnyMethod, out HttpException? end, call.Attempts);
        var again = new Verdict.Again(next, end ?? error, answer.Why)
        {
            Pause = next.Delay(null, call.Clock.GetUtcNow(), call.Chance),
            // What befell one connection that had lain idle is likely to befall the others.
            WantsFresh = call.WantedFresh || (attempt.IsReused && !goesAnywhere),
        };
        return end is null ? again : again.Instead(UsedUp(next));
    }

    /// <summary>Looks once more at what the caller has agreed to and may have changed: the pause, or the headers of the next hop.</summary>
    public static Verdict Review(in CallFacts call, Verdict.GoOn verdict) => verdict switch
    {
        Verdict.Follow follow => Refusal(call, follow, out string? whyNot) is { } refusal ? Refuse(call, refusal, whyNot) : follow,
        Verdict.Again again when !Fits(call, again.Pause) => WithoutTime(call, again),
        _ => verdict,
    };

    private static Verdict OfRedirect(in CallFacts call, in AttemptFacts attempt, ResponseHead head, RedirectOptions options)
    {
        OutgoingRequest request = call.Request;
        IReadOnlyList<string> locations = head.Headers.GetAll(HeaderNames.Location);
        string? location = locations.Count == 0 ? null : locations[0];
        // Two different ways to go are none: whoever stands between may have read the other one.
        if (locations.Any(other => other != location))
        {
            var reason = new LocationValueException("the server sent several locations that differ");
            return new Verdict.Fail(
                new RedirectException(request.Url, string.Join(", ", locations), RedirectRule.UnusableLocation, reason));
        }

        var hop = new RedirectHop
        {
            Method = request.Method,
            Url = request.Url,
            Headers = request.Headers,
            Status = head.Status,
            FollowsChoices = call.FollowsChoices,
            Location = location,
            HasBody = request.Body is not null,
            RemoveHeaders = call.Retries.RemoveHeadersOnRedirect,
        };
        RedirectOutcome outcome = RedirectRules.Decide(hop, options);
        if (outcome.Refusal is { } refusal)
            return Refuse(call, refusal, null);
        if (outcome.Next is not { } step)
            return Verdict.Return.Response;
        Retry next = call.Retries.Count(request.Method, request.Url, head.Status, location, out MaxRetryException? end, call.Attempts);
        return new Verdict.Follow(step, location!, next, end, $"the redirect was followed to {FactText.Of(step.Url)}")
        {
            Pause = next.Delay(head.Headers[HeaderNames.RetryAfter], call.Clock.GetUtcNow(), call.Chance),
            IsBodySpent = step.KeepsBody && request.Body?.IsReplayable == false && attempt.HasOpenedBody,
        };
    }

    private static Verdict OfStatus(in CallFacts call, in AttemptFacts attempt, ResponseHead head)
    {
        string? retryAfter = head.Headers[HeaderNames.RetryAfter];
        ReplayEvent? happened = head.Status switch
        {
            421 or 425 => ReplayEvent.NotProcessedStatus,
            _ when call.Retries.IsRetryStatus(head.Status, !string.IsNullOrEmpty(retryAfter)) => ReplayEvent.RetryableStatus,
            408 when attempt.IsReused => ReplayEvent.RequestTimeoutStatus,
            _ => null,
        };
        if (happened is not { } question)
            return Verdict.Return.Response;
        ReplayAnswer answer = Ask(call, attempt, question);
        if (answer.Verdict == ReplayVerdict.Replay)
            return new Verdict.Replay(answer.Why);
        if (answer.Verdict == ReplayVerdict.No)
            return Verdict.Return.Response;
        OutgoingRequest request = call.Request;
        Retry next = call.Retries.Count(request.Method, request.Url, head.Status, null, out MaxRetryException? end, call.Attempts);
        return end is null
            ? new Verdict.Again(next, null, answer.Why) { Pause = next.Delay(retryAfter, call.Clock.GetUtcNow(), call.Chance) }
            : call.Retries.RaiseOnStatus ? new Verdict.Fail(end, NotResent(call, UsedUp(next)))
            : Verdict.Return.Response;
    }

    // A server that cannot meet an expectation gets the request without it (RFC 9110, section 10.1.1); once, since then there is none.
    private static bool CanDropExpectation(in CallFacts call, in AttemptFacts attempt) =>
        call.Request.Headers.Contains(HeaderNames.Expect) && (call.Request.Body?.IsReplayable != false || !attempt.HasOpenedBody);

    private static Verdict.Amend WithoutExpectation(OutgoingRequest request)
    {
        HttpHeaderDict headers = request.Headers.Clone();
        headers.Remove(HeaderNames.Expect);
        return new Verdict.Amend(
            request with { Headers = headers.Freeze() },
            $"the {request.Method} was resent without Expect, which the server cannot meet");
    }

    private static ReplayAnswer Ask(in CallFacts call, in AttemptFacts attempt, ReplayEvent happened) => ReplayRules.Decide(new ReplayFacts
    {
        Event = happened,
        Progress = attempt.Progress,
        Method = call.Request.Method,
        IsAllowed = call.Retries.Allows(call.Request.Method),
        HasIdempotencyKey = call.HasIdempotencyKey,
        IsReused = attempt.IsReused,
        AlreadyReplayed = call.WasReplayed,
        BodyIsReplayable = call.Request.Body?.IsReplayable != false || !attempt.HasOpenedBody,
        BodyBytesWritten = attempt.BodyBytesSent,
    });

    /// <summary>Why a redirect is not followed that the rules and the caller allow; null when it is.</summary>
    private static HttpException? Refusal(in CallFacts call, Verdict.Follow follow, out string? whyNot)
    {
        (OutgoingRequest request, RedirectStep step, whyNot) = (call.Request, follow.Step, null);
        int status = follow.Retries.History[^1].Status!.Value;
        int visits = RedirectCircle.Visits(
            call.Redirected.Add(new SentRequest(request.Method, request.Url, request.Headers)),
            new SentRequest(step.Method, step.Url, step.Headers));
        bool isCounted = call.Retries is not { Total: null, Redirect: null };
        if (isCounted ? follow.End is not null && visits > 1 : visits >= RedirectCircle.MaxVisits)
            return new RedirectException(request.Url, follow.Location, RedirectRule.Loop);
        if (follow.IsBodySpent)
            return new UnrewindableBodyException(
                $"The redirect with status {status} wants the body of the {request.Method} again, but it can be read only once.");
        whyNot = "the redirect was not followed because " + (follow.End is null ? TooLong(call, follow.Pause) : UsedUp(follow.Retries));
        return follow.End
            ?? (Fits(call, follow.Pause) ? null : new MaxRetryException(
                request.Url, new ResponseException("the redirect asks for a pause that is too long", status), call.Attempts));
    }

    private static Verdict Refuse(in CallFacts call, HttpException refusal, string? whyNot) =>
        call.Retries.RaiseOnRedirect ? new Verdict.Fail(refusal, whyNot) : Verdict.Return.Response;

    /// <summary>The end of a call that has no time left for the next attempt: with the response, or with the failure.</summary>
    private static Verdict WithoutTime(in CallFacts call, Verdict.Again again)
    {
        HttpException? failure = again.Failure is null ? null : call.Retries.End(call.Request.Url, again.Failure, call.Attempts);
        return (again with { Failure = failure }).Instead(TooLong(call, again.Pause));
    }

    // An attempt needs some time too.
    private static bool Fits(in CallFacts call, TimeSpan pause) =>
        pause <= TimeSpan.Zero || call.Remaining is not { } remaining || pause < remaining;

    private static string TooLong(in CallFacts call, TimeSpan pause) =>
        $"the pause of {FactText.Of(pause)} before it does not fit into the {FactText.Of(call.Remaining ?? default)} left of the call";

    private static UnrewindableBodyException Spent(HttpException error, string why) =>
        new($"{error.Sentence.TrimEnd('.')}, and {why}.", error)
        {
            Connection = error.Connection,
            ServerMayHaveActed = error.ServerMayHaveActed,
            IsTransient = error.IsTransient,
        };

    private static string UsedUp(Retry next) =>
        $"{nameof(Retry)}.{next.ExhaustedCounter} {(next.History.Count == 1 ? "allows none" : "allowed no more")}";

    private static string NotResent(in CallFacts call, string why) => $"the {call.Request.Method} was not resent because {why}";
}
