using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

public sealed class ResponseBufferTests : MemoryTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_buffer_holds_the_response_of_the_last_call(Mode mode)
    {
        MemoryDialer dialer = Answering(
            "HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nfirst",
            "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n");
        using var manager = new PoolManager(Over(dialer));
        var buffer = new ResponseBuffer(1);

        await Fill(mode, manager, buffer);
        Assert.Equal((200, "first", "1", 1), (buffer.Status, buffer.Text(), buffer.Headers["X-A"], buffer.Attempts));
        Assert.True(buffer.TryGetHeader("x-a"u8, out ReadOnlySpan<byte> value) && value.SequenceEqual("1"u8));
        Assert.Equal("http://a.test/", buffer.Url?.Href);
        Assert.NotNull(buffer.Retries);

        await Fill(mode, manager, buffer);
        Assert.Equal((404, "no"), (buffer.Status, buffer.Text()));
        Assert.False(buffer.TryGetHeader("X-A"u8, out _));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_buffer_whose_call_failed_holds_nothing(Mode mode)
    {
        using var manager = new PoolManager(Over(new MemoryDialer(
            new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Eof())));
        var buffer = new ResponseBuffer();
        await Fill(mode, manager, buffer);

        await Assert.ThrowsAsync<IncompleteReadException>(() => Fill(mode, manager, buffer));

        Assert.Equal((0, 0, null, null, 0), (buffer.Status, buffer.Body.Length, buffer.Url, buffer.Retries, buffer.Attempts));
        Assert.Empty(buffer.Headers);
        Assert.False(buffer.TryGetHeader("Content-Length"u8, out _));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_buffer_is_filled_by_one_call_at_a_time(Mode mode)
    {
        var gate = new Gate();
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().WaitFor(gate).Send(Ok));
        using var manager = new PoolManager(Over(dialer));
        var buffer = new ResponseBuffer();
        Task first = Fill(mode, manager, buffer);
        Assert.True(SpinWait.SpinUntil(() => dialer.Peers is [{ WaitingReads: > 0 }], Patience));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Fill(mode, manager, buffer));

        gate.Open();
        await first;
        Assert.Equal("ok", buffer.Text());
    }

    [Fact]
    public void A_buffer_needs_room() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResponseBuffer(0));

    private static Task Fill(Mode mode, PoolManager manager, ResponseBuffer buffer) => Call(
        mode,
        () => manager.RequestInto("GET", "http://a.test/", buffer),
        () => manager.RequestIntoAsync("GET", "http://a.test/", buffer).AsTask()).WaitAsync(Patience, CancellationToken.None);
}
