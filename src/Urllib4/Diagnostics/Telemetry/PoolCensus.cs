using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Urllib4.Diagnostics;

/// <summary>
/// Knows the pools that are alive, and counts them and their connections when a meter asks. This costs a request nothing, and the number
/// is right for whoever begins to listen late.
/// </summary>
/// <remarks>A pool is added under the lock of its directory, so nothing here may publish an instrument: listeners would run.</remarks>
internal static class PoolCensus
{
    private static readonly ConditionalWeakTable<IMeasuredPool, object?> _pools = [];

    /// <summary>Makes a pool known for as long as somebody else keeps it alive.</summary>
    public static void Add(IMeasuredPool pool) => _pools.Add(pool, null);

    /// <summary>
    /// The open connections by place and state. Added up over the pools, because several managers may serve one place, and of two
    /// measurements with equal tags only the last would count.
    /// </summary>
    public static IEnumerable<Measurement<long>> CountConnections()
    {
        var counts = new Dictionary<(Url Place, string? Peer, string Version, string State), (long Count, TagList Tags)>();
        foreach ((IMeasuredPool pool, _) in _pools)
        {
            PoolFigures now = pool.Measure();
            foreach (HttpConnectionInfo connection in now.Idle)
                Count(pool.Place, connection, "idle");
            foreach (HttpConnectionInfo connection in now.Busy)
                Count(pool.Place, connection, "active");
        }

        return [.. counts.Values.Select(static same => new Measurement<long>(same.Count, same.Tags))];

        void Count(Url place, HttpConnectionInfo connection, string state)
        {
            var key = (place, TelemetryText.Peer(connection), TelemetryText.Version(connection), state);
            if (!counts.TryGetValue(key, out (long Count, TagList Tags) same))
            {
                same.Tags = TelemetryText.Place(place, connection);
                same.Tags.Add("http.connection.state", state);
            }

            counts[key] = (same.Count + 1, same.Tags);
        }
    }

    /// <summary>The pools that are kept for the next request.</summary>
    public static long CountPools()
    {
        long count = 0;
        foreach ((IMeasuredPool pool, _) in _pools)
            count += pool.Measure().IsKept ? 1 : 0;
        return count;
    }
}
