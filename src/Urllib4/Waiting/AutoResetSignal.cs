using System.Threading.Tasks.Sources;

namespace Urllib4.Waiting;

/// <summary>
/// A flag that is raised again and again and that one party waits for, blocking or asynchronously; whoever waited takes it down. Waiting
/// allocates nothing after the first time. Beside <see cref="Signal"/>, which is raised once and stays up.
/// </summary>
/// <remarks>
/// Raised from any thread. One waiter at a time. An asynchronous one goes on from the thread pool, never inside the call that woke it.
/// </remarks>
internal sealed class AutoResetSignal : IValueTaskSource<bool>, IDisposable
{
    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private ManualResetValueTaskSourceCore<bool> _source; // guarded by _gate
    private bool _isSet; // guarded by _gate; never up while somebody waits asynchronously
    private bool _isAwaited; // guarded by _gate
    private long _waitBy; // guarded by _gate; a timestamp of the clock
    private ITimer? _alarm;

    public AutoResetSignal(TimeProvider clock)
    {
        _clock = clock;
        _source.RunContinuationsAsynchronously = true;
    }

    /// <summary>Raises the flag; raising it again before anybody has taken it down changes nothing.</summary>
    public void Set()
    {
        lock (_gate)
        {
            if (_isAwaited)
            {
                End(true);
                return;
            }

            _isSet = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until the flag is up and takes it down; false when the time is over first.</summary>
    public ValueTask<bool> Wait<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode => TMode.IsBlocking ? new(WaitBlocking(limit)) : WaitAsynchronous(limit);

    public void Dispose() => _alarm?.Dispose();

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        lock (_gate)
        {
            bool result = _source.GetResult(token);
            _source.Reset();
            return result;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private bool WaitBlocking(TimeSpan limit)
    {
        lock (_gate)
        {
            SetAlarm(limit);
            while (!_isSet)
            {
                if (IsOver)
                    return false;
                Monitor.Wait(_gate);
            }

            _isSet = false;
            _waitBy = long.MaxValue;
            return true;
        }
    }

    private ValueTask<bool> WaitAsynchronous(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_isAwaited)
                throw new InvalidOperationException("Somebody waits for the signal already; it has one waiter at a time.");
            if (_isSet)
            {
                _isSet = false;
                return new(true);
            }

            SetAlarm(limit);
            if (IsOver)
                return new(false);
            _isAwaited = true;
            return new(this, _source.Version);
        }
    }

    private bool IsOver => _waitBy != long.MaxValue && _clock.GetTimestamp() >= _waitBy;

    private void SetAlarm(TimeSpan limit)
    {
        _waitBy = long.MaxValue;
        if (limit == Timeout.InfiniteTimeSpan)
            return;
        long now = _clock.GetTimestamp();
        double ticks = Math.Ceiling(limit.TotalSeconds * _clock.TimestampFrequency);
        if (ticks >= long.MaxValue - now)
            return;
        _waitBy = now + (long)ticks;
        if (limit > TimeSpan.Zero)
            LookAt(limit);
    }

    private void LookAt(TimeSpan due)
    {
        _alarm ??= _clock.CreateDetachedTimer(static self => ((AutoResetSignal)self!).Look(), this);
        // Whole milliseconds, which the platform's timers count, and no more than they take; what is left is waited for anew.
        double milliseconds = Math.Min(Math.Ceiling(due.TotalMilliseconds), uint.MaxValue - 1);
        _alarm.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_waitBy == long.MaxValue)
                return;
            if (!IsOver)
                LookAt(_clock.GetElapsedTime(_clock.GetTimestamp(), _waitBy));
            else if (_isAwaited)
                End(false);
            else
                Monitor.Pulse(_gate);
        }
    }

    private void End(bool isSet)
    {
        _isAwaited = false;
        _waitBy = long.MaxValue;
        _source.SetResult(isSet);
    }
}
