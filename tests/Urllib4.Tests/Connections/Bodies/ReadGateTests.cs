using Urllib4.Connections;

namespace Urllib4.Tests.Connections;

public sealed class ReadGateTests
{
    [Fact]
    public void One_reads_at_a_time_and_the_next_after_him()
    {
        var gate = default(ReadGate);
        Assert.True(gate.TryEnter(out _));
        Assert.False(gate.TryEnter(out bool isBeingRead));
        Assert.True(isBeingRead);
        Assert.True(gate.TryLeave());
        Assert.True(gate.TryEnter(out _));
    }

    [Fact]
    public void Who_comes_while_it_is_being_ended_is_not_told_that_somebody_reads()
    {
        var gate = default(ReadGate);
        Assert.True(gate.TryEnd(out _));
        Assert.False(gate.TryEnter(out bool isBeingRead));
        Assert.False(isBeingRead);
        Assert.False(gate.TryEnd(out isBeingRead));
        Assert.False(isBeingRead);
    }

    [Fact]
    public void Nobody_ends_it_while_somebody_reads_but_anybody_may_give_it_up()
    {
        var gate = default(ReadGate);
        Assert.True(gate.TryEnter(out _));
        Assert.False(gate.TryEnd(out bool isBeingRead));
        Assert.True(isBeingRead);
        Assert.True(gate.TryGiveUp(out isBeingRead));
        Assert.True(isBeingRead);
        Assert.False(gate.TryEnter(out isBeingRead));
        Assert.False(isBeingRead);
        Assert.False(gate.TryLeave());
        Assert.True(gate.Close());
    }

    [Fact]
    public void It_can_be_given_up_while_it_is_being_ended_and_then_once()
    {
        var gate = default(ReadGate);
        Assert.True(gate.TryEnd(out _));
        Assert.True(gate.TryGiveUp(out bool isBeingRead));
        Assert.True(isBeingRead);
        Assert.False(gate.TryGiveUp(out _));
        Assert.True(gate.Close());
        Assert.False(gate.TryGiveUp(out _));
    }
}
