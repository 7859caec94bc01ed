using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

/// <summary>Connections that carry several requests at once, as HTTP/2 does.</summary>
public sealed class SharedConnectionTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Callers_of_both_kinds_share_one_connection_up_to_its_capacity(Mode mode)
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 3);

        Lease[] leases = [await rig.BorrowNow(mode), await rig.BorrowNow(Mode.Blocking), await rig.BorrowNow(Mode.Asynchronous)];

        Assert.All(leases, lease => Assert.Same(rig.Factory.Opened[0], lease.Connection));
        Assert.Equal((1, 0), (rig.Pool.Snapshot().Busy.Count, rig.Pool.Snapshot().Idle.Count));
        Assert.NotSame(leases[0].Connection, (await rig.BorrowNow(mode)).Connection);
        Assert.Equal(2, rig.Pool.NumConnections);
    }

    [Fact]
    public async Task A_connection_is_idle_only_when_its_last_lease_came_back()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 2);
        Lease first = await rig.BorrowNow(Mode.Asynchronous), second = await rig.BorrowNow(Mode.Asynchronous);

        first.Release(reusable: true);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
        second.Release(reusable: true);
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
    }

    [Fact]
    public async Task The_fullest_that_has_room_is_taken_so_that_the_others_fall_idle()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 3);
        Lease[] leases = new Lease[6];
        for (int i = 0; i < leases.Length; i++)
            leases[i] = await rig.BorrowNow(Mode.Asynchronous);
        leases[0].Release(reusable: true);
        leases[1].Release(reusable: true);
        leases[5].Release(reusable: true);

        Assert.Same(leases[3].Connection, (await rig.BorrowNow(Mode.Asynchronous)).Connection);
        Assert.Same(leases[2].Connection, (await rig.BorrowNow(Mode.Asynchronous)).Connection);
    }

    [Fact]
    public async Task Those_who_wait_for_the_first_dial_get_what_the_connection_carries_beyond_its_dialer()
    {
        PoolRig rig = Rig(PoolRig.Capped(1), capacity: 3);
        rig.Factory.Gate = new Signal();
        Task<Lease> dialing = rig.Borrow(Mode.Asynchronous);
        Task<Lease>[] waiting = [rig.BorrowWaiting(Mode.Blocking), rig.BorrowWaiting(Mode.Asynchronous), rig.BorrowWaiting(Mode.Asynchronous)];

        rig.Factory.Gate.Set();

        foreach (Task<Lease> one in new[] { dialing, waiting[0], waiting[1] })
            Assert.Same((await one.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[0]);
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
        (await dialing).Release(reusable: true);
        await waiting[2].WaitAsync(PoolRig.Guard);
    }

    [Fact]
    public async Task Whoever_waits_is_served_when_the_server_allows_more()
    {
        PoolRig rig = Rig(PoolRig.Capped(1), capacity: 1);
        await rig.BorrowNow(Mode.Asynchronous);
        Task<Lease>[] waiting = [rig.BorrowWaiting(Mode.Asynchronous), rig.BorrowWaiting(Mode.Blocking), rig.BorrowWaiting(Mode.Asynchronous)];

        rig.Factory.Opened[0].Allow(3);

        Assert.Same(rig.Factory.Opened[0], (await waiting[0].WaitAsync(PoolRig.Guard)).Connection);
        Assert.Same(rig.Factory.Opened[0], (await waiting[1].WaitAsync(PoolRig.Guard)).Connection);
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_server_that_lowers_its_limit_gets_no_more_until_it_has_less(int capacity)
    {
        PoolRig rig = Rig(PoolRig.Capped(1), capacity: 5);
        Lease[] leases = [await rig.BorrowNow(Mode.Asynchronous), await rig.BorrowNow(Mode.Asynchronous)];

        rig.Factory.Opened[0].Allow(capacity);
        Task<Lease> waiting = rig.BorrowWaiting(Mode.Asynchronous);
        leases[0].Release(reusable: true);
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
        leases[1].Release(reusable: true);

        Lease lease = await waiting.WaitAsync(PoolRig.Guard);
        Assert.Equal(1, lease.Connection.InUse);
    }

    [Fact]
    public async Task One_that_takes_no_more_finishes_what_it_has_and_is_closed_after()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 5);
        Lease first = await rig.BorrowNow(Mode.Asynchronous), second = await rig.BorrowNow(Mode.Asynchronous);

        rig.Factory.Opened[0].Leave();

        Assert.NotSame(first.Connection, (await rig.BorrowNow(Mode.Asynchronous)).Connection);
        first.Release(reusable: true);
        Assert.True(rig.Factory.Opened[0].IsOpen);
        second.Release(reusable: true);
        Assert.False(rig.Factory.Opened[0].IsOpen);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Fact]
    public async Task One_that_ends_while_it_is_lent_frees_its_place_at_once()
    {
        PoolRig rig = Rig(PoolRig.Capped(1), capacity: 2);
        Lease first = await rig.BorrowNow(Mode.Asynchronous), second = await rig.BorrowNow(Mode.Asynchronous);
        Task<Lease> waiting = rig.BorrowWaiting(Mode.Asynchronous);

        rig.Factory.Opened[0].BreakOff();

        Assert.Same((await waiting.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[1]);
        Assert.Equal(1, rig.Factory.Opened[0].Closes);
        first.Release(reusable: false);
        second.Release(reusable: true);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_leaves_or_ends_while_idle_is_closed_at_once(bool ends)
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 2);
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);

        if (ends)
            rig.Factory.Opened[0].BreakOff();
        else
            rig.Factory.Opened[0].Leave();

        Assert.False(rig.Factory.Opened[0].IsOpen);
        Assert.Equal(default, rig.Pool.Counts);
    }

    [Fact]
    public async Task One_that_is_too_old_for_the_next_is_not_closed_under_those_who_use_it()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8, MaxLifetime = TimeSpan.FromSeconds(60) }, capacity: 2);
        Lease old = await rig.BorrowNow(Mode.Asynchronous);
        rig.Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.NotSame(old.Connection, (await rig.BorrowNow(Mode.Asynchronous)).Connection);
        Assert.True(rig.Factory.Opened[0].IsOpen);
        old.Release(reusable: true);
        Assert.False(rig.Factory.Opened[0].IsOpen);
    }

    [Fact]
    public async Task A_lease_that_comes_back_unfit_ends_the_sharing_but_not_the_other_requests()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 3);
        Lease bad = await rig.BorrowNow(Mode.Asynchronous), good = await rig.BorrowNow(Mode.Asynchronous);

        bad.Release(reusable: false);

        Assert.True(rig.Factory.Opened[0].IsOpen);
        Assert.NotSame(good.Connection, (await rig.BorrowNow(Mode.Asynchronous)).Connection);
        good.Release(reusable: true);
        Assert.False(rig.Factory.Opened[0].IsOpen);
    }

    [Fact]
    public async Task A_disposed_pool_closes_a_shared_connection_once()
    {
        PoolRig rig = Rig(new PoolOptions { MaxSize = 8 }, capacity: 3);
        Lease first = await rig.BorrowNow(Mode.Asynchronous), second = await rig.BorrowNow(Mode.Asynchronous);

        rig.Pool.Dispose();

        Assert.False(rig.Factory.Opened[0].IsOpen);
        first.Release(reusable: false);
        second.Release(reusable: false);
        Assert.Equal(0, rig.Factory.OpenNow);
    }

    private static PoolRig Rig(PoolOptions options, int capacity) => new(options) { Factory = { Capacity = capacity } };
}
