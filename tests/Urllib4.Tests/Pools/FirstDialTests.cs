using Urllib4.Pools;
using Urllib4.TestKit;

namespace Urllib4.Tests.Pools;

/// <summary>Requests that come before anybody knows whether a connection carries one or many.</summary>
public sealed class FirstDialTests
{
    private readonly PoolState _state = new(8, block: false, mayShare: true);

    [Fact]
    public void Those_who_come_while_the_first_is_dialed_wait_and_share_it()
    {
        Assert.Equal(PoolStep.Dial, Borrow().Step);
        for (int i = 0; i < 49; i++)
            Assert.Equal(PoolStep.Wait, Borrow().Step);

        Assert.Equal(49, Count(Open(capacity: 100), PoolStep.Reuse));
        Assert.Equal(new PoolCounts(1, 0, 0, 0), _state.Counts);
    }

    [Fact]
    public void When_it_carries_one_only_each_who_waits_dials_his_own()
    {
        for (int i = 0; i < 20; i++)
            Borrow();

        Assert.Equal(19, Count(Open(capacity: 1), PoolStep.Dial));
        Assert.Equal(PoolStep.Dial, Borrow().Step);
    }

    [Fact]
    public void When_it_is_full_as_many_are_dialed_as_the_rest_needs()
    {
        for (int i = 0; i < 9; i++)
            Borrow();

        PoolTicket? served = Open(capacity: 3);
        Assert.Equal(2, Count(served, PoolStep.Reuse));
        Assert.Equal(2, Count(served, PoolStep.Dial));
        Assert.Equal(4, _state.Counts.Waiting);
    }

    [Fact]
    public void After_each_dial_that_fails_twice_as_many_are_made_at_once()
    {
        for (int i = 0; i < 10; i++)
            Borrow();

        Assert.Equal(2, Count(_state.DialFailed(), PoolStep.Dial));
        Assert.Equal(3, Count(_state.DialFailed(), PoolStep.Dial));
    }

    private static int Count(PoolTicket? served, PoolStep step)
    {
        int count = 0;
        for (; served is not null; served = served.Next)
            count += served.Outcome.Step == step ? 1 : 0;
        return count;
    }

    private PoolDecision Borrow() => _state.Borrow(isBlocking: false, fresh: false, out _);

    private PoolTicket? Open(int capacity) => _state.Opened(new FakeConnection(new VirtualTime()).Carrying(capacity));
}
