namespace Urllib4.Transport;

/// <summary>
/// Cuts a wire when a wait on it lasts too long. The limit is a field; one timer, made when it is first needed, looks at it now and
/// then and is moved only when a limit comes that ends before the timer would look. So steady traffic costs no timer at all.
/// </summary>
internal sealed class WireWatch(TimeProvider clock, Action expired) : IDisposable
{
    // The most that a timer takes; it looks again then.
    private const double LongestLook = uint.MaxValue - 1;

    private readonly Lock _gate = new();
    private ITimer? _timer; // guarded by _gate, as are the others
    private long _looksAt = long.MaxValue;
    private long _limit = long.MaxValue;
    private bool _isDisposed;

    /// <summary>
    /// The moment by which the present wait has to be over, as a timestamp of the clock; <see cref="long.MaxValue"/> for none.
    /// </summary>
    public void Set(long limit)
    {
        lock (_gate)
        {
            _limit = limit;
            if (limit < _looksAt && !_isDisposed)
                LookAt(limit);
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

    private void LookAt(long moment)
    {
        _looksAt = moment;
        TimeSpan due = clock.GetElapsedTime(clock.GetTimestamp(), moment);
        // Rounded up, so that the timer does not look a fraction too early and have to be set again for it.
        due = due > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(due.TotalMilliseconds), LongestLook)) : TimeSpan.Zero;
        if (_timer is null)
            _timer = clock.CreateTimer(static self => ((WireWatch)self!).Look(), this, due, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_gate)
        {
            _looksAt = long.MaxValue;
            if (_limit == long.MaxValue || _isDisposed)
                return;
            if (clock.GetTimestamp() < _limit)
            {
                LookAt(_limit);
                return;
            }

            // Inside the lock: whoever sets the next limit finds the wire cut, and does not lend it on.
            expired();
        }
    }
}
