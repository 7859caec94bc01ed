using System.Net;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.Tests.Diagnostics;

public sealed class CallRecorderTests
{
    private static readonly Url Here = Url.Parse("http://user:secret@example.com/?secret");

    private static readonly HttpConnectionInfo Connection = new() { Id = 7 };

    [Fact]
    public void Who_explains_gets_a_report_and_who_only_listens_does_not()
    {
        CallRecorder explained = CallRecorder.For(explain: true, null, TimeProvider.System)!;
        explained.Begin("GET", Here);
        CallRecorder told = CallRecorder.For(explain: false, new Log(), TimeProvider.System)!;
        told.Begin("GET", Here);

        Assert.Equal(Here, Assert.Single(explained.Report()!.Attempts).Url);
        Assert.Null(told.Report());
    }

    [Fact]
    public void Attempts_are_numbered_and_say_why_they_are_made()
    {
        var log = new Log();
        CallRecorder recorder = CallRecorder.For(explain: false, log, TimeProvider.System)!;
        foreach (AttemptCause? cause in new AttemptCause?[] { null, AttemptCause.Retry, AttemptCause.Redirect, null, AttemptCause.Replay })
        {
            if (cause is { } known)
                recorder.Because(known);
            recorder.Begin("GET", Here);
        }

        Assert.Equal(
            [AttemptCause.Call, AttemptCause.Retry, AttemptCause.Redirect, AttemptCause.Amended, AttemptCause.Replay],
            log.Attempts.Select(static attempt => attempt.Cause));
        Assert.Equal([1, 2, 3, 4, 5], log.Attempts.Select(static attempt => attempt.Number));
        Assert.Single(log.Attempts.Select(static attempt => attempt.CallId).Distinct());
        Assert.Equal($"call {log.Attempts[1].CallId}, attempt 2 (Retry): GET http://example.com/?***", log.Attempts[1].ToString());
    }

    [Fact]
    public void Two_calls_have_two_numbers()
    {
        var log = new Log();
        CallRecorder.For(explain: false, log, TimeProvider.System)!.Begin("GET", Here);
        CallRecorder.For(explain: false, log, TimeProvider.System)!.Begin("GET", Here);

        Assert.Equal(2, log.Attempts.Select(static attempt => attempt.CallId).Distinct().Count());
    }

    [Fact]
    public void A_phase_ends_where_the_next_one_begins_and_is_timed()
    {
        var log = new Log();
        var clock = new VirtualTime();
        CallRecorder recorder = CallRecorder.For(explain: false, log, clock)!;
        recorder.Begin("GET", Here);
        recorder.Enter(HttpPhase.Connect);
        clock.Advance(TimeSpan.FromMilliseconds(2));
        recorder.Enter(HttpPhase.Tls);
        clock.Advance(TimeSpan.FromMilliseconds(3));
        recorder.Leased(Connection);
        clock.Advance(TimeSpan.FromMilliseconds(9));
        recorder.Ended(Connection);

        Assert.Equal(["started", "Connect 2 ms", "Tls 3 ms", "leased", "released"], log.Told);
    }

    [Fact]
    public void A_failure_and_a_release_are_told_once_an_attempt()
    {
        var log = new Log();
        CallRecorder recorder = CallRecorder.For(explain: true, log, TimeProvider.System)!;
        recorder.Begin("GET", Here);
        recorder.Failed(new NewConnectionException("first"), Connection);
        recorder.Failed(new NewConnectionException("what the call makes of it"), Connection);
        recorder.Ended(Connection);
        recorder.Begin("GET", Here);
        recorder.Ended(Connection);

        Assert.Equal(["started", "failed: first", "released", "started", "released"], log.Told);
        Assert.Equal("first", recorder.Report()!.Attempts[0].Error!.Message);
    }

    [Fact]
    public void A_listener_that_throws_is_heard_at_the_next_safe_place_and_once()
    {
        var log = new Log { Throws = true };
        CallRecorder recorder = CallRecorder.For(explain: false, log, TimeProvider.System)!;
        recorder.Begin("GET", Here);
        recorder.Dialed(new IPEndPoint(IPAddress.Loopback, 80), null);

        Assert.Equal("started", Assert.Throws<InvalidTimeZoneException>(() => recorder.Leased(Connection)).Message);
        log.Throws = false;
        recorder.Answered(200, HttpVersion.Version11, Connection);
        Assert.Equal(["started", "leased", "answered 200"], log.Told);
    }

    private sealed class Log : HttpEvents
    {
        public List<HttpAttempt> Attempts { get; } = [];

        public List<string> Told { get; } = [];

        public bool Throws { get; set; }

        public override void AttemptStarted(HttpAttempt attempt)
        {
            Attempts.Add(attempt);
            Tell("started");
        }

        public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => Tell(phase.ToString());

        public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) => Tell("leased");

        public override void Answered(HttpAttempt attempt, int status, Version version, HttpConnectionInfo connection) =>
            Tell($"answered {status}");

        public override void Failed(HttpAttempt attempt, Exception error) => Tell($"failed: {error.Message}");

        public override void Released(HttpAttempt attempt, HttpConnectionInfo connection) => Tell("released");

        private void Tell(string what)
        {
            Told.Add(what);
            if (Throws)
                throw new InvalidTimeZoneException(what);
        }
    }
}
