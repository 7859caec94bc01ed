using System.Collections.Immutable;

namespace Urllib4;

/// <summary>
/// What <see cref="Retry.OnRetry"/> is told: an attempt has failed, the budgets allow another, and this pause comes first.
/// </summary>
/// <remarks>Immutable, so safe to share between threads.</remarks>
public sealed record RetryContext
{
    /// <summary>Every request of the call so far, in order; the last entry is the one that failed. Never empty.</summary>
    public required ImmutableList<RequestHistory> History { get; init; }

    /// <summary>The pause before the next attempt, as the back-off or the server's <c>Retry-After</c> has it.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>What has just failed: its method, its URL, and its error or status.</summary>
    public RequestHistory Last => History[^1];
}

/// <summary>The answer of <see cref="Retry.OnRetry"/>.</summary>
/// <remarks>Immutable, so safe to share between threads.</remarks>
public sealed record RetryDecision
{
    private RetryDecision(bool goesOn, TimeSpan? delay)
    {
        GoesOn = goesOn;
        Delay = delay;
    }

    /// <summary>Try again after the pause that was proposed.</summary>
    public static RetryDecision Accept { get; } = new(true, null);

    /// <summary>Do not try again: the response is returned, or the failure thrown, as it is.</summary>
    public static RetryDecision Veto { get; } = new(false, null);

    /// <summary>Whether the request is tried again.</summary>
    public bool GoesOn { get; }

    /// <summary>The pause to make instead of the one proposed, or null to keep that one.</summary>
    public TimeSpan? Delay { get; }

    /// <summary>
    /// Try again after another pause. One that does not fit into what is left of <see cref="HttpTimeout.Total"/> ends the call, like any
    /// pause.
    /// </summary>
    /// <param name="delay">The pause; zero for none.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The pause is negative.</exception>
    public static RetryDecision After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(true, delay);
    }
}
