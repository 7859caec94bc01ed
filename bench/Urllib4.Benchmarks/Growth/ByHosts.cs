using System.Diagnostics;
using System.Globalization;
using Urllib4.Pools;

namespace Urllib4.Benchmarks;

/// <summary>
/// Many hosts in turn, which is the worst order for a directory that keeps the most recently used: with fewer pools than hosts, each
/// request evicts one and creates one.
/// </summary>
internal static class ByHosts
{
    // Unbounded, each host holds a connection, which is a file for the client; some are left for everything else.
    private const int MostConnections = 10_000;

    // Enough for the compiler to be done with what is hot: before that it is other code that is measured.
    private const int WarmUp = 5000;

    private const int Repetitions = 5;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(1.5);

    public static void Run(bool isQuick, TextWriter output)
    {
        var table = new Table("hosts", "NumPools", "find, borrow, return ns", "bytes", "bytes/pool", "request us", "note");
        int[] counts = isQuick ? [1, 100, 10_000] : [1, 100, 10_000, 50_000];
        foreach (int hosts in counts)
        {
            foreach (int pools in (int[])[10, 1000, int.MaxValue])
                Measure(table, hosts, pools, isQuick);
        }

        table.Print(output);
    }

    private static void Measure(Table table, int hosts, int pools, bool isQuick)
    {
        string[] names = [.. Enumerable.Range(0, hosts).Select(Address)];
        (double nanoseconds, double bytes, double bytesPerPool) = Borrowing(names, pools);
        bool hasFiles = pools < MostConnections || hosts <= MostConnections;
        table.Add(
            Text(hosts, "N0"),
            pools == int.MaxValue ? "unbounded" : Text(pools, "N0"),
            Text(nanoseconds, "N0"),
            Text(bytes, "N0"),
            // Of a few pools it says nothing: what the directory needs once is in it too.
            Math.Min(hosts, pools) >= 100 ? Text(bytesPerPool, "N0") : "-",
            hasFiles ? Text(Requesting(names, pools, isQuick), "N1") : "-",
            hasFiles ? pools < hosts ? "each evicts one" : "" : "more connections than the file limit allows");
    }

    private static (double Nanoseconds, double Bytes, double BytesPerPool) Borrowing(string[] names, int pools)
    {
        var options = new PoolOptions { NumPools = pools };
        Url[] urls = [.. names.Select(static name => Url.Parse($"http://{name}/"))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using PoolDirectory directory = SilentFactory.NewDirectory(options);
        int turns = Math.Max(1, 100_000 / names.Length);
        Turn(turns: 1);
        double held = GC.GetTotalMemory(forceFullCollection: true) - before;
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < _warmUp;)
            Turn(turns: 1);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        double count = (double)turns * names.Length;
        double nanoseconds = Enumerable.Range(0, Repetitions).Min(_ => Timed(turns)) / count;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return (nanoseconds, allocated / Repetitions / count, held / directory.Pools.Count);

        double Timed(int turns)
        {
            long start = Stopwatch.GetTimestamp();
            Turn(turns);
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        void Turn(int turns)
        {
            for (int turn = 0; turn < turns; turn++)
            {
                foreach (Url url in urls)
                    SilentFactory.Borrow(directory, options, url);
            }
        }
    }

    private static double Requesting(string[] names, int pools, bool isQuick)
    {
        using ResponderServer server = ResponderServer.Start(Placement.Same);
        using var manager = new PoolManager(pools);
        string rest = string.Create(CultureInfo.InvariantCulture, $":{server.Port}{Workload.Small.Path}");
        string[] urls = [.. names.Select(name => $"http://{name}{rest}")];
        int count = Math.Max(names.Length, isQuick ? 2000 : 20_000);
        Send(Math.Max(names.Length, WarmUp));
        long start = Stopwatch.GetTimestamp();
        Send(count);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;

        void Send(int many)
        {
            for (int i = 0; i < many; i++)
                manager.Request("GET", urls[i % urls.Length]);
        }
    }

    // All of 127.0.0.0/8 is this machine.
    private static string Address(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"127.{1 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}");

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
