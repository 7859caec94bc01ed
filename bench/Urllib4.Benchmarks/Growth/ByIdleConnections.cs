using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>Idle connections of one pool, made by holding that many responses at once and then giving them all back.</summary>
internal static class ByIdleConnections
{
    private const int Requests = 2000;
    private const int Repetitions = 5;

    private static readonly RequestOptions _held = new() { PreloadContent = false };

    public static void Run(bool isQuick, TextWriter output)
    {
        var table = new Table("wire", "idle", "managed bytes each", "reach", "reached", "request us", "CPU us", "x of one idle");
        Measure(table, isTls: false, 4096, isQuick ? [1, 100, 1000] : [1, 100, 1000, 10_000]);
        if (NginxServer.IsInstalled)
            Measure(table, isTls: true, 24 * 1024, isQuick ? [1, 100] : [1, 100, 1000, 10_000]);
        table.Print(output);
    }

    private static void Measure(Table table, bool isTls, int limit, int[] counts)
    {
        double alone = 0;
        foreach (int count in counts)
        {
            (double bytes, double microseconds, double cpu) = Measure(isTls, count);
            if (count == 1)
                alone = cpu;
            // Of a few it says nothing: what the process needs once is in it too.
            bool isJudged = count >= 100;
            table.Add(
                isTls ? "TLS" : "plain",
                Text(count, "N0"),
                isJudged ? Text(bytes, "N0") : "-",
                isJudged ? $"at most {Text(limit, "N0")}" : "-",
                isJudged ? (bytes <= limit ? "yes" : "NO") : "-",
                Text(microseconds, "N1"),
                Text(cpu, "N1"),
                Text(cpu / alone, "N2"));
        }
    }

    private static (double Bytes, double Microseconds, double Cpu) Measure(bool isTls, int count)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("urllib4-bench-");
        try
        {
            TestAuthority authority = TestAuthority.Create(folder);
            using ServerProcess server = isTls
                ? NginxServer.Start(Placement.Same, authority)
                : ResponderServer.Start(Placement.Same);
            var options = new PoolOptions
            {
                MaxSize = count,
                MaxIdleTime = TimeSpan.FromHours(1),
                Tls = new TlsOptions { CaCerts = CertificateSet.Read(authority.AuthorityFile) },
            };
            Workload work = isTls ? Workload.TlsSmall : Workload.Small;
            string url = new Target(work, server.PortFor(work), "").Url;
            // Buffers that were in use at once stay with the shared pool of arrays, whoever used them; they belong to no connection.
            using (var earlier = new PoolManager(options))
                Open(earlier, url, count);
            using var manager = new PoolManager(options);
            return Measure(manager, url, count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (double Bytes, double Microseconds, double Cpu) Measure(PoolManager manager, string url, int count)
    {
        // What is made once, by whatever comes first, belongs to no connection.
        manager.Request("GET", url);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Open(manager, url, count);
        double bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Math.Max(1, count - 1);
        int idle = manager.ConnectionFromUrl(url).Snapshot().Idle.Count;
        if (idle != count)
            throw new InvalidOperationException($"{idle} connections are idle, not {count}.");
        Send(manager, url);
        (double Microseconds, double Cpu)[] turns = [.. Enumerable.Range(0, Repetitions).Select(_ => Send(manager, url))];
        return (bytes, turns.Min(static turn => turn.Microseconds), turns.Min(static turn => turn.Cpu));
    }

    private static void Open(PoolManager manager, string url, int count)
    {
        UrllibResponse[] held = new UrllibResponse[count];
        for (int i = 0; i < count; i++)
            held[i] = manager.Request("GET", url, _held);
        foreach (UrllibResponse response in held)
            response.Dispose();
    }

    private static (double Microseconds, double Cpu) Send(PoolManager manager, string url)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Requests; i++)
            manager.Request("GET", url);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return (elapsed.TotalMicroseconds / Requests, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Requests);
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
