using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;

namespace Urllib4.Diagnostics;

/// <summary>
/// Where pools report. How many connections there are is counted when a meter asks, over the pools that are alive: this costs a request
/// nothing, and the number is right for whoever begins to listen late.
/// </summary>
internal static class PoolWatch
{
    private static readonly ConditionalWeakTable<IMeasuredPool, object?> _pools = [];

    static PoolWatch() => UrllibMetrics.Observe(CountConnections, CountPools);

    /// <summary>Makes a pool known for as long as somebody else keeps it alive.</summary>
    public static void Add(IMeasuredPool pool) => _pools.Add(pool, null);

    /// <summary>Whether anybody wants to know of connections.</summary>
    public static bool IsOn(HttpEvents? events) =>
        events is not null || UrllibMetrics.ConnectionDuration.Enabled || UrllibEventSource.Log.IsEnabled();

    /// <summary>A connection was opened. Never throws, as a connection must not be lost by who is told of it.</summary>
    public static void Opened(HttpEvents? events, IMeasuredPool pool, HttpConnectionInfo connection)
    {
        try
        {
            if (UrllibEventSource.Log.IsEnabled())
                EventSourceWriter.Instance.ConnectionOpened(pool.Place, connection);
            events?.ConnectionOpened(pool.Place, connection);
        }
        catch (Exception)
        {
            // Promised by HttpEvents.
        }
    }

    /// <summary>A connection was closed. Never throws, either.</summary>
    public static void Closed(HttpEvents? events, IMeasuredPool pool, HttpConnectionInfo connection)
    {
        try
        {
            if (UrllibMetrics.ConnectionDuration.Enabled)
                UrllibMetrics.ConnectionDuration.Record(connection.Age.TotalSeconds, Tags(pool.Place, connection));
            if (UrllibEventSource.Log.IsEnabled())
                EventSourceWriter.Instance.ConnectionClosed(pool.Place, connection);
            events?.ConnectionClosed(pool.Place, connection);
        }
        catch (Exception)
        {
            // Promised by HttpEvents.
        }
    }

    private static IEnumerable<Measurement<long>> CountConnections()
    {
        // Added up, because several managers may serve one place, and of two equal measurements only the last would count.
        var counts = new Dictionary<(Url Place, string? Peer, string Version, string State), (long Count, TagList Tags)>();
        foreach ((IMeasuredPool pool, _) in _pools)
        {
            (IReadOnlyList<HttpConnectionInfo> idle, IReadOnlyList<HttpConnectionInfo> busy, _) = pool.Measure();
            foreach (HttpConnectionInfo connection in idle)
                Count(pool.Place, connection, "idle");
            foreach (HttpConnectionInfo connection in busy)
                Count(pool.Place, connection, "active");
        }

        return [.. counts.Values.Select(static same => new Measurement<long>(same.Count, same.Tags))];

        void Count(Url place, HttpConnectionInfo connection, string state)
        {
            var key = (place, Peer(connection), TelemetryText.Version(connection), state);
            if (!counts.TryGetValue(key, out (long Count, TagList Tags) same))
            {
                same.Tags = Tags(place, connection);
                same.Tags.Add("http.connection.state", state);
            }

            counts[key] = (same.Count + 1, same.Tags);
        }
    }

    private static IEnumerable<Measurement<long>> CountPools()
    {
        long count = 0;
        foreach ((IMeasuredPool pool, _) in _pools)
            count += pool.Measure().IsKept ? 1 : 0;
        return [new Measurement<long>(count)];
    }

    private static TagList Tags(Url place, HttpConnectionInfo connection)
    {
        TagList tags = TelemetryText.Place(place);
        tags.Add("network.protocol.version", TelemetryText.Version(connection));
        if (Peer(connection) is { } peer)
            tags.Add("network.peer.address", peer);
        return tags;
    }

    private static string? Peer(HttpConnectionInfo connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString();
}
