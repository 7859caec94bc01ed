using System.Net.Sockets;
using Urllib4.Managers;
using Urllib4.Policies;
using static Urllib4.Tests.Managers.Trial;

namespace Urllib4.Tests.Managers;

/// <summary>What an attempt means: each failure by each progress, and each status. Redirects have a class of their own.</summary>
public sealed class JudgeTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The replay matrix as the judge has it: failure, progress, reused; then what becomes of a GET and of a POST.
    /// </summary>
    public static TheoryData<string, string, bool, string, string> Failures => new()
    {
        { "unreachable", "no connection", false, "Again", "Again" },
        { "name", "no connection", false, "Again", "Again" },
        { "closed", "NothingWritten", false, "Replay", "Replay" },
        { "closed", "NothingWritten", true, "Replay", "Replay" },
        { "closed", "SomeWritten", false, "Again", "Fail" },
        { "closed", "SomeWritten", true, "Replay", "Fail" },
        { "closed", "AllWritten", false, "Again", "Fail" },
        { "closed", "AllWritten", true, "Replay", "Fail" },
        { "closed", "HeadStarted", true, "Fail", "Fail" },
        { "silent", "NothingWritten", true, "Again", "Again" },
        { "silent", "SomeWritten", true, "Again", "Fail" },
        { "silent", "AllWritten", false, "Again", "Fail" },
        { "silent", "HeadStarted", false, "Fail", "Fail" },
        { "stuck", "SomeWritten", true, "Again", "Fail" },
        { "certificate", "no connection", false, "Fail", "Fail" },
        { "full", "no connection", false, "Fail", "Fail" },
        { "late", "AllWritten", true, "Fail", "Fail" },
        { "invalid", "NothingWritten", false, "Fail", "Fail" },
    };

    [Theory, MemberData(nameof(Failures))]
    public void A_failure_means_what_the_replay_matrix_says(string failure, string progress, bool isReused, string get, string post)
    {
        AttemptFacts attempt = progress == "no connection" ? default : Attempt(Enum.Parse<SendProgress>(progress), isReused);
        HttpException error = Error(failure);

        Verdict ofGet = Judge.OfFailure(Call(), attempt, error);
        Verdict ofPost = Judge.OfFailure(Call("POST"), attempt, error);

        Assert.Equal((get, post), (ofGet.GetType().Name, ofPost.GetType().Name));
        if (ofGet is Verdict.Again again)
            Assert.Same(error, again.Failure);
        if (ofPost is Verdict.Fail fail)
            Assert.Same(error, fail.Error);
        Assert.Null(error.NotRetriedBecause);
        Assert.Null(error.Url);
    }

    [Theory]
    [InlineData("closed", true)]
    [InlineData("silent", true)]
    [InlineData("stuck", true)]
    [InlineData("silent", false)]
    public void After_a_failure_on_a_connection_that_lay_idle_the_next_one_is_new(string failure, bool isReused)
    {
        CallFacts call = Call() with { WasReplayed = true };
        var again = Assert.IsType<Verdict.Again>(Judge.OfFailure(call, Attempt(isReused: isReused), Error(failure)));
        Assert.Equal(isReused, again.WantsFresh);

        // And it stays so when the new one fails too: the idle ones are as old as the first.
        var once = Assert.IsType<Verdict.Again>(Judge.OfFailure(call with { WantedFresh = true }, Attempt(), Error(failure)));
        Assert.True(once.WantsFresh);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_whose_connection_ended_goes_again_on_any_other(bool wasReplayed)
    {
        CallFacts call = Call() with { WasReplayed = wasReplayed };
        AttemptFacts stream = Attempt(isReused: true) with { IsStream = true };
        Assert.False(Assert.IsAssignableFrom<Verdict.GoOn>(Judge.OfFailure(call, stream, Error("closed"))).WantsFresh);
        Assert.True(Assert.IsAssignableFrom<Verdict.GoOn>(Judge.OfFailure(call, stream, Error("silent"))).WantsFresh);
    }

    [Fact]
    public void A_replay_is_made_once_on_a_new_connection_and_takes_nothing()
    {
        AttemptFacts stale = Attempt(isReused: true);
        CallFacts call = Call(retries: Retry.None);
        Assert.True(Assert.IsType<Verdict.Replay>(Judge.OfFailure(call, stale, Error("closed"))).WantsFresh);
        Assert.IsType<Verdict.Fail>(Judge.OfFailure(call with { WasReplayed = true }, stale, Error("closed")));
        // None of the counters has a say in it, but the methods have: what may have been processed is not repeated.
        Retry once = Retry.None with { AllowedMethods = [] };
        Assert.IsType<Verdict.Fail>(Judge.OfFailure(Call(retries: once), stale, Error("closed")));
        Assert.IsType<Verdict.Replay>(Judge.OfFailure(Call(retries: once), Attempt(SendProgress.NothingWritten), Error("closed")));
    }

    [Fact]
    public void A_counter_that_is_out_ends_the_call_and_is_named()
    {
        HttpException error = Error("silent");
        var fail = Assert.IsType<Verdict.Fail>(Judge.OfFailure(Call(retries: new() { Read = 0 }) with { Attempts = 3 }, Attempt(), error));
        Assert.Equal("the GET was not resent because Retry.Read allows none", fail.WhyNot);
        var end = Assert.IsType<MaxRetryException>(fail.Error);
        Assert.Same(error, end.Reason);
        Assert.Equal(3, end.Attempts);
        Assert.Same(error, Assert.IsType<Verdict.Fail>(Judge.OfFailure(Call(retries: Retry.None), Attempt(), error)).Error);
    }

    [Fact]
    public void A_body_that_is_spent_is_the_error()
    {
        HttpException error = Error("closed");
        var fail = Assert.IsType<Verdict.Fail>(Judge.OfFailure(Call("PUT", body: OneShot()), Attempt(), error));
        Assert.Same(error, Assert.IsType<UnrewindableBodyException>(fail.Error).InnerException);
        Assert.Equal("the PUT was not resent because its body can be read only once", fail.WhyNot);
        Assert.IsType<Verdict.Again>(
            Judge.OfFailure(Call("PUT", body: OneShot()), Attempt() with { HasOpenedBody = false }, error));
    }

    [Fact]
    public void An_idempotency_key_counts_only_when_the_server_is_known_to_honour_it()
    {
        CallFacts call = Call() with { Request = Request("POST", "http://a.test/", null, "Idempotency-Key") };
        Assert.IsType<Verdict.Fail>(Judge.OfFailure(call, Attempt(), Error("closed")));
        Assert.IsType<Verdict.Again>(Judge.OfFailure(call with { HonoursIdempotencyKey = true }, Attempt(), Error("closed")));
    }

    [Fact]
    public void Another_proxy_is_tried_before_anything_is_counted()
    {
        var reroute = Assert.IsType<Verdict.Reroute>(
            Judge.OfFailure(Call(retries: Retry.None), new AttemptFacts { HasAnotherProxy = true }, Error("unreachable")));
        Assert.EndsWith("The next proxy was tried.", reroute.Why, StringComparison.Ordinal);
    }

    /// <summary>Status, its <c>Retry-After</c>, whether the caller lists it, whether the connection is reused; then GET and POST.</summary>
    public static TheoryData<int, string?, bool, bool, string, string> Statuses => new()
    {
        { 200, null, false, false, "Return", "Return" },
        { 200, null, true, false, "Return", "Return" },
        { 204, "5", false, false, "Return", "Return" },
        { 304, null, false, false, "Return", "Return" },
        { 301, null, false, false, "Return", "Return" }, // without a Location
        { 404, null, false, true, "Return", "Return" },
        { 404, null, true, false, "Again", "Return" },
        { 401, null, false, false, "Return", "Return" },
        { 407, null, false, false, "Return", "Return" },
        { 408, null, false, false, "Return", "Return" },
        { 408, null, false, true, "Replay", "Return" },
        { 408, null, true, true, "Again", "Return" },
        { 413, "1", false, false, "Again", "Return" },
        { 417, null, false, false, "Return", "Return" },
        { 421, null, false, true, "Replay", "Replay" },
        { 425, null, false, false, "Replay", "Replay" },
        { 429, "1", false, false, "Again", "Return" },
        { 429, null, false, false, "Return", "Return" },
        { 500, "1", false, false, "Return", "Return" },
        { 503, "1", false, false, "Again", "Return" },
        { 503, null, true, false, "Again", "Return" },
        { 999, null, false, true, "Return", "Return" },
    };

    [Theory, MemberData(nameof(Statuses))]
    public void A_status_means_what_the_table_says(int status, string? retryAfter, bool listed, bool isReused, string get, string post)
    {
        Retry retries = listed ? new() { StatusForcelist = [status] } : new();
        string[] lines = retryAfter is null ? [] : [$"Retry-After: {retryAfter}"];
        AttemptFacts attempt = Attempt(SendProgress.HeadStarted, isReused);

        Verdict ofGet = Judge.OfHead(Call(retries: retries), attempt, Head(status, lines));
        Verdict ofPost = Judge.OfHead(Call("POST", retries: retries), attempt, Head(status, lines));

        Assert.Equal((get, post), (ofGet.GetType().Name, ofPost.GetType().Name));
        if (ofGet is Verdict.Again again)
            Assert.Equal((retryAfter is null ? TimeSpan.Zero : _second, null, false), (again.Pause, again.Failure, again.WantsFresh));
    }

    [Fact]
    public void What_a_server_refuses_to_process_twice_is_the_response()
    {
        foreach (int status in new[] { 408, 421, 425 })
            Assert.IsType<Verdict.Return>(Judge.OfHead(
                Call() with { WasReplayed = true }, Attempt(SendProgress.HeadStarted, isReused: true), Head(status)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_status_whose_counter_is_out_is_an_error_or_the_response(bool raises)
    {
        Retry retries = new() { Status = 0, StatusForcelist = [500], RaiseOnStatus = raises };
        Verdict verdict = Judge.OfHead(Call(retries: retries), Attempt(), Head(500));
        if (!raises)
            Assert.Same(Verdict.Return.Response, verdict);
        else
            Assert.Equal("the GET was not resent because Retry.Status allows none", Assert.IsType<Verdict.Fail>(verdict).WhyNot);
    }

    [Fact]
    public void An_expectation_that_cannot_be_met_is_dropped_once()
    {
        CallFacts call = Call() with { Request = Request("PUT", "http://a.test/", OneShot(), "Expect", "X-A") };
        AttemptFacts unopened = Attempt(SendProgress.HeadStarted) with { HasOpenedBody = false };
        var amended = Assert.IsType<Verdict.Amend>(Judge.OfHead(call, unopened, Head(417)));
        Assert.Equal(["X-A"], amended.Request.Headers.Select(static line => line.Key));
        Assert.Equal(2, call.Request.Headers.Count);
        Assert.IsType<Verdict.Return>(Judge.OfHead(call with { Request = amended.Request }, unopened, Head(417)));
        Assert.IsType<Verdict.Return>(Judge.OfHead(call, Attempt(SendProgress.HeadStarted), Head(417)));
    }

    [Fact]
    public void A_challenge_with_an_answer_is_answered_if_the_body_can_be_sent_again()
    {
        AttemptFacts attempt = Attempt(SendProgress.HeadStarted) with { HasAnswer = true };
        Assert.IsType<Verdict.NextLeg>(Judge.OfHead(Call("POST", retries: Retry.None), attempt, Head(401)));
        Assert.IsType<Verdict.NextLeg>(Judge.OfHead(Call(), attempt, Head(407)));
        Assert.IsType<Verdict.Return>(Judge.OfHead(Call("POST", body: OneShot()), attempt, Head(401)));
        Assert.IsType<Verdict.NextLeg>(Judge.OfHead(Call("POST", body: OneShot()), attempt with { HasOpenedBody = false }, Head(401)));
    }

    [Fact]
    public void A_server_that_proves_nothing_is_not_believed_whatever_it_says()
    {
        foreach (int status in new[] { 200, 302, 503 })
        {
            var fail = Assert.IsType<Verdict.Fail>(
                Judge.OfHead(Call(), Attempt(SendProgress.HeadStarted) with { IsUnproven = true }, Head(status, "Location: /b")));
            Assert.IsType<ProtocolException>(fail.Error);
        }
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, false)]
    [InlineData(2, 30, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, 0, true)]
    public void A_pause_is_made_only_if_some_time_is_left_after_it(double left, double pause, bool fits)
    {
        CallFacts call = Call() with { Remaining = TimeSpan.FromSeconds(left) };
        Retry counted = new Retry().Increment("GET", call.Request.Url, 503);
        var again = new Verdict.Again(counted, null, "") { Pause = TimeSpan.FromSeconds(pause) };
        Assert.Equal(fits ? again : Verdict.Return.Response, Judge.Review(call, again));
        Assert.Equal(again, Judge.Review(call with { Remaining = null }, again));
    }

    [Fact]
    public void A_failure_with_no_time_for_the_pause_says_so()
    {
        HttpException error = Error("silent");
        CallFacts call = Call() with { Remaining = 2 * _second };
        var again = (Verdict.Again)Judge.OfFailure(call, Attempt(), error) with { Pause = 3 * _second };

        var fail = Assert.IsType<Verdict.Fail>(Judge.Review(call, again));

        Assert.Same(error, Assert.IsType<MaxRetryException>(fail.Error).Reason);
        Assert.Equal(
            "the GET was not resent because the pause of 3 s before it does not fit into the 2 s left of the call", fail.WhyNot);
        call = call with { Retries = new() { RaiseReason = true } };
        Assert.Same(error, Assert.IsType<Verdict.Fail>(Judge.Review(call, again)).Error);
    }

    private static HttpException Error(string failure) => failure switch
    {
        "unreachable" => new NewConnectionException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        "name" => new NameResolutionTimeoutException("a.test", _second, _second),
        "closed" => new ConnectionClosedException("closed", HttpPhase.Head),
        "silent" => new ReadTimeoutException(HttpPhase.Head, _second, _second),
        "stuck" => new SendTimeoutException(_second, _second),
        "certificate" => new TlsException("refused"),
        "full" => new PoolTimeoutException("pool", _second, _second),
        "late" => new TotalTimeoutException(HttpPhase.Head, _second, _second),
        _ => new InvalidRequestException("bad"),
    };
}
