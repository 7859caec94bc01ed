using System.Collections.Immutable;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>httpbin when it is busy or slow.</summary>
public sealed class HttpBinRetryTests(Peers peers) : ClientTests, IDisposable
{
    private static readonly ImmutableHashSet<int> _busy = [429, 503];

    private readonly string _url = peers.HttpBin.Url;
    private readonly PoolManager _http = new();

    private HttpConnectionPool Pool => _http.ConnectionFromUrl(_url);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_listed_status_is_retried_until_the_counter_is_out(Mode mode)
    {
        MaxRetryException error = await Assert.ThrowsAsync<MaxRetryException>(() => Send(
            mode, _http, "GET", $"{_url}/status/429,503", new() { Retries = Busy(3) }));

        Assert.Contains(Assert.IsType<ResponseException>(error.Reason).Status, _busy);
        Assert.Equal(4, Pool.NumRequests);
        Assert.Equal(1, Pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_last_response_is_returned_on_demand(Mode mode)
    {
        UrllibResponse response = await Send(
            mode, _http, "GET", $"{_url}/status/429,503", new() { Retries = Busy(2) with { RaiseOnStatus = false } });

        Assert.Contains(response.Status, _busy);
        Assert.Equal(2, response.Retries.History.Count);
        Assert.Equal(3, Pool.NumRequests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_POST_is_not_repeated_for_a_status(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "POST", $"{_url}/status/503", new() { Body = "once", Retries = Busy(3) });

        Assert.Equal(503, response.Status);
        Assert.Equal(1, Pool.NumRequests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Silence_ends_in_a_read_timeout(Mode mode)
    {
        ReadTimeoutException error = await Assert.ThrowsAsync<ReadTimeoutException>(() => Send(mode, _http, "GET", $"{_url}/delay/3", new()
        {
            Timeout = HttpTimeout.Seconds(read: 0.2),
            Retries = Retry.None,
        }));

        Assert.Equal(HttpPhase.Head, error.Phase);
        Assert.True(error.ServerMayHaveActed);
        Assert.Empty(Pool.Snapshot().Busy);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_deadline_is_that_of_all_attempts_together(Mode mode)
    {
        var patient = new RequestOptions
        {
            Timeout = HttpTimeout.Seconds(read: 0.2, total: 0.7),
            Retries = new() { Total = 100, BackoffFactor = 0 },
        };

        TotalTimeoutException error = await Assert.ThrowsAsync<TotalTimeoutException>(
            () => Send(mode, _http, "GET", $"{_url}/delay/3", patient));

        Assert.Equal(TimeSpan.FromSeconds(0.7), error.Limit);
        Assert.True(error.Elapsed >= error.Limit);
        Assert.True(Pool.NumRequests > 1);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_deadline_ends_a_body_that_is_still_coming(Mode mode)
    {
        TotalTimeoutException error = await Assert.ThrowsAsync<TotalTimeoutException>(() => Send(
            mode, _http, "GET", $"{_url}/drip?numbytes=60&duration=30", new() { Timeout = HttpTimeout.Seconds(total: 2) }));

        Assert.Equal(HttpPhase.Body, error.Phase);
        Assert.Equal(1, Pool.NumRequests);
    }

    public void Dispose() => _http.Dispose();

    private static Retry Busy(int times) => new()
    {
        Total = times,
        StatusForcelist = _busy,
        BackoffFactor = 0.001,
        BackoffJitter = TimeSpan.Zero,
    };
}
