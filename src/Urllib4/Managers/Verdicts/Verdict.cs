using Urllib4.Policies;

namespace Urllib4.Managers;

/// <summary>What an attempt means for its call, with everything that follows from it. <see cref="SendLoop"/> does what it says.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>The response is the result.</summary>
    public sealed record Return : Verdict
    {
        public static Return Response { get; } = new();
    }

    /// <summary>The call ends with an error.</summary>
    /// <param name="Error">What is thrown.</param>
    /// <param name="WhyNot">Why the request is not sent again; null when that is not the question.</param>
    public sealed record Fail(HttpException Error, string? WhyNot = null) : Verdict;

    /// <summary>Another attempt follows.</summary>
    /// <param name="Why">The reason, for the report.</param>
    public abstract record GoOn(string Why) : Verdict
    {
        /// <summary>How long to wait before the next attempt.</summary>
        public TimeSpan Pause { get; init; }

        /// <summary>Whether the next attempt needs a connection that nobody has used: those that wait may be no better.</summary>
        public bool WantsFresh { get; init; }
    }

    /// <summary>The same request again, at no cost.</summary>
    public sealed record Replay : GoOn
    {
        public Replay(string why)
            : base(why) => WantsFresh = true;
    }

    /// <summary>The answer to a challenge is sent, on the same connection if it is bound to that.</summary>
    public sealed record NextLeg(string Why) : GoOn(Why);

    /// <summary>The same request in other words, at no cost.</summary>
    /// <param name="Request">What is sent.</param>
    /// <param name="Why">The reason.</param>
    public sealed record Amend(OutgoingRequest Request, string Why) : GoOn(Why);

    /// <summary>The same request by another proxy.</summary>
    public sealed record Reroute(string Why) : GoOn(Why);

    /// <summary>The same request again, if <see cref="Retry.OnRetry"/> and the budget of the manager agree.</summary>
    /// <param name="Retries">What is left of the retries then.</param>
    /// <param name="Failure">What the call ends with otherwise; null for the response.</param>
    /// <param name="Why">The reason.</param>
    public sealed record Again(Retry Retries, HttpException? Failure, string Why) : GoOn(Why)
    {
        /// <summary>The end of the call, for want of the next attempt.</summary>
        public Verdict Instead(string whyNot) => Failure is null
            ? Return.Response
            : new Fail(Failure, $"the {Retries.History[^1].Method} was not resent because {whyNot}");
    }

    /// <summary>The request that a redirect leads to, if <see cref="RedirectOptions.OnRedirect"/> agrees.</summary>
    /// <param name="Step">The request.</param>
    /// <param name="Location">The <c>Location</c> as the server wrote it.</param>
    /// <param name="Retries">What is left of the retries then.</param>
    /// <param name="End">What the counters say to it; null when they allow it.</param>
    /// <param name="Why">The reason.</param>
    public sealed record Follow(RedirectStep Step, string Location, Retry Retries, MaxRetryException? End, string Why) : GoOn(Why)
    {
        /// <summary>Whether the next request needs a body that was read already, and can be read only once.</summary>
        public bool IsBodySpent { get; init; }
    }
}
