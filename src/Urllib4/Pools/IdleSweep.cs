using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>
/// When an idle connection has had its time, and clearing those that have. There is no timer: a pool sweeps when a connection is
/// borrowed or returned, so one that nobody uses costs nothing, and keeps what it has until somebody does.
/// </summary>
internal sealed class IdleSweep(PoolOptions options)
{
    /// <summary>
    /// A server that announced when it hangs up is left this much earlier, because the request needs its time to get there; undici
    /// found two seconds to be enough.
    /// </summary>
    public static readonly TimeSpan KeepAliveMargin = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = options.Clock;

    // In units of the clock, because they are compared twice a request.
    private readonly long _maxIdleTime = InUnits(options.MaxIdleTime, options.Clock);
    private readonly long _maxLifetime = InUnits(options.MaxLifetime, options.Clock);

    /// <summary>Whether a connection is too old, or was idle for too long, to be used again.</summary>
    public bool HasExpired(HttpConnection connection, long now) =>
        now - connection.IdleSince >= _maxIdleTime
        || now - connection.OpenedAt >= _maxLifetime
        || (connection.KeepAliveHint is var hint && hint != Timeout.InfiniteTimeSpan
            && _clock.GetElapsedTime(connection.IdleSince, now) >= hint - KeepAliveMargin);

    /// <summary>
    /// Takes the expired ones out, from the old end up to the first that is still good; so it looks at a single one when nothing expired.
    /// One that is too old although it was used lately is found when it is taken.
    /// </summary>
    public void Collect(IdleStack idle, long now, ref List<HttpConnection>? expired)
    {
        while (idle.TryPeekOldest(out HttpConnection? oldest) && HasExpired(oldest, now))
        {
            idle.TryTakeOldest(out _);
            (expired ??= []).Add(oldest);
        }
    }

    private static long InUnits(TimeSpan limit, TimeProvider clock)
    {
        double units = limit.TotalSeconds * clock.TimestampFrequency;
        return limit == Timeout.InfiniteTimeSpan || units >= long.MaxValue ? long.MaxValue : (long)units;
    }
}
