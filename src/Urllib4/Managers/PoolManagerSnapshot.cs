using System.Globalization;
using System.Text;
using System.Text.Json;
using Urllib4.Managers;
using Urllib4.Pools;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What a manager held when it was asked: its pools, and what was in each; it does not change afterwards.</summary>
/// <remarks>
/// Immutable, so safe to share between threads. The pools are looked at one after another, each under its own lock and never several at
/// once, so that nobody has to stop for it; the sums may therefore belong to no single moment.
/// </remarks>
public sealed record PoolManagerSnapshot
{
    internal PoolManagerSnapshot(IReadOnlyList<PoolSnapshot> pools) => Pools = pools;

    /// <summary>The pools, the least recently used one first. Those that were evicted are not among them.</summary>
    public IReadOnlyList<PoolSnapshot> Pools { get; }

    /// <summary>How many connections were in use.</summary>
    public int Busy => Pools.Sum(static pool => pool.Busy.Count);

    /// <summary>How many connections waited to be used again.</summary>
    public int Idle => Pools.Sum(static pool => pool.Idle.Count);

    /// <summary>How many connections were being opened.</summary>
    public int Dialing => Pools.Sum(static pool => pool.Dialing);

    /// <summary>How many requests waited for a connection.</summary>
    public int Waiting => Pools.Sum(static pool => pool.Waiting);

    /// <summary>
    /// A table for people: a line for the whole, one for each pool, and below it one for each connection, the busy ones first. It names
    /// origins, addresses and proxies; no path, query, header or credentials are in it. Its form may change between versions.
    /// </summary>
    /// <returns>Lines that end in <c>\n</c>.</returns>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(ToString()).Append('\n');
        foreach (PoolSnapshot pool in Pools)
        {
            string state = pool.IsClosed ? ", closed" : pool.IsRetired ? ", retired" : "";
            text.Append(
                CultureInfo.InvariantCulture, $"{pool}{state}; ever {pool.NumConnections} opened, {pool.NumRequests} sent\n");
            foreach (HttpConnectionInfo connection in pool.Busy)
                Append(text, "busy", connection);
            foreach (HttpConnectionInfo connection in pool.Idle)
                Append(text, "idle", connection);
        }

        return text.ToString();
    }

    /// <summary>
    /// The same as JSON, for tools: an object whose <c>pools</c> have <c>key</c>, counts, <c>busy</c> and <c>idle</c> connections. What
    /// is unknown is left out. As <see cref="ToText"/> it holds no path, query, header or credentials. Needs no reflection.
    /// </summary>
    /// <returns>One line of JSON (RFC 8259).</returns>
    public string ToJson() => JsonSerializer.Serialize(SnapshotJson.Of(Pools), SnapshotJsonContext.Default.SnapshotJson);

    /// <summary>The sums.</summary>
    /// <returns>For example <c>2 pools: 2 busy, 1 dialing, 0 idle, 3 waiting</c>.</returns>
    public override string ToString() =>
        $"{FactText.Count(Pools.Count, "pool")}: {new PoolCounts(Busy, Dialing, Idle, Waiting)}";

    private static void Append(StringBuilder text, string state, HttpConnectionInfo connection)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"  {state}  #{connection.Id,-6} age {FactText.Of(connection.Age),-8} ");
        text.Append(
            CultureInfo.InvariantCulture, $"{FactText.Count(connection.RequestsServed, "request"),-13}");
        text.Append(
            CultureInfo.InvariantCulture,
            $" {connection.LocalEndPoint?.ToString() ?? "-"} -> {connection.RemoteEndPoint?.ToString() ?? "-"}");
        if (connection.Tls is { } tls)
            text.Append(CultureInfo.InvariantCulture, $"  {tls.Version}");
        if (connection.Tls?.ApplicationProtocol is { } protocol)
            text.Append(' ').Append(protocol);
        text.Append('\n');
    }
}
