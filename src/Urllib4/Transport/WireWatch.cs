namespace Urllib4.Transport;

/// <summary>What a <see cref="WireWatch"/> watches.</summary>
internal interface IWatched
{
    /// <summary>Bytes that the other side has taken; more of them are progress.</summary>
    long Taken { get; }

    /// <summary>Marks the wire as cut because its time is over; false when it was cut before. Called under the lock of the watch.</summary>
    bool TryExpire();

    /// <summary>Closes what was marked, so that whatever waits on it ends. Called outside of the lock.</summary>
    void Sever();
}

/// <summary>
/// Cuts a wire when a wait on it lasts too long. The limit is a field; one timer, made when it is first needed, looks at it now and
/// then and is moved only when a limit comes that ends before the timer would look. So steady traffic costs no timer at all.
/// </summary>
internal sealed class WireWatch(TimeProvider clock, IWatched wire) : IDisposable
{
    // The most that a timer takes; it looks again then.
    private const double LongestLook = uint.MaxValue - 1;

    private readonly Lock _gate = new();
    private ITimer? _timer; // guarded by _gate, as are the others
    private long _looksAt = long.MaxValue;
    private WaitLimit _limit = WaitLimit.None;
    private bool _isDisposed;

    /// <summary>Sets the limit of the present wait, in the place of the one before.</summary>
    public void Set(in WaitLimit limit)
    {
        lock (_gate)
        {
            _limit = limit;
            LookBy(limit.End);
        }
    }

    /// <summary>A write has to wait: from now on progress is looked for.</summary>
    public void Follow()
    {
        lock (_gate)
        {
            if (_limit.IsFixed || _isDisposed)
                return;
            long now = clock.GetTimestamp();
            _limit.Begin(now, wire.Taken);
            LookBy(_limit.NextLook(now));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void LookBy(long moment)
    {
        if (moment < _looksAt && !_isDisposed)
            LookAt(moment);
    }

    private void LookAt(long moment)
    {
        _looksAt = moment;
        TimeSpan due = clock.GetElapsedTime(clock.GetTimestamp(), moment);
        // Rounded up, so that the timer does not look a fraction too early and have to be set again for it.
        due = due > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(due.TotalMilliseconds), LongestLook)) : TimeSpan.Zero;
        if (_timer is null)
            _timer = NewTimer(due);
        else
            _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    // It lives as long as the connection, and must not keep alive what the first caller has in his context.
    private ITimer NewTimer(TimeSpan due)
    {
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            return clock.CreateTimer(static self => ((WireWatch)self!).Look(), this, due, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            _looksAt = long.MaxValue;
            if (_limit.End == long.MaxValue || _isDisposed)
                return;
            long now = clock.GetTimestamp();
            if (!_limit.IsFixed)
                _limit.Look(now, wire.Taken);
            if (now < _limit.End)
            {
                LookAt(_limit.NextLook(now));
                return;
            }

            // Inside the lock: whoever sets the next limit finds the wire marked, and does not lend it on.
            if (!wire.TryExpire())
                return;
        }

        wire.Sever();
    }
}
