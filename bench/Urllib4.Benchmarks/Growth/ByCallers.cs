using System.Diagnostics;
using System.Globalization;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>More callers than connections, on a pool that blocks: whoever came first is served first, and no place gets lost.</summary>
internal static class ByCallers
{
    private const int MaxSize = 8;

    private static readonly RequestOptions _held =
        new() { PreloadContent = false, Timeout = HttpTimeout.Default with { Pool = TimeSpan.FromSeconds(1) } };

    private static readonly string[] _heads =
        ["callers", "each us", "p50 wait ms", "p99 wait ms", "out of turn", "first come, first served", "places lost"];

    public static void Run(bool isQuick, TextWriter output)
    {
        using ResponderServer server = ResponderServer.Start(Placement.Unpinned);
        string url = new Target(Workload.Small, server.Port, "").Url;
        HttpTimeout patience = HttpTimeout.Default with { Total = TimeSpan.FromMinutes(5) };
        using var manager = new PoolManager(new PoolOptions { MaxSize = MaxSize, Block = true, Timeout = patience });
        using HttpConnectionPool pool = manager.ConnectionFromUrl(url);
        // The connections are opened by it, since whoever dials is overtaken by those who need not.
        Measure(new Table(_heads), manager, pool, url, 2000);
        var table = new Table(_heads);
        foreach (int callers in isQuick ? (int[])[100, 1000] : [100, 1000, 10_000])
            Measure(table, manager, pool, url, callers);
        table.Print(output);
    }

    private static void Measure(Table table, PoolManager manager, HttpConnectionPool pool, string url, int callers)
    {
        var waits = new Latencies();
        HttpConnectionInfo[] connections = new HttpConnectionInfo[callers];
        long start = 0;
        List<UrllibResponse> held = HoldAll(pool);
        // A call gets its ticket before it first waits, so the order of the calls is the order of the tickets.
        Task[] all = [.. Enumerable.Range(0, callers).Select(Call)];
        start = Stopwatch.GetTimestamp();
        held.ForEach(response => response.Dispose());
        var signal = new Signal();
        Task.WhenAll(all).ContinueWith(_ => signal.Set(), TaskScheduler.Default);
        signal.WaitBlocking(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        Blocking.Result(new ValueTask(Task.WhenAll(all)));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        int outOfTurn = CountOutOfTurn(connections);
        table.Add(
            Text(callers, "N0"),
            Text(elapsed.TotalMicroseconds / callers, "N1"),
            Text(waits.Percentile(0.5) / 1000, "N1"),
            Text(waits.Percentile(0.99) / 1000, "N1"),
            Text(outOfTurn, "N0"),
            outOfTurn == 0 ? "yes" : "NO",
            Text(MaxSize - CountUsable(pool), "N0"));

        async Task Call(int caller)
        {
            connections[caller] = (await manager.RequestAsync("GET", url)).Connection;
            long waited = Stopwatch.GetTimestamp() - start;
            lock (waits)
                waits.Add(waited);
        }
    }

    // Each connection numbers what it carries, so who came earlier must have the smaller number there.
    private static int CountOutOfTurn(HttpConnectionInfo[] connections) => connections
        .Index()
        .GroupBy(one => one.Item.Id, (_, same) => same.OrderBy(one => one.Item.RequestsServed).Select(one => one.Index))
        .Sum(order => order.Zip(order.Skip(1), (caller, next) => caller < next ? 0 : 1).Sum());

    // How many can still be had at once: each place that got lost is one less.
    private static int CountUsable(HttpConnectionPool pool)
    {
        if (pool.Snapshot() is not { Busy.Count: 0, Dialing: 0, Waiting: 0 })
            return 0;
        List<UrllibResponse> held = HoldAll(pool);
        held.ForEach(response => response.Dispose());
        return held.Count;
    }

    private static List<UrllibResponse> HoldAll(HttpConnectionPool pool)
    {
        var held = new List<UrllibResponse>();
        try
        {
            while (held.Count < MaxSize)
                held.Add(pool.Request("GET", Workload.Small.Path, _held));
        }
        catch (PoolTimeoutException)
        {
            // As many as can be had; the caller counts them.
        }

        return held;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
