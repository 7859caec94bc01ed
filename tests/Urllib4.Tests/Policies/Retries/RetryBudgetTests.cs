using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class RetryBudgetTests
{
    private static readonly TimeSpan _start = TimeSpan.FromHours(1);

    [Fact]
    public void The_default_is_a_fifth_of_ten_seconds_and_ten_in_any_case() =>
        Assert.Equal(new RetryBudget { Share = 0.2, Window = TimeSpan.FromSeconds(10), Minimum = 10 }, RetryBudget.Default);

    [Fact]
    public void A_small_program_has_its_minimum_even_with_one_request()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default);
        meter.CountRequest(_start);
        Assert.Equal(10, Take(meter, _start));
    }

    [Fact]
    public void A_busy_program_may_retry_its_share()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default);
        Count(meter, _start, 1_000);
        Assert.Equal(200, Take(meter, _start));
        Count(meter, _start, 5);
        Assert.Equal(1, Take(meter, _start));
    }

    [Fact]
    public void The_window_slides()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default);
        Count(meter, _start, 100);
        Assert.Equal(20, Take(meter, _start));
        Count(meter, _start + TimeSpan.FromSeconds(5), 100);
        Assert.Equal(20, Take(meter, _start + TimeSpan.FromSeconds(9)));

        // The first hundred and their twenty retries are forgotten; the second hundred and theirs are not.
        Assert.Equal(0, Take(meter, _start + TimeSpan.FromSeconds(10)));
        Count(meter, _start + TimeSpan.FromSeconds(10), 50);
        Assert.Equal(10, Take(meter, _start + TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(13)] // in another slot of the ring than the requests
    [InlineData(86_400)]
    [InlineData(86_405)]
    public void After_a_silent_window_the_meter_starts_afresh(int seconds)
    {
        RetryBudgetMeter meter = new(RetryBudget.Default);
        Count(meter, _start, 1_000);
        Assert.Equal(200, Take(meter, _start));
        Assert.Equal(10, Take(meter, _start + TimeSpan.FromSeconds(seconds)));
    }

    [Fact]
    public void A_refused_retry_takes_nothing()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default with { Minimum = 1, Share = 1 });
        Assert.Equal(1, Take(meter, _start));
        for (int i = 0; i < 100; i++)
            Assert.False(meter.TryTake(_start));
        Count(meter, _start, 2);
        Assert.True(meter.TryTake(_start));
    }

    [Fact]
    public void Minimum_and_share_of_zero_allow_no_retry()
    {
        RetryBudgetMeter meter = new(new RetryBudget { Share = 0, Minimum = 0 });
        Count(meter, _start, 100);
        Assert.False(meter.TryTake(_start));
    }

    [Fact]
    public void Unlimited_never_refuses()
    {
        RetryBudgetMeter meter = new(RetryBudget.Unlimited);
        for (int i = 0; i < 10_000; i++)
            Assert.True(meter.TryTake(_start));
    }

    [Fact]
    public void A_reading_of_the_clock_that_comes_late_is_still_counted()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default with { Minimum = 0 });
        Count(meter, _start + TimeSpan.FromSeconds(10), 5);
        Count(meter, _start, 5); // the same slot of the ring, one turn earlier
        Assert.Equal(2, Take(meter, _start + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void The_shortest_window_works()
    {
        RetryBudgetMeter meter = new(new RetryBudget { Window = TimeSpan.FromTicks(1), Minimum = 1 });
        Assert.True(meter.TryTake(_start));
        Assert.False(meter.TryTake(_start));
        Assert.True(meter.TryTake(_start + TimeSpan.FromTicks(10)));
    }

    [Fact]
    public void Many_threads_take_exactly_what_there_is()
    {
        RetryBudgetMeter meter = new(RetryBudget.Default);
        int taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 2_500; i++)
                meter.CountRequest(_start);
        }))];
        Run(threads);
        threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 2_500; i++)
            {
                if (meter.TryTake(_start))
                    _ = Interlocked.Increment(ref taken);
            }
        }))];
        Run(threads);
        Assert.Equal(2_000, taken);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget { Share = -0.1 });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget { Share = double.NaN });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget { Share = double.PositiveInfinity });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget { Window = TimeSpan.Zero });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget { Minimum = -1 });
    }

    private static void Run(Thread[] threads)
    {
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }

    private static void Count(RetryBudgetMeter meter, TimeSpan now, int requests)
    {
        for (int i = 0; i < requests; i++)
            meter.CountRequest(now);
    }

    private static int Take(RetryBudgetMeter meter, TimeSpan now)
    {
        int taken = 0;
        while (taken < 10_000 && meter.TryTake(now))
            taken++;
        return taken;
    }
}
