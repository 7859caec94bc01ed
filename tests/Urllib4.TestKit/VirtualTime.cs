using System.Diagnostics;

namespace Urllib4.TestKit;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, in the order in which
/// they are due, each of them seeing the moment for which it was set.
/// </summary>
/// <remarks>
/// Safe to use from several threads. A timer that is due the moment it is set fires on a pool thread, as the system's own would:
/// on the caller's thread it could run into the locks the caller holds.
/// </remarks>
public sealed class VirtualTime : TimeProvider
{
    private readonly object _gate = new();
    private readonly object _advancing = new();
    private readonly SortedSet<VirtualTimer> _timers = new(VirtualTimer.ByDueTime);
    private DateTimeOffset _wallClock;
    private long _ticks = TimeSpan.TicksPerDay;
    private long _sequence;

    /// <summary>Starts a clock.</summary>
    /// <param name="start">What the wall clock shows at first; the first of January 2030 when left out.</param>
    public VirtualTime(DateTimeOffset? start = null) => _wallClock = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are set and have not fired yet.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <summary>How long from now until the next timer fires, or null when none is set.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
                return _timers.Min is { } next ? TimeSpan.FromTicks(Math.Max(0, next.DueTicks - _ticks)) : null;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return _ticks;
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _wallClock;
    }

    /// <summary>Moves the time forward, firing every timer that falls due on the way.</summary>
    /// <param name="by">How far; zero fires what is due now.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_advancing)
        {
            long target = GetTimestamp() + by.Ticks;
            while (TakeDue(target) is { } timer)
                timer.Fire();
            MoveTo(target);
        }
    }

    /// <summary>Moves the time to the next timer and fires it, with all others that are due in the same moment.</summary>
    /// <returns>How far the time moved.</returns>
    /// <exception cref="InvalidOperationException">No timer is set.</exception>
    public TimeSpan AdvanceToNextTimer()
    {
        TimeSpan by = NextDue ?? throw new InvalidOperationException("No timer is set.");
        Advance(by);
        return by;
    }

    /// <summary>
    /// Sets the wall clock forward or back, as an administrator would; the monotonic time and the timers stay as they are.
    /// </summary>
    /// <param name="by">How far.</param>
    public void ShiftWallClock(TimeSpan by)
    {
        lock (_gate)
            _wallClock += by;
    }

    /// <summary>Holds the calling thread until at least so many timers are set: the moment when the code under test waits.</summary>
    /// <param name="count">How many.</param>
    /// <param name="guard">Real time after which the test fails; two minutes when left out.</param>
    /// <exception cref="TimeoutException">The timers were not set in time.</exception>
    public void WaitUntilTimers(int count, TimeSpan? guard = null)
    {
        lock (_gate)
            Guard.WaitUntil(_gate, () => _timers.Count >= count, guard, () => $"{count} timers to be set; there are {_timers.Count}");
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal void Set(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            if (dueTime > TimeSpan.Zero)
                Enqueue(timer, _ticks + dueTime.Ticks);
            else
                FireNow(timer);
            Monitor.PulseAll(_gate);
        }
    }

    internal void Remove(VirtualTimer timer)
    {
        lock (_gate)
            _timers.Remove(timer);
    }

    private void FireNow(VirtualTimer timer)
    {
        if (timer.Period != Timeout.InfiniteTimeSpan)
            Enqueue(timer, _ticks + timer.Period.Ticks);
        ThreadPool.UnsafeQueueUserWorkItem(static t => t.Fire(), timer, preferLocal: false);
    }

    private VirtualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (_timers.Min is not { } next || next.DueTicks > target)
                return null;
            _timers.Remove(next);
            MoveTo(next.DueTicks);
            if (next.Period != Timeout.InfiniteTimeSpan)
                Enqueue(next, next.DueTicks + next.Period.Ticks);
            return next;
        }
    }

    private void Enqueue(VirtualTimer timer, long dueTicks)
    {
        Debug.Assert(Monitor.IsEntered(_gate), "The order of the timers is guarded by the gate.");
        timer.DueTicks = dueTicks;
        timer.Sequence = _sequence++;
        _timers.Add(timer);
    }

    private void MoveTo(long ticks)
    {
        lock (_gate)
        {
            // A callback may itself have advanced the time beyond the target of the outer call.
            if (ticks <= _ticks)
                return;
            _wallClock += TimeSpan.FromTicks(ticks - _ticks);
            _ticks = ticks;
        }
    }
}
