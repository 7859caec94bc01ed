using System.Diagnostics;
using Urllib4.Waiting;

namespace Urllib4.Benchmarks;

/// <summary>A client in this process.</summary>
/// <param name="client">Which one.</param>
/// <param name="scene">What is done: one thread for each request in flight, or tasks on the thread pool.</param>
/// <param name="contenders">One for each request in flight; the same one if it may be shared.</param>
internal sealed class OwnVariant(Clients client, Scene scene, Contender[] contenders) : Variant(client)
{
    private readonly Crew? _crew = scene.IsBlocking ? new Crew(contenders.Length) : null;

    private long Resumed => contenders.Distinct().Sum(contender => contender.Resumed);

    public static OwnVariant Create(Clients client, Scene scene, Target target)
    {
        Contender[] contenders = client switch
        {
            Clients.Urllib4 => Shared(new UrllibContender(target)),
            Clients.Watched => Shared(new UrllibContender(target, isWatched: true)),
            Clients.Http1 => Shared(new UrllibContender(target.OverHttp1)),
            Clients.Buffer => [.. Enumerable.Range(0, scene.Flows).Select(_ => new BufferContender(target))],
            Clients.Handler => Shared(new HandlerContender(target)),
            Clients.HttpClient => Shared(new HttpClientContender(target)),
            Clients.Tuned => Shared(new TunedContender(target)),
            Clients.Invoker => Shared(new InvokerContender(target)),
            Clients.Socket => [.. Enumerable.Range(0, scene.Flows).Select(_ => new SocketContender(target))],
            _ => throw new ArgumentOutOfRangeException(nameof(client)),
        };
        return new OwnVariant(client, scene, contenders);

        Contender[] Shared(Contender contender) => [.. Enumerable.Repeat(contender, scene.Flows)];
    }

    public override void Run(TimeSpan length) => RunAll(length, NewLatencies());

    /// <summary>Sends so many requests, one after another.</summary>
    public void Send(int count)
    {
        if (!scene.IsBlocking)
        {
            Wait(SendAsync(contenders[0], count));
            return;
        }

        for (int i = 0; i < count; i++)
            contenders[0].Send();
    }

    public override Sample Measure(TimeSpan length)
    {
        foreach (Contender contender in contenders.Distinct())
            contender.Prepare();
        // A connection may be new, and the caches are cold.
        Run(length / 5);
        Latencies[] flows = NewLatencies();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long resumed = Resumed;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        RunAll(length, flows);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Latencies latencies = Latencies.Sum(flows);
        return new Sample(latencies.Count, elapsed, cpu)
        {
            Allocated = allocated,
            Latencies = latencies,
            Resumed = scene.Workload.IsOneShot ? Resumed - resumed : null,
        };
    }

    public override void Dispose()
    {
        _crew?.Dispose();
        foreach (Contender contender in contenders.Distinct())
            contender.Dispose();
    }

    private Latencies[] NewLatencies() => [.. contenders.Select(_ => new Latencies())];

    private void RunAll(TimeSpan length, Latencies[] flows)
    {
        long end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        if (_crew is not null)
            _crew.Do(number => Flow(contenders[number], flows[number], end));
        else
            Wait(Task.WhenAll(contenders.Select((contender, number) => FlowAsync(contender, flows[number], end))));
    }

    private static void Flow(Contender contender, Latencies latencies, long end)
    {
        for (long start = Stopwatch.GetTimestamp(); start < end;)
        {
            contender.Send();
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - start);
            start = now;
        }
    }

    private static void Wait(Task task)
    {
        var signal = new Signal();
        task.ContinueWith(_ => signal.Set(), TaskScheduler.Default);
        signal.WaitBlocking(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        Blocking.Result(new ValueTask(task));
    }

    private static async Task SendAsync(Contender contender, int count)
    {
        await Task.Yield();
        for (int i = 0; i < count; i++)
            await contender.SendAsync();
    }

    private static async Task FlowAsync(Contender contender, Latencies latencies, long end)
    {
        await Task.Yield();
        for (long start = Stopwatch.GetTimestamp(); start < end;)
        {
            await contender.SendAsync();
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - start);
            start = now;
        }
    }
}
