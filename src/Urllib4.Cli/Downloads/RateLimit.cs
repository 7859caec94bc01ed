namespace Urllib4.Cli.Downloads;

/// <summary>Holds whoever has taken more bytes than may come in a time. Shared by all files.</summary>
internal sealed class RateLimit(long bytesPerSecond)
{
    private readonly Lock _gate = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private double _due;

    public void Take(long bytes, CancellationToken cancellationToken)
    {
        double wait;
        lock (_gate)
        {
            double now = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
            // What was not used up is gone after a moment, so that no pause becomes a burst.
            _due = Math.Max(_due, now - 0.1) + ((double)bytes / bytesPerSecond);
            wait = _due - now;
        }

        if (wait > 0)
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Min(wait, 3600)));
    }
}
