using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Time_stands_still_until_it_is_advanced()
    {
        (long stamp, DateTimeOffset wall) = (_time.GetTimestamp(), _time.GetUtcNow());
        Assert.Equal((stamp, wall), (_time.GetTimestamp(), _time.GetUtcNow()));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), _time.GetElapsedTime(stamp));
        Assert.Equal(TimeSpan.FromSeconds(3), _time.GetUtcNow() - wall);
    }

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due_each_at_its_moment_on_the_advancing_thread()
    {
        long start = _time.GetTimestamp();
        var fired = new List<(string, double, int)>();
        using ITimer late = Timer("late", 3);
        using ITimer early = Timer("early", 1);
        using ITimer afterEarly = Timer("after early", 1);

        _time.Advance(TimeSpan.FromSeconds(5));

        int here = Environment.CurrentManagedThreadId;
        Assert.Equal([("early", 1, here), ("after early", 1, here), ("late", 3, here)], fired);
        Assert.Equal(0, _time.PendingTimers);

        ITimer Timer(string name, int seconds) => _time.CreateTimer(
            _ => fired.Add((name, _time.GetElapsedTime(start).TotalSeconds, Environment.CurrentManagedThreadId)),
            null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_and_a_disposed_one_no_more()
    {
        int fired = 0;
        ITimer timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, fired);

        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((3, 0), (fired, _time.PendingTimers));
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void A_timer_set_by_a_callback_fires_in_the_same_advance_when_it_is_due()
    {
        var fired = new List<int>();
        using ITimer first = Set(1, () => Set(2, () => fired.Add(3)));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal([3], fired);

        ITimer Set(int seconds, Action action) =>
            _time.CreateTimer(_ => action(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task The_platform_waits_by_it()
    {
        Task delay = Task.Delay(TimeSpan.FromHours(1), _time, TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource(TimeSpan.FromHours(2), _time);

        _time.WaitUntilTimers(2);
        Assert.Equal(TimeSpan.FromHours(1), _time.NextDue);
        Assert.Equal(TimeSpan.FromHours(1), _time.AdvanceToNextTimer());
        await delay;
        Assert.False(source.IsCancellationRequested);
        _time.AdvanceToNextTimer();
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public void Waiting_for_timers_that_never_come_fails() =>
        Assert.Throws<TimeoutException>(() => _time.WaitUntilTimers(1, TimeSpan.FromMilliseconds(20)));

    [Fact]
    public void Shifting_the_wall_clock_leaves_the_monotonic_time_alone()
    {
        (long stamp, DateTimeOffset wall) = (_time.GetTimestamp(), _time.GetUtcNow());

        _time.ShiftWallClock(TimeSpan.FromDays(-365));

        Assert.Equal((stamp, wall.AddDays(-365)), (_time.GetTimestamp(), _time.GetUtcNow()));
    }
}
