namespace Urllib4;

/// <summary>
/// How much of a manager's traffic may be retries. It stops a storm: when a server is down and every request fails, retries would
/// multiply the load on it, so they end when they pass a share of the requests. Not in urllib3.
/// </summary>
/// <remarks>
/// Counted over all hosts of one manager, in a sliding window. A request that was provably not processed and is sent again does not
/// count, nor does a redirect. Immutable, so safe to share between threads.
/// </remarks>
public sealed record RetryBudget
{
    /// <summary>The defaults: a fifth of the requests of the last ten seconds, and ten in any case.</summary>
    public static RetryBudget Default { get; } = new();

    /// <summary>No limit: only <see cref="Retry"/> counts.</summary>
    public static RetryBudget Unlimited { get; } = new() { Minimum = int.MaxValue };

    /// <summary>Retries allowed for each request of the window. Default 0.2, as in reqwest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Share
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Share), value, $"{nameof(Share)} is a finite number, zero or more.");
    } = 0.2;

    /// <summary>The time over which requests and retries are counted. Default 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not greater than zero.</exception>
    public TimeSpan Window
    {
        get;
        init => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Window), value, $"{nameof(Window)} is greater than zero.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Retries allowed in any window, however few the requests, so that a small program never notices. Default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Minimum
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Minimum), value, $"{nameof(Minimum)} is zero or more.");
    } = 10;
}
