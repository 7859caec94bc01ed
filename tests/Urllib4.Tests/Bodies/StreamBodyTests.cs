namespace Urllib4.Tests.Bodies;

public sealed class StreamBodyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_seeks_is_sent_again_from_where_it_stood(bool asynchronous)
    {
        var source = new SourceStream(100_000, canSeek: true) { Position = 1_000 };
        var body = RequestBody.FromStream(source, "a/b");
        source.Position = 7;
        Assert.Equal((99_000L, "a/b", true), (body.Length, body.ContentType, body.IsReplayable));
        byte[] expected = SourceStream.Expected(1_000, 100_000);
        Assert.Equal(expected, await body.Bytes(asynchronous));
        Assert.Equal(expected, await body.Bytes(asynchronous, bufferSize: 1_023));
        Assert.True(asynchronous ? source.BlockingReads == 0 : source.AsynchronousReads == 0);
        Assert.Equal(0, source.Disposals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_cannot_seek_is_sent_once(bool asynchronous)
    {
        var source = new SourceStream(5_000);
        var body = RequestBody.FromStream(source);
        Assert.Null(body.Length);
        Assert.False(body.IsReplayable);
        Assert.Equal(SourceStream.Expected(0, 5_000), await body.Bytes(asynchronous));
        Assert.Throws<UnrewindableBodyException>(() => body.Open());
        Assert.Equal(0, source.Disposals);
    }

    [Fact]
    public async Task A_stream_that_cannot_tell_where_it_stands_is_sent_once()
    {
        var body = RequestBody.FromStream(new SourceStream(10, canSeek: true) { FailsToTell = true });
        Assert.Null(body.Length);
        Assert.False(body.IsReplayable);
        Assert.Equal(SourceStream.Expected(0, 10), await body.Bytes(asynchronous: false));
        Assert.Throws<UnrewindableBodyException>(() => body.Open());
    }

    [Fact]
    public async Task A_stream_that_fails_to_seek_back_says_so_with_its_cause()
    {
        var source = new SourceStream(10, canSeek: true);
        var body = RequestBody.FromStream(source);
        await body.Bytes(asynchronous: false);
        source.FailsToSeek = true;
        var refusal = Assert.Throws<UnrewindableBodyException>(() => body.Open());
        Assert.IsType<IOException>(refusal.InnerException);
        source.FailsToSeek = false;
        Assert.Equal(10, (await body.Bytes(asynchronous: false)).Length);
    }

    [Fact]
    public void A_stream_is_not_read_by_two_attempts_at_once()
    {
        var body = RequestBody.FromStream(new MemoryStream([1, 2, 3]));
        var first = body.Open();
        var refusal = Assert.Throws<InvalidRequestException>(() => body.Open());
        Assert.Contains("another request", refusal.Message, StringComparison.Ordinal);
        first.Dispose();
        first.Dispose();
        using var second = body.Open();
        Assert.Equal(1, second.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => first.ReadByte());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_breaks_is_heard_unchanged(bool asynchronous)
    {
        var source = new SourceStream(100, failAt: 60);
        var body = RequestBody.FromStream(source);
        Assert.Same(source.Failure, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => body.Bytes(asynchronous)));
        Assert.Equal(0, source.Disposals);
    }

    [Fact]
    public void A_stream_that_cannot_be_read_is_no_body()
    {
        var closed = new MemoryStream();
        closed.Dispose();
        Assert.Throws<ArgumentException>(() => RequestBody.FromStream(closed));
        Assert.Throws<ArgumentNullException>(() => RequestBody.FromStream(null!));
    }

    [Fact]
    public void The_stream_of_a_body_is_read_forwards_only()
    {
        using var stream = RequestBody.FromBytes(new byte[3]).Open();
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
        stream.Dispose();
        Assert.False(stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    [Fact]
    public async Task A_cancelled_read_of_memory_reads_nothing()
    {
        using var stream = RequestBody.FromBytes(new byte[3]).Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => Assert.Equal(0, await stream.ReadAsync(new byte[1], new CancellationToken(canceled: true))));
        Assert.Equal(3, await stream.ReadAsync(new byte[9]));
    }
}
