using Urllib4.TestKit;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

public sealed class WireWatchTests
{
    private readonly VirtualTime _clock = new();
    private readonly WatchedWire _wire = new();

    [Fact]
    public void The_wire_is_cut_when_the_limit_has_passed_and_not_before()
    {
        using WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromSeconds(10)));
        AssertCutAfter(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_limit_that_was_put_off_is_looked_at_again()
    {
        using WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromSeconds(5)));
        _clock.Advance(TimeSpan.FromSeconds(3));
        watch.Set(In(TimeSpan.FromSeconds(5)));
        AssertCutAfter(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_limit_that_ends_sooner_than_the_one_before_is_kept()
    {
        using WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromSeconds(60)));
        watch.Set(In(TimeSpan.FromSeconds(1)));
        AssertCutAfter(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_limit_that_is_longer_than_any_timer_is_kept()
    {
        using WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromDays(150)));
        AssertCutAfter(TimeSpan.FromDays(150));
    }

    [Fact]
    public void Without_a_limit_nothing_is_cut_until_there_is_one_again()
    {
        using WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromSeconds(5)));
        watch.Set(WaitLimit.None);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0), (_wire.Cuts, _clock.PendingTimers));

        watch.Set(In(TimeSpan.FromSeconds(5)));
        AssertCutAfter(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void After_its_end_it_cuts_nothing()
    {
        WireWatch watch = NewWatch();
        watch.Set(In(TimeSpan.FromSeconds(5)));
        watch.Dispose();
        watch.Set(In(TimeSpan.FromSeconds(1)));
        Assert.Equal(0, _clock.PendingTimers);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _wire.Cuts);
    }

    [Fact]
    public void A_timer_that_fires_in_spite_of_its_end_cuts_nothing()
    {
        var clock = new LateClock();
        var watch = new WireWatch(clock, _wire);
        watch.Set(WaitLimit.At(clock.GetTimestamp()));
        watch.Dispose();
        clock.Fire();
        Assert.Equal(0, _wire.Cuts);
    }

    [Fact]
    public void Steady_limits_share_a_timer()
    {
        using WireWatch watch = NewWatch();
        for (int i = 0; i < 100; i++)
        {
            watch.Set(In(TimeSpan.FromSeconds(5)));
            _clock.Advance(TimeSpan.FromSeconds(1));
            watch.Set(WaitLimit.None);
            Assert.InRange(_clock.PendingTimers, 0, 1);
        }

        Assert.Equal(0, _wire.Cuts);
    }

    // Else a call could end in time, give the wire back, and have it cut under the next one.
    [Fact]
    public void Who_sets_a_limit_while_the_wire_is_being_cut_finds_it_marked()
    {
        using WireWatch watch = NewWatch();
        bool? wasMarked = null;
        Thread? other = null;
        _wire.Expiring = () =>
        {
            other = new Thread(() =>
            {
                watch.Set(WaitLimit.None);
                wasMarked = _wire.IsMarked;
            });
            other.Start();
            SpinWait.SpinUntil(() => (other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        };
        watch.Set(In(TimeSpan.FromSeconds(1)));

        _clock.Advance(TimeSpan.FromSeconds(1));
        other!.Join();

        Assert.True(wasMarked);
    }

    [Fact]
    public void A_wire_is_closed_outside_of_the_lock()
    {
        using WireWatch watch = NewWatch();
        bool hasSet = false;
        _wire.Severing = () =>
        {
            var other = new Thread(() => watch.Set(WaitLimit.None));
            other.Start();
            hasSet = other.Join(TimeSpan.FromSeconds(30));
        };
        watch.Set(In(TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(hasSet, "Whoever sets a limit waits for the closing.");
    }

    [Fact]
    public void A_wire_that_was_cut_before_is_not_closed_again()
    {
        using WireWatch watch = NewWatch();
        _wire.IsMarked = true;
        watch.Set(In(TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _wire.Cuts);
    }

    [Fact]
    public void Progress_puts_a_limit_on_standing_still_off()
    {
        using WireWatch watch = NewWatch();
        watch.Set(WaitLimit.OnStandstill(long.MaxValue, TimeSpan.FromSeconds(8).Ticks, _clock.GetTimestamp()));
        watch.Follow();
        for (int i = 0; i < 100; i++)
        {
            _wire.Taken++;
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.Equal(0, _wire.Cuts);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, _wire.Cuts);
    }

    [Fact]
    public void Standing_still_from_the_beginning_is_noticed_after_the_limit_and_not_before()
    {
        using WireWatch watch = NewWatch();
        watch.Set(WaitLimit.OnStandstill(long.MaxValue, TimeSpan.FromSeconds(8).Ticks, _clock.GetTimestamp()));
        watch.Follow();
        AssertCutAfter(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void Progress_does_not_put_the_deadline_off()
    {
        using WireWatch watch = NewWatch();
        long latest = _clock.GetTimestamp() + TimeSpan.FromSeconds(20).Ticks;
        watch.Set(WaitLimit.OnStandstill(latest, TimeSpan.FromSeconds(8).Ticks, _clock.GetTimestamp()));
        watch.Follow();
        for (int i = 0; i < 19; i++)
        {
            _wire.Taken++;
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, _wire.Cuts);
        _wire.Taken++;
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _wire.Cuts);
    }

    [Fact]
    public void The_timer_does_not_keep_the_context_of_the_first_caller_alive()
    {
        var clock = new ContextClock();
        using var watch = new WireWatch(clock, _wire);
        var local = new AsyncLocal<string> { Value = "of the caller" };
        watch.Set(WaitLimit.At(100));
        Assert.True(clock.WasFlowSuppressed);
        Assert.Equal("of the caller", local.Value);
        Assert.False(ExecutionContext.IsFlowSuppressed());
    }

    private WireWatch NewWatch() => new(_clock, _wire);

    private WaitLimit In(TimeSpan time) => WaitLimit.At(_clock.GetTimestamp() + time.Ticks);

    private void AssertCutAfter(TimeSpan time)
    {
        _clock.Advance(time - TimeSpan.FromTicks(1));
        Assert.Equal(0, _wire.Cuts);
        // Timers count in milliseconds.
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _wire.Cuts);
    }

    /// <summary>A clock that stands still; its timer fires when the test says so, whatever has become of it.</summary>
    private sealed class LateClock : TimeProvider
    {
        private Action? _timer;

        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timer = () => callback(state);
            return new VirtualTime().CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, period);
        }

        public void Fire() => _timer!();
    }

    private sealed class WatchedWire : IWatched
    {
        public int Cuts { get; private set; }

        public bool IsMarked { get; set; }

        public Action? Expiring { get; set; }

        public Action? Severing { get; set; }

        public long Taken { get; set; }

        public bool TryExpire()
        {
            Expiring?.Invoke();
            return !IsMarked && (IsMarked = true);
        }

        public void Sever()
        {
            Severing?.Invoke();
            Cuts++;
        }
    }

    /// <summary>Takes note of whether a timer would capture the context of whoever makes it.</summary>
    private sealed class ContextClock : TimeProvider
    {
        public bool WasFlowSuppressed { get; private set; }

        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            WasFlowSuppressed = ExecutionContext.IsFlowSuppressed();
            return new VirtualTime().CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, period);
        }
    }
}
