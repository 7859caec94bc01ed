namespace Urllib4.Policies;

/// <summary>How far an attempt got before it failed.</summary>
internal enum SendProgress
{
    /// <summary>No byte of the request was handed to the network.</summary>
    NothingWritten,

    /// <summary>Some bytes were, but not all.</summary>
    SomeWritten,

    /// <summary>The whole request was.</summary>
    AllWritten,

    /// <summary>A byte of the response came.</summary>
    HeadStarted,
}

/// <summary>Why the question of sending again comes up.</summary>
internal enum ReplayEvent
{
    /// <summary>Resolver, TCP, proxy or TLS: there was no connection to write to.</summary>
    ConnectFailed,

    /// <summary>The connection ended, or broke, before the response was there.</summary>
    ConnectionClosed,

    /// <summary>A limit of time ran out while sending or waiting for the response.</summary>
    TimedOut,

    /// <summary>HTTP/2: REFUSED_STREAM, or a stream above the last one that a GOAWAY names.</summary>
    StreamRefused,

    /// <summary>HTTP/2: HTTP_1_1_REQUIRED.</summary>
    Http11Required,

    /// <summary>421 or 425: the server says it has not processed the request.</summary>
    NotProcessedStatus,

    /// <summary>408 that the caller did not list: the server gave up waiting, perhaps before the request could arrive.</summary>
    RequestTimeoutStatus,

    /// <summary>A status that <see cref="Retry.IsRetry"/> would retry: 429, 503, what the caller listed.</summary>
    RetryableStatus,

    /// <summary>401 or 407, and there are credentials that were not tried yet.</summary>
    Challenge,
}

/// <summary>What may be done about a failed attempt.</summary>
internal enum ReplayVerdict
{
    /// <summary>Do not send again.</summary>
    No,

    /// <summary>Send again if <see cref="Retry"/> and <see cref="RetryBudget"/> have something left.</summary>
    PolicyRetry,

    /// <summary>Send again at once on a fresh connection, at no cost.</summary>
    Replay,
}

/// <summary>What is known of a failed attempt.</summary>
internal readonly record struct ReplayFacts
{
    public required ReplayEvent Event { get; init; }

    public required SendProgress Progress { get; init; }

    public required string Method { get; init; }

    /// <summary>Whether <see cref="Retry.AllowedMethods"/> has the method.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>Whether the request has an <c>Idempotency-Key</c> and the caller has said that the server honours it.</summary>
    public bool HasIdempotencyKey { get; init; }

    /// <summary>Whether the connection had served a request before.</summary>
    public bool IsReused { get; init; }

    /// <summary>Whether the request was already replayed at no cost in this call.</summary>
    public bool AlreadyReplayed { get; init; }

    /// <summary>Whether there is no body, it can be read again from its first byte, or was not begun.</summary>
    public required bool BodyIsReplayable { get; init; }

    /// <summary>Body bytes that were handed to the network.</summary>
    public long BodyBytesWritten { get; init; }
}

/// <summary>
/// The answer, with its reason as a sentence without capital and full stop: "the POST was not resent because 312 body bytes had left". Of
/// a retry it speaks as if the budgets had agreed, since nobody hears it otherwise.
/// </summary>
/// <param name="Verdict">What may be done.</param>
/// <param name="Why">The reason, for messages and reports.</param>
/// <param name="AnyMethod">
/// Whether the method does not matter to <see cref="Retry"/>: nothing was processed, or the key forbids to do it twice.
/// </param>
/// <param name="BodyIsSpent">
/// Whether only the body stands in the way; then the failure is an <see cref="UnrewindableBodyException"/>.
/// </param>
internal readonly record struct ReplayAnswer(ReplayVerdict Verdict, string Why, bool AnyMethod = false, bool BodyIsSpent = false);

/// <summary>
/// What may be sent again without asking anybody (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1; RFC 9113, section 8.7).
/// What provably was not processed: any method, once, at no cost. What may have been processed: only what may be processed twice.
/// </summary>
internal static class ReplayRules
{
    /// <summary>Decides about one failed attempt.</summary>
    public static ReplayAnswer Decide(in ReplayFacts facts)
    {
        ReplayAnswer answer = facts.Event switch
        {
            ReplayEvent.ConnectFailed => Unprocessed(facts, ReplayVerdict.PolicyRetry, "no connection was made, so nothing was sent"),
            ReplayEvent.ConnectionClosed => AfterClose(facts),
            ReplayEvent.TimedOut => AfterTimeout(facts),
            ReplayEvent.StreamRefused => OnceFree(facts, "the server refused the stream without processing it"),
            ReplayEvent.Http11Required => Once(facts, "the server wants it over HTTP/1.1"),
            ReplayEvent.NotProcessedStatus => Once(facts, "the server says that it has not processed it"),
            ReplayEvent.RequestTimeoutStatus => AfterRequestTimeout(facts),
            ReplayEvent.RetryableStatus => ByPolicy(facts, "the server may do better later", "it may not be repeated for a status"),
            // How often is for whoever has the credentials to say.
            ReplayEvent.Challenge => Unprocessed(facts, ReplayVerdict.Replay, "there are credentials for it now"),
            _ => throw new ArgumentOutOfRangeException(nameof(facts), facts.Event, "Unknown event."),
        };
        return answer.Verdict == ReplayVerdict.No || facts.BodyIsReplayable
            ? answer
            : No(facts, "its body can be read only once") with { AnyMethod = answer.AnyMethod, BodyIsSpent = true };
    }

    private static ReplayAnswer AfterClose(in ReplayFacts facts)
    {
        if (facts.Progress == SendProgress.HeadStarted)
            return No(facts, "the response had begun");
        if (facts.Progress == SendProgress.NothingWritten)
            return OnceFree(facts, "nothing of it had been sent");

        // The server closes idle connections whenever it likes, so on a reused one this says nothing about the request (RFC 9112, 9.3.1).
        if (facts.IsReused && !facts.AlreadyReplayed && MayRepeat(facts) && IsIdempotent(facts))
            return Yes(facts, ReplayVerdict.Replay, "the idle connection had been closed, and it may be repeated");
        return ByPolicy(facts, "the connection ended without a response", Sent(facts));
    }

    private static ReplayAnswer AfterTimeout(in ReplayFacts facts) => facts.Progress switch
    {
        SendProgress.HeadStarted => No(facts, "the response had begun"),
        SendProgress.NothingWritten => Unprocessed(facts, ReplayVerdict.PolicyRetry, "nothing of it had been sent"),
        _ => ByPolicy(facts, "the server stayed silent", Sent(facts)),
    };

    private static ReplayAnswer AfterRequestTimeout(in ReplayFacts facts)
    {
        if (!facts.IsReused || !MayRepeat(facts) || !IsIdempotent(facts))
            return No(facts, $"{nameof(Retry.StatusForcelist)} does not name 408");
        return facts.AlreadyReplayed
            ? No(facts, "it had been resent once already")
            : Yes(facts, ReplayVerdict.Replay, "the server had given up waiting on the idle connection");
    }

    /// <summary>Free once, and after that at the cost of the budgets, for any method.</summary>
    private static ReplayAnswer OnceFree(in ReplayFacts facts, string why) =>
        Unprocessed(facts, facts.AlreadyReplayed ? ReplayVerdict.PolicyRetry : ReplayVerdict.Replay, why);

    /// <summary>Free once, and then no more: a second answer of the same kind is the server's last word.</summary>
    private static ReplayAnswer Once(in ReplayFacts facts, string why) => facts.AlreadyReplayed
        ? No(facts, "it had been resent once already")
        : Unprocessed(facts, ReplayVerdict.Replay, why);

    private static ReplayAnswer ByPolicy(in ReplayFacts facts, string why, string whyNot) =>
        MayRepeat(facts) ? Yes(facts, ReplayVerdict.PolicyRetry, why) : No(facts, whyNot);

    private static ReplayAnswer Unprocessed(in ReplayFacts facts, ReplayVerdict verdict, string why) =>
        Yes(facts, verdict, why) with { AnyMethod = true };

    private static ReplayAnswer Yes(in ReplayFacts facts, ReplayVerdict verdict, string why) =>
        new(verdict, $"the {facts.Method} {(verdict == ReplayVerdict.Replay ? "was resent" : "was retried")} because {why}")
        {
            AnyMethod = facts.HasIdempotencyKey,
        };

    private static ReplayAnswer No(in ReplayFacts facts, string why) =>
        new(ReplayVerdict.No, $"the {facts.Method} was not resent because {why}");

    private static bool MayRepeat(in ReplayFacts facts) => facts.IsAllowed || facts.HasIdempotencyKey;

    private static bool IsIdempotent(in ReplayFacts facts) => facts.HasIdempotencyKey || Retry.DefaultAllowedMethods.Contains(facts.Method);

    private static string Sent(in ReplayFacts facts) => (facts.Progress, facts.BodyBytesWritten) switch
    {
        (SendProgress.AllWritten, _) => "all of it had left",
        (_, 0) => "its head had left",
        (_, 1) => "1 body byte had left",
        var (_, bytes) => $"{bytes} body bytes had left",
    };
}
