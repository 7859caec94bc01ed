using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

/// <summary>Threads and tasks on one pool at once; whatever they do, everything is back in its place at the end.</summary>
public sealed class ConnectionPoolStressTests : ModeTests
{
    private const int Callers = 64;
    private const int Borrows = 20_000;

    [Theory]
    [InlineData(3, true, 1)]
    [InlineData(8, true, 1)]
    [InlineData(8, false, 1)]
    [InlineData(1, true, 100)]
    [InlineData(3, true, 7)]
    [InlineData(8, false, 2)]
    public async Task Sixty_four_callers_of_both_kinds_leave_nothing_behind(int maxSize, bool block, int capacity)
    {
        var rig = new PoolRig(new PoolOptions { MaxSize = maxSize, Block = block }) { Factory = { Capacity = capacity } };
        Task<int>[] callers = [.. Enumerable.Range(0, Callers).Select(caller =>
            caller % 2 == 0 ? OnThread(() => Blocking.Result(Work<Blocking>(rig, caller))) : Start(rig, caller))];
        int[] served = await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));

        PoolCounts counts = rig.Pool.Counts;
        Assert.Equal((0, 0, 0), (counts.Busy, counts.Dialing, counts.Waiting));
        Assert.Equal(rig.Factory.OpenNow, counts.Idle);
        Assert.InRange(counts.Idle, 0, maxSize);
        Assert.InRange(rig.Factory.MostOpen, 1, block ? maxSize : Callers);
        Assert.Equal(rig.Factory.Opened.Count, rig.Pool.NumConnections);
        Assert.True(served.Sum() > 0);
        Assert.All(rig.Factory.Opened, static connection => Assert.InRange(connection.Closes, 0, 1));
        rig.Pool.Dispose();
        Assert.Equal(0, rig.Factory.OpenNow);
    }

    private static async Task<int> Start(PoolRig rig, int caller)
    {
        await Task.Yield();
        return await Work<Asynchronous>(rig, caller);
    }

    private static async ValueTask<int> Work<TMode>(PoolRig rig, int caller)
        where TMode : struct, IWaitMode
    {
        var random = new Random(caller);
        int served = 0;
        for (int i = 0; i < Borrows / Callers; i++)
        {
            int dice = random.Next(100);
            if (dice == 0)
                rig.Factory.Failures.Enqueue(new NewConnectionException("Nobody is there."));
            var cancellation = new CancellationTokenSource(); // cancelled late, so never disposed
            if (dice < 3)
                ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), cancellation, preferLocal: false);
            try
            {
                CancellationToken token = dice < 3 ? cancellation.Token : default;
                var lease = new Lease(
                    await rig.Pool.Borrow<TMode>(HttpTimeout.Infinite, default, fresh: dice is 50 or 51, null, token), rig.Pool);
                var connection = (FakeConnection)lease.Connection;
                if (dice is 60 or 61)
                    connection.Liveness = static () => false;
                else if (dice is 62)
                    connection.Leave();
                else if (dice is 63)
                    connection.BreakOff();
                else if (dice is > 63 and < 70 && connection.Capacity > 1)
                    connection.Allow(dice - 62);
                else if (dice > 90)
                    Thread.Yield();
                served++;
                lease.Release(reusable: dice < 95);
            }
            catch (Exception e) when (e is NewConnectionException or OperationCanceledException)
            {
                // Part of the plan: dials fail and callers give up.
            }
        }

        return served;
    }
}
