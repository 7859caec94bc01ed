namespace Urllib4.Waiting;

/// <summary>Timers that outlive the call that made them.</summary>
internal static class DetachedTimer
{
    /// <summary>
    /// A timer that is not set yet and that holds nothing of whoever makes it: the platform's timers keep the execution context of their
    /// maker, and with it whatever he has in an <see cref="AsyncLocal{T}"/>.
    /// </summary>
    /// <param name="clock">Whose timer.</param>
    /// <param name="callback">What it calls.</param>
    /// <param name="state">What it calls that with.</param>
    public static ITimer CreateDetachedTimer(this TimeProvider clock, TimerCallback callback, object state)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using (ExecutionContext.SuppressFlow())
            return clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
