using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>
/// When an idle connection has had its time, and clearing those that have. There is no timer: a pool sweeps when a connection is
/// borrowed or returned, so one that nobody uses costs nothing, and keeps what it has until somebody does.
/// </summary>
internal readonly struct IdleSweep(PoolOptions options)
{
    /// <summary>
    /// A server that announced when it hangs up is left this much earlier, because the request needs its time to get there; undici
    /// found two seconds to be enough.
    /// </summary>
    public static readonly TimeSpan KeepAliveMargin = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _maxIdleTime = Limit(options.MaxIdleTime);
    private readonly TimeSpan _maxLifetime = Limit(options.MaxLifetime);

    /// <summary>Whether a connection is too old, or was idle for too long, to be used again.</summary>
    public bool HasExpired(HttpConnection connection, TimeSpan now) =>
        now - connection.IdleSince >= _maxIdleTime
        || now - connection.OpenedAt >= _maxLifetime
        || (connection.KeepAliveHint is var hint && hint != Timeout.InfiniteTimeSpan
            && now - connection.IdleSince >= hint - KeepAliveMargin);

    /// <summary>
    /// Takes the expired ones out, from the old end up to the first that is still good; so it looks at a single one when nothing expired.
    /// One that is too old although it was used lately is found when it is taken.
    /// </summary>
    public void Collect(IdleStack idle, TimeSpan now, ref List<HttpConnection>? expired)
    {
        while (idle.TryPeekOldest(out HttpConnection? oldest) && HasExpired(oldest, now))
        {
            idle.TryTakeOldest(out _);
            oldest.IsClosing = true;
            (expired ??= []).Add(oldest);
        }
    }

    private static TimeSpan Limit(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit;
}
