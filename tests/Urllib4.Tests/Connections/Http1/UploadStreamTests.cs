using Urllib4.Connections;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections.Http1;

public sealed class UploadStreamTests : MemoryTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Every_spelling_of_a_write_sends_its_bytes_in_order(Mode mode)
    {
        await using var stream = new Sink();
        byte[] large = new byte[40_000];
        Array.Fill(large, (byte)'x');

        await Write(mode, stream, [1, 2]);
        await Call(mode, () => stream.Write([0, 3, 4], 1, 2), () => stream.WriteAsync([0, 3, 4], 1, 2, default));
        await Write(mode, stream, large);
        await Write(mode, stream, []);
        await Call(mode, stream.Flush, () => stream.FlushAsync(default));

        Assert.Equal([1, 2, 3, 4, .. large], stream.Sent);
        Assert.Equal(1, stream.Flushes);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_kept_the_stream_finds_it_closed_once_the_upload_is_over(Mode mode)
    {
        await using var stream = new Sink();
        Assert.True(stream.CanWrite);
        stream.End();
        Assert.False(stream.CanWrite);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Write(mode, stream, [1]));
        Assert.Empty(stream.Sent);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_does_not_end_an_upload(Mode mode)
    {
        var stream = new Sink();
        await stream.DisposeAsync();
        await Write(mode, stream, [1]);
        Assert.Equal([1], stream.Sent);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task After_a_failure_nothing_more_is_sent_and_the_first_one_is_told(Mode mode)
    {
        await using var stream = new Sink { Fault = new TlsException("cut") };
        Assert.Same(stream.Fault, await Assert.ThrowsAsync<TlsException>(() => Write(mode, stream, [1])));
        Assert.Same(stream.Fault, stream.Failure);
        stream.Fault = null;
        Assert.Same(stream.Failure, (await Assert.ThrowsAsync<IOException>(() => Write(mode, stream, [2]))).InnerException);
        Assert.Empty(stream.Sent);
    }

    [Fact]
    public async Task A_cancelled_write_sends_nothing_and_is_no_failure_of_the_upload()
    {
        await using var stream = new Sink();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await stream.WriteAsync(new byte[1], new CancellationToken(canceled: true)));
        Assert.Null(stream.Failure);
    }

    [Fact]
    public void It_can_be_written_only()
    {
        using var stream = new Sink();
        Assert.Equal((false, false), (stream.CanRead, stream.CanSeek));
        Assert.Throws<NotSupportedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Write(new byte[1], 0, 2));
    }

    private sealed class Sink : UploadStream
    {
        private readonly List<byte> _sent = [];

        public byte[] Sent => [.. _sent];

        public int Flushes { get; private set; }

        public Exception? Fault { get; set; }

        protected override ValueTask Send<TMode>(ReadOnlyMemory<byte> data)
        {
            if (Fault is not null)
                throw Fault;
            Flushes += data.IsEmpty ? 1 : 0;
            _sent.AddRange(data.Span);
            return default;
        }
    }
}
