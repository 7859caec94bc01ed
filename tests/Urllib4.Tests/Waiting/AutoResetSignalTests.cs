using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Waiting;

public sealed class AutoResetSignalTests : ModeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualTime _clock = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task Each_raising_wakes_one_wait(Mode mode)
    {
        using var signal = new AutoResetSignal(_clock);
        for (int i = 0; i < 100; i++)
        {
            Task<bool> waiting = Wait(mode, signal, Timeout.InfiniteTimeSpan);
            signal.Set();
            Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Raised_before_the_wait_it_is_taken_down_once(Mode mode)
    {
        using var signal = new AutoResetSignal(_clock);
        signal.Set();
        signal.Set();

        Assert.True(await Wait(mode, signal, TimeSpan.Zero));
        Assert.False(await Wait(mode, signal, TimeSpan.Zero));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_wait_ends_at_its_limit_and_the_next_one_is_whole(Mode mode)
    {
        using var signal = new AutoResetSignal(_clock);
        for (int i = 0; i < 3; i++)
        {
            Task<bool> waiting = Wait(mode, signal, Second);
            _clock.WaitUntilTimers(1);
            _clock.Advance(Second - TimeSpan.FromTicks(1));
            Assert.False(waiting.IsCompleted);
            _clock.Advance(TimeSpan.FromTicks(1));
            Assert.False(await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        signal.Set();
        Assert.True(await Wait(mode, signal, Second));
    }

    [Fact]
    public async Task A_second_waiter_is_refused()
    {
        using var signal = new AutoResetSignal(_clock);
        ValueTask<bool> first = signal.Wait<Asynchronous>(Timeout.InfiniteTimeSpan);

        await Assert.ThrowsAsync<InvalidOperationException>(() => signal.Wait<Asynchronous>(Timeout.InfiniteTimeSpan).AsTask());
        signal.Set();
        Assert.True(await first);
    }

    [Fact]
    public void A_wait_that_is_raised_allocates_nothing()
    {
        using var signal = new AutoResetSignal(TimeProvider.System);
        RaiseAndWait(signal, 10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RaiseAndWait(signal, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RaiseAndWait(AutoResetSignal signal, int times)
    {
        for (int i = 0; i < times; i++)
        {
            signal.Set();
            Assert.True(Blocking.Result(signal.Wait<Blocking>(Second)));
        }
    }

    private static Task<bool> Wait(Mode mode, AutoResetSignal signal, TimeSpan limit) => Call(
        mode,
        () => Blocking.Result(signal.Wait<Blocking>(limit)),
        () => signal.Wait<Asynchronous>(limit).AsTask()).WaitAsync(TimeSpan.FromSeconds(30));
}
