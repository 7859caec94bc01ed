namespace Urllib4.Connections;

/// <summary>
/// Lies beside a body, or an upgraded stream, that was handed out. If both are collected before its end, it gives the connection up, so
/// that a slot of a pool is never lost for good.
/// </summary>
internal sealed class LeakGuard(ExchangeHandle exchange)
{
    private static int _count;

    // The finalizer's own thread must not close what may take its time, nor run the code of whoever listens: a listener that blocks would
    // stop all finalizers of the process.
    ~LeakGuard()
    {
        Interlocked.Increment(ref _count);
        ThreadPool.UnsafeQueueUserWorkItem(static exchange => GiveUp(exchange), exchange, preferLocal: false);
    }

    /// <summary>How many bodies were forgotten since the process began.</summary>
    public static int Count => Volatile.Read(ref _count);

    public void Disarm() => GC.SuppressFinalize(this);

    private static void GiveUp(ExchangeHandle exchange)
    {
        try
        {
            exchange.Finish();
        }
        catch (Exception)
        {
            // Nobody is left whom it concerns, and it would end the process.
        }
    }
}
