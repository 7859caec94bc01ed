using System.Diagnostics;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Waiting;

public sealed class SignalTests : ModeTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly VirtualTime _clock = new();
    private readonly Signal _signal = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_signal_that_is_up_makes_nobody_wait(Mode mode)
    {
        Assert.False(_signal.IsSet);
        _signal.Set();
        _signal.Set();
        Assert.True(_signal.IsSet);
        Assert.True(await Wait(mode, Timeout.InfiniteTimeSpan).WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_signal_that_is_up_counts_although_there_is_no_time_and_the_token_is_cancelled(Mode mode)
    {
        _signal.Set();
        Assert.True(await Wait(mode, TimeSpan.Zero, cancellationToken: new CancellationToken(true)).WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Raising_it_wakes_the_waiter(Mode mode)
    {
        Task<bool> waiting = Wait(mode, Second);
        _clock.WaitUntilTimers(1);
        _signal.Set();
        Assert.True(await waiting.WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Raising_it_wakes_a_waiter_that_would_wait_for_ever_on_the_clock_of_the_system(Mode mode)
    {
        Task<bool> waiting = Wait(mode, Timeout.InfiniteTimeSpan, clock: TimeProvider.System);
        _signal.Set();
        Assert.True(await waiting.WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_time_runs_out_at_the_limit_and_not_before(Mode mode)
    {
        Task<bool> waiting = Wait(mode, Second);
        _clock.WaitUntilTimers(1);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(await waiting.WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task No_time_at_all_is_over_at_once(Mode mode) => Assert.False(await Wait(mode, TimeSpan.Zero).WaitAsync(Guard));

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_short_limit_runs_out_on_the_clock_of_the_system(Mode mode) =>
        Assert.False(await Wait(mode, TimeSpan.FromMicroseconds(100), clock: TimeProvider.System).WaitAsync(Guard));

    // A millisecond less than nothing is how the platform writes "for ever".
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_that_was_over_for_exactly_a_millisecond_is_over(Mode mode)
    {
        var clock = new SteppingTime(TimeSpan.FromMilliseconds(2));
        Assert.False(await Wait(mode, TimeSpan.FromMilliseconds(1), clock).WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_timer_that_goes_off_too_early_neither_ends_the_wait_nor_leaves_it_without_an_end(Mode mode)
    {
        long start = Stopwatch.GetTimestamp();
        Assert.False(await Wait(mode, TimeSpan.FromMilliseconds(30), new HastyTime()).WaitAsync(Guard));
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_longer_than_a_timer_can_count_is_waited_for(Mode mode)
    {
        Task<bool> waiting = Wait(mode, TimeSpan.FromDays(1000), clock: TimeProvider.System);
        _signal.Set();
        Assert.True(await waiting.WaitAsync(Guard));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Cancelling_ends_the_wait_with_the_token_of_the_caller(Mode mode)
    {
        using var cancellation = new CancellationTokenSource();
        Task<bool> waiting = Wait(mode, Second, cancellationToken: cancellation.Token);
        _clock.WaitUntilTimers(1);
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Guard));
        Assert.Equal(cancellation.Token, error.CancellationToken);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_token_that_is_cancelled_already_ends_the_wait(Mode mode) => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => Wait(mode, Timeout.InfiniteTimeSpan, cancellationToken: new CancellationToken(true)).WaitAsync(Guard));

    [Fact]
    public async Task A_blocking_wait_leaves_no_timer_behind()
    {
        Task<bool> waiting = Wait(Mode.Blocking, Second);
        _clock.WaitUntilTimers(1);
        _signal.Set();
        await waiting.WaitAsync(Guard);
        Assert.Equal(0, _clock.PendingTimers);
    }

    [Fact]
    public async Task Whoever_raises_it_does_not_run_what_the_waiter_does_next()
    {
        Task<int> woken = Woken();
        int setter = await OnThread(() =>
        {
            _signal.Set();
            return Environment.CurrentManagedThreadId;
        });
        Assert.NotEqual(setter, await woken.WaitAsync(Guard));

        async Task<int> Woken()
        {
            await _signal.WaitAsynchronous(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task Raising_and_cancelling_in_the_same_instant_ends_in_one_of_the_two()
    {
        for (int round = 0; round < 500; round++)
        {
            var signal = new Signal();
            var cancellation = new CancellationTokenSource(); // cancelled late, so never disposed
            var start = new Barrier(2);
            Task<bool> waiting = OnThread(() => signal.WaitBlocking(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation.Token));
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    start.SignalAndWait();
                    cancellation.Cancel();
                },
                null);
            start.SignalAndWait();
            signal.Set();
            try
            {
                Assert.True(await waiting.WaitAsync(Guard));
            }
            catch (OperationCanceledException)
            {
                Assert.True(cancellation.IsCancellationRequested);
            }
        }
    }

    private Task<bool> Wait(Mode mode, TimeSpan limit, TimeProvider? clock = null, CancellationToken cancellationToken = default) => Call(
        mode,
        () => _signal.WaitBlocking(limit, clock ?? _clock, cancellationToken),
        () => _signal.WaitAsynchronous(limit, clock ?? _clock, cancellationToken).AsTask());

    /// <summary>A clock that is further each time somebody looks, and whose timers never fire.</summary>
    private sealed class SteppingTime(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(callback, state, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>The clock of the system, but for timers that go off in half their time.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HastyTimer(base.CreateTimer(callback, state, Half(dueTime), period));

        private static TimeSpan Half(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / 2;

        private sealed class HastyTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Half(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
