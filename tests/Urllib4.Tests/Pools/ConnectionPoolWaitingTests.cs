using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

public sealed class ConnectionPoolWaitingTests
{
    private static readonly HttpTimeout Short = new() { Pool = TimeSpan.FromSeconds(3) };

    [Theory]
    [InlineData(Mode.Blocking, Mode.Blocking)]
    [InlineData(Mode.Blocking, Mode.Asynchronous)]
    [InlineData(Mode.Asynchronous, Mode.Blocking)]
    [InlineData(Mode.Asynchronous, Mode.Asynchronous)]
    public async Task A_waiter_of_either_kind_gets_what_comes_back(Mode holder, Mode waiter)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease held = await rig.BorrowNow(holder);
        Task<Lease> waiting = rig.BorrowWaiting(waiter);
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
        held.Release(reusable: true);
        Lease lease = await waiting.WaitAsync(PoolRig.Guard);
        Assert.Same(held.Connection, lease.Connection);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task DS_01_what_comes_back_is_looked_at_before_the_waiter_uses_it(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease held = await rig.BorrowNow(mode);
        Task<Lease> waiting = rig.BorrowWaiting(mode);
        rig.Factory.Opened[0].Liveness = static () => false;
        held.Release(reusable: true);
        Assert.Same((await waiting.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[1]);
        Assert.Equal(1, rig.Factory.MostOpen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_waiter_dials_in_the_place_of_one_that_cannot_be_used_again(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease held = await rig.BorrowNow(mode);
        Task<Lease> waiting = rig.BorrowWaiting(mode);
        held.Release(reusable: false);
        Assert.Same((await waiting.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[1]);
        Assert.Equal(1, rig.Factory.MostOpen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_waiter_for_a_fresh_one_dials_in_the_place_of_what_comes_back(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease held = await rig.BorrowNow(mode);
        Task<Lease> waiting = rig.BorrowWaiting(mode, fresh: true);
        held.Release(reusable: true);
        Assert.Same((await waiting.WaitAsync(PoolRig.Guard)).Connection, rig.Factory.Opened[1]);
        Assert.Equal(1, rig.Factory.MostOpen);
    }

    [Fact]
    public async Task F70_a_thousand_waiters_are_served_in_the_order_of_arrival()
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease lease = await rig.BorrowNow(Mode.Asynchronous);
        // One blocking caller in fifty: enough to mix the kinds, without a thousand threads.
        Task<Lease>[] waiting =
            [.. Enumerable.Range(0, 1000).Select(i => rig.BorrowWaiting(i % 50 == 0 ? Mode.Blocking : Mode.Asynchronous))];
        foreach (Task<Lease> next in waiting)
        {
            lease.Release(reusable: true);
            lease = await next.WaitAsync(PoolRig.Guard);
        }

        lease.Release(reusable: true);
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
        Assert.Equal(1, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F70_a_pool_that_stays_full_ends_in_a_pool_timeout_and_loses_nothing(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        Lease held = await rig.BorrowNow(mode);
        Task<Lease> waiting = rig.BorrowWaiting(mode, timeout: Short);
        rig.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
        rig.Clock.Advance(TimeSpan.FromSeconds(0.1));
        PoolTimeoutException error = await Assert.ThrowsAsync<PoolTimeoutException>(() => waiting.WaitAsync(PoolRig.Guard));
        Assert.Equal((Short.Pool, Short.Pool), (error.Limit, error.Elapsed));
        Assert.Contains("No connection of pool http://example.com:80 became free within 3 s (waited 3 s): 1 in use (#", error.Message, StringComparison.Ordinal);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);

        held.Release(reusable: true);
        Assert.Same(held.Connection, (await rig.BorrowNow(mode)).Connection);
        Assert.Equal(1, rig.Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_that_has_no_time_left_ends_in_a_total_timeout(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        await rig.BorrowNow(mode);
        Task<Lease> waiting = rig.BorrowWaiting(mode, timeout: Short, total: TimeSpan.FromSeconds(2));
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        TotalTimeoutException error = await Assert.ThrowsAsync<TotalTimeoutException>(() => waiting.WaitAsync(PoolRig.Guard));
        Assert.Equal((HttpPhase.PoolWait, TimeSpan.FromSeconds(2)), (error.Phase, error.Limit));
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F70_a_cancelled_waiter_leaves_no_hole(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        using var cancellation = new CancellationTokenSource();
        Lease held = await rig.BorrowNow(mode);
        Task<Lease> first = rig.BorrowWaiting(mode, cancellationToken: cancellation.Token);
        Task<Lease> second = rig.BorrowWaiting(mode);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(PoolRig.Guard));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Equal(new PoolCounts(1, 0, 0, 1), rig.Pool.Counts);
        held.Release(reusable: true);
        Assert.Same(held.Connection, (await second.WaitAsync(PoolRig.Guard)).Connection);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_caller_that_is_cancelled_already_takes_nothing(Mode mode)
    {
        var rig = new PoolRig();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Borrow(mode, cancellationToken: new CancellationToken(true)));
        Assert.Equal((default, 0), (rig.Pool.Counts, rig.Pool.NumConnections));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F70_a_dial_that_fails_fails_its_own_caller_and_hands_the_place_on(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        var gate = new Signal();
        rig.Factory.Gate = gate;
        rig.Factory.Failures.Enqueue(new NewConnectionException("Nobody is there."));
        Task<Lease> dialing = rig.Borrow(mode);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        Task<Lease> waiting = rig.BorrowWaiting(mode);
        Assert.Equal(new PoolCounts(0, 1, 0, 1), rig.Pool.Counts);
        gate.Set();
        await Assert.ThrowsAsync<NewConnectionException>(() => dialing.WaitAsync(PoolRig.Guard));
        (await waiting.WaitAsync(PoolRig.Guard)).Release(reusable: true);
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
        Assert.Equal(1, rig.Pool.NumConnections);
    }

    [Fact]
    public async Task PK_09_when_every_dial_fails_every_waiter_learns_it_and_nobody_hangs()
    {
        var rig = new PoolRig(PoolRig.Capped(2));
        var gate = new Signal();
        rig.Factory.Gate = gate;
        for (int i = 0; i < 100; i++)
            rig.Factory.Failures.Enqueue(new NewConnectionException($"Failure {i}."));
        Task<Lease>[] borrowed = [.. Enumerable.Range(0, 100).Select(_ => rig.Borrow(Mode.Asynchronous))];
        Assert.Equal(new PoolCounts(0, 2, 0, 98), rig.Pool.Counts);
        gate.Set();
        foreach (Task<Lease> one in borrowed)
            await Assert.ThrowsAsync<NewConnectionException>(() => one.WaitAsync(PoolRig.Guard));
        Assert.Equal((default, 0), (rig.Pool.Counts, rig.Pool.NumConnections));
        (await rig.BorrowNow(Mode.Asynchronous)).Release(reusable: true);
        Assert.Equal(new PoolCounts(0, 0, 1, 0), rig.Pool.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cancelled_dial_carries_the_token_of_its_caller_and_hands_the_place_on(Mode mode)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        using var cancellation = new CancellationTokenSource();
        rig.Factory.Gate = new Signal();
        Task<Lease> dialing = rig.Borrow(mode, cancellationToken: cancellation.Token);
        Assert.True(await rig.Factory.Begun.WaitAsync(PoolRig.Guard));
        Task<Lease> waiting = rig.BorrowWaiting(mode);
        rig.Factory.Gate = null;
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialing.WaitAsync(PoolRig.Guard));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        await waiting.WaitAsync(PoolRig.Guard);
        Assert.Equal(new PoolCounts(1, 0, 0, 0), rig.Pool.Counts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_cancelled_in_the_instant_in_which_it_is_served_gives_back_what_it_got(bool reusable)
    {
        var rig = new PoolRig(PoolRig.Capped(1));
        for (int round = 0; round < 2_000; round++)
        {
            var cancellation = new CancellationTokenSource(); // cancelled late, so never disposed
            var start = new Barrier(2);
            Lease held = await rig.BorrowNow(Mode.Asynchronous);
            Task<Lease> waiting = rig.Borrow(Mode.Asynchronous, cancellationToken: cancellation.Token);
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    start.SignalAndWait();
                    cancellation.Cancel();
                },
                null);
            start.SignalAndWait();
            held.Release(reusable);
            try
            {
                (await waiting.WaitAsync(PoolRig.Guard)).Release(reusable: true);
            }
            catch (OperationCanceledException)
            {
                // One of the two outcomes; what counts is that both leave the pool whole.
            }

            Assert.Equal((0, 0, 0), (rig.Pool.Counts.Busy, rig.Pool.Counts.Dialing, rig.Pool.Counts.Waiting));
        }
    }
}
