using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;

namespace Urllib4.Tests.Pools;

public sealed class PoolStateTests
{
    private readonly VirtualTime _clock = new();

    [Fact]
    public void A_new_state_is_empty() => Assert.Equal("0 busy, 0 idle, 0 waiting", new PoolState(5, block: true).ToString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_pool_dials(bool block)
    {
        var state = new PoolState(1, block);
        Assert.Equal(new PoolDecision(PoolStep.Dial), state.Borrow(isBlocking: false, fresh: false, out PoolTicket? ticket));
        Assert.Null(ticket);
        Assert.Equal("0 busy, 1 dialing, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void The_last_returned_is_the_first_lent()
    {
        var state = new PoolState(3, block: true);
        HttpConnection[] connections = [Opened(state), Opened(state), Opened(state)];
        foreach (HttpConnection connection in connections)
            Assert.True(state.Return(connection, isFit: true, out _));
        Assert.Equal("0 busy, 3 idle, 0 waiting", state.ToString());
        Assert.Same(connections[2], Borrow(state).Connection);
        Assert.Same(connections[1], Borrow(state).Connection);
        Assert.Same(connections[0], Borrow(state).Connection);
        Assert.Equal("3 busy, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_caller_takes_its_own_kind_before_a_younger_one_of_the_other()
    {
        var state = new PoolState(2, block: true);
        HttpConnection blocking = Opened(state, isBlocking: true), asynchronous = Opened(state, isBlocking: false);
        state.Return(blocking, isFit: true, out _);
        state.Return(asynchronous, isFit: true, out _);
        Assert.Same(blocking, state.Borrow(isBlocking: true, fresh: false, out _).Connection);
        Assert.Same(asynchronous, state.Borrow(isBlocking: false, fresh: false, out _).Connection);
    }

    [Fact]
    public void A_caller_dials_while_there_is_room_rather_than_take_the_other_kind()
    {
        var state = new PoolState(2, block: true);
        state.Return(Opened(state, isBlocking: true), isFit: true, out _);
        Assert.Equal(PoolStep.Dial, state.Borrow(isBlocking: false, fresh: false, out _).Step);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_caller_takes_the_other_kind_rather_than_wait_or_overflow(bool block)
    {
        var state = new PoolState(1, block);
        HttpConnection connection = Opened(state, isBlocking: true);
        state.Return(connection, isFit: true, out _);
        Assert.Equal(new PoolDecision(PoolStep.Reuse, connection), state.Borrow(isBlocking: false, fresh: false, out _));
    }

    [Fact]
    public void One_limit_covers_both_kinds_and_what_is_dialing()
    {
        var state = new PoolState(2, block: true);
        Opened(state, isBlocking: true);
        Assert.Equal(PoolStep.Dial, Borrow(state).Step);
        Assert.Equal(PoolStep.Wait, state.Borrow(isBlocking: true, fresh: false, out _).Step);
        Assert.Equal(PoolStep.Wait, state.Borrow(isBlocking: false, fresh: false, out _).Step);
        Assert.Equal("1 busy, 1 dialing, 0 idle, 2 waiting", state.ToString());
    }

    [Fact]
    public void A_pool_that_does_not_block_overflows_and_keeps_no_more_than_its_size()
    {
        var state = new PoolState(1, block: false);
        HttpConnection first = Opened(state), second = Opened(state);
        Assert.Equal("2 busy, 0 idle, 0 waiting", state.ToString());
        Assert.True(state.Return(first, isFit: true, out _));
        Assert.False(state.Return(second, isFit: true, out _));
        Assert.Null(state.Closed(second));
        Assert.Equal("0 busy, 1 idle, 0 waiting", state.ToString());
        Assert.Same(first, Borrow(state).Connection);
    }

    [Fact]
    public void What_comes_back_goes_to_the_first_in_the_queue_whatever_its_kind()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state, isBlocking: true);
        PoolTicket first = Wait(state, isBlocking: false), second = Wait(state, isBlocking: true);
        Assert.True(state.Return(connection, isFit: true, out PoolTicket? served));
        Assert.Same(first, served);
        Assert.Equal(new PoolDecision(PoolStep.Reuse, connection), first.Outcome);
        Assert.Equal(PoolStep.Wait, second.Outcome.Step);
        Assert.Equal("1 busy, 0 idle, 1 waiting", state.ToString());
    }

    [Fact]
    public void A_closed_connection_lets_the_first_in_the_queue_dial()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        PoolTicket first = Wait(state);
        Wait(state);
        Assert.Same(first, state.Closed(connection));
        Assert.Equal(new PoolDecision(PoolStep.Dial), first.Outcome);
        Assert.Equal("0 busy, 1 dialing, 0 idle, 1 waiting", state.ToString());
    }

    [Fact]
    public void A_connection_reported_closed_twice_frees_one_place()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        Wait(state);
        Wait(state);
        Assert.NotNull(state.Closed(connection));
        Assert.Null(state.Closed(connection));
        Assert.Equal("0 busy, 1 dialing, 0 idle, 1 waiting", state.ToString());
    }

    [Fact]
    public void A_failed_dial_hands_its_place_to_the_first_in_the_queue()
    {
        var state = new PoolState(1, block: true);
        Borrow(state);
        PoolTicket first = Wait(state), second = Wait(state);
        Assert.Same(first, state.DialFailed());
        Assert.Same(second, state.DialFailed());
        Assert.Null(state.DialFailed());
        Assert.Equal("0 busy, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_thousand_waiters_are_served_in_the_order_of_arrival()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        PoolTicket[] tickets = [.. Enumerable.Range(0, 1000).Select(i => Wait(state, isBlocking: i % 3 == 0))];
        foreach (PoolTicket ticket in tickets)
        {
            Assert.True(state.Return(connection, isFit: true, out PoolTicket? served));
            Assert.Same(ticket, served);
        }

        Assert.Equal("1 busy, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_withdrawn_ticket_leaves_no_hole_in_the_queue()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        PoolTicket first = Wait(state), second = Wait(state), third = Wait(state);
        Assert.True(state.Withdraw(second));
        Assert.True(state.Withdraw(first));
        Assert.Equal("1 busy, 0 idle, 1 waiting", state.ToString());
        state.Return(connection, isFit: true, out PoolTicket? served);
        Assert.Same(third, served);
    }

    [Fact]
    public void A_ticket_is_served_or_withdrawn_but_never_both()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        PoolTicket ticket = Wait(state);
        state.Return(connection, isFit: true, out _);
        Assert.False(state.Withdraw(ticket));
        Assert.Equal(new PoolDecision(PoolStep.Reuse, connection), ticket.Outcome);

        PoolTicket other = Wait(state);
        Assert.True(state.Withdraw(other));
        Assert.False(state.Withdraw(other));
        Assert.True(state.Return(connection, isFit: true, out PoolTicket? served));
        Assert.Null(served);
        Assert.Equal("0 busy, 1 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_dead_connection_makes_way_for_the_next_idle_one_and_at_last_for_a_dial()
    {
        var state = new PoolState(2, block: true);
        HttpConnection older = Opened(state), younger = Opened(state);
        state.Return(older, isFit: true, out _);
        state.Return(younger, isFit: true, out _);
        Assert.Same(younger, Borrow(state).Connection);
        Assert.Equal(new PoolDecision(PoolStep.Reuse, older), state.BorrowInsteadOf(younger, isBlocking: false, out _));
        Assert.Equal(new PoolDecision(PoolStep.Dial), state.BorrowInsteadOf(older, isBlocking: false, out _));
        Assert.Equal("0 busy, 1 dialing, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void Whoever_finds_its_connection_dead_keeps_its_place_before_those_who_wait()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        PoolTicket waiting = Wait(state);
        Assert.Equal(PoolStep.Dial, state.BorrowInsteadOf(connection, isBlocking: false, out _).Step);
        Assert.Equal(PoolStep.Wait, waiting.Outcome.Step);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fresh_one_is_dialed_although_another_is_idle(bool block)
    {
        var state = new PoolState(2, block);
        state.Return(Opened(state), isFit: true, out _);
        Assert.Equal(new PoolDecision(PoolStep.Dial), state.Borrow(isBlocking: false, fresh: true, out _));
        Assert.Equal("0 busy, 1 dialing, 1 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_fresh_one_takes_the_place_of_the_longest_idle_when_the_pool_is_full()
    {
        var state = new PoolState(2, block: true);
        HttpConnection older = Opened(state), younger = Opened(state);
        state.Return(older, isFit: true, out _);
        state.Return(younger, isFit: true, out _);
        Assert.Equal(new PoolDecision(PoolStep.Dial, older), state.Borrow(isBlocking: false, fresh: true, out _));
        Assert.Equal("0 busy, 1 dialing, 1 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_fresh_one_that_waited_takes_the_place_of_what_came_back()
    {
        var state = new PoolState(1, block: true);
        HttpConnection connection = Opened(state);
        Assert.Equal(PoolStep.Wait, state.Borrow(isBlocking: false, fresh: true, out PoolTicket? ticket).Step);
        Assert.True(state.Return(connection, isFit: true, out _));
        Assert.Equal(new PoolDecision(PoolStep.Dial, connection), ticket!.Outcome);
        Assert.Equal("0 busy, 1 dialing, 0 idle, 0 waiting", state.ToString());
    }

    [Fact]
    public void A_retired_pool_lends_and_serves_but_keeps_nothing()
    {
        var state = new PoolState(2, block: true);
        HttpConnection idle = Opened(state), busy = Opened(state);
        state.Return(idle, isFit: true, out _);
        Assert.Equal([idle], state.Retire());
        Assert.Null(state.Closed(idle));
        Assert.Equal("1 busy, 0 idle, 0 waiting, retired", state.ToString());

        HttpConnection another = Opened(state);
        PoolTicket waiting = Wait(state);
        Assert.True(state.Return(another, isFit: true, out PoolTicket? served));
        Assert.Same(waiting, served);
        Assert.False(state.Return(busy, isFit: true, out _));
    }

    [Fact]
    public void A_closed_pool_refuses_everybody_and_takes_nothing_back()
    {
        var state = new PoolState(2, block: true);
        HttpConnection idle = Opened(state), busy = Opened(state);
        PoolTicket first = Wait(state), second = Wait(state);
        state.Return(idle, isFit: true, out _);
        Assert.Equal(PoolStep.Reuse, first.Outcome.Step);
        PoolTicket third = Wait(state);

        Assert.Empty(state.Close(out PoolTicket? refused));
        Assert.Equal([second, third, null], [refused, refused?.Next, refused?.Next?.Next]);
        Assert.All([second, third], static ticket => Assert.Equal(PoolStep.Refused, ticket.Outcome.Step));
        Assert.Equal(PoolStep.Refused, Borrow(state).Step);
        Assert.False(state.Return(busy, isFit: true, out _));
        Assert.Null(state.Closed(busy));
        Assert.Equal("1 busy, 0 idle, 0 waiting, closed", state.ToString());
        Assert.Equal([idle], state.Abandon());
        Assert.Equal("0 busy, 0 idle, 0 waiting, closed", state.ToString());
    }

    [Fact]
    public void Closing_hands_out_what_is_idle_once()
    {
        var state = new PoolState(2, block: true);
        HttpConnection blocking = Opened(state, isBlocking: true), asynchronous = Opened(state);
        state.Return(blocking, isFit: true, out _);
        state.Return(asynchronous, isFit: true, out _);
        Assert.Equal([blocking, asynchronous], state.Close(out _));
        Assert.Empty(state.Close(out _));
    }

    [Fact]
    public void Every_connection_is_listed_once()
    {
        var state = new PoolState(3, block: true);
        HttpConnection blocking = Opened(state, isBlocking: true), asynchronous = Opened(state), busy = Opened(state);
        state.Return(asynchronous, isFit: true, out _);
        state.Return(blocking, isFit: true, out _);
        (List<HttpConnection> idle, List<HttpConnection> lent) = state.List();
        Assert.Equal([blocking, asynchronous], idle);
        Assert.Equal([busy], lent);
    }

    private static PoolDecision Borrow(PoolState state) => state.Borrow(isBlocking: false, fresh: false, out _);

    private static PoolTicket Wait(PoolState state, bool isBlocking = false)
    {
        Assert.Equal(PoolStep.Wait, state.Borrow(isBlocking, fresh: false, out PoolTicket? ticket).Step);
        return ticket!;
    }

    private FakeConnection Opened(PoolState state, bool isBlocking = false)
    {
        Assert.Equal(PoolStep.Dial, state.Borrow(isBlocking, fresh: true, out _).Step);
        var connection = new FakeConnection(_clock, isBlocking);
        state.Opened(connection);
        return connection;
    }
}
