using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

public class Http1StateTests(ITestOutputHelper output)
{
    private const string RequestTable =
        """
                   HeadAlone  HeadWithBody  Data  End       Fail    Next
        Idle       Complete   Body          -     -         Failed  -
        Body       -          -             Body  Complete  Failed  -
        Complete   -          -             -     -         Failed  Idle
        Failed     -          -             -     -         Failed  -
        """;

    private const string ResponseTable =
        """
                   Asked  Informational  HeadAlone  HeadWithBody  Switch    Data  End       Fail    Next
        Idle       Head   -              -          -             -         -     -         Failed  -
        Head       -      Head           Complete   Body          Switched  -     -         Failed  -
        Body       -      -              -          -             -         Body  Complete  Failed  -
        Complete   -      -              -          -             -         -     -         Failed  Idle
        Switched   -      -              -          -             -         -     -         Failed  -
        Failed     -      -              -          -             -         -     -         Failed  -
        """;

    [Fact]
    public void The_tables_are_what_is_printed_here()
    {
        string requests = Print<RequestState, RequestEvent>(Http1State.After);
        string responses = Print<ResponseState, ResponseEvent>(Http1State.After);
        output.WriteLine(requests);
        output.WriteLine(responses);
        Assert.Equal(Words(RequestTable), Words(requests));
        Assert.Equal(Words(ResponseTable), Words(responses));
    }

    [Fact]
    public void Every_cell_holds_a_state_or_a_refusal()
    {
        AssertNoHoles<RequestState, RequestEvent>(Http1State.After);
        AssertNoHoles<ResponseState, ResponseEvent>(Http1State.After);
    }

    [Fact]
    public void Every_state_can_be_reached_from_the_beginning()
    {
        Assert.Equal(Enum.GetValues<RequestState>(), Reachable<RequestState, RequestEvent>(Http1State.After));
        Assert.Equal(Enum.GetValues<ResponseState>(), Reachable<ResponseState, ResponseEvent>(Http1State.After));
    }

    [Fact]
    public void What_has_failed_stays_failed()
    {
        foreach (RequestEvent happened in Enum.GetValues<RequestEvent>())
            Assert.True(Http1State.After(RequestState.Failed, happened) is null or RequestState.Failed);
        foreach (ResponseEvent happened in Enum.GetValues<ResponseEvent>())
            Assert.True(Http1State.After(ResponseState.Failed, happened) is null or ResponseState.Failed);
    }

    [Fact]
    public void A_request_head_makes_a_response_due_and_both_must_be_complete_for_another()
    {
        var state = default(Http1State);
        state.Apply(RequestEvent.HeadWithBody);
        Assert.Equal(ResponseState.Head, state.Response);
        state.Apply(ResponseEvent.HeadAlone);
        Assert.False(state.CanReuse);
        Assert.Throws<InvalidOperationException>(() => state.StartNext());
        state.Apply(RequestEvent.End);
        Assert.True(state.CanReuse);
        state.StartNext();
        Assert.Equal((RequestState.Idle, ResponseState.Idle), (state.Request, state.Response));
    }

    [Fact]
    public void What_forbids_reuse_forbids_it_for_good()
    {
        var state = default(Http1State);
        state.ForbidReuse();
        state.Apply(RequestEvent.HeadAlone);
        state.Apply(ResponseEvent.HeadAlone);
        Assert.False(state.CanReuse);
    }

    [Fact]
    public void An_event_out_of_place_is_refused_with_its_name_and_changes_nothing()
    {
        var state = default(Http1State);
        string message = Assert.Throws<InvalidOperationException>(() => state.Apply(RequestEvent.Data)).Message;
        Assert.Contains("Data", message);
        Assert.Contains("Idle", message);
        Assert.Equal(RequestState.Idle, state.Request);
    }

    private static void AssertNoHoles<TState, TEvent>(Func<TState, TEvent, TState?> after)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        TState[] states = Enum.GetValues<TState>();
        TEvent[] events = Enum.GetValues<TEvent>();
        foreach (TState state in states)
        {
            foreach (TEvent happened in events)
            {
                if (after(state, happened) is { } next)
                    Assert.Contains(next, states);
            }
        }

        // One row more would be read as a state that does not exist.
        var beyond = (TState)Enum.ToObject(typeof(TState), states.Length);
        Assert.Throws<IndexOutOfRangeException>(() => after(beyond, events[0]));
    }

    private static List<TState> Reachable<TState, TEvent>(Func<TState, TEvent, TState?> after)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        var reached = new SortedSet<TState> { default };
        for (int before = 0; before != reached.Count;)
        {
            before = reached.Count;
            foreach (TState state in reached.ToArray())
                reached.UnionWith(Enum.GetValues<TEvent>().Select(e => after(state, e)).OfType<TState>());
        }

        return [.. reached];
    }

    private static string Print<TState, TEvent>(Func<TState, TEvent, TState?> after)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        TEvent[] events = Enum.GetValues<TEvent>();
        var text = new StringBuilder().Append(' ', 11).AppendJoin("  ", events).AppendLine();
        foreach (TState state in Enum.GetValues<TState>())
        {
            IEnumerable<string> cells = events.Select(e => (after(state, e)?.ToString() ?? "-").PadRight(e.ToString().Length));
            text.Append($"{state,-11}").AppendJoin("  ", cells).AppendLine();
        }

        return text.ToString();
    }

    private static string[] Words(string table) => table.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
