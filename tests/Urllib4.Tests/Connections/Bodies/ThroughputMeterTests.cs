using Urllib4.Connections;

namespace Urllib4.Tests.Connections;

public sealed class ThroughputMeterTests
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(10);

    [Fact]
    public void At_the_beginning_a_whole_window_is_given() => Assert.Equal(_window, new ThroughputMeter(100, _window).Patience);

    [Theory]
    [InlineData(1000, 0, 11)] // just enough for one window: it is too little in the first tenth that leaves the bytes behind
    [InlineData(999, 0, 10)] // one byte short: the first window is too little already
    [InlineData(1000, 4.5, 10.5)] // the bytes of the fifth second leave the window with the fifteenth
    [InlineData(1_000_000, 9.9, 10.1)]
    [InlineData(0, 9.9, 0.1)]
    public void What_came_buys_time_until_it_leaves_the_window(int bytes, double after, double patience)
    {
        var meter = new ThroughputMeter(100, _window);

        meter.Count(bytes, TimeSpan.FromSeconds(after));

        Assert.Equal(patience, meter.Patience.TotalSeconds, 6);
    }

    [Fact]
    public void A_steady_rate_is_never_too_slow()
    {
        var meter = new ThroughputMeter(100, _window);

        for (int i = 0; i < 1000; i++)
        {
            Assert.True(meter.Patience > TimeSpan.FromSeconds(0.25), $"{i}: {meter.Patience}");
            meter.Count(30, TimeSpan.FromSeconds(0.25));
        }
    }

    [Fact]
    public void A_rate_that_falls_below_is_noticed_within_a_window()
    {
        var meter = new ThroughputMeter(100, _window);
        meter.Count(1_000_000, TimeSpan.FromSeconds(0.5));
        TimeSpan waited = TimeSpan.Zero;

        while (meter.Patience > TimeSpan.FromSeconds(0.25))
        {
            meter.Count(10, TimeSpan.FromSeconds(0.25));
            waited += TimeSpan.FromSeconds(0.25);
        }

        Assert.InRange(waited.TotalSeconds, 9.5, 11);
    }

    [Fact]
    public void Time_in_which_nobody_waited_does_not_count()
    {
        var meter = new ThroughputMeter(100, _window);

        for (int i = 0; i < 100; i++)
            meter.Count(1, TimeSpan.Zero);

        Assert.Equal(_window, meter.Patience);
    }

    [Fact]
    public void A_wait_that_lasted_too_long_has_to_bring_what_was_missing()
    {
        Assert.True(new ThroughputMeter(100, _window).Count(1, _window));
        Assert.False(new ThroughputMeter(100, _window).Count(1, _window * 2));
        Assert.True(new ThroughputMeter(100, _window).Count(1000, _window * 2));
    }

    [Fact]
    public void The_error_tells_what_came_in_the_window()
    {
        var meter = new ThroughputMeter(100, _window);
        meter.Count(500, TimeSpan.FromSeconds(1));
        meter.Count(7, TimeSpan.FromSeconds(5));

        ThroughputException e = meter.TooSlow(TimeSpan.FromSeconds(4.5));

        Assert.Equal((HttpPhase.Body, _window, TimeSpan.FromSeconds(10.5)), (e.Phase, e.Limit, e.Elapsed));
        Assert.StartsWith("Only 507 bytes came, fewer than 100 a second,", e.Message, StringComparison.Ordinal);
    }
}
