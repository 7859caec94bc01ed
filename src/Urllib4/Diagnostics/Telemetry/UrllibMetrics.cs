using System.Diagnostics.Metrics;

namespace Urllib4.Diagnostics;

/// <summary>The meter of the process and its instruments; the <c>http.client</c> ones are named and tagged as System.Net.Http's.</summary>
internal static class UrllibMetrics
{
    private static readonly Meter _meter = new("Urllib4");

    public static Histogram<double> RequestDuration { get; } = _meter.CreateHistogram(
        "http.client.request.duration",
        "s",
        "Duration of the attempts of calls, until the head of the response or the failure.",
        advice: Buckets(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));

    public static UpDownCounter<long> ActiveRequests { get; } = _meter.CreateUpDownCounter<long>(
        "http.client.active_requests", "{request}", "Attempts under way whose response head has not come yet.");

    public static Histogram<double> TimeInQueue { get; } = _meter.CreateHistogram(
        "http.client.request.time_in_queue",
        "s",
        "How long attempts that found no idle connection waited for theirs.",
        advice: Buckets(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10));

    public static Histogram<double> ConnectionDuration { get; } = _meter.CreateHistogram(
        "http.client.connection.duration",
        "s",
        "How long connections lived that were closed.",
        advice: Buckets(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300));

    public static ObservableUpDownCounter<long> OpenConnections { get; } = _meter.CreateObservableUpDownCounter(
        "http.client.open_connections", PoolCensus.CountConnections, "{connection}", "Open connections, idle or active.");

    public static ObservableUpDownCounter<long> Pools { get; } = _meter.CreateObservableUpDownCounter(
        "urllib4.pools", PoolCensus.CountPools, "{pool}", "Pools that managers keep.");

    public static Counter<long> Evictions { get; } = _meter.CreateCounter<long>(
        "urllib4.pool.evictions", "{pool}", "Pools that a manager has dropped: for another one, or when it was told to.");

    public static Counter<long> Retries { get; } = _meter.CreateCounter<long>(
        "urllib4.retries", "{attempt}", "Attempts that were retries.");

    public static Counter<long> Redirects { get; } = _meter.CreateCounter<long>(
        "urllib4.redirects", "{attempt}", "Attempts that followed a redirect.");

    public static Counter<long> Replays { get; } = _meter.CreateCounter<long>(
        "urllib4.replays", "{attempt}", "Attempts that repeated, at no cost, what a closed connection had swallowed.");

    public static Counter<long> BytesSent { get; } = _meter.CreateCounter<long>(
        "urllib4.bytes.sent", "By", "Bytes of requests handed to the network, heads and bodies, as framed.");

    public static Counter<long> BytesReceived { get; } = _meter.CreateCounter<long>(
        "urllib4.bytes.received", "By", "Bytes of responses received, heads and bodies, as framed.");

    /// <summary>Whether anybody wants to know of calls.</summary>
    public static bool WantsCalls =>
        RequestDuration.Enabled || ActiveRequests.Enabled || TimeInQueue.Enabled || Retries.Enabled || Redirects.Enabled
        || Replays.Enabled || BytesSent.Enabled || BytesReceived.Enabled;

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
