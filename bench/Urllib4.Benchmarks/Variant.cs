using System.Diagnostics;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>A client, a way to wait, and how many requests it has in flight.</summary>
/// <param name="client">The name of the client.</param>
/// <param name="isBlocking">One thread for each request in flight, or tasks on the thread pool.</param>
/// <param name="contenders">One for each request in flight; the same one if it may be shared.</param>
internal sealed class Variant(string client, bool isBlocking, Contender[] contenders) : IDisposable
{
    public string Client => client;

    public bool IsBlocking => isBlocking;

    public int Flows => contenders.Length;

    /// <summary>Sends requests one after another, so many at a time, for so long.</summary>
    public Latencies Run(TimeSpan length)
    {
        long end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        Latencies[] all = isBlocking ? RunThreads(end) : RunTasks(end);
        var sum = new Latencies();
        foreach (Latencies latencies in all)
            sum.Add(latencies);
        return sum;
    }

    public void Dispose()
    {
        foreach (Contender contender in contenders)
            contender.Dispose();
    }

    private Latencies[] RunThreads(long end)
    {
        Latencies[] all = [.. contenders.Select(_ => new Latencies())];
        Thread[] threads = [.. contenders.Select((contender, i) => new Thread(() => Flow(contender, all[i], end)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return all;
    }

    private static void Flow(Contender contender, Latencies latencies, long end)
    {
        for (long start = Stopwatch.GetTimestamp(); start < end;)
        {
            contender.Get();
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - start);
            start = now;
        }
    }

    private Latencies[] RunTasks(long end)
    {
        var signal = new Signal();
        Task<Latencies[]> all = Task.WhenAll(contenders.Select(contender => FlowAsync(contender, end)));
        all.ContinueWith(_ => signal.Set(), TaskScheduler.Default);
        signal.WaitBlocking(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return Blocking.Result(new ValueTask<Latencies[]>(all));
    }

    private static async Task<Latencies> FlowAsync(Contender contender, long end)
    {
        await Task.Yield();
        var latencies = new Latencies();
        for (long start = Stopwatch.GetTimestamp(); start < end;)
        {
            await contender.GetAsync();
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - start);
            start = now;
        }

        return latencies;
    }
}
