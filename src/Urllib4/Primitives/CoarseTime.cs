namespace Urllib4.Primitives;

/// <summary>
/// Moments that need not be exact to more than some hundredths of a second, such as when a connection became idle. The system has one ready
/// at a fraction of what the exact time costs, and a pool asks for it several times a request.
/// </summary>
internal static class CoarseTime
{
    /// <summary>The time since any fixed moment; it never goes backwards. That of another clock than the system's is exact.</summary>
    public static TimeSpan GetCoarseTime(this TimeProvider clock) => clock == TimeProvider.System
        ? TimeSpan.FromMilliseconds(Environment.TickCount64)
        : clock.GetElapsedTime(0, clock.GetTimestamp());
}
