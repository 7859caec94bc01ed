using System.Collections.Immutable;
using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class BackoffTests
{
    private static readonly TimeSpan _max = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0.4)]
    [InlineData(3, 0.8)]
    [InlineData(4, 1.6)]
    [InlineData(9, 51.2)]
    [InlineData(10, 102.4)]
    [InlineData(11, 120)]
    [InlineData(1_000, 120)]
    [InlineData(int.MaxValue, 120)]
    public void The_pause_doubles_with_each_failure_after_the_first_up_to_the_cap(int errors, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Of(errors, 0.2, _max, TimeSpan.Zero, Never));

    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void Factor_zero_never_pauses(int errors) =>
        Assert.Equal(TimeSpan.Zero, Backoff.Of(errors, 0, _max, TimeSpan.Zero, Never));

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(1e300)]
    public void A_huge_factor_ends_at_the_cap(double factor) =>
        Assert.Equal(TimeSpan.MaxValue, Backoff.Of(5, factor, TimeSpan.MaxValue, TimeSpan.Zero, Never));

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0.4, 0.8)]
    [InlineData(3, 0.8, 1)]
    [InlineData(4, 1, 1)]
    public void The_random_part_is_added_before_the_cap(int errors, double least, double most)
    {
        TimeSpan max = TimeSpan.FromSeconds(1);
        TimeSpan jitter = TimeSpan.FromSeconds(0.4);
        Assert.Equal(TimeSpan.FromSeconds(least), Backoff.Of(errors, 0.2, max, jitter, () => 0));
        Assert.Equal(most, Backoff.Of(errors, 0.2, max, jitter, () => 1 - 1e-12).TotalSeconds, 1e-6);

        Random random = new(4711);
        for (int i = 0; i < 100; i++)
            Assert.InRange(Backoff.Of(errors, 0.2, max, jitter, random.NextDouble).TotalSeconds, least, most);
    }

    [Fact]
    public void A_redirect_ends_the_series_of_failures()
    {
        Url url = Url.Parse("http://a/");
        RequestHistory error = new() { Method = "GET", Url = url, Error = new NewConnectionException("refused") };
        RequestHistory status = new() { Method = "GET", Url = url, Status = 503 };
        RequestHistory redirect = new() { Method = "GET", Url = url, Status = 302, RedirectLocation = "/b" };

        Assert.Equal(0, Backoff.ConsecutiveErrors([]));
        Assert.Equal(3, Backoff.ConsecutiveErrors([error, status, error]));
        Assert.Equal(0, Backoff.ConsecutiveErrors([error, error, redirect]));
        Assert.Equal(1, Backoff.ConsecutiveErrors(ImmutableList.Create(error, redirect, status)));
    }

    private static double Never() => throw new InvalidOperationException("No chance was needed.");
}
