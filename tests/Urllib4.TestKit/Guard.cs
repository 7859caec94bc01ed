using System.Diagnostics;

namespace Urllib4.TestKit;

/// <summary>Waits in real time for what another thread is about to do, and fails the test when it does not happen.</summary>
/// <remarks>
/// No test passes because a guard ran out: the limit is there to end a broken test, and is generous so that a slow machine is not one.
/// </remarks>
internal static class Guard
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Waits on a monitor that the caller has entered and that is pulsed on every change.</summary>
    public static void WaitUntil(object gate, Func<bool> condition, TimeSpan? limit, Func<string> what)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan allowed = limit ?? Limit;
        while (!condition())
        {
            TimeSpan left = allowed - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
            {
                if (condition())
                    return;
                throw new TimeoutException($"Waited {allowed.TotalSeconds:0.#} s in vain for {what()}.");
            }
        }
    }
}
