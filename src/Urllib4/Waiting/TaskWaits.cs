using Urllib4.Primitives;

namespace Urllib4.Waiting;

/// <summary>Waiting for a task that is somebody else's: for so long, and never for less.</summary>
internal static class TaskWaits
{
    // The most that a timer takes.
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>
    /// Waits for a task within a limit. The platform's timers count whole milliseconds of a coarse clock and may fire early; a limit that
    /// ends before its time would be taken for another one. A task that is given up is looked after: its failure stays unreported.
    /// </summary>
    /// <exception cref="TimeoutException">The limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task WaitUpTo(this Task task, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.In(limit, clock);
        while (true)
        {
            TimeSpan left = deadline.Remaining;
            try
            {
                await task.WaitAsync(Slice(left), clock, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!task.IsCompleted && left != TimeSpan.Zero)
            {
            }
            catch when (!task.IsCompleted)
            {
                task.Forget();
                throw;
            }
        }
    }

    /// <summary>Whatever becomes of it: a failure that nobody looks at would be reported as unobserved.</summary>
    public static void Forget(this Task task)
    {
        if (task.IsCompleted)
        {
            _ = task.Exception;
            return;
        }

        const TaskContinuationOptions OnTheSpot = TaskContinuationOptions.ExecuteSynchronously;
        task.ContinueWith(static t => t.Exception, CancellationToken.None, OnTheSpot, TaskScheduler.Default);
    }

    private static TimeSpan Slice(TimeSpan left)
    {
        if (left == Timeout.InfiniteTimeSpan)
            return left;
        return left > _longest ? _longest : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }
}
