using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

/// <summary>What becomes of idle connections while nobody borrows or returns one.</summary>
public sealed class IdleWatchTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Idle_ones_of_both_kinds_are_closed_when_their_time_is_over_and_listeners_are_told()
    {
        var events = new Listener();
        var rig = new PoolRig(new PoolOptions { Events = events });
        foreach (Lease lease in new[] { await rig.BorrowNow(Mode.Blocking), await rig.BorrowNow(Mode.Asynchronous) })
            lease.Release(reusable: true);

        rig.Clock.Advance(PoolOptions.Default.MaxIdleTime - Second);
        Assert.Equal(2, rig.Factory.OpenNow);
        rig.Clock.Advance(Second);

        Assert.Equal(0, rig.Factory.OpenNow);
        Assert.Equal(default, rig.Pool.Counts);
        Assert.Equal(rig.Factory.Opened.Select(static connection => connection.Id).Order(), events.Closed.Order());
    }

    [Fact]
    public async Task One_that_has_lived_long_enough_is_closed_although_it_was_used_lately()
    {
        var rig = new PoolRig(new PoolOptions { MaxLifetime = 10 * Second });
        Lease old = await rig.BorrowNow(Mode.Asynchronous);
        rig.Clock.Advance(5 * Second);
        Lease young = await rig.BorrowNow(Mode.Asynchronous);
        young.Release(reusable: true);
        rig.Clock.Advance(4 * Second);
        old.Release(reusable: true);

        rig.Clock.Advance(1 * Second);

        Assert.Equal([false, true], rig.Factory.Opened.Select(static connection => connection.IsOpen));
    }

    [Fact]
    public async Task One_whose_server_said_when_it_hangs_up_is_closed_before()
    {
        var rig = new PoolRig();
        Lease lease = await rig.BorrowNow(Mode.Asynchronous);
        rig.Factory.Opened[0].Hint = 5 * Second;
        lease.Release(reusable: true);

        rig.Clock.Advance(3 * Second);

        Assert.False(rig.Factory.Opened[0].IsOpen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task One_whose_server_has_gone_is_closed_at_the_next_look(Mode mode)
    {
        var rig = new PoolRig();
        (await rig.BorrowNow(mode)).Release(reusable: true);
        rig.Factory.Opened[0].News = true;
        rig.Factory.Opened[0].Liveness = static () => false;

        rig.Clock.Advance(Second);

        Assert.False(rig.Factory.Opened[0].IsOpen);
        Assert.Equal(default, rig.Pool.Counts);
        Assert.True(rig.Factory.Opened[0].LookedAtBlocking); // an asynchronous look would begin a receive
    }

    [Fact]
    public async Task One_on_which_something_harmless_came_stays_as_old_as_it_was()
    {
        var rig = new PoolRig();
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        rig.Factory.Opened[0].News = true;

        rig.Clock.Advance(PoolOptions.Default.MaxIdleTime - Second);
        Assert.True(rig.Factory.Opened[0].Checks > 0);
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
        rig.Clock.Advance(Second);

        Assert.False(rig.Factory.Opened[0].IsOpen);
    }

    [Fact]
    public async Task A_quiet_one_is_not_taken_out_to_be_looked_at()
    {
        var rig = new PoolRig();
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);

        rig.Clock.Advance(20 * Second);

        Assert.Equal(0, rig.Factory.Opened[0].Checks);
    }

    [Fact]
    public async Task Who_waits_gets_the_place_of_one_that_was_closed_by_the_look()
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        FakeConnection dead = rig.Factory.Opened[0];
        Task<Lease>? waiting = null;
        dead.News = true;
        dead.Liveness = () =>
        {
            waiting ??= rig.BorrowWaiting(Mode.Asynchronous);
            return false;
        };

        rig.Clock.Advance(Second);

        Assert.Same((await waiting!.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[1]);
    }

    [Fact]
    public async Task There_is_one_timer_for_all_and_none_when_nothing_is_idle()
    {
        var rig = new PoolRig(new PoolOptions { MaxSize = 8 });
        Lease[] leases = [await rig.BorrowNow(Mode.Asynchronous), await rig.BorrowNow(Mode.Blocking), await rig.BorrowNow(Mode.Blocking)];
        Assert.Equal(0, rig.Clock.PendingTimers);
        foreach (Lease lease in leases)
            lease.Release(reusable: true);
        Assert.Equal(1, rig.Clock.PendingTimers);

        rig.Clock.Advance(PoolOptions.Default.MaxIdleTime);

        Assert.Equal(0, rig.Clock.PendingTimers);
        (await rig.BorrowNow(Mode.Blocking)).Release(reusable: true);
        Assert.Equal(1, rig.Clock.PendingTimers);
        rig.Pool.Dispose();
        Assert.Equal(0, rig.Clock.PendingTimers);
    }

    [Fact]
    public async Task The_looks_get_rarer_the_longer_all_are_idle()
    {
        var rig = new PoolRig(new PoolOptions { MaxIdleTime = Timeout.InfiniteTimeSpan, MaxLifetime = Timeout.InfiniteTimeSpan });
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);

        Assert.Equal([1, 1, 2, 4, 8, 15, 15], Enumerable.Range(0, 7).Select(_ => rig.Clock.AdvanceToNextTimer().TotalSeconds));
    }

    [Fact]
    public void The_timer_holds_nothing_of_the_call_that_made_the_pool()
    {
        var clock = new ContextClock();
        using var pool = new ConnectionPool(PoolRig.Key(), PoolOptions.Default with { Clock = clock }, new FakeConnectionFactory(clock));

        Assert.Equal([true], clock.WasSuppressed);
        Assert.False(ExecutionContext.IsFlowSuppressed());
    }

    [Fact]
    public void A_pool_that_is_forgotten_closes_its_connections_and_tells_of_it_outside_the_finalizers_thread()
    {
        var events = new Listener();
        var clock = new VirtualTime();
        var factory = new FakeConnectionFactory(clock);
        WeakReference pool = Forget(factory, clock, events);

        for (long start = Environment.TickCount64; factory.OpenNow > 0 && Environment.TickCount64 - start < 30_000;)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, factory.OpenNow);
        SpinWait.SpinUntil(() => events.Closed.Count == 2, PoolRig.Guard);
        Assert.Equal(2, events.Closed.Count);
        Assert.All(events.Threads, static isPooled => Assert.True(isPooled));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(pool.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget(FakeConnectionFactory factory, VirtualTime clock, Listener events)
    {
        var pool = new ConnectionPool(PoolRig.Key(), PoolOptions.Default with { Clock = clock, Events = events }, factory);
        HttpConnection[] connections = [Borrow(pool), Borrow(pool)];
        foreach (HttpConnection connection in connections)
            new Lease(connection, pool).Release(reusable: true);
        Assert.Equal(1, clock.PendingTimers);
        return new WeakReference(pool);
    }

    private static HttpConnection Borrow(ConnectionPool pool) => Blocking.Result(
        pool.Borrow<Blocking>(HttpTimeout.Default, default(Deadline), fresh: false, null, CancellationToken.None));

    private sealed class Listener : HttpEvents
    {
        public List<long> Closed { get; } = [];

        public List<bool> Threads { get; } = [];

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection)
        {
            Threads.Add(Thread.CurrentThread.IsThreadPoolThread);
            Closed.Add(connection.Id);
        }
    }

    private sealed class ContextClock : TimeProvider
    {
        public List<bool> WasSuppressed { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            WasSuppressed.Add(ExecutionContext.IsFlowSuppressed());
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
