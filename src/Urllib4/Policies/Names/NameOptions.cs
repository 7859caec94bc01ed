using System.Runtime.CompilerServices;

namespace Urllib4;

/// <summary>How long what a <see cref="Resolver"/> says of a name is kept. Each manager, and each pool that stands alone, has a memory of
/// its own.</summary>
/// <remarks>
/// <para>Only dials ask for names; a request on a connection that is there already does not. Callers who ask for the same name at the same
/// time share one look-up. A name that is asked for in the last fifth of its time is looked up again in the background, and nobody waits
/// for that. The addresses of a URL are never looked up.</para>
/// <para>Immutable, so safe to share between threads; derive another with <c>with</c>.</para>
/// </remarks>
public sealed record NameOptions
{
    /// <summary>The defaults.</summary>
    public static NameOptions Default { get; } = new();

    /// <summary>
    /// The shortest time for which an answer is kept, whatever its own is. Default 1 s, so that an answer of no time at all does not make
    /// every dial wait. Not longer than <see cref="MaxTimeToLive"/>, which goes first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinTimeToLive { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest time for which an answer is kept, whatever its own is. Default 5 minutes, as long as a connection lives
    /// (<see cref="PoolOptions.MaxLifetime"/>). Zero keeps none: every dial asks.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxTimeToLive { get; init => field = NotNegative(value); } = TimeSpan.FromMinutes(5);

    /// <summary>For how long an answer is kept that has no time of its own, as those of the system's resolver. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan DefaultTimeToLive { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long it is remembered that a name has no address, or that the resolver failed, and nobody asks again. Default 1 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan FailureTimeToLive { get; init => field = NotNegative(value); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long an answer serves after its time while the resolver fails, or has not said anything for 1.8 seconds (RFC 8767). Default
    /// 1 hour; zero for never. A name that the resolver says is gone is gone at once. <see cref="ResolvedName.Failure"/> tells of it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan StaleFor { get; init => field = NotNegative(value); } = TimeSpan.FromHours(1);

    /// <summary>How many names are kept; the one that was asked for least recently goes first. Default 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxNames
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxNames), value, "MaxNames is at least 1.");
    } = 1000;

    private static TimeSpan NotNegative(TimeSpan value, [CallerMemberName] string? name = null) =>
        value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is not negative.");
}
