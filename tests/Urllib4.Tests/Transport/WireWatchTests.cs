using Urllib4.TestKit;
using Urllib4.Transport;

namespace Urllib4.Tests.Transport;

public sealed class WireWatchTests
{
    private readonly VirtualTime _clock = new();
    private int _cuts;

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
        watch.Set(long.MaxValue);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((0, 0), (_cuts, _clock.PendingTimers));

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
        Assert.Equal(0, _cuts);
    }

    [Fact]
    public void A_timer_that_fires_in_spite_of_its_end_cuts_nothing()
    {
        var clock = new LateClock();
        var watch = new WireWatch(clock, () => _cuts++);
        watch.Set(clock.GetTimestamp());
        watch.Dispose();
        clock.Fire();
        Assert.Equal(0, _cuts);
    }

    [Fact]
    public void Steady_limits_share_a_timer()
    {
        using WireWatch watch = NewWatch();
        for (int i = 0; i < 100; i++)
        {
            watch.Set(In(TimeSpan.FromSeconds(5)));
            _clock.Advance(TimeSpan.FromSeconds(1));
            watch.Set(long.MaxValue);
            Assert.InRange(_clock.PendingTimers, 0, 1);
        }

        Assert.Equal(0, _cuts);
    }

    // Else a call could end in time, give the wire back, and have it cut under the next one.
    [Fact]
    public void Who_sets_a_limit_while_the_wire_is_being_cut_waits_until_it_is()
    {
        var order = new List<string>();
        WireWatch watch = null!;
        var other = new Thread(() =>
        {
            watch.Set(long.MaxValue);
            order.Add("set");
        });
        using var own = watch = new WireWatch(_clock, () =>
        {
            other.Start();
            SpinWait.SpinUntil(() => (other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
            order.Add("cut");
        });
        watch.Set(In(TimeSpan.FromSeconds(1)));

        _clock.Advance(TimeSpan.FromSeconds(1));
        other.Join();

        Assert.Equal(["cut", "set"], order);
    }

    private WireWatch NewWatch() => new(_clock, () => _cuts++);

    private long In(TimeSpan time) => _clock.GetTimestamp() + time.Ticks;

    private void AssertCutAfter(TimeSpan time)
    {
        _clock.Advance(time - TimeSpan.FromTicks(1));
        Assert.Equal(0, _cuts);
        // Timers count in milliseconds.
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _cuts);
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
}
