using Urllib4.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What was in a pool at one moment; it does not change afterwards.</summary>
/// <remarks>
/// Immutable, so safe to share between threads. The counts belong to one moment; the connections describe themselves right after it, so one
/// that was busy then may tell of being idle.
/// </remarks>
public sealed record PoolSnapshot
{
    internal PoolSnapshot()
    {
    }

    /// <summary>What the connections of the pool have in common.</summary>
    public required PoolKey Key { get; init; }

    /// <summary>The connections that wait to be used again; of those of one kind (blocking, asynchronous) the longest idle first.</summary>
    public IReadOnlyList<HttpConnectionInfo> Idle { get; init; } = [];

    /// <summary>The connections in use, in no order.</summary>
    public IReadOnlyList<HttpConnectionInfo> Busy { get; init; } = [];

    /// <summary>How many connections are being opened.</summary>
    public int Dialing { get; init; }

    /// <summary>How many requests wait for a connection.</summary>
    public int Waiting { get; init; }

    /// <summary>How many connections the pool has opened in its life; urllib3's <c>num_connections</c>.</summary>
    public long NumConnections { get; init; }

    /// <summary>How many requests were sent through the pool, each attempt counted; urllib3's <c>num_requests</c>.</summary>
    public long NumRequests { get; init; }

    /// <summary>Whether the pool was closed and lends no more.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Whether the pool was evicted from its manager: it serves those who hold it, and keeps no connection.</summary>
    public bool IsRetired { get; init; }

    /// <summary>The end of a wait in this pool: who holds the connections, and what may be done about it.</summary>
    internal PoolTimeoutException Full(TimeSpan limit, TimeSpan elapsed)
    {
        string held = string.Join(", ", Busy.Take(5).Select(static connection => $"#{connection.Id}"));
        string more = Busy.Count > 5 ? ", …" : "";
        string opening = Dialing > 0 ? $", {Dialing} being opened" : "";
        string waiting = Waiting > 0 ? $", {FactText.Count(Waiting, "other request")} waiting" : "";
        return new($"pool {Key}", limit, elapsed, $": {Busy.Count} in use ({held}{more}){opening}{waiting}. "
            + "A connection is in use until its response is read to the end or disposed; look for responses that are neither, "
            + $"or raise {nameof(PoolOptions)}.{nameof(PoolOptions.MaxSize)}");
    }

    internal PoolFigures Figures => new(Idle, Busy, !IsClosed && !IsRetired);

    /// <summary>The key and the counts.</summary>
    /// <returns>For example <c>https://example.com:443: 2 busy, 0 idle, 3 waiting</c>.</returns>
    public override string ToString() => $"{Key}: {new Pools.PoolCounts(Busy.Count, Dialing, Idle.Count, Waiting)}";
}
