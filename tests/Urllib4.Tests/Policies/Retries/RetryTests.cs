using System.Collections.Immutable;
using System.Reflection;

namespace Urllib4.Tests.Policies;

public sealed class RetryTests
{
    private static readonly DateTimeOffset _now = new(2019, 6, 3, 11, 0, 0, TimeSpan.Zero);
    private static readonly Url _url = Url.Parse("http://example.com/a");
    private static readonly NewConnectionException _refused = new("refused");
    private static readonly ReadTimeoutException _silent = new(HttpPhase.Head, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    private static readonly TlsException _tls = new("broken off") { IsTransient = true };

    [Fact]
    public void The_default_allows_three_failures_of_a_kind_and_ten_redirects()
    {
        Assert.Equal(3, Failures(Retry.Default, _refused));
        Assert.Equal(3, Failures(Retry.Default, _silent));
        Assert.Equal(3, Failures(Retry.Default, _tls));
        Assert.Equal(10, Redirects(Retry.Default));
        Assert.Equal(3, Statuses(Retry.Default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_number_bounds_failures_and_redirects_alike(int number)
    {
        Retry retry = number;
        Assert.Equal(new Retry { Total = number }, retry);
        Assert.Equal(number, Failures(retry, _refused));
        Assert.Equal(number, Redirects(retry));
        MaxRetryException end = Assert.Throws<MaxRetryException>(() => Spend(retry, number).Increment("GET", _url, _refused));
        Assert.Same(_refused, end.Reason);
        Assert.Equal(number + 1, end.Attempts);
    }

    [Fact]
    public void A_negative_number_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Retry.FromInt(-1));

    [Fact]
    public void The_smallest_counter_decides()
    {
        Assert.Equal(2, Failures(new Retry { Connect = 3, Total = 2 }, _refused));
        Assert.Equal(2, Failures(new Retry { Connect = 2, Total = 3 }, _refused));
        Assert.Equal(2, Failures(new Retry { Read = 2, Total = 3 }, _silent));
        Assert.Equal(1, Failures(new Retry { Other = 1 }, _tls));
        Assert.Equal(10, Failures(new Retry { Connect = 1 }, _tls));
        Assert.Equal(0, Failures(new Retry { Read = 0 }, _silent));
        Assert.Equal(2, Statuses(new Retry { Status = 2 }));
        Assert.Equal(1, Redirects(new Retry { Total = null, Redirect = 1 }));
    }

    [Fact]
    public void Without_a_total_only_the_other_counters_count()
    {
        Retry retry = new() { Total = null, Connect = 2 };
        Assert.Equal(2, Failures(retry, _refused));
        Assert.Equal(1_000, Failures(retry, _silent));
    }

    [Fact]
    public void A_counter_of_zero_is_not_exhausted_and_one_below_is()
    {
        Assert.False(new Retry { Total = 0 }.IsExhausted);
        Assert.True(new Retry { Total = -1 }.IsExhausted);
        Assert.True(new Retry { Read = -1 }.IsExhausted);
        _ = Assert.Throws<MaxRetryException>(() => new Retry { Total = -1 }.Increment("GET", _url, _refused));
    }

    [Fact]
    public void Connect_failures_are_retried_for_any_method() => Assert.Equal(3, Failures(3, _refused, "POST"));

    [Fact]
    public void A_read_failure_of_a_method_that_may_not_be_repeated_is_thrown_as_it_is() =>
        Assert.Same(_silent, Assert.Throws<ReadTimeoutException>(() => new Retry().Increment("POST", _url, _silent)));

    [Fact]
    public void What_was_not_processed_is_retried_for_any_method()
    {
        _ = new Retry().Count("POST", _url, _silent, anyMethod: true, out HttpException? end);
        Assert.Null(end);
    }

    [Fact]
    public void What_cannot_get_better_is_thrown_as_it_is()
    {
        HttpException certificate = new TlsException("expired");
        Assert.Same(certificate, Assert.Throws<TlsException>(() => Retry.Unlimited.Increment("GET", _url, certificate)));
    }

    [Fact]
    public void None_throws_the_failure_itself_and_hands_back_redirects_and_statuses()
    {
        Assert.Same(_refused, Assert.Throws<NewConnectionException>(() => Retry.None.Increment("GET", _url, _refused)));
        Assert.False(Retry.None.RaiseOnRedirect);
        Assert.False(Retry.None.RaiseOnStatus);
        Assert.Equal(0, Redirects(Retry.None));
        Assert.False(Retry.None.IsRetry("GET", 503, hasRetryAfter: true));
    }

    [Fact]
    public void A_number_of_zero_wraps_the_failure_and_raises_on_redirect()
    {
        _ = Assert.Throws<MaxRetryException>(() => ((Retry)0).Increment("GET", _url, _refused));
        Assert.True(((Retry)0).RaiseOnRedirect);
    }

    [Fact]
    public void The_trace_of_a_failure_that_is_thrown_again_is_kept()
    {
        HttpException thrown = Assert.ThrowsAny<HttpException>(Throw);
        thrown = Assert.ThrowsAny<HttpException>(() => Retry.None.Increment("GET", _url, thrown));
        Assert.Contains(nameof(Throw), thrown.StackTrace, StringComparison.Ordinal);

        static void Throw() => throw new NewConnectionException("refused");
    }

    [Fact]
    public void Unlimited_never_ends_but_for_redirects()
    {
        Assert.Equal(1_000, Failures(Retry.Unlimited, _refused));
        Assert.Equal(1_000, Failures(Retry.Unlimited, _silent));
        Assert.Equal(1_000, Statuses(Retry.Unlimited));
        Assert.Equal(10, Redirects(Retry.Unlimited));
        Assert.True(Spend(Retry.Unlimited, 50).Delay(null, _now, () => 0) == TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void The_reason_after_too_many_statuses_names_the_status()
    {
        MaxRetryException end = Assert.Throws<MaxRetryException>(() => ((Retry)0).Increment("GET", _url, 500));
        Assert.Equal(500, Assert.IsType<ResponseException>(end.Reason).Status);
        Assert.Contains("too many 500 error responses", end.Message, StringComparison.Ordinal);

        end = Assert.Throws<MaxRetryException>(() => ((Retry)0).Increment("GET", _url, 302, "/b"));
        Assert.Contains("too many redirects", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_tells_every_request_in_order()
    {
        Retry start = new() { Total = 10, AllowedMethods = Retry.AnyMethod };
        Retry end = start.Increment("POST", _url, _refused).Increment("POST", _url, _silent)
            .Increment("POST", _url, 503).Increment("POST", _url, 303, "/b");

        Assert.Empty(start.History);
        Assert.Equal(6, end.Total);
        Assert.Equal(
            [
                new RequestHistory { Method = "POST", Url = _url, Error = _refused },
                new RequestHistory { Method = "POST", Url = _url, Error = _silent },
                new RequestHistory { Method = "POST", Url = _url, Status = 503 },
                new RequestHistory { Method = "POST", Url = _url, Status = 303, RedirectLocation = "/b" },
            ],
            end.History);
    }

    [Fact]
    public void One_value_serves_two_calls()
    {
        Retry retry = new() { Total = 1 };
        Assert.Equal(0, retry.Increment("GET", _url, _refused).Total);
        Assert.Equal(0, retry.Increment("GET", _url, _refused).Total);
    }

    [Theory]
    [InlineData("GET", 418, false, true)]
    [InlineData("get", 418, false, true)]
    [InlineData("POST", 418, false, false)]
    [InlineData("GET", 500, false, false)]
    [InlineData("GET", 500, true, false)]
    [InlineData("GET", 413, true, true)]
    [InlineData("GET", 429, true, true)]
    [InlineData("GET", 503, true, true)]
    [InlineData("GET", 503, false, false)]
    [InlineData("POST", 503, true, false)]
    public void A_status_is_retried_when_it_is_listed_or_says_when(string method, int status, bool hasRetryAfter, bool isRetry) =>
        Assert.Equal(isRetry, new Retry { StatusForcelist = [418] }.IsRetry(method, status, hasRetryAfter));

    [Theory]
    [InlineData(503, false)]
    [InlineData(202, true)]
    public void The_statuses_that_Retry_After_makes_worth_a_retry_can_be_chosen(int status, bool isRetry)
    {
        Retry retry = new() { RetryAfterStatusCodes = [202] };
        Assert.Equal(isRetry, retry.IsRetry("GET", status, hasRetryAfter: true));
        Assert.False(retry.IsRetry("GET", status, hasRetryAfter: false));
        Assert.False((retry with { RespectRetryAfterHeader = false }).IsRetry("GET", status, hasRetryAfter: true));
        Assert.False((retry with { RetryAfterStatusCodes = [] }).IsRetry("GET", status, hasRetryAfter: true));
        Assert.Equal([413, 429, 503], new Retry().RetryAfterStatusCodes.Order());
    }

    [Fact]
    public void Retry_after_alone_makes_no_retry_when_none_is_left_or_it_is_not_obeyed()
    {
        Assert.False(new Retry { Total = 0 }.IsRetry("GET", 503, true));
        Assert.False(new Retry { Status = 0 }.IsRetry("GET", 503, true));
        Assert.False(new Retry { RespectRetryAfterHeader = false }.IsRetry("GET", 503, true));
        Assert.True(new Retry { Total = null }.IsRetry("GET", 503, true));

        // A listed status is a matter of the counters, so that RaiseOnStatus can speak.
        Assert.True(new Retry { Total = 0, StatusForcelist = [503] }.IsRetry("GET", 503));
    }

    [Fact]
    public void An_empty_set_of_methods_allows_none_and_the_mark_allows_all()
    {
        Assert.False((new Retry() with { AllowedMethods = [] }).IsRetry("GET", 503, true));
        Assert.True((new Retry() with { AllowedMethods = Retry.AnyMethod }).IsRetry("PATCH", 503, true));
        Assert.True((new Retry() with { AllowedMethods = ["PATCH"] }).IsRetry("patch", 503, true));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("60", 60)]
    [InlineData("61", 60)]
    [InlineData("99999999999999999999", 60)]
    [InlineData("Mon, 03 Jun 2019 11:00:30 GMT", 30)]
    [InlineData("Mon, 03 Jun 2019 12:00:00 GMT", 60)]
    [InlineData("0", 0.4)]
    [InlineData("Mon, 03 Jun 2019 10:00:00 GMT", 0.4)]
    [InlineData("garbage", 0.4)]
    [InlineData(null, 0.4)]
    public void The_pause_is_what_the_server_asks_cut_short_or_else_the_back_off(string? retryAfter, double seconds)
    {
        Retry retry = Spend(new Retry { BackoffFactor = 0.2 }, 2);
        Assert.Equal(TimeSpan.FromSeconds(seconds), retry.Delay(retryAfter, _now, () => 0));
    }

    [Fact]
    public void A_retry_after_that_is_not_obeyed_makes_no_pause()
    {
        Retry retry = Spend(new Retry { BackoffFactor = 0.2, RespectRetryAfterHeader = false }, 2);
        Assert.Equal(TimeSpan.FromSeconds(0.4), retry.Delay("5", _now, () => 0));
    }

    [Fact]
    public void After_a_redirect_there_is_a_pause_only_if_the_server_asks_for_one()
    {
        Retry retry = Spend(new Retry { BackoffFactor = 0.2, BackoffJitter = TimeSpan.FromSeconds(1) }, 5)
            .Increment("GET", _url, 302, "/b");
        Assert.Equal(TimeSpan.Zero, retry.Delay(null, _now, () => 0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), retry.Delay("1", _now, () => 0.5));
    }

    [Fact]
    public void The_callback_may_veto_or_change_the_pause()
    {
        RetryContext? seen = null;
        Retry retry = Spend(new Retry { OnRetry = context => Answer(context, RetryDecision.Accept) }, 2);
        TimeSpan second = TimeSpan.FromSeconds(1);

        Assert.Equal(second, retry.Agree(second));
        Assert.Equal(second, seen!.Delay);
        Assert.Same(_refused, seen.Last.Error);
        Assert.Equal(2, seen.History.Count);

        Assert.Null((retry with { OnRetry = context => Answer(context, RetryDecision.Veto) }).Agree(second));
        Retry slower = retry with { OnRetry = context => Answer(context, RetryDecision.After(context.Delay * 3)) };
        Assert.Equal(3 * second, slower.Agree(second));
        Assert.Equal(second, new Retry().Agree(second));

        RetryDecision Answer(RetryContext context, RetryDecision decision)
        {
            seen = context;
            return decision;
        }
    }

    [Fact]
    public void A_callback_without_answer_is_a_mistake_of_the_caller()
    {
        Retry retry = new() { OnRetry = _ => null! };
        _ = Assert.Throws<InvalidRequestException>(() => Spend(retry, 1).Agree(TimeSpan.Zero));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => RetryDecision.After(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Assert.Equal("Connect", Assert.Throws<ArgumentOutOfRangeException>(() => new Retry { Connect = -2 }).ParamName);
        Assert.Equal(
            "BackoffMax", Assert.Throws<ArgumentOutOfRangeException>(() => new Retry { BackoffMax = TimeSpan.FromTicks(-1) }).ParamName);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new Retry { BackoffFactor = double.NaN });
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new Retry { BackoffFactor = -1 });
        _ = Assert.Throws<ArgumentNullException>(() => new Retry { AllowedMethods = null! });
        _ = Assert.Throws<ArgumentNullException>(() => new Retry { StatusForcelist = null! });
        _ = Assert.Throws<ArgumentNullException>(() => new Retry { RetryAfterStatusCodes = null! });
    }

    [Fact]
    public void Equality_is_by_content()
    {
        Retry one = new() { Total = 5, StatusForcelist = [429, 503], AllowedMethods = ["GET", "PUT"], RemoveHeadersOnRedirect = ["X-A"] };
        Retry two = new() { Total = 5, StatusForcelist = [503, 429], AllowedMethods = ["put", "get"], RemoveHeadersOnRedirect = ["x-a"] };
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.Equal(one.Increment("GET", _url, 503), two.Increment("GET", _url, 503));
        Assert.NotEqual(one, one.Increment("GET", _url, 503));
    }

    [Fact]
    public void Every_option_takes_part_in_equality()
    {
        Dictionary<Type, object> others = new()
        {
            [typeof(int?)] = 77,
            [typeof(double)] = 0.77,
            [typeof(TimeSpan)] = TimeSpan.FromSeconds(77),
            [typeof(ImmutableHashSet<string>)] = ImmutableHashSet.Create("X77"),
            [typeof(ImmutableHashSet<int>)] = ImmutableHashSet.Create(77),
            [typeof(ImmutableList<RequestHistory>)] = ImmutableList.Create(new RequestHistory { Method = "GET", Url = _url }),
            [typeof(Func<RetryContext, RetryDecision>)] = (Func<RetryContext, RetryDecision>)(_ => RetryDecision.Veto),
        };
        foreach (PropertyInfo property in typeof(Retry).GetProperties().Where(property => property.CanWrite))
        {
            Retry changed = new();
            property.SetValue(
                changed, property.PropertyType == typeof(bool) ? !(bool)property.GetValue(changed)! : others[property.PropertyType]);
            Assert.False(changed.Equals(new Retry()), $"{property.Name} does not count.");
        }
    }

    [Fact]
    public void It_prints_its_counters_in_the_words_of_urllib3() => Assert.Equal(
        "Retry(total=7, connect=None, read=None, redirect=None, status=None, other=2)", Spend(new Retry { Other = 2 }, 3).ToString());

    private static Retry Spend(Retry retry, int failures)
    {
        for (int i = 0; i < failures; i++)
            retry = retry.Increment("GET", _url, _refused);
        return retry;
    }

    private static int Failures(Retry retry, HttpException error, string method = "GET")
    {
        int count = 0;
        for (; count < 1_000; count++)
        {
            retry = retry.Count(method, _url, error, anyMethod: false, out HttpException? end);
            if (end is not null)
                break;
        }

        return count;
    }

    private static int Redirects(Retry retry) => Responses(retry, 302, "/b");

    private static int Statuses(Retry retry) => Responses(retry, 503, null);

    private static int Responses(Retry retry, int status, string? location)
    {
        int count = 0;
        for (; count < 1_000; count++)
        {
            retry = retry.Count("GET", _url, status, location, out MaxRetryException? end);
            if (end is not null)
                break;
        }

        return count;
    }
}
