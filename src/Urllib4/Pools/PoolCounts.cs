namespace Urllib4.Pools;

/// <summary>How many connections and requests of a pool are in which condition.</summary>
internal readonly record struct PoolCounts(int Busy, int Dialing, int Idle, int Waiting)
{
    /// <summary>For example <c>2 busy, 1 dialing, 0 idle, 3 waiting</c>; what is dialing is told only when something is.</summary>
    public override string ToString() =>
        Dialing == 0 ? $"{Busy} busy, {Idle} idle, {Waiting} waiting" : $"{Busy} busy, {Dialing} dialing, {Idle} idle, {Waiting} waiting";
}
