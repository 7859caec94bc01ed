using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Transport;

/// <summary>What makes a wire unfit for another request, one thing at a time.</summary>
public sealed class WireTests
{
    [Fact]
    public void A_wire_on_which_nothing_happened_is_quiet()
    {
        using Wire wire = NewWire(new Dialogue().Stall());
        Assert.True(wire.IsQuiet());
        Assert.True(wire.IsQuiet());
    }

    [Fact]
    public async Task A_wire_with_a_receive_under_way_is_not_quiet()
    {
        using Wire wire = NewWire(new Dialogue().Stall());
        Assert.Null(await wire.TryFill<Asynchronous>(TimeSpan.Zero));
        Assert.False(wire.IsQuiet());
        wire.Rest();
        Assert.False(wire.IsQuiet());
    }

    [Fact]
    public async Task A_wire_with_unread_bytes_is_not_quiet()
    {
        using Wire wire = NewWire(new Dialogue().Send("ab").Stall());
        Assert.Equal(2, await wire.Fill<Asynchronous>());
        Assert.False(wire.IsQuiet());
        wire.Consume(1);
        Assert.False(wire.IsQuiet());
        wire.Consume(1);
        Assert.True(wire.IsQuiet());
    }

    [Fact]
    public void A_wire_that_was_cut_is_not_quiet()
    {
        foreach (WireEnd reason in new[] { WireEnd.Closed, WireEnd.Expired, WireEnd.Cancelled })
        {
            using Wire wire = NewWire(new Dialogue().Stall());
            wire.Cut(reason);
            Assert.False(wire.IsQuiet());
        }
    }

    private static Wire NewWire(Dialogue dialogue)
    {
        var peer = new ScriptedPeer(dialogue);
        var wire = new Wire(peer.ClientEnd, peer.Time, isBlocking: false, "example.com");
        wire.Await(HttpPhase.Send, Timeout.InfiniteTimeSpan, Deadline.None);
        return wire;
    }
}
