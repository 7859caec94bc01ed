using System.Text;
using Urllib4.Bodies;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections;

/// <summary>Bodies that write themselves to the exchange.</summary>
public sealed class PushedBodyTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory, ClassData(typeof(BothModes))]
    public async Task Small_writes_leave_together_with_the_head(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));

        await Send(mode, peer, new Pushed(6, "one", "two"));

        Assert.Equal("onetwo", peer.Requests[0].Text);
        Assert.Equal(1, peer.Writes);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_a_length_each_write_is_a_chunk_and_an_empty_one_is_none(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));

        await Send(mode, peer, new Pushed(null, "one", "", "three", ""));

        Assert.Equal([3, 5], peer.Requests[0].Chunks);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_flush_sends_what_was_held_back(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));
        string? early = null;

        await Send(mode, peer, new Pushed(6, "one", "two") { Flushes = true, BeforeLast = () => early = peer.WrittenText });

        Assert.EndsWith("\r\n\r\none", early, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_large_write_arrives_whole(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));
        string large = string.Concat(Enumerable.Range(0, 50_000).Select(static n => $"{n},"));

        await Send(mode, peer, new Pushed(large.Length, large));

        Assert.Equal(large, peer.Requests[0].Text);
    }

    [Fact]
    public async Task Blocking_writes_of_an_asynchronous_call_arrive()
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));

        await Send(Mode.Asynchronous, peer, new Pushed(null, "one", new string('x', 100_000)) { WritesBlocking = true });

        Assert.Equal(100_003, peer.Requests[0].Body.Length);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_differs_from_its_length_fails_even_if_it_hides_that(Mode mode)
    {
        foreach (Pushed body in new[] { new Pushed(2, "one"), new Pushed(4, "one"), new Pushed(2, "one") { Swallows = true } })
        {
            var peer = new ScriptedPeer(new Dialogue().ExpectHead().Stall());

            var e = await Assert.ThrowsAsync<BodyLengthException>(() => Send(mode, peer, body));

            Assert.Equal(body.Length, e.Announced);
            Assert.True(peer.IsDisposed);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_the_body_throws_comes_out_unchanged_and_the_connection_is_closed(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectHead().Stall());
        var failure = new ArithmeticException();

        Assert.Same(failure, await Assert.ThrowsAsync<ArithmeticException>(() => Send(
            mode, peer, new Pushed(6, "one", "two") { BeforeLast = () => throw failure })));

        Assert.True(peer.IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_keeps_the_stream_cannot_write_into_the_next_request(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest().Send(Ok));
        var body = new Pushed(3, "one");

        await Send(mode, peer, body);

        Assert.False(body.Kept!.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => body.Kept.Write("late"u8));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => body.Kept.FlushAsync());
        Assert.EndsWith("one", peer.WrittenText, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_broken_connection_does_not_hide_the_answer_that_came_before(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().FailWriteAfter(1000).Send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"));

        UrllibResponse response = await Send(mode, peer, new Pushed(null, new string('x', 10_000), new string('y', 10_000)));

        Assert.Equal(413, response.Status);
    }

    private static async Task<UrllibResponse> Send(Mode mode, ScriptedPeer peer, RequestBody body)
    {
        using var rig = new CallRig(() => peer.ClientEnd, peer.Time);
        return await rig.Send(mode, "POST", "/", new() { Body = body, Retries = Retry.None });
    }

    private sealed class Pushed(long? length, params string[] pieces) : PushedBody
    {
        public override long? Length => length;

        public bool Flushes { get; init; }

        public bool WritesBlocking { get; init; }

        public bool Swallows { get; init; }

        public Action? BeforeLast { get; init; }

        public Stream? Kept { get; private set; }

        public override async ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken)
        {
            Kept = destination;
            for (int i = 0; i < pieces.Length; i++)
            {
                if (i == pieces.Length - 1)
                    BeforeLast?.Invoke();
                try
                {
                    await Write<TMode>(destination, Encoding.ASCII.GetBytes(pieces[i]));
                }
                catch (HttpException) when (Swallows)
                {
                }
            }
        }

        private async ValueTask Write<TMode>(Stream destination, byte[] piece)
            where TMode : struct, IWaitMode
        {
            if (WritesBlocking)
                destination.Write(piece);
            else
                await TMode.Write(destination, piece, CancellationToken.None);
            if (Flushes && TMode.IsBlocking)
                destination.Flush();
            else if (Flushes)
                await destination.FlushAsync(CancellationToken.None);
        }
    }
}
