namespace Urllib4.Connections;

/// <summary>
/// Lies beside a body that was handed out unread. If both are collected before the body has ended, it gives the connection up, so that a
/// slot of a pool is never lost for good.
/// </summary>
internal sealed class ForgottenBody(Exchange exchange)
{
    private static int _count;

    ~ForgottenBody()
    {
        Interlocked.Increment(ref _count);
        exchange.Finish();
    }

    /// <summary>How many bodies were forgotten since the process began.</summary>
    public static int Count => Volatile.Read(ref _count);

    public void Disarm() => GC.SuppressFinalize(this);
}
