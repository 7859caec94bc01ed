using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>What the loop does with verdicts: in both modes, over connections in memory, on a clock that is turned by hand.</summary>
public sealed class SendLoopTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// <summary>Requests that are refused for what they are.</summary>
    private static readonly Dictionary<string, (string Method, Func<RequestOptions> Options)> _refused = new()
    {
        ["a length without a body"] = ("GET", static () => With("Content-Length", "5")),
        ["another length than that of the body"] = ("PUT", static () => With("Content-Length", "5") with { Body = "text" }),
        ["a length beside chunks"] = (
            "PUT", static () => With("Content-Length", "3") with { Body = RequestBody.FromChunks([new byte[3]]) }),
        ["an unknown coding"] = (
            "PUT", static () => With("Transfer-Encoding", "gzip, chunked") with { Body = RequestBody.FromChunks([new byte[3]]) }),
        ["chunks without a body"] = ("GET", static () => With("Transfer-Encoding", "chunked")),
        ["a host that is none"] = ("GET", static () => With("Host", "a b")),
        ["a host with a path"] = ("GET", static () => With("Host", "a.test/path")),
        ["an expectation without a body"] = ("GET", static () => With("Expect", "100-continue")),
        ["TE that invites a coding"] = ("GET", static () => With("TE", "gzip")),
        ["an upgrade that is not announced"] = ("GET", static () => With("Upgrade", "echo")),
        ["a connection that is no list"] = ("GET", static () => With("Connection", "a b")),
        ["a target with a blank"] = ("GET", static () => new() { Target = "/a b" }),
        ["a target in no form"] = ("GET", static () => new() { Target = "a" }),
        ["a star for a GET"] = ("GET", static () => new() { Target = "*" }),
        ["CONNECT to a path"] = ("CONNECT", static () => new()),
        ["a TRACE with a body"] = ("TRACE", static () => new() { Body = "text" }),
    };

    public static MatrixTheoryData<Mode, string> Refused => new(Enum.GetValues<Mode>(), _refused.Keys);

    [Theory, MemberData(nameof(Refused))]
    public async Task A_request_that_is_refused_for_what_it_is_asks_for_no_connection(Mode mode, string name)
    {
        int dials = 0;
        using var rig = new CallRig(() => throw new NewConnectionException($"Dialed {++dials} times."));
        (string method, Func<RequestOptions> options) = _refused[name];

        HttpException error = await Assert.ThrowsAnyAsync<InvalidRequestException>(() => rig.Send(mode, method, "/", options()));

        Assert.Equal((0, 1, 0), (dials, error.Attempts, rig.Pool.NumRequests));
        Assert.False(error.ServerMayHaveActed);
        Assert.Null(error.Connection);
        Assert.Equal("http://example.com/", error.Url?.Href);
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task A_request_that_is_refused_for_what_it_is_leaves_an_idle_connection_alone(Mode mode, string name)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        await rig.Send(mode, "GET", "/");
        (string method, Func<RequestOptions> options) = _refused[name];

        await Assert.ThrowsAnyAsync<InvalidRequestException>(() => rig.Send(mode, method, "/", options()));

        Assert.Equal(1, rig.Counts.Idle);
        Assert.True((await rig.Send(mode, "GET", "/")).Connection.IsReused);
    }

    /// <summary>Bodies that can be sent once.</summary>
    private static readonly Dictionary<string, Func<RequestBody>> _once = new()
    {
        ["chunks"] = static () => RequestBody.FromChunks(Chunks(), replayable: false),
        ["a stream"] = static () => RequestBody.FromStream(new Unseekable()),
        ["compressed chunks"] = static () => RequestBody.FromChunks(Chunks(), replayable: false).Compressed(BodyCoding.Gzip),
        ["chunks with trailers"] = static () => RequestBody.FromChunks(Chunks(), replayable: false).WithTrailers(static () => []),
        ["a part of a form"] = static () =>
            RequestBody.Multipart([new RequestField("a", RequestBody.FromChunks(Chunks(), replayable: false))]),
    };

    public static MatrixTheoryData<Mode, string> Once => new(Enum.GetValues<Mode>(), _once.Keys);

    [Theory, MemberData(nameof(Once))]
    public async Task A_body_that_is_spent_costs_no_connection(Mode mode, string name)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        RequestOptions own = new() { Body = _once[name]() };
        await rig.Send(mode, "POST", "/", own);

        await Assert.ThrowsAsync<UnrewindableBodyException>(() => rig.Send(mode, "POST", "/", own));

        Assert.Equal((1, 1), (rig.Counts.Idle, rig.Pool.NumRequests));
        Assert.True((await rig.Send(mode, "GET", "/")).Connection.IsReused);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Attempts_counts_what_history_counts_and_what_is_free(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            null,
            new Dialogue().ExpectRequest().Send(Ok)
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Close(),
            new Dialogue().ExpectRequest().Send("HTTP/1.1 503 No\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Send(Ok));
        Assert.Equal(1, (await rig.Send(mode, "GET", "/")).Attempts);

        UrllibResponse response = await rig.Send(mode, "GET", "/a");

        Assert.Equal(4, response.Attempts); // redirected, swallowed by the old connection, refused, answered
        Assert.Equal([302, 503], response.Retries.History.Select(static entry => entry.Status ?? 0));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_None_sends_twice_it_says(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            null, new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Close(), new Dialogue().ExpectRequest().Send(Ok));
        var none = new RequestOptions { Retries = Retry.None };
        await rig.Send(mode, "GET", "/", none);

        UrllibResponse response = await rig.Send(mode, "GET", "/", none);

        Assert.Equal((2, 0), (response.Attempts, response.Retries.History.Count));
        Assert.Equal(Retry.None, response.Retries);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_wants_no_request_sent_twice_takes_the_methods_away(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Close());
        var once = new RequestOptions { Retries = Retry.None with { AllowedMethods = [] } };
        await rig.Send(mode, "GET", "/", once);

        HttpException error = await Assert.ThrowsAsync<ConnectionClosedException>(() => rig.Send(mode, "GET", "/", once));

        Assert.Equal(1, error.Attempts);
        Assert.Equal("the GET was not resent because all of it had left", error.NotRetriedBecause);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task After_silence_on_an_old_connection_the_retry_opens_a_new_one(Mode mode)
    {
        Dialogue old = new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Stall();
        using CallRig rig = CallRig.Over(null, old, old, new Dialogue().ExpectRequest().Send(Ok));
        var streamed = new RequestOptions { PreloadContent = false };
        UrllibResponse[] both = [await rig.Send(mode, "GET", "/", streamed), await rig.Send(mode, "GET", "/", streamed)];
        foreach (UrllibResponse one in both)
            await CallRig.ReadParts(mode, one);
        Assert.Equal(2, rig.Counts.Idle);

        bool hasFailed = false;
        RequestOptions patient = new() { Timeout = HttpTimeout.Seconds(read: 50), Retries = new() { OnRetry = Failed } };
        Task<UrllibResponse> call = rig.Send(mode, "GET", "/", patient);
        // In small steps, so that the one that is made while the retry begins does not end that too.
        while (!Volatile.Read(ref hasFailed) && !call.IsCompleted)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(call, Task.Delay(1));
        }

        UrllibResponse response = await call;

        Assert.Equal((200, 2, 3), (response.Status, response.Attempts, rig.Pool.NumConnections));
        Assert.False(response.Connection.IsReused);

        RetryDecision Failed(RetryContext context)
        {
            Volatile.Write(ref hasFailed, true);
            return RetryDecision.Accept;
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pause_that_does_not_fit_returns_the_status_at_once(Mode mode)
    {
        using CallRig rig = CallRig.Over(
            null, new Dialogue().ExpectRequest().Send("HTTP/1.1 503 No\r\nRetry-After: 30\r\nContent-Length: 2\r\n\r\nno").Stall());
        TimeSpan before = rig.Clock.GetElapsedTime(0);

        UrllibResponse response = await rig.Send(
            mode, "PUT", "/", new() { Body = "text", Timeout = HttpTimeout.Default with { Total = TimeSpan.FromSeconds(2) } });

        Assert.Equal((503, "no", 1, 1), (response.Status, response.Text(), response.Attempts, rig.Pool.NumRequests));
        Assert.Equal(before, rig.Clock.GetElapsedTime(0));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pause_that_does_not_fit_ends_a_redirect_at_once(Mode mode)
    {
        Dialogue waits = new Dialogue().Loop(static d => d
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"));
        using CallRig rig = CallRig.Over(null, waits);
        RequestOptions hasty = new() { Timeout = HttpTimeout.Default with { Total = TimeSpan.FromSeconds(2) } };

        MaxRetryException error = await Assert.ThrowsAsync<MaxRetryException>(() => rig.Send(mode, "GET", "/", hasty));
        UrllibResponse response = await rig.Send(mode, "GET", "/", hasty with { Retries = new() { RaiseOnRedirect = false } });

        Assert.Contains("the pause of 30 s before it does not fit into the 2 s left of the call", error.Message, StringComparison.Ordinal);
        Assert.Equal((302, 2), (response.Status, rig.Pool.NumRequests));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_back_off_that_does_not_fit_ends_the_call_with_the_failure_at_once(Mode mode)
    {
        using var rig = new CallRig(static () => throw new NewConnectionException("Refused."));
        RequestOptions hasty = new()
        {
            Timeout = HttpTimeout.Default with { Total = TimeSpan.FromSeconds(2) },
            Retries = new() { BackoffFactor = 4 },
        };

        MaxRetryException error = await Assert.ThrowsAsync<MaxRetryException>(() => rig.Send(mode, "GET", "/", hasty));

        Assert.Equal(2, error.Attempts); // there is no pause before the first retry
        Assert.Equal(
            "the GET was not resent because the pause of 8 s before it does not fit into the 2 s left of the call",
            error.NotRetriedBecause);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_pause_that_OnRetry_chooses_has_to_fit_too_and_may_make_it_fit(Mode mode)
    {
        Dialogue busy = new Dialogue()
            .Loop(static d => d.ExpectRequest().Send("HTTP/1.1 503 No\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"));
        using CallRig rig = CallRig.Over(null, busy);
        RequestOptions For(TimeSpan pause) => new()
        {
            Timeout = HttpTimeout.Default with { Total = TimeSpan.FromSeconds(2) },
            Retries = new() { Status = 1, RaiseOnStatus = false, OnRetry = _ => RetryDecision.After(pause) },
        };

        Assert.Equal(1, (await rig.Send(mode, "GET", "/", For(TimeSpan.FromSeconds(3)))).Attempts);
        Assert.Equal(2, (await rig.Send(mode, "GET", "/", For(TimeSpan.Zero))).Attempts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_veto_and_a_used_up_budget_end_with_what_there_is(Mode mode)
    {
        Dialogue busy = new Dialogue().Loop(static d => d.ExpectRequest().Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
        PoolOptions poor = PoolOptions.Default with { RetryBudget = new() { Minimum = 0, Share = 0 } };
        using CallRig rig = CallRig.Over(poor, busy, busy);
        int asked = 0;
        Retry listed = new() { StatusForcelist = [503], OnRetry = _ => ++asked == 1 ? RetryDecision.Veto : RetryDecision.Accept };

        for (int i = 0; i < 2; i++)
        {
            UrllibResponse response = await rig.Send(mode, "GET", "/", new() { Retries = listed });
            Assert.Equal((503, 1, i + 1), (response.Status, response.Attempts, asked));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_OnRetry_and_OnRedirect_throw_ends_the_call_and_loses_no_connection(Mode mode)
    {
        Dialogue rude = new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
        using CallRig rig = CallRig.Over(PoolOptions.Default with { MaxSize = 1, Block = true }, rude, rude);
        RequestOptions own = new()
        {
            Retries = new() { StatusForcelist = [503], OnRetry = static _ => throw new TimeoutException("mine") },
            Redirects = new() { OnRedirect = static _ => throw new TimeoutException("mine") },
        };

        for (int i = 0; i < 2; i++)
            await Assert.ThrowsAsync<TimeoutException>(() => rig.Send(mode, "GET", "/", own));

        Assert.Equal(0, rig.Counts.Busy);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task OnRedirect_may_make_each_turn_of_a_circle_another_request(Mode mode)
    {
        int turns = 0;
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(static d => d.ExpectRequest().Respond(
            static r => r["Cookie"] == "turn=5" ? Ok : "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")));
        RequestOptions own = new() { Redirects = new() { OnRedirect = Turn } };

        UrllibResponse response = await rig.Send(mode, "GET", "/", own);

        Assert.Equal((200, 6), (response.Status, response.Attempts));

        RedirectDecision Turn(RedirectContext redirect)
        {
            redirect.Headers["Cookie"] = $"turn={++turns}";
            return RedirectDecision.Follow;
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_may_send_a_call_back_until_it_is_ready(Mode mode)
    {
        int asked = 0;
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(d => d.ExpectRequest().Respond(
            _ => ++asked == 9 ? Ok : "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")));

        Assert.Equal((200, 9), (await rig.Send(mode, "GET", "/")) is var response ? (response.Status, response.Attempts) : default);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_circle_ends_whatever_the_counters_allow(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().Loop(static d => d
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")));

        RedirectException error = await Assert.ThrowsAsync<RedirectException>(
            () => rig.Send(mode, "GET", "/", new() { Retries = new() { Total = null } }));

        Assert.Equal((RedirectRule.Loop, 20), (error.Rule, error.Attempts));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        yield return "text"u8.ToArray();
    }

    private static RequestOptions With(string name, string value) => new() { Headers = new() { { name, value } } };

    /// <summary>A stream that is read once.</summary>
    private sealed class Unseekable() : MemoryStream("text"u8.ToArray())
    {
        public override bool CanSeek => false;
    }
}
