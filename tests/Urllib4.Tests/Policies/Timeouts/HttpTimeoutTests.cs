using System.Reflection;

namespace Urllib4.Tests.Policies;

public sealed class HttpTimeoutTests
{
    private static readonly TimeSpan _none = System.Threading.Timeout.InfiniteTimeSpan;

    [Fact]
    public void Every_phase_is_finite_by_default_and_the_whole_is_not()
    {
        HttpTimeout timeout = HttpTimeout.Default;
        Assert.Equal(TimeSpan.FromSeconds(60), timeout.Pool);
        Assert.Equal(TimeSpan.FromSeconds(10), timeout.Resolve);
        Assert.Equal(TimeSpan.FromSeconds(10), timeout.Connect);
        Assert.Equal(TimeSpan.FromSeconds(10), timeout.Proxy);
        Assert.Equal(TimeSpan.FromSeconds(10), timeout.Tls);
        Assert.Equal(TimeSpan.FromSeconds(60), timeout.Send);
        Assert.Equal(TimeSpan.FromSeconds(60), timeout.Read);
        Assert.Null(timeout.Head);
        Assert.Equal(_none, timeout.Total);
    }

    [Fact]
    public void A_request_replaces_the_limits_that_it_sets_and_no_others()
    {
        var manager = new HttpTimeout { Total = TimeSpan.FromSeconds(30), Read = TimeSpan.FromSeconds(5), MinimumBytesPerSecond = 10 };

        HttpTimeout both = HttpTimeout.Seconds(connect: 2).Over(manager);

        Assert.Equal((30, 5, 2), (both.Total.TotalSeconds, both.Read.TotalSeconds, both.Connect.TotalSeconds));
        Assert.Equal(10, both.MinimumBytesPerSecond);
        Assert.Equal(60, (manager with { Read = TimeSpan.FromSeconds(60) }).Over(manager).Read.TotalSeconds);
        Assert.Same(manager, HttpTimeout.Default.Over(manager));
        Assert.Equal(HttpTimeout.Infinite.Total, HttpTimeout.Infinite.Over(manager).Total);
        Assert.Equal(_none, HttpTimeout.Infinite.Over(manager with { Head = TimeSpan.FromSeconds(1) }).EffectiveHead);
    }

    [Theory]
    [InlineData(null, 5, 5)]
    [InlineData(3, 5, 3)]
    [InlineData(9, 5, 5)]
    [InlineData(-1, 5, 5)]
    [InlineData(3, null, 3)]
    public void A_request_that_sets_Read_alone_never_makes_the_limit_of_the_head_longer(int? head, int? read, int expected)
    {
        var manager = new HttpTimeout { Head = head is { } h ? Span(h) : null };
        HttpTimeout own = read is { } r ? new HttpTimeout { Read = Span(r) } : new HttpTimeout { Tls = Span(1) };

        Assert.Equal(Span(expected), own.Over(manager).EffectiveHead);

        static TimeSpan Span(int seconds) => seconds < 0 ? _none : TimeSpan.FromSeconds(seconds);
    }

    [Fact]
    public void Infinite_has_no_limit_in_any_phase()
    {
        HttpTimeout timeout = HttpTimeout.Infinite;
        TimeSpan[] limits =
        [
            timeout.Pool, timeout.Resolve, timeout.Connect, timeout.Proxy, timeout.Tls, timeout.Send, timeout.EffectiveHead,
            timeout.Read, timeout.Total,
        ];
        Assert.All(limits, limit => Assert.Equal(_none, limit));
    }

    [Theory]
    [InlineData(nameof(HttpTimeout.Pool))]
    [InlineData(nameof(HttpTimeout.Resolve))]
    [InlineData(nameof(HttpTimeout.Connect))]
    [InlineData(nameof(HttpTimeout.Proxy))]
    [InlineData(nameof(HttpTimeout.Tls))]
    [InlineData(nameof(HttpTimeout.Send))]
    [InlineData(nameof(HttpTimeout.Head))]
    [InlineData(nameof(HttpTimeout.Read))]
    [InlineData(nameof(HttpTimeout.Total))]
    [InlineData(nameof(HttpTimeout.ThroughputWindow))]
    public void A_limit_is_greater_than_zero_or_infinite_and_the_error_names_it(string name)
    {
        PropertyInfo property = typeof(HttpTimeout).GetProperty(name)!;
        foreach (TimeSpan bad in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromTicks(-1) })
        {
            var thrown = Assert.Throws<TargetInvocationException>(() => property.SetValue(new HttpTimeout(), bad));
            Assert.Equal(name, Assert.IsType<ArgumentOutOfRangeException>(thrown.InnerException).ParamName);
        }

        foreach (TimeSpan good in new[] { TimeSpan.FromTicks(1), _none, TimeSpan.MaxValue })
        {
            HttpTimeout timeout = new();
            property.SetValue(timeout, good);
            Assert.Equal(good, property.GetValue(timeout));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void The_least_rate_is_a_finite_number_of_bytes(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HttpTimeout { MinimumBytesPerSecond = rate });

    [Fact]
    public void The_head_may_take_as_long_as_a_read_unless_it_has_a_limit_of_its_own()
    {
        HttpTimeout timeout = new() { Read = TimeSpan.FromSeconds(7) };
        Assert.Equal(TimeSpan.FromSeconds(7), timeout.EffectiveHead);
        Assert.Equal(TimeSpan.FromSeconds(2), (timeout with { Head = TimeSpan.FromSeconds(2) }).EffectiveHead);
    }

    [Fact]
    public void Seconds_sets_every_step_of_connecting_and_leaves_what_is_left_out()
    {
        HttpTimeout timeout = HttpTimeout.Seconds(connect: 2, total: 30);
        TimeSpan two = TimeSpan.FromSeconds(2);
        Assert.Equal(
            HttpTimeout.Default with { Resolve = two, Connect = two, Proxy = two, Tls = two, Total = TimeSpan.FromSeconds(30) },
            timeout);
        Assert.Equal(HttpTimeout.Default with { Read = TimeSpan.FromSeconds(0.5) }, HttpTimeout.Seconds(read: 0.5));
        Assert.Equal(HttpTimeout.Default, HttpTimeout.Seconds());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Seconds_refuses_what_is_no_time(double seconds)
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => HttpTimeout.Seconds(connect: seconds));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => HttpTimeout.Seconds(read: seconds));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => HttpTimeout.Seconds(total: seconds));
    }

    [Fact]
    public void Two_timeouts_with_the_same_limits_are_equal()
    {
        Assert.Equal(HttpTimeout.Seconds(1, 2, 3), HttpTimeout.Seconds(1, 2, 3));
        Assert.NotEqual(HttpTimeout.Seconds(1, 2, 3), HttpTimeout.Seconds(1, 2, 4));
    }
}
