using System.Collections.Immutable;

namespace Urllib4.Policies;

/// <summary>How long to wait before the next attempt when the server does not say; pure, with chance passed in.</summary>
internal static class Backoff
{
    /// <summary>
    /// urllib3's series: nothing before the first retry, then <c>factor · 2^(n−1)</c> seconds plus a random part, never over the cap.
    /// </summary>
    /// <param name="consecutiveErrors">Failures since the call began or was last redirected.</param>
    /// <param name="factor">Seconds.</param>
    /// <param name="max">The cap, jitter included.</param>
    /// <param name="jitter">The length of the random part; the part itself is in [0, jitter).</param>
    /// <param name="chance">Gives numbers in [0, 1).</param>
    public static TimeSpan Of(int consecutiveErrors, double factor, TimeSpan max, TimeSpan jitter, Func<double> chance)
    {
        if (consecutiveErrors <= 1)
            return TimeSpan.Zero;

        // ScaleB saturates at infinity instead of overflowing, and keeps 0 at 0; the cap is applied while it is still a double.
        double seconds = Math.ScaleB(factor, consecutiveErrors - 1);
        if (jitter > TimeSpan.Zero)
            seconds += chance() * jitter.TotalSeconds;
        return seconds >= max.TotalSeconds ? max : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Failures at the end of a history. A redirect ends the series: the server answered, and another URL starts afresh.</summary>
    public static int ConsecutiveErrors(ImmutableList<RequestHistory> history)
    {
        int count = 0;
        for (int i = history.Count - 1; i >= 0 && history[i].RedirectLocation is null; i--)
            count++;
        return count;
    }
}
