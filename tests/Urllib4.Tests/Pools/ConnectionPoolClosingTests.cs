using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

public sealed class ConnectionPoolClosingTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_closed_pool_lends_nothing(Mode mode)
    {
        var rig = new PoolRig();
        rig.Pool.Close();
        ClosedPoolException error = await Assert.ThrowsAsync<ClosedPoolException>(() => rig.BorrowNow(mode));
        Assert.Equal("Pool http://example.com:80 is closed: its owner closed or disposed it.", error.Message);
    }

    [Fact]
    public async Task Closing_closes_what_is_idle_and_what_is_lent_only_when_it_comes_back()
    {
        var rig = new PoolRig();
        Lease busy = await rig.BorrowNow(Mode.Asynchronous);
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        rig.Pool.Close();
        rig.Pool.Close();
        Assert.Equal([0, 1], rig.Factory.Opened.Select(static connection => connection.Closes));
        Assert.Equal("Pool http://example.com:80: 1 busy, 0 idle, 0 waiting, closed", rig.Pool.ToString());
        busy.Release(reusable: true);
        Assert.Equal(0, rig.Factory.OpenNow);
        Assert.Equal(default, rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Closing_wakes_those_who_wait(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        await rig.BorrowNow(mode);
        Task<Lease>[] waiting = [rig.BorrowWaiting(mode), rig.BorrowWaiting(mode)];
        rig.Pool.Close();
        foreach (Task<Lease> one in waiting)
            await Assert.ThrowsAsync<ClosedPoolException>(() => one.WaitAsync(PoolRig.Guard));
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_that_was_dialing_when_the_pool_was_closed_may_finish(Mode mode)
    {
        var rig = new PoolRig();
        var gate = new Signal();
        rig.Factory.Gate = gate;
        Task<Lease> dialing = rig.Borrow(mode);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        rig.Pool.Close();
        gate.Set();
        Lease lease = await dialing.WaitAsync(PoolRig.Guard);
        Assert.Equal(1, rig.Factory.OpenNow);
        lease.Release(reusable: true);
        Assert.Equal((0, default), (rig.Factory.OpenNow, rig.Pool.Counts));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F68_disposing_fails_those_who_wait_and_those_who_dial_and_closes_what_is_lent(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(2));
        using var cancellation = new CancellationTokenSource();
        Lease busy = await rig.BorrowNow(mode);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        rig.Factory.Gate = new Signal();
        Task<Lease> dialing = rig.Borrow(mode, cancellationToken: cancellation.Token);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        Task<Lease> waiting = rig.BorrowWaiting(mode);
        rig.Pool.Dispose();
        rig.Pool.Dispose();
        await Assert.ThrowsAsync<ClosedPoolException>(() => dialing.WaitAsync(PoolRig.Guard));
        await Assert.ThrowsAsync<ClosedPoolException>(() => waiting.WaitAsync(PoolRig.Guard));
        await Assert.ThrowsAsync<ClosedPoolException>(() => rig.BorrowNow(mode));
        Assert.Equal(0, rig.Factory.OpenNow);
        busy.Release(reusable: true);
        Assert.Equal((0, default), (rig.Factory.OpenNow, rig.Pool.Counts));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F68_a_dial_that_ends_well_after_disposal_leaves_nothing_open(Mode mode)
    {
        var rig = new PoolRig();
        var gate = new Signal();
        (rig.Factory.Gate, rig.Factory.IsDeaf) = (gate, true);
        Task<Lease> dialing = rig.Borrow(mode);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        rig.Pool.Dispose();
        gate.Set();
        await Assert.ThrowsAsync<ClosedPoolException>(() => dialing.WaitAsync(PoolRig.Guard));
        Assert.Equal((0, default), (rig.Factory.OpenNow, rig.Pool.Counts));
    }

    [Fact]
    public async Task F68_a_dial_that_ends_well_in_the_instant_of_disposal_leaves_nothing_open()
    {
        for (int round = 0; round < 1_000; round++)
        {
            var rig = new PoolRig();
            var start = new Barrier(2);
            var gate = new Signal();
            rig.Factory.Gate = gate;
            Task<Lease> dialing = rig.Borrow(Mode.Asynchronous);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    start.SignalAndWait();
                    gate.Set();
                },
                null);
            start.SignalAndWait();
            rig.Pool.Dispose();
            try
            {
                (await dialing.WaitAsync(PoolRig.Guard)).Release(reusable: true);
            }
            catch (ClosedPoolException)
            {
                // One of the two outcomes; what counts is what is open afterwards.
            }

            Assert.Equal((0, default), (rig.Factory.OpenNow, rig.Pool.Counts));
        }
    }

    [Fact]
    public async Task A_retired_pool_serves_whoever_holds_it_and_keeps_nothing()
    {
        var rig = new PoolRig(PoolRig.Capped(2));
        Lease busy = await rig.BorrowNow(Mode.Asynchronous);
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        rig.Pool.Retire();
        Assert.Equal("Pool http://example.com:80: 1 busy, 0 idle, 0 waiting, retired", rig.Pool.ToString());
        Lease later = await rig.BorrowNow(Mode.Asynchronous);
        busy.Release(reusable: true);
        later.Release(reusable: true);
        Assert.Equal((0, default), (rig.Factory.OpenNow, rig.Pool.Counts));
        Assert.Equal(3, rig.Pool.NumConnections);
    }

    [Fact]
    public async Task A_pool_holds_no_one_who_lost_a_lease()
    {
        var rig = new PoolRig();
        WeakReference holder = await Lose(rig);
        GC.Collect();
        Assert.False(holder.IsAlive);
        GC.KeepAlive(rig);

        static async Task<WeakReference> Lose(PoolRig rig) => new(new Holder(await rig.BorrowNow(Mode.Asynchronous)));
    }

    private sealed record Holder(Lease Lease);
}
