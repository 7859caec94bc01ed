using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>When an idle connection has had its time, and when it is worth a look.</summary>
internal readonly struct IdleLimits(PoolOptions options)
{
    /// <summary>
    /// A server that announced when it hangs up is left this much earlier, because the request needs its time to get there; undici
    /// found two seconds to be enough.
    /// </summary>
    public static readonly TimeSpan KeepAliveMargin = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The looks at what is idle are at least so far apart: soon enough to leave no closed connection lying about, and rare enough to cost
    /// nothing.
    /// </summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    /// <summary>And at most so far: a server that closes after a long time is noticed within this one.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // One that is about to expire is waited for, but not by spinning on a coarse clock.
    private static readonly TimeSpan _leastPause = TimeSpan.FromMilliseconds(50);

    // Half of what can be counted, so that sums and differences of moments stay within it.
    private static readonly TimeSpan _endless = new(long.MaxValue / 2);

    private readonly TimeSpan _maxIdleTime = Limit(options.MaxIdleTime);
    private readonly TimeSpan _maxLifetime = Limit(options.MaxLifetime);

    /// <summary>Whether a connection is too old, or was idle for too long, to be used again.</summary>
    public bool HasExpired(HttpConnection connection, TimeSpan now) => TimeLeft(connection, now) <= TimeSpan.Zero;

    /// <summary>How long to wait before the first look at one that has just become idle.</summary>
    public TimeSpan FirstLook(HttpConnection connection, TimeSpan now) => Max(_leastPause, Min(ShortestPause, TimeLeft(connection, now)));

    /// <summary>
    /// How long to wait before the next look at what is idle: until the first of them expires, or else as long as the last one has been
    /// idle, within the two limits. A server that closes does so soon or at a time of its own, so the looks get rarer.
    /// </summary>
    public TimeSpan NextLook(List<HttpConnection> idle, TimeSpan now)
    {
        TimeSpan least = _endless, shortestIdle = _endless;
        foreach (HttpConnection connection in idle)
        {
            least = Min(least, TimeLeft(connection, now));
            shortestIdle = Min(shortestIdle, now - connection.IdleSince);
        }

        return Max(_leastPause, Min(least, Min(Max(shortestIdle, ShortestPause), LongestPause)));
    }

    private TimeSpan TimeLeft(HttpConnection connection, TimeSpan now)
    {
        TimeSpan idle = now - connection.IdleSince;
        TimeSpan left = Min(_maxIdleTime - idle, _maxLifetime - (now - connection.OpenedAt));
        return connection.KeepAliveHint is var hint && hint != Timeout.InfiniteTimeSpan ? Min(left, hint - KeepAliveMargin - idle) : left;
    }

    private static TimeSpan Limit(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan || limit > _endless ? _endless : limit;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
