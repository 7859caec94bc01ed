using System.Buffers;
using System.Text;
using Urllib4.Adapters;
using Urllib4.Connections;
using Urllib4.Waiting;

namespace Urllib4.Tests.Adapters;

public sealed class ReceivedContentTests
{
    // A size of which nobody else takes an array on this thread.
    private const int Length = 3_000_000;

    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(Length);

    private bool IsGivenBack
    {
        get
        {
            byte[] next = ArrayPool<byte>.Shared.Rent(Length);
            ArrayPool<byte>.Shared.Return(next);
            return next == _bytes;
        }
    }

    [Fact]
    public void The_memory_is_given_back_with_the_last_byte()
    {
        using ReceivedContent content = Content("abc");
        byte[] buffer = new byte[2];

        Assert.Equal(2, content.Read(buffer));
        Assert.False(IsGivenBack);
        Assert.Equal(1, content.Read(buffer));
        Assert.True(IsGivenBack);
        Assert.Equal("cb", Encoding.ASCII.GetString(buffer));
        Assert.Equal(0, content.Read(buffer));
    }

    [Fact]
    public void The_memory_is_given_back_when_the_content_is_disposed_and_only_once()
    {
        ReceivedContent content = Content("abc");

        content.Dispose();
        content.Dispose();
        content.GiveUp();

        Assert.True(IsGivenBack);
        byte[] one = ArrayPool<byte>.Shared.Rent(Length);
        byte[] other = ArrayPool<byte>.Shared.Rent(Length);
        Assert.NotSame(one, other);
    }

    [Fact]
    public void The_memory_is_given_back_after_a_copy()
    {
        using ReceivedContent content = Content("abc");
        using var copy = new MemoryStream();

        content.CopyTo(copy, null, CancellationToken.None);

        Assert.Equal("abc", Encoding.ASCII.GetString(copy.ToArray()));
        Assert.True(IsGivenBack);
    }

    [Fact]
    public void Who_copies_keeps_the_memory_when_the_content_is_disposed_meanwhile()
    {
        ReceivedContent content = Content("abc");
        using var copy = new Interrupted(() =>
        {
            content.Dispose();
            Assert.False(IsGivenBack);
        });

        content.CopyTo(copy, null, CancellationToken.None);

        Assert.Equal("abc", Encoding.ASCII.GetString(copy.ToArray()));
        Assert.True(IsGivenBack);
    }

    [Fact]
    public void Memory_that_a_failed_stream_may_still_look_at_is_nobody_elses()
    {
        using ReceivedContent content = Content("abc");
        using var copy = new Interrupted(static () => throw new IOException("full"));

        Assert.Throws<HttpRequestException>(() => content.CopyTo(copy, null, CancellationToken.None));

        Assert.False(IsGivenBack);
        Assert.Throws<ObjectDisposedException>(() => content.Read(new byte[1]));
    }

    [Fact]
    public void A_second_reader_at_the_same_time_is_told_so()
    {
        using ReceivedContent content = Content("abc");
        using var copy = new Interrupted(() => Assert.Throws<InvalidOperationException>(() => content.Read(new byte[1])));

        content.CopyTo(copy, null, CancellationToken.None);

        Assert.Equal(3, copy.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_was_given_up_before_its_end_reads_as_given_up(int read)
    {
        using ReceivedContent content = Content("abc");
        Assert.Equal(read, content.Read(new byte[read]));

        content.GiveUp();

        Assert.Throws<ObjectDisposedException>(() => content.Read(new byte[1]));
        ValueTask<int> reading = content.Read<Asynchronous>(new byte[1], CancellationToken.None);
        await Assert.ThrowsAsync<ObjectDisposedException>(reading.AsTask);
    }

    [Fact]
    public async Task No_bytes_are_at_their_end_from_the_beginning()
    {
        using var content = new ReceivedContent([], 0, default);

        Assert.Equal(0, content.Read(new byte[1]));
        content.GiveUp();
        Assert.Equal(0, await content.Read<Asynchronous>(new byte[1], CancellationToken.None));
        Assert.Empty(await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private ReceivedContent Content(string body) => new(_bytes, Encoding.ASCII.GetBytes(body, _bytes), new ConnectionFigures());

    /// <summary>Does something before it takes the first bytes.</summary>
    private sealed class Interrupted(Action interruption) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            interruption();
            base.Write(buffer);
        }
    }
}
