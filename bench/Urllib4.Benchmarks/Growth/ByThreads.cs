using System.Diagnostics;
using System.Globalization;
using Urllib4.Pools;

namespace Urllib4.Benchmarks;

/// <summary>Threads that do nothing but borrow and give back: far more contention than requests can bring.</summary>
internal static class ByThreads
{
    private const int Hosts = 100;

    public static void Run(bool isQuick, TextWriter output)
    {
        int count = isQuick ? 200_000 : 2_000_000;
        var table = new Table("threads", "one pool: ns", "directory of 100 hosts: ns");
        foreach (int threads in (int[])[1, 2, 4, 8, 16, 32])
        {
            table.Add(
                threads.ToString(CultureInfo.InvariantCulture),
                OnPool(threads, count).ToString("N0", CultureInfo.InvariantCulture),
                OnDirectory(threads, count).ToString("N0", CultureInfo.InvariantCulture));
        }

        table.Print(output);
        output.WriteLine();
        output.WriteLine("Nanoseconds of the clock for each borrowing and return, of all threads together.");
    }

    private static double OnPool(int threads, int count)
    {
        var options = new PoolOptions();
        using PoolDirectory directory = SilentFactory.NewDirectory(options);
        ConnectionPool pool = directory.For(new PoolKey("http", "127.0.0.1", 80, options));
        return Measure(threads, count, _ => SilentFactory.Borrow(pool, options));
    }

    private static double OnDirectory(int threads, int count)
    {
        var options = new PoolOptions { NumPools = Hosts };
        using PoolDirectory directory = SilentFactory.NewDirectory(options);
        string[] names = [.. Enumerable.Range(0, Hosts).Select(i => string.Create(CultureInfo.InvariantCulture, $"127.0.1.{i}"))];
        return Measure(threads, count, i => SilentFactory.Borrow(directory, options, names[i % Hosts]));
    }

    private static double Measure(int threads, int count, Action<int> act)
    {
        Repeat(threads, count / 10, act);
        long start = Stopwatch.GetTimestamp();
        Repeat(threads, count, act);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    private static void Repeat(int threads, int count, Action<int> act)
    {
        Thread[] all = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            for (int i = number; i < count; i += threads)
                act(i);
        }))];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            thread.Join();
    }
}
