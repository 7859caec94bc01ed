using System.Runtime.CompilerServices;
using System.Text;

namespace Urllib4.Tests.Bodies;

public sealed class ChunkBodyTests
{
    private int _begun;
    private int _ended;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_chunk_is_one_read_and_empty_ones_are_skipped(bool asynchronous)
    {
        var body = RequestBody.FromChunks([Utf8("foo"), Utf8("bar"), default, Utf8("bazzz\r\nbaz")]);
        Assert.Equal(["foo", "bar", "bazzz\r\nbaz"], (await body.Reads(asynchronous)).Select(Encoding.UTF8.GetString));
        Assert.Equal(["fo", "o", "ba", "r", "ba", "zz", "z\r", "\nb", "az"],
            (await body.Reads(asynchronous, bufferSize: 2)).Select(Encoding.UTF8.GetString));
        Assert.Null(body.Length);
        Assert.True(body.IsReplayable);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_method_that_yields_is_begun_anew_and_ended_for_every_attempt(bool asynchronous)
    {
        var body = RequestBody.FromChunks(Yielding());
        Assert.Equal("onetwo", await body.Text(asynchronous));
        Assert.Equal("onetwo", await body.Text(asynchronous));
        Assert.Equal((2, 2), (_begun, _ended));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sequence_is_ended_once_when_the_attempt_is_given_up(bool asynchronous)
    {
        var stream = RequestBody.FromChunks(Yielding()).Open();
        Assert.Equal(3, await BodyReading.Read(stream, new byte[10], asynchronous));
        await BodyReading.Dispose(stream, asynchronous);
        await BodyReading.Dispose(stream, asynchronous);
        stream.Dispose();
        Assert.Equal((1, 1), (_begun, _ended));
    }

    [Fact]
    public void A_sequence_that_is_never_read_is_never_begun()
    {
        RequestBody.FromChunks(Yielding()).Open().Dispose();
        RequestBody.FromChunks(Awaited()).Open().Dispose();
        Assert.Equal((0, 0), (_begun, _ended));
    }

    [Fact]
    public async Task A_consuming_sequence_is_not_sent_again_empty()
    {
        var queue = new Queue<ReadOnlyMemory<byte>>([Utf8("a"), Utf8("b")]);
        var body = RequestBody.FromChunks(Consuming(queue), "a/b", replayable: false);
        Assert.False(body.IsReplayable);
        Assert.Equal("a/b", body.ContentType);
        Assert.Equal("ab", await body.Text());
        Assert.Throws<UnrewindableBodyException>(() => body.Open());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sequence_that_breaks_is_heard_unchanged(bool asynchronous)
    {
        var own = new InvalidTimeZoneException();
        var body = RequestBody.FromChunks(Breaking(own));
        Assert.Same(own, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => body.Bytes(asynchronous)));
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task Awaited_chunks_are_sent_by_an_asynchronous_call()
    {
        var body = RequestBody.FromChunks(Awaited(), replayable: true);
        Assert.Equal(["one", "two"], (await body.Reads(asynchronous: true)).Select(Encoding.UTF8.GetString));
        Assert.Equal(["on", "e", "tw", "o"], (await body.Reads(asynchronous: true, bufferSize: 2)).Select(Encoding.UTF8.GetString));
        Assert.True(body.IsReplayable);
        Assert.Equal((2, 2), (_begun, _ended));
    }

    [Fact]
    public async Task Awaited_chunks_are_sent_once_unless_the_caller_says_they_come_again()
    {
        var body = RequestBody.FromChunks(Awaited());
        Assert.False(body.IsReplayable);
        Assert.Equal("onetwo", await body.Text(asynchronous: true));
        Assert.Throws<UnrewindableBodyException>(() => body.Open());
    }

    [Fact]
    public void Awaited_chunks_cannot_be_sent_by_a_blocking_call()
    {
        using var stream = RequestBody.FromChunks(Awaited()).Open();
        var refusal = Assert.Throws<InvalidRequestException>(() => stream.Read(new byte[10]));
        Assert.Contains("blocking call", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _begun);
    }

    [Fact]
    public async Task Cancelling_a_read_cancels_the_sequence_with_the_token_of_the_read()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = RequestBody.FromChunks(Awaited(hang: true)).Open();
        Assert.Equal(3, await stream.ReadAsync(new byte[10]));
        var reading = stream.ReadAsync(new byte[10], cancel.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await stream.DisposeAsync();
        Assert.Equal(1, _ended);
    }

    [Fact]
    public async Task Awaited_chunks_are_ended_once_when_the_attempt_is_given_up()
    {
        var stream = RequestBody.FromChunks(Awaited()).Open();
        Assert.Equal(3, await stream.ReadAsync(new byte[10]));
        stream.Dispose();
        await stream.DisposeAsync();
        Assert.Equal((1, 1), (_begun, _ended));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await BodyReading.Read(stream, new byte[10], asynchronous: true));
    }

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<ReadOnlyMemory<byte>> Consuming(Queue<ReadOnlyMemory<byte>> queue)
    {
        while (queue.TryDequeue(out var chunk))
            yield return chunk;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Yielding()
    {
        _begun++;
        try
        {
            yield return Utf8("one");
            yield return Utf8("two");
        }
        finally
        {
            _ended++;
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Breaking(Exception failure)
    {
        try
        {
            yield return Utf8("one");
            throw failure;
        }
        finally
        {
            _ended++;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Awaited(
        bool hang = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _begun++;
        try
        {
            await Task.Yield();
            yield return Utf8("one");
            if (hang)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            yield return Utf8("two");
        }
        finally
        {
            _ended++;
        }
    }
}
