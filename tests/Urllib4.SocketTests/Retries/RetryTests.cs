using System.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Retries;

public sealed class RetryTests : ClientTests
{
    private const string Later = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_503_with_retry_after_is_obeyed(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 503 Later\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nwait").ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        long start = Stopwatch.GetTimestamp();

        UrllibResponse response = await Send(mode, manager, "PUT", server.Url, new() { Body = "again" });

        Assert.Equal("ok", response.Text());
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.99));
        Assert.Equal(503, Assert.Single(response.Retries.History).Status);
        Assert.Equal(["again", "again"], server.Requests.Select(static r => r.Text));
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_status_of_the_list_is_tried_until_the_retries_are_used_up(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Later)));
        await using var manager = new PoolManager();
        Retry retries = new() { Total = 2, StatusForcelist = [503] };

        MaxRetryException e = await Fails<MaxRetryException>(Send(mode, manager, "GET", server.Url, new() { Retries = retries }));
        UrllibResponse kept = await Send(mode, manager, "GET", server.Url, new() { Retries = retries with { RaiseOnStatus = false } });
        UrllibResponse post = await Send(mode, manager, "POST", server.Url, new() { Retries = retries });

        Assert.Equal(503, Assert.IsType<ResponseException>(e.Reason).Status);
        Assert.Equal(3, e.Attempts);
        Assert.Equal([503, 503], e.History.Select(static h => h.Status ?? 0));
        Assert.Equal(503, kept.Status);
        Assert.Equal(503, post.Status);
        Assert.Empty(post.Retries.History);
        Assert.Equal(3 + 3 + 1, server.Requests.Count);
        Assert.Equal(1, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_is_tried_again_and_told_in_the_end(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Close());
        await using var manager = new PoolManager();

        MaxRetryException e = await Fails<MaxRetryException>(Send(mode, manager, "GET", server.Url, new() { Retries = 2 }));
        ConnectionClosedException raw = await Fails<ConnectionClosedException>(
            Send(mode, manager, "GET", server.Url, new() { Retries = Retry.None }));

        Assert.IsType<ConnectionClosedException>(e.Reason);
        Assert.Equal(3, e.Attempts);
        Assert.Equal(2, e.History.Count);
        Assert.All(e.History, static h => Assert.IsType<ConnectionClosedException>(h.Error));
        Assert.Equal("the GET was not resent because Retry.Total allowed no more", e.NotRetriedBecause);
        Assert.Equal("the GET was not resent because Retry.Total allows none", raw.NotRetriedBecause);
        Assert.Equal(3 + 1, server.Requests.Count);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task No_retries_means_raw_answers_and_raw_errors(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Later)
                .ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"));
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });

        Assert.Equal(503, (await Send(mode, manager, "GET", server.Url)).Status);
        Assert.Equal(302, (await Send(mode, manager, "GET", server.Url)).Status);
        server.Dispose();
        await Fails<NewConnectionException>(Send(mode, manager, "GET", server.Url));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_budget_of_the_manager_ends_a_storm(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Close());
        await using var manager = new PoolManager(
            new PoolOptions { RetryBudget = new() { Minimum = 2, Share = 0, Window = TimeSpan.FromMinutes(10) } });

        ConnectionClosedException e = await Fails<ConnectionClosedException>(Send(mode, manager, "GET", server.Url, new() { Retries = 9 }));
        ConnectionClosedException next = await Fails<ConnectionClosedException>(
            Send(mode, manager, "GET", server.Url, new() { Retries = 9 }));

        Assert.Equal("the GET was not resent because the retry budget of the manager was used up", e.NotRetriedBecause);
        Assert.Equal(2, e.History.Count);
        Assert.Equal("the GET was not resent because the retry budget of the manager was used up", next.NotRetriedBecause);
        Assert.Equal(3 + 1, server.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_callers_veto_ends_the_retries(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Close());
        await using var manager = new PoolManager();
        Retry retries = new() { OnRetry = static c => c.History.Count < 2 ? RetryDecision.Accept : RetryDecision.Veto };

        ConnectionClosedException e = await Fails<ConnectionClosedException>(
            Send(mode, manager, "GET", server.Url, new() { Retries = retries }));

        Assert.Equal("the GET was not resent because OnRetry said no", e.NotRetriedBecause);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_callback_that_throws_costs_no_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            n => n == 0 ? new Dialogue().ExpectRequest().Close() : new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        Retry retries = new() { OnRetry = static _ => throw new NotSupportedException("mine") };

        await Fails<NotSupportedException>(Send(mode, manager, "GET", server.Url, new() { Retries = retries }));

        AssertAtRest(manager);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_can_be_read_once_ends_the_retries_with_its_own_error(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Close());
        await using var manager = new PoolManager();
        RequestOptions options = new() { Body = RequestBody.FromChunks(Chunks(), replayable: false) };

        UnrewindableBodyException e = await Fails<UnrewindableBodyException>(Send(mode, manager, "PUT", server.Url, options));

        Assert.IsType<ConnectionClosedException>(e.InnerException);
        Assert.True(e.ServerMayHaveActed);
        Assert.Single(server.Requests);

        static IEnumerable<ReadOnlyMemory<byte>> Chunks()
        {
            yield return "once"u8.ToArray();
        }
    }
}
