namespace Urllib4.Connections;

/// <summary>
/// Lies beside a body, or an upgraded stream, that was handed out. If both are collected before its end, it gives the connection up, so
/// that a slot of a pool is never lost for good.
/// </summary>
internal sealed class LeakGuard(ExchangeHandle exchange)
{
    private static int _count;

    ~LeakGuard()
    {
        Interlocked.Increment(ref _count);
        try
        {
            exchange.Finish();
        }
        catch (Exception)
        {
            // On the finalizer's thread it would end the process, and nobody is left whom it concerns.
        }
    }

    /// <summary>How many bodies were forgotten since the process began.</summary>
    public static int Count => Volatile.Read(ref _count);

    public void Disarm() => GC.SuppressFinalize(this);
}
