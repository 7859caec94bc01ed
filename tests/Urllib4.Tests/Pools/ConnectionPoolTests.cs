using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

public sealed class ConnectionPoolTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory, ClassData(typeof(BothModes))]
    public async Task One_caller_after_another_uses_one_connection(Mode mode)
    {
        var rig = new PoolRig(new PoolOptions { MaxSize = 16 });
        for (int i = 0; i < 3; i++)
        {
            Lease lease = await rig.BorrowNow(mode);
            rig.Pool.CountRequest();
            Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
            lease.Release(reusable: true);
        }

        Assert.Equal((1, 3), (rig.Pool.NumConnections, rig.Pool.NumRequests));
        Assert.Equal("Pool http://example.com:80: 0 busy, 1 idle, 0 waiting", rig.Pool.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_is_dialed_in_the_mode_of_its_caller(Mode mode)
    {
        var rig = new PoolRig();
        Assert.Equal(mode == Mode.Blocking, (await rig.BorrowNow(mode)).Connection.IsBlocking);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_blocking_and_an_asynchronous_caller_keep_to_their_own_connections(Mode first)
    {
        var rig = new PoolRig();
        for (int i = 0; i < 4; i++)
        {
            Mode mode = i % 2 == 0 ? first : Other(first);
            Lease lease = await rig.BorrowNow(mode);
            Assert.Equal(mode == Mode.Blocking, lease.Connection.IsBlocking);
            lease.Release(reusable: true);
        }

        Assert.Equal(2, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_other_kind_is_taken_rather_than_waited_for(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        (await rig.BorrowNow(Other(mode))).Release(reusable: true);
        Assert.Equal(mode != Mode.Blocking, (await rig.BorrowNow(mode)).Connection.IsBlocking);
        Assert.Equal(1, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Overflow_is_closed_when_it_comes_back(Mode mode)
    {
        var rig = new PoolRig(new PoolOptions { MaxSize = 1 });
        Lease first = await rig.BorrowNow(mode), second = await rig.BorrowNow(mode);
        first.Release(reusable: true);
        second.Release(reusable: true);
        Assert.Equal([true, false], rig.Factory.Opened.Select(static connection => connection.IsOpen));
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
        Assert.Same(first.Connection, (await rig.BorrowNow(mode)).Connection);
        await rig.BorrowNow(mode);
        Assert.Equal(3, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task One_that_cannot_be_used_again_is_closed_once_and_replaced(Mode mode)
    {
        var rig = new PoolRig();
        (await rig.BorrowNow(mode)).Release(reusable: false);
        Assert.Equal(1, rig.Factory.Opened[0].Closes);
        Assert.Equal(default, rig.Pool.Counts);
        await rig.BorrowNow(mode);
        Assert.Equal(2, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task DS_01_F01_idle_ones_that_are_not_alive_are_closed_and_the_next_good_one_is_lent(Mode mode)
    {
        var rig = new PoolRig();
        Lease[] leases = [await rig.BorrowNow(mode), await rig.BorrowNow(mode), await rig.BorrowNow(mode)];
        foreach (Lease lease in leases)
            lease.Release(reusable: true);
        rig.Factory.Opened[2].Liveness = static () => false;
        rig.Factory.Opened[1].Liveness = static () => throw new ObjectDisposedException("socket");
        Assert.Same(rig.Factory.Opened[0], (await rig.BorrowNow(mode)).Connection);
        Assert.Equal([true, false, false], rig.Factory.Opened.Select(static connection => connection.IsOpen));
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task When_no_idle_one_is_alive_a_new_one_is_dialed_within_the_limit(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        (await rig.BorrowNow(mode)).Release(reusable: true);
        rig.Factory.Opened[0].Liveness = static () => false;
        Assert.Same((await rig.BorrowNow(mode)).Connection, rig.Factory.Opened[1]);
        Assert.Equal(1, rig.Factory.MostOpen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_fresh_one_is_never_an_idle_one_and_stays_within_the_limit(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        (await rig.BorrowNow(mode)).Release(reusable: true);
        Lease fresh = await rig.BorrowNow(mode, fresh: true);
        Assert.Same(rig.Factory.Opened[1], fresh.Connection);
        Assert.False(rig.Factory.Opened[0].IsOpen);
        Assert.Equal(0, rig.Factory.Opened[0].Checks);
        Assert.Equal(1, rig.Factory.MostOpen);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public async Task One_that_was_idle_for_MaxIdleTime_is_not_used_again(int seconds, bool reused) =>
        Assert.Equal(reused, await IsReusedAfter(seconds * Second, new PoolOptions { MaxLifetime = Timeout.InfiniteTimeSpan }));

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public async Task One_that_has_lived_for_MaxLifetime_is_not_used_again(int seconds, bool reused) => Assert.Equal(
        reused,
        await IsReusedAfter(seconds * Second, new PoolOptions { MaxLifetime = 60 * Second, MaxIdleTime = Timeout.InfiniteTimeSpan }));

    [Theory]
    [InlineData(5, 2.9, true)]
    [InlineData(5, 3, false)]
    [InlineData(2, 0, false)]
    public async Task F18_one_whose_server_is_about_to_hang_up_is_not_used_again(double hint, double seconds, bool reused) =>
        Assert.Equal(reused, await IsReusedAfter(seconds * Second, PoolOptions.Default, hint * Second));

    [Fact]
    public async Task Limits_that_are_infinite_keep_a_connection_for_ever() => Assert.True(await IsReusedAfter(
        TimeSpan.FromDays(30), new PoolOptions { MaxLifetime = Timeout.InfiniteTimeSpan, MaxIdleTime = Timeout.InfiniteTimeSpan }));

    [Fact]
    public async Task F38_one_that_became_too_old_while_it_was_used_is_not_kept()
    {
        var rig = new PoolRig();
        Lease lease = await rig.BorrowNow(Mode.Asynchronous);
        rig.Clock.Advance(PoolOptions.Default.MaxLifetime);
        lease.Release(reusable: true);
        Assert.False(rig.Factory.Opened[0].IsOpen);
        Assert.Equal(default, rig.Pool.Counts);
    }

    [Fact]
    public async Task What_is_idle_and_good_is_not_looked_at_when_others_come_and_go()
    {
        var rig = new PoolRig();
        Lease[] leases = [await rig.BorrowNow(Mode.Asynchronous), await rig.BorrowNow(Mode.Asynchronous)];
        leases[0].Release(reusable: true);
        leases[1].Release(reusable: true);
        for (int i = 0; i < 5; i++)
            (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        Assert.Equal([0, 5], rig.Factory.Opened.Select(static connection => connection.Checks));
    }

    [Fact]
    public async Task A_connection_whose_closing_fails_loses_no_place_and_harms_nobody()
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease lease = await rig.BorrowNow(Mode.Asynchronous);
        rig.Factory.Opened[0].FailureOfClose = new IOException("It fell off.");
        lease.Release(reusable: false);
        await rig.BorrowNow(Mode.Asynchronous);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Fact]
    public async Task A_snapshot_tells_of_every_connection()
    {
        var rig = new PoolRig();
        Lease busy = await rig.BorrowNow(Mode.Asynchronous), idle = await rig.BorrowNow(Mode.Asynchronous);
        idle.Release(reusable: true);
        rig.Pool.CountRequest();
        PoolSnapshot snapshot = rig.Pool.Snapshot();
        Assert.Equal(busy.Connection.Id, Assert.Single(snapshot.Busy).Id);
        Assert.Equal(idle.Connection.Id, Assert.Single(snapshot.Idle).Id);
        Assert.Equal((2, 1, 0, 0), (snapshot.NumConnections, snapshot.NumRequests, snapshot.Dialing, snapshot.Waiting));
        Assert.Equal((false, false), (snapshot.IsClosed, snapshot.IsRetired));
        Assert.Equal("http://example.com:80: 1 busy, 1 idle, 0 waiting", snapshot.ToString());
        Assert.Equal(rig.Pool.Key, snapshot.Key);
    }

    [Fact]
    public void Borrowing_and_returning_an_idle_connection_allocates_nothing()
    {
        var rig = new PoolRig();
        for (int i = 0; i < 100; i++)
            BorrowAndReturn(rig);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            BorrowAndReturn(rig);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void BorrowAndReturn(PoolRig rig)
        {
            HttpConnection borrowed = Blocking.Result(
                rig.Pool.Borrow<Blocking>(HttpTimeout.Default, default, fresh: false, null, CancellationToken.None));
            new Lease(borrowed, rig.Pool).Release(reusable: true);
        }
    }

    private static Mode Other(Mode mode) => mode == Mode.Blocking ? Mode.Asynchronous : Mode.Blocking;

    private static async Task<bool> IsReusedAfter(TimeSpan idle, PoolOptions options, TimeSpan? hint = null)
    {
        var rig = new PoolRig(options);
        Lease lease = await rig.BorrowNow(Mode.Asynchronous);
        rig.Factory.Opened[0].Hint = hint ?? Timeout.InfiniteTimeSpan;
        lease.Release(reusable: true);
        rig.Clock.Advance(idle);
        Lease next = await rig.BorrowNow(Mode.Asynchronous);
        bool reused = ReferenceEquals(lease.Connection, next.Connection);
        Assert.Equal(reused, rig.Factory.Opened[0].IsOpen);
        return reused;
    }
}
