using System.Buffers;
using System.Runtime.InteropServices;
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
        Assert.True(wire.IsQuiet(isBlocking: false));
        Assert.True(wire.IsQuiet(isBlocking: false));
    }

    [Fact]
    public async Task A_wire_with_a_receive_under_way_is_not_quiet()
    {
        using Wire wire = NewWire(new Dialogue().Stall());
        Assert.Null(await wire.Listener.TryFill<Asynchronous>(TimeSpan.Zero));
        Assert.False(wire.IsQuiet(isBlocking: false));
        wire.Rest();
        Assert.False(wire.IsQuiet(isBlocking: false));
    }

    [Fact]
    public async Task A_wire_with_unread_bytes_is_not_quiet()
    {
        using Wire wire = NewWire(new Dialogue().Send("ab").Stall());
        Assert.Equal(2, await wire.Fill<Asynchronous>());
        Assert.False(wire.IsQuiet(isBlocking: false));
        wire.Consume(1);
        Assert.False(wire.IsQuiet(isBlocking: false));
        wire.Consume(1);
        Assert.True(wire.IsQuiet(isBlocking: false));
    }

    [Fact]
    public void A_wire_that_was_cut_is_not_quiet()
    {
        foreach (WireEnd reason in new[] { WireEnd.Closed, WireEnd.Expired, WireEnd.Cancelled })
        {
            using Wire wire = NewWire(new Dialogue().Stall());
            wire.Cut(reason);
            Assert.False(wire.IsQuiet(isBlocking: false));
        }
    }

    [Fact]
    public void The_first_reason_for_a_cut_stays()
    {
        using Wire wire = NewWire(new Dialogue().Stall());
        wire.Cut(WireEnd.Expired);
        wire.Cut(WireEnd.Cancelled);
        Assert.Equal(WireEnd.Expired, wire.End);
    }

    [Fact]
    public async Task A_buffer_that_a_receive_still_writes_into_goes_to_nobody_else()
    {
        var stream = new EndlessStream();
        using var wire = new Wire(stream, new VirtualTime(), isBlocking: false, "example.com");
        wire.Await(HttpPhase.Send, Timeout.InfiniteTimeSpan, Deadline.None);
        Assert.Null(await wire.Listener.TryFill<Asynchronous>(TimeSpan.Zero));

        wire.Rest();

        // What this thread has given back last is what it gets first.
        byte[] next = ArrayPool<byte>.Shared.Rent(stream.Given!.Length);
        ArrayPool<byte>.Shared.Return(next);
        Assert.NotSame(stream.Given, next);
    }

    [Fact]
    public async Task A_wire_that_was_never_idle_is_not_looked_at_again()
    {
        using Wire wire = NewWire(new Dialogue().Send("ab").Stall());
        Assert.True(wire.IsStillQuiet());
        Assert.Equal(2, await wire.Fill<Asynchronous>());
    }

    private static Wire NewWire(Dialogue dialogue)
    {
        var peer = new ScriptedPeer(dialogue);
        var wire = new Wire(peer.ClientEnd, peer.Time, isBlocking: false, "example.com");
        wire.Await(HttpPhase.Send, Timeout.InfiniteTimeSpan, Deadline.None);
        return wire;
    }

    /// <summary>A stream whose reads never end.</summary>
    private sealed class EndlessStream : NetworkedStream
    {
        public byte[]? Given { get; private set; }

        public override bool IsReadable => false;

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment));
            Given = segment.Array;
            return new ValueTask<int>(new TaskCompletionSource<int>().Task);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
