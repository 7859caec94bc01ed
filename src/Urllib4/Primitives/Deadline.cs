namespace Urllib4.Primitives;

/// <summary>A moment on a clock by which something has to be done, or none. Monotonic, so jumps of the wall clock do not move it.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider? _clock;
    private readonly long _start;
    private readonly TimeSpan _limit;

    private Deadline(TimeProvider clock, TimeSpan limit)
    {
        _clock = clock;
        _limit = limit;
        _start = clock.GetTimestamp();
    }

    /// <summary>No deadline: there is always time left.</summary>
    public static Deadline None => default;

    /// <summary>The time allowed in all.</summary>
    public TimeSpan Limit => _clock is null ? Timeout.InfiniteTimeSpan : _limit;

    /// <summary>The time that has passed since it was set.</summary>
    public TimeSpan Elapsed => _clock is null ? TimeSpan.Zero : _clock.GetElapsedTime(_start);

    /// <summary>Whether there is a deadline at all.</summary>
    public bool IsSet => _clock is not null;

    /// <summary>Whether the moment has passed.</summary>
    public bool HasPassed => _clock is not null && Elapsed >= _limit;

    /// <summary>The time left: zero when it has passed, infinite when there is no deadline.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_clock is null)
                return Timeout.InfiniteTimeSpan;
            TimeSpan left = _limit - Elapsed;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A deadline so far from now; none when the time is infinite.</summary>
    public static Deadline In(TimeSpan limit, TimeProvider clock) => limit == Timeout.InfiniteTimeSpan ? None : new Deadline(clock, limit);

    /// <summary>A limit of a phase, cut to what is left here.</summary>
    public TimeSpan Cap(TimeSpan limit)
    {
        TimeSpan left = Remaining;
        return left == Timeout.InfiniteTimeSpan ? limit : limit == Timeout.InfiniteTimeSpan || left < limit ? left : limit;
    }
}
