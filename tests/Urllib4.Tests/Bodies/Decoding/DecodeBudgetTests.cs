using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies.Decoding;

public sealed class DecodeBudgetTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public void The_defaults_are_a_hundred_megabytes_and_a_thousand_to_one()
    {
        Assert.Equal(100L * Megabyte, DecodeLimits.Default.MaxDecodedBytes);
        Assert.Equal(1000, DecodeLimits.Default.MaxRatio);
        Assert.Null(DecodeLimits.None.MaxDecodedBytes);
        Assert.Null(DecodeLimits.None.MaxRatio);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_of_nothing_is_refused(int limit)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeLimits { MaxDecodedBytes = limit });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecodeLimits { MaxRatio = limit });
    }

    [Fact]
    public void A_body_of_exactly_the_limit_passes_and_one_byte_more_does_not()
    {
        var budget = new DecodeBudget(new DecodeLimits { MaxDecodedBytes = 10 });
        budget.Count(10, 10);
        var error = Assert.Throws<DecodeLimitException>(() => budget.Count(0, 1));
        Assert.Equal((nameof(DecodeLimits.MaxDecodedBytes), 10, 10, 11), (error.LimitName, error.Limit, error.Received, error.Decoded));
        Assert.Contains(nameof(DecodeLimits.MaxDecodedBytes), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ratio_counts_only_after_the_first_megabyte()
    {
        var budget = new DecodeBudget(DecodeLimits.Default);
        budget.Count(1, Megabyte);
        var error = Assert.Throws<DecodeLimitException>(() => budget.Count(1, 1));
        Assert.Equal((nameof(DecodeLimits.MaxRatio), 1000), (error.LimitName, error.Limit));
    }

    [Fact]
    public void A_ratio_at_its_limit_passes()
    {
        var budget = new DecodeBudget(DecodeLimits.Default);
        budget.Count(2000, 2_000_000);
        Assert.Throws<DecodeLimitException>(() => budget.Count(0, 1000));
    }

    [Fact]
    public void A_body_that_is_not_coded_never_has_a_ratio()
    {
        var budget = new DecodeBudget(new DecodeLimits { MaxRatio = 1 });
        for (var megabyte = 0; megabyte < 100; megabyte++)
            budget.Count(Megabyte, Megabyte);
    }

    [Fact]
    public void Sizes_past_two_gigabytes_are_counted_DC07()
    {
        var budget = new DecodeBudget(new DecodeLimits { MaxDecodedBytes = 5_000_000_000, MaxRatio = null });
        budget.Count(1, int.MaxValue);
        budget.Count(1, int.MaxValue);
        var error = Assert.Throws<DecodeLimitException>(() => budget.Count(1, int.MaxValue));
        Assert.Equal(3L * int.MaxValue, error.Decoded);
    }

    [Fact]
    public void Without_limits_nothing_is_too_much()
    {
        var budget = new DecodeBudget(DecodeLimits.None);
        for (var step = 0; step < 1000; step++)
            budget.Count(1, int.MaxValue);
    }
}
