using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

public sealed class ScriptedPeerTests : ModeTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_dialogue_runs_and_is_recorded(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest(r => Assert.Equal("a", r["host"])).Send("one").ExpectBytes("bye").Eof());

        await Write(mode, peer, Get[..10]);
        Assert.False(peer.IsReadable);
        await Write(mode, peer, Get[10..]);
        Assert.Equal("one", await Read(mode, peer));
        await Write(mode, peer, "bye");

        Assert.Equal("", await Read(mode, peer));
        Assert.Equal(Get + "bye", peer.WrittenText);
        Assert.Equal((2, 3, 0), (peer.Reads, peer.Writes, peer.ZeroByteReads));
        Assert.Equal("GET", Assert.Single(peer.Requests).Method);
        peer.AssertFinished();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_read_gets_one_piece_at_most_and_no_more_than_it_has_room_for(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().SendInPieces("abcde", 2).SendByteByByte("fg").Send("hij"));

        var pieces = new List<string>();
        for (int i = 0; i < 5; i++)
            pieces.Add(await Read(mode, peer));
        pieces.Add(await Read(mode, peer, room: 2));
        pieces.Add(await Read(mode, peer, room: 2));

        Assert.Equal(["ab", "cd", "e", "f", "g", "hi", "j"], pieces);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_read_waits_until_the_virtual_delay_is_over(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().Delay(TimeSpan.FromMinutes(1)).Send("late"));

        Task<string> read = Read(mode, peer);
        peer.WaitUntilReading();
        peer.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(read.IsCompleted);
        peer.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("late", await read);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_read_waits_until_the_test_opens_the_gate(Mode mode)
    {
        var gate = new Gate();
        var peer = new ScriptedPeer(new Dialogue().WaitFor(gate).Send("now"));

        Task<string> read = Read(mode, peer);
        peer.WaitUntilReading();
        gate.Open();

        Assert.Equal("now", await read);
    }

    [Fact]
    public async Task The_read_timeout_of_a_blocking_read_runs_in_virtual_time()
    {
        var peer = new ScriptedPeer(new Dialogue().Stall());
        peer.ClientEnd.ReadTimeout = 5000;

        Task<string> read = Read(Mode.Blocking, peer);
        peer.Time.WaitUntilTimers(1);
        peer.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(SocketError.TimedOut, Cause(await Assert.ThrowsAsync<IOException>(() => read)));
        Assert.Equal(0, peer.Time.PendingTimers);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_ends_a_read_that_waits(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().Stall());
        Task<string> read = Read(mode, peer);
        peer.WaitUntilReading();

        await peer.ClientEnd.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => read);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Read(mode, peer));
        Assert.True(peer.IsDisposed);
    }

    [Fact]
    public async Task Cancelling_ends_an_asynchronous_read_with_the_same_token()
    {
        var peer = new ScriptedPeer(new Dialogue().Stall());
        using var stop = new CancellationTokenSource();
        ValueTask<int> read = peer.ClientEnd.ReadAsync(new byte[1], stop.Token);

        await stop.CancelAsync();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.AsTask());
        Assert.Equal(stop.Token, e.CancellationToken);
        Assert.Equal(0, peer.WaitingReads);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_reset_comes_after_what_was_sent_before_it_and_fails_writes(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().Send("half").Reset());

        Assert.Equal("half", await Read(mode, peer));
        Assert.Equal(SocketError.ConnectionReset, Cause(await Assert.ThrowsAsync<IOException>(() => Read(mode, peer))));
        Assert.Equal(SocketError.ConnectionReset, Cause(await Assert.ThrowsAsync<IOException>(() => Write(mode, peer, "x"))));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_write_beyond_the_limit_fails_after_its_first_part_was_taken(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectBytes("ab").FailWriteAfter(3));

        await Write(mode, peer, "ab");
        await Write(mode, peer, "cd");
        await Assert.ThrowsAsync<IOException>(() => Write(mode, peer, "efgh"));

        Assert.Equal("abcde", peer.WrittenText);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_write_to_a_peer_that_stopped_reading_waits(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().StopReadingAfter(2));
        peer.ClientEnd.WriteTimeout = 1000;
        Task write = Write(mode, peer, "abc");
        if (mode == Mode.Blocking)
        {
            peer.Time.WaitUntilTimers(1);
            peer.Time.Advance(TimeSpan.FromSeconds(1));
        }
        else
        {
            await peer.ClientEnd.DisposeAsync();
        }

        await Assert.ThrowsAsync<IOException>(() => write);
        Assert.Equal("ab", peer.WrittenText);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_empty_read_waits_for_bytes_and_takes_none(Mode mode)
    {
        var gate = new Gate();
        var peer = new ScriptedPeer(new Dialogue().WaitFor(gate).Send("x"));
        Task<string> probe = Read(mode, peer, room: 0);
        peer.WaitUntilReading();
        gate.Open();

        Assert.Equal("", await probe);
        Assert.Equal(1, peer.ZeroByteReads);
        Assert.Equal("x", await Read(mode, peer));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_client_that_departs_from_the_dialogue_is_told_and_the_test_fails(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectBytes("hello"));

        var e = await Assert.ThrowsAsync<DialogueException>(() => Write(mode, peer, "help"));

        Assert.Equal("Expected 'hello', but the client sent 'help'.", e.Message);
        Assert.Throws<DialogueException>(peer.AssertFinished);
    }

    [Fact]
    public void A_failed_check_of_a_request_fails_the_dialogue()
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest(r => Assert.Equal("POST", r.Method)));

        Assert.Throws<DialogueException>(() => peer.ClientEnd.Write(Encoding.ASCII.GetBytes(Get)));
    }

    [Fact]
    public void A_dialogue_that_stopped_short_is_not_finished_and_neither_is_one_that_was_exceeded()
    {
        Assert.Throws<DialogueException>(new ScriptedPeer(new Dialogue().ExpectBytes("a")).AssertFinished);
        var peer = new ScriptedPeer(new Dialogue().ExpectBytes("a"));
        peer.ClientEnd.Write("ab"u8);
        Assert.Throws<DialogueException>(peer.AssertFinished);
    }

    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nSum: 1\r\n\r\n", "hello")]
    [InlineData("GET /a HTTP/1.1\r\n\r\n", "")]
    public void The_end_of_a_request_is_found_however_it_arrives(string request, string body)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(request);
        foreach (int size in (int[])[1, 7, bytes.Length])
        {
            var peer = new ScriptedPeer(new Dialogue().ExpectRequest().ExpectBytes("!"));
            foreach (byte[] piece in bytes.Append((byte)'!').Chunk(size))
                peer.ClientEnd.Write(piece);
            peer.AssertFinished();
            Assert.Equal(body, Assert.Single(peer.Requests).Text);
        }
    }

    [Fact]
    public void Chunks_and_trailers_are_kept()
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectRequest());
        peer.ClientEnd.Write("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nSum: 1\r\n\r\n"u8);

        ReceivedRequest request = Assert.Single(peer.Requests);
        Assert.Equal([3, 2], request.Chunks);
        Assert.Equal(new KeyValuePair<string, string>("Sum", "1"), Assert.Single(request.Trailers));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_early_answer_is_sent_before_the_body_has_come(Mode mode)
    {
        var peer = new ScriptedPeer(new Dialogue().ExpectHead().Send("100").ExpectBody().Respond(static r => r.Text));

        await Write(mode, peer, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n");
        Assert.Equal("100", await Read(mode, peer));
        await Write(mode, peer, "ok");
        Assert.Equal("ok", await Read(mode, peer));
    }

    [Fact]
    public void A_loop_serves_request_after_request_and_endless_sending_never_ends()
    {
        var peer = new ScriptedPeer(new Dialogue().Loop(static d => d.ExpectRequest().Send("ok")));
        for (int i = 0; i < 3; i++)
            peer.ClientEnd.Write(Encoding.ASCII.GetBytes(Get));
        Assert.Equal(3, peer.Requests.Count);

        var endless = new ScriptedPeer(new Dialogue().SendForever("ab"));
        byte[] buffer = new byte[10];
        endless.ClientEnd.ReadExactly(buffer);
        Assert.Equal("ababababab"u8, buffer);
    }

    [Fact]
    public void A_loop_that_waits_for_nothing_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Dialogue().Loop(static d => d.Send("x")));

    private static SocketError Cause(IOException e) => Assert.IsType<SocketException>(e.InnerException).SocketErrorCode;

    private static Task Write(Mode mode, ScriptedPeer peer, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        return Call(mode, () => peer.ClientEnd.Write(bytes), () => peer.ClientEnd.WriteAsync(bytes).AsTask());
    }

    private static async Task<string> Read(Mode mode, ScriptedPeer peer, int room = 100)
    {
        byte[] buffer = new byte[room];
        int read = await Call(mode, () => peer.ClientEnd.Read(buffer), () => peer.ClientEnd.ReadAsync(buffer).AsTask());
        return Encoding.Latin1.GetString(buffer, 0, read);
    }
}
