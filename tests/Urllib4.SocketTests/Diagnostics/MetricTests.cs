using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

[Collection(AloneGroup.Name)]
public sealed class MetricTests : ClientTests
{
    private const string Duration = "http.client.request.duration";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_measured_once(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager();
        using var metrics = new Measurements();

        UrllibResponse response = await Send(mode, manager, "GET", server.Url + "/a?token=x");
        await Send(mode, manager, "GET", server.Url);

        Dictionary<string, string> place = new()
        {
            ["url.scheme"] = "http",
            ["server.address"] = "127.0.0.1",
            ["server.port"] = $"{server.Port}",
        };
        Dictionary<string, string> request = new(place) { ["http.request.method"] = "GET" };
        Dictionary<string, string> answered = new(request) { ["http.response.status_code"] = "200", ["network.protocol.version"] = "1.1" };
        Assert.Equal([answered, answered], metrics.Of(Duration, server.Port).Select(static m => m.Tags));
        Assert.All(metrics.Of(Duration, server.Port), static m => Assert.InRange(m.Value, 0.000_001, 30));
        Assert.Equal([1, -1, 1, -1], metrics.Of("http.client.active_requests", server.Port).Select(static m => m.Value));
        Assert.All(metrics.Of("http.client.active_requests", server.Port), m => Assert.Equal(request, m.Tags));
        // Only the first one had to wait for a connection.
        Assert.Equal(
            new Dictionary<string, string>(request) { ["network.protocol.version"] = "1.1" },
            Assert.Single(metrics.Of("http.client.request.time_in_queue", server.Port)).Tags);
        Assert.All(metrics.Of("urllib4.bytes.sent", server.Port), m => Assert.Equal(place, m.Tags));
        Assert.Equal(
            server.Requests.Select(static r => (double)r.Head.Length), metrics.Of("urllib4.bytes.sent", server.Port).Select(static m => m.Value));
        Assert.Equal([Ok.Length, Ok.Length], metrics.Of("urllib4.bytes.received", server.Port).Select(static m => m.Value));
        Assert.Equal(Ok.Length, response.Connection.BytesRead);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_is_measured_with_its_kind_and_leaves_nothing_active(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Stall());
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });
        using var metrics = new Measurements();
        using var cancellation = new CancellationTokenSource();

        await Fails<ReadTimeoutException>(Send(
            mode, manager, "GET", server.Url, new() { Timeout = new HttpTimeout { Read = TimeSpan.FromMilliseconds(30) } }));
        Task<UrllibResponse> call = Send(mode, manager, "GET", server.Url, null, cancellation.Token);
        server.WaitForRequests(2);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Equal(
            ["Urllib4.ReadTimeoutException", "System.OperationCanceledException"],
            metrics.Of(Duration, server.Port).Select(static m => m.Tags["error.type"]));
        Assert.Equal(0, metrics.Of("http.client.active_requests", server.Port).Sum(static m => m.Value));
        Assert.Equal(
            server.Requests.Sum(static r => r.Head.Length), metrics.Of("urllib4.bytes.sent", server.Port).Sum(static m => m.Value));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_duration_is_measured_within_the_span_so_that_it_can_be_its_example(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        using var metrics = new Measurements();
        using var spans = new Spans();

        await Send(mode, manager, "GET", server.Url);

        Assert.Equal(Assert.Single(spans.Ended).Id, Assert.Single(metrics.Of(Duration, server.Port)).Span);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Retries_redirects_and_replays_are_counted_apart(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Close(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Retries = new Retry { StatusForcelist = [503] } });
        using var metrics = new Measurements();

        await Send(mode, manager, "GET", server.Url);

        Assert.Equal(1, Assert.Single(metrics.Of("urllib4.retries", server.Port)).Value);
        Assert.Equal(1, Assert.Single(metrics.Of("urllib4.redirects", server.Port)).Value);
        Assert.Equal(1, Assert.Single(metrics.Of("urllib4.replays", server.Port)).Value);
        Assert.Equal(["503", "302", null, "200"], metrics.Of(Duration, server.Port)
            .Select(static m => m.Tags.GetValueOrDefault("http.response.status_code")));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Connections_are_counted_when_somebody_asks_and_timed_when_they_close(Mode mode)
    {
        ForgetWhatOtherTestsLeft();
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        await using var one = new PoolManager();
        await using var other = new PoolManager();
        await Send(mode, one, "GET", server.Url);
        await Send(mode, other, "GET", server.Url);
        using var metrics = new Measurements(); // late: what was opened before counts as well
        using UrllibResponse busy = await Send(mode, one, "GET", server.Url, new() { PreloadContent = false });

        metrics.Observe();
        Assert.Equal(
            [("active", 1d), ("idle", 1d)],
            metrics.Of("http.client.open_connections", server.Port)
                .Select(static m => (m.Tags["http.connection.state"], m.Value)).Order());
        await busy.DisposeAsync();
        one.Dispose();
        other.Dispose();

        IReadOnlyList<Measured> lives = metrics.Of("http.client.connection.duration", server.Port);
        Assert.Equal(2, lives.Count);
        Assert.All(lives, m => Assert.Equal(
            new Dictionary<string, string>
            {
                ["url.scheme"] = "http",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = $"{server.Port}",
                ["network.protocol.version"] = "1.1",
                ["network.peer.address"] = "127.0.0.1",
            },
            m.Tags));
        using var afterwards = new Measurements();
        afterwards.Observe();
        Assert.Empty(afterwards.Of("http.client.open_connections", server.Port));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Two_connections_of_one_state_are_one_measurement(Mode mode)
    {
        ForgetWhatOtherTestsLeft();
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        await using var one = new PoolManager();
        await using var other = new PoolManager();
        await Send(mode, one, "GET", server.Url);
        await Send(mode, other, "GET", server.Url);
        using var metrics = new Measurements();

        metrics.Observe();

        Assert.Equal(2, Assert.Single(metrics.Of("http.client.open_connections", server.Port)).Value);
    }

    [Fact]
    public async Task Pools_are_counted_and_so_are_those_that_make_room()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        ForgetWhatOtherTestsLeft();
        using var metrics = new Measurements();
        double before = Pools(metrics);
        var manager = new PoolManager(numPools: 1);
        await manager.RequestAsync("GET", server.Url);
        double with = Pools(metrics);
        await manager.RequestAsync("GET", $"http://localhost:{server.Port}");

        Assert.Equal(before + 1, with);
        Assert.Equal(before + 1, Pools(metrics));
        Assert.Equal(1, Assert.Single(metrics.All, static m => m.Instrument == "urllib4.pool.evictions").Value);
        manager.Dispose();
        Assert.Equal(before, Pools(metrics));
        Assert.Single(metrics.All, static m => m.Instrument == "urllib4.pool.evictions");
    }

    // What is alive is observed: pools that nobody disposed, of servers whose port this one may have got.
    private static void ForgetWhatOtherTestsLeft()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static double Pools(Measurements metrics)
    {
        metrics.Observe();
        return metrics.All.Last(static m => m.Instrument == "urllib4.pools").Value;
    }
}
