using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.TestKit;
using Urllib4.Tests.Connections.Http1;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections;

public sealed class LeakGuardTests : ModeTests
{
    [Fact]
    public async Task A_forgotten_body_is_given_up_on_the_thread_pool_so_that_a_slow_listener_stops_no_finalizer()
    {
        var owner = new SlowOwner();
        await OnThread(() => Forget(owner));

        CollectUntil(() => owner.Came.IsSet);

        // Its listener has not come back yet, and finalizers still run.
        bool isFree = await OnThread(IsFinalizing);
        owner.Go.Set();
        Assert.True(isFree);
        Assert.True(owner.WasOnThreadPool);
        Assert.False(owner.WasReusable);
    }

    [Fact]
    public async Task A_listener_that_fails_when_a_forgotten_body_is_given_up_ends_nothing()
    {
        var owner = new SlowOwner { Fails = true };
        owner.Go.Set();
        await OnThread(() => Forget(owner));

        CollectUntil(() => owner.Came.IsSet);

        Assert.True(await OnThread(IsFinalizing));
    }

    [Fact]
    public async Task A_guard_that_was_disarmed_gives_nothing_up()
    {
        var owner = new SlowOwner();
        await OnThread(() => Forget(owner, disarmed: true));

        for (int i = 0; i < 3; i++)
            Assert.True(await OnThread(IsFinalizing));

        Assert.False(owner.Came.IsSet);
        owner.Go.Set();
    }

    // On a thread that is gone afterwards, so that no frame holds on to the guard.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Forget(SlowOwner owner, bool disarmed = false)
    {
        var rig = new Http1Rig(new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
        ExchangeHandle exchange = rig.Connection.Begin(new Lease(rig.Connection, owner), Http1Rig.Terms());
        Blocking.Result(exchange.Send<Blocking>(Http1Rig.Get, null));
        Blocking.Result(exchange.ReadHead<Blocking>());
        var guard = new LeakGuard(exchange);
        if (disarmed)
            guard.Disarm();
        return true;
    }

    // Whether the finalizer of something that is forgotten just now runs in time.
    private static bool IsFinalizing()
    {
        var done = new ManualResetEventSlim();
        Drop(done);
        GC.Collect();
        return done.Wait(TimeSpan.FromSeconds(30));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ManualResetEventSlim done) => _ = new Finalized(done);

    private static void CollectUntil(Func<bool> condition) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                return condition();
            },
            TimeSpan.FromSeconds(30)),
        "It was never given up.");

    /// <summary>Gets a connection back, and takes its time over it.</summary>
    private sealed class SlowOwner : IConnectionOwner
    {
        public ManualResetEventSlim Came { get; } = new();

        public ManualResetEventSlim Go { get; } = new();

        public bool Fails { get; init; }

        public bool WasOnThreadPool { get; private set; }

        public bool WasReusable { get; private set; }

        public void Return(HttpConnection connection, bool reusable)
        {
            WasOnThreadPool = Thread.CurrentThread.IsThreadPoolThread;
            WasReusable = reusable;
            Came.Set();
            Go.Wait();
            if (Fails)
                throw new InvalidOperationException("A listener has failed.");
        }
    }

    private sealed class Finalized(ManualResetEventSlim done)
    {
        ~Finalized() => done.Set();
    }
}
