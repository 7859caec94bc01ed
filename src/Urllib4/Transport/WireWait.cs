using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>What a wire waits for, since when, and for how long: as much as an error has to say of it.</summary>
internal readonly struct WireWait
{
    private readonly HttpPhase _phase;
    private readonly TimeSpan _limit;
    private readonly Deadline _total;
    private readonly long _latest; // even if progress is made

    public WireWait(HttpPhase phase, TimeSpan limit, Deadline total, TimeProvider clock)
    {
        _phase = phase;
        _limit = limit;
        _total = total;
        TimeSpan rest = total.Remaining;
        // Read after the deadline was: a wait that ends by the deadline must not end before it has passed, or it would pass for the
        // limit of the phase.
        Since = clock.GetTimestamp();
        _latest = Later(Since, rest, clock);
        ReadBy = IsRenewed ? _latest : Math.Min(_latest, Later(Since, limit, clock));
    }

    /// <summary>When it began, as a timestamp of the clock, like the moments below.</summary>
    public long Since { get; }

    /// <summary>
    /// When reads have to be over. While a request is being sent they only listen for an early answer, and have no limit of their own.
    /// </summary>
    public long ReadBy { get; }

    /// <summary>
    /// When writes have to be over. What the other side takes renews the limit of sending; in any other phase it is one on the whole.
    /// </summary>
    public WaitLimit WriteBy(TimeProvider clock) =>
        IsRenewed ? WaitLimit.OnStandstill(_latest, Later(0, _limit, clock), Since) : WaitLimit.At(ReadBy);

    private bool IsRenewed => _phase == HttpPhase.Send && _limit != Timeout.InfiniteTimeSpan;

    /// <summary>The error for a wire that was cut for a reason; null when it was not.</summary>
    public Exception? Explain(
        WireEnd reason, Exception failure, string peer, TimeProvider clock, CancellationToken stoppedBy) => reason switch
    {
        WireEnd.Cancelled => new OperationCanceledException(stoppedBy),
        WireEnd.Closed => new ClosedPoolException("The pool of this connection") { Phase = _phase },
        WireEnd.None when !WireTimeouts.IsTimeout(failure) => null,
        _ => WireTimeouts.Create(_phase, _limit, Waited(clock), _total, peer, failure),
    };

    // A request may have been on its way for long; what counts is the time in which nothing more was taken.
    private TimeSpan Waited(TimeProvider clock)
    {
        TimeSpan waited = clock.GetElapsedTime(Since);
        return IsRenewed && waited > _limit ? _limit : waited;
    }

    private static long Later(long now, TimeSpan time, TimeProvider clock)
    {
        double ticks = Math.Ceiling(time.TotalSeconds * clock.TimestampFrequency);
        return time == Timeout.InfiniteTimeSpan || ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks;
    }
}
