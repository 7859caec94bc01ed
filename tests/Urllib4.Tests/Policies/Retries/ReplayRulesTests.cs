using Urllib4.Policies;
using static Urllib4.Policies.ReplayEvent;
using static Urllib4.Policies.ReplayVerdict;
using static Urllib4.Policies.SendProgress;

namespace Urllib4.Tests.Policies;

public sealed class ReplayRulesTests
{
    /// <summary>
    /// The whole matrix. Each row: event, progress, whether the connection is reused (null: no matter), whether a replay was made (null: no
    /// matter), then the verdict for GET (idempotent and allowed), POST (neither), POST that is allowed, POST with a key, and PUT that the
    /// caller took off the list.
    /// </summary>
    private static readonly (ReplayEvent Event, SendProgress[] Progress, bool? Reused, bool? Replayed, ReplayVerdict[] Verdicts)[] _matrix =
    [
        (ConnectFailed, [NothingWritten], null, null, [PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry]),

        (ConnectionClosed, [NothingWritten], null, false, [Replay, Replay, Replay, Replay, Replay]),
        (ConnectionClosed, [NothingWritten], null, true, [PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry]),
        (ConnectionClosed, [SomeWritten, AllWritten], true, false, [Replay, No, PolicyRetry, Replay, No]),
        (ConnectionClosed, [SomeWritten, AllWritten], true, true, [PolicyRetry, No, PolicyRetry, PolicyRetry, No]),
        (ConnectionClosed, [SomeWritten, AllWritten], false, null, [PolicyRetry, No, PolicyRetry, PolicyRetry, No]),
        (ConnectionClosed, [HeadStarted], null, null, [No, No, No, No, No]),

        (TimedOut, [NothingWritten], null, null, [PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry]),
        (TimedOut, [SomeWritten, AllWritten], null, null, [PolicyRetry, No, PolicyRetry, PolicyRetry, No]),
        (TimedOut, [HeadStarted], null, null, [No, No, No, No, No]),

        (StreamRefused, [NothingWritten, SomeWritten, AllWritten], null, false, [Replay, Replay, Replay, Replay, Replay]),
        (StreamRefused, [NothingWritten, SomeWritten, AllWritten], null, true,
            [PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry, PolicyRetry]),

        (Http11Required, [NothingWritten, SomeWritten, AllWritten], null, false, [Replay, Replay, Replay, Replay, Replay]),
        (Http11Required, [NothingWritten, SomeWritten, AllWritten], null, true, [No, No, No, No, No]),

        (NotProcessedStatus, [SomeWritten, AllWritten, HeadStarted], null, false, [Replay, Replay, Replay, Replay, Replay]),
        (NotProcessedStatus, [SomeWritten, AllWritten, HeadStarted], null, true, [No, No, No, No, No]),

        (RequestTimeoutStatus, [SomeWritten, AllWritten, HeadStarted], true, false, [Replay, No, No, Replay, No]),
        (RequestTimeoutStatus, [SomeWritten, AllWritten, HeadStarted], true, true, [No, No, No, No, No]),
        (RequestTimeoutStatus, [SomeWritten, AllWritten, HeadStarted], false, null, [No, No, No, No, No]),

        (RetryableStatus, [SomeWritten, AllWritten, HeadStarted], null, null, [PolicyRetry, No, PolicyRetry, PolicyRetry, No]),

        (Challenge, [SomeWritten, AllWritten, HeadStarted], null, null, [Replay, Replay, Replay, Replay, Replay]),
    ];

    private static readonly (string Method, bool IsAllowed, bool HasKey)[] _requests =
        [("GET", true, false), ("POST", false, false), ("POST", true, false), ("POST", false, true), ("PUT", false, false)];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, _matrix.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_cell_of_the_matrix_holds(int row)
    {
        foreach ((ReplayFacts facts, ReplayVerdict expected) in Cells(row))
        {
            ReplayAnswer answer = ReplayRules.Decide(facts);
            Assert.True(expected == answer.Verdict, $"{facts}: {answer}");
            Assert.False(answer.BodyIsSpent);
            Assert.StartsWith($"the {facts.Method} ", answer.Why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_body_that_can_be_read_only_once_is_never_sent_twice(int row)
    {
        foreach ((ReplayFacts facts, ReplayVerdict expected) in Cells(row))
        {
            ReplayAnswer answer = ReplayRules.Decide(facts with { BodyIsReplayable = false });
            Assert.Equal(No, answer.Verdict);
            Assert.Equal(expected != No, answer.BodyIsSpent);
            if (answer.BodyIsSpent)
                Assert.Equal($"the {facts.Method} was not resent because its body can be read only once", answer.Why);
        }
    }

    [Fact]
    public void The_matrix_names_every_event_and_no_cell_twice()
    {
        Assert.Equal(Enum.GetValues<ReplayEvent>().ToHashSet(), _matrix.Select(row => row.Event).ToHashSet());
        ReplayFacts[] all = [.. Enumerable.Range(0, _matrix.Length).SelectMany(Cells).Select(cell => cell.Facts)];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void A_post_on_a_stale_connection_is_never_resent_once_a_byte_was_written()
    {
        foreach (bool replayed in new[] { false, true })
        {
            ReplayFacts facts = Facts(ConnectionClosed, SomeWritten, ("POST", false, false), reused: true, replayed);
            Assert.Equal(No, ReplayRules.Decide(facts).Verdict);
            Assert.Equal(No, ReplayRules.Decide(facts with { Progress = AllWritten }).Verdict);
        }
    }

    [Theory]
    [InlineData(nameof(SomeWritten), 312, "the POST was not resent because 312 body bytes had left")]
    [InlineData(nameof(SomeWritten), 1, "the POST was not resent because 1 body byte had left")]
    [InlineData(nameof(SomeWritten), 0, "the POST was not resent because its head had left")]
    [InlineData(nameof(AllWritten), 312, "the POST was not resent because all of it had left")]
    [InlineData(nameof(HeadStarted), 312, "the POST was not resent because the response had begun")]
    public void The_reason_says_what_had_left(string progress, long bytes, string why)
    {
        ReplayFacts facts = Facts(ConnectionClosed, Enum.Parse<SendProgress>(progress), _requests[1], reused: true, replayed: false);
        Assert.Equal(why, ReplayRules.Decide(facts with { BodyBytesWritten = bytes }).Why);
    }

    [Fact]
    public void The_reason_says_why_it_was_resent()
    {
        ReplayFacts facts = Facts(ConnectionClosed, AllWritten, _requests[0], reused: true, replayed: false);
        Assert.Equal(
            "the GET was resent because the idle connection had been closed, and it may be repeated",
            ReplayRules.Decide(facts).Why);
        Assert.Equal(
            "the GET was retried because the connection ended without a response",
            ReplayRules.Decide(facts with { IsReused = false }).Why);
    }

    [Fact]
    public void The_method_matters_only_to_what_may_have_been_processed()
    {
        Assert.True(ReplayRules.Decide(Facts(ConnectFailed, NothingWritten, _requests[1], false, false)).AnyMethod);
        Assert.True(ReplayRules.Decide(Facts(StreamRefused, AllWritten, _requests[1], true, true)).AnyMethod);
        Assert.True(ReplayRules.Decide(Facts(TimedOut, AllWritten, _requests[3], false, false)).AnyMethod);
        Assert.False(ReplayRules.Decide(Facts(TimedOut, AllWritten, _requests[2], false, false)).AnyMethod);
        Assert.False(ReplayRules.Decide(Facts(RetryableStatus, HeadStarted, _requests[0], false, false)).AnyMethod);
    }

    private static IEnumerable<(ReplayFacts Facts, ReplayVerdict Expected)> Cells(int index)
    {
        var row = _matrix[index];
        return from progress in row.Progress
               from reused in row.Reused is { } r ? [r] : new[] { false, true }
               from replayed in row.Replayed is { } d ? [d] : new[] { false, true }
               from i in Enumerable.Range(0, _requests.Length)
               select (Facts(row.Event, progress, _requests[i], reused, replayed), row.Verdicts[i]);
    }

    private static ReplayFacts Facts(
        ReplayEvent @event,
        SendProgress progress,
        (string Method, bool IsAllowed, bool HasKey) request,
        bool reused,
        bool replayed) => new()
        {
            Event = @event,
            Progress = progress,
            Method = request.Method,
            IsAllowed = request.IsAllowed,
            HasIdempotencyKey = request.HasKey,
            IsReused = reused,
            AlreadyReplayed = replayed,
            BodyIsReplayable = true,
        };
}
