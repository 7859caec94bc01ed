using Urllib4.Primitives;

namespace Urllib4.Waiting;

/// <summary>
/// A flag that is raised once and that one party waits for, blocking or asynchronously. Raising it wakes a blocked thread directly, so a
/// blocking waiter never depends on the thread pool.
/// </summary>
internal sealed class Signal
{
    // No timer counts further; whoever allows more waits until the signal or the token ends it.
    private static readonly TimeSpan LongestLimit = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly object _gate = new();
    private bool _isSet; // guarded by _gate
    private TaskCompletionSource? _waiter; // guarded by _gate; there only while an asynchronous waiter is

    /// <summary>Whether it was raised.</summary>
    public bool IsSet
    {
        get
        {
            lock (_gate)
                return _isSet;
        }
    }

    /// <summary>Raises the flag; raising it again changes nothing.</summary>
    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _isSet = true;
            waiter = _waiter;
            Monitor.PulseAll(_gate);
        }

        waiter?.TrySetResult();
    }

    /// <summary>Holds the thread until the flag is up; false when the time is over first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitBlocking(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        limit = Countable(limit);
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static self => ((Signal)self!).Wake(), this);
        Deadline deadline = Deadline.In(limit, clock);
        // Monitor.Wait counts real time, so a clock of another kind wakes the waiter by a timer of its own instead.
        using ITimer? alarm = clock == TimeProvider.System || !deadline.IsSet
            ? null
            : clock.CreateTimer(static self => ((Signal)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            while (!_isSet)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TimeSpan left = deadline.Remaining;
                if (left == TimeSpan.Zero)
                    return false;
                alarm?.Change(left, Timeout.InfiniteTimeSpan); // set anew each time, for one that goes off too early
                Monitor.Wait(_gate, alarm is null ? Ceiling(left) : Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    /// <summary>Completes when the flag is up; with false when the time is over first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async ValueTask<bool> WaitAsynchronous(TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        limit = Countable(limit);
        Task raised;
        lock (_gate)
        {
            if (_isSet)
                return true;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            raised = _waiter.Task;
        }

        try
        {
            await raised.WaitUpTo(limit, clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    private static TimeSpan Countable(TimeSpan limit) => limit <= LongestLimit ? limit : Timeout.InfiniteTimeSpan;

    // Monitor.Wait cuts to whole milliseconds; rounding up keeps the last fraction from becoming a spin.
    private static TimeSpan Ceiling(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? time : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(time.TotalMilliseconds), int.MaxValue));
}
