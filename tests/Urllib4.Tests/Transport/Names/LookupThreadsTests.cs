using System.Net;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Transport;

public sealed class LookupThreadsTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(10);

    // Real time after which a broken test ends; nothing passes because of it.
    private static readonly TimeSpan _guard = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_hundred_lookups_one_after_the_other_share_a_thread()
    {
        var threads = new LookupThreads(_long);
        var resolver = new Recorder();
        for (int i = 0; i < 100; i++)
            Ask(threads, resolver, i + 1);
        Assert.Single(resolver.Threads);
        Assert.DoesNotContain(Thread.CurrentThread, resolver.Threads);
    }

    [Fact]
    public void A_stuck_lookup_holds_up_no_other()
    {
        var threads = new LookupThreads(_long);
        using var end = new ManualResetEventSlim();
        var stuck = new Lookup(new Stuck(end), "stuck.example", 80, TimeProvider.System);
        Assert.Throws<TimeoutException>(() => Resolve(threads, stuck, TimeSpan.FromMilliseconds(1)));

        var resolver = new Recorder();
        for (int i = 0; i < 10; i++)
            Ask(threads, resolver, i + 1);

        Assert.Single(resolver.Threads);
        end.Set();
    }

    [Fact]
    public void Lookups_at_the_same_time_have_a_thread_each()
    {
        var threads = new LookupThreads(_long);
        const int Count = 8;
        Assert.Equal(Count, AskAtOnce(threads, Count).Count);
    }

    [Fact]
    public void After_a_burst_four_threads_stay_and_the_others_end()
    {
        var threads = new LookupThreads(_long);
        HashSet<Thread> burst = AskAtOnce(threads, 8);
        Assert.True(SpinWait.SpinUntil(() => burst.Count(static thread => !thread.IsAlive) >= 4, _guard), "Too many stay.");
        HashSet<Thread> stayed = [.. burst.Where(static thread => thread.IsAlive)];
        Assert.Equal(4, stayed.Count);
        Assert.Equal(stayed, AskAtOnce(threads, 4));
    }

    [Fact]
    public void A_thread_without_work_goes_away()
    {
        var threads = new LookupThreads(TimeSpan.Zero);
        var resolver = new Recorder();
        for (int i = 0; i < 3; i++)
            Ask(threads, resolver, i + 1);
        foreach (Thread thread in resolver.Threads)
            Assert.True(thread.Join(_guard));
    }

    [Fact]
    public void A_failure_is_the_failure_of_its_own_lookup()
    {
        var threads = new LookupThreads(_long);
        var failing = new Recorder(() => throw new InvalidOperationException("no such luck"));
        var lookup = new Lookup(failing, "h.example", 80, TimeProvider.System);
        Assert.Equal("no such luck", Resolve(threads, lookup, _guard).Reason);
        var resolver = new Recorder();
        Ask(threads, resolver, 1);
        Assert.Equal(failing.Threads, resolver.Threads);
    }

    private static void Ask(LookupThreads threads, Resolver resolver, int port)
    {
        var lookup = new Lookup(resolver, "h.example", port, TimeProvider.System);
        Assert.Equal(port, Assert.Single(Resolve(threads, lookup, _guard).Answer!.EndPoints).Port);
    }

    private static LookupOutcome Resolve(LookupThreads threads, Lookup lookup, TimeSpan limit)
    {
        Assert.True(lookup.TryJoin(out Signal? waiter));
        threads.Start(lookup);
        return Blocking.Result(lookup.Wait<Blocking>(waiter, limit, CancellationToken.None));
    }

    private static HashSet<Thread> AskAtOnce(LookupThreads threads, int count)
    {
        using var all = new Barrier(count);
        var resolver = new Recorder(() => Assert.True(all.SignalAndWait(_guard)));
        Thread[] callers = [.. Enumerable.Range(0, count).Select(i => new Thread(() => Ask(threads, resolver, i + 1)))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            caller.Join();
        return resolver.Threads;
    }

    private sealed class Recorder(Action? also = null) : Resolver
    {
        public HashSet<Thread> Threads { get; } = [];

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            lock (Threads)
                Threads.Add(Thread.CurrentThread);
            also?.Invoke();
            return [new IPEndPoint(IPAddress.Loopback, port)];
        }
    }

    private sealed class Stuck(ManualResetEventSlim end) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            end.Wait();
            return [];
        }
    }
}
