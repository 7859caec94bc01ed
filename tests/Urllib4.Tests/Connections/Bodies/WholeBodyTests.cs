using Urllib4.Connections;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections;

public sealed class WholeBodyTests : ModeTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_of_announced_length_is_read_into_an_array_of_just_that_length(Mode mode)
    {
        var body = new FakeBody(Bytes(10_000), part: 1_000);

        byte[] read = await Read(mode, body, announced: 10_000);

        Assert.Equal(body.Content, read);
        Assert.Equal([10_000], body.Rooms.Distinct());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_of_unknown_length_is_read_into_memory_that_doubles(Mode mode)
    {
        var body = new FakeBody(Bytes(10_000), part: 100_000);

        byte[] read = await Read(mode, body, announced: null);

        Assert.Equal(body.Content, read);
        Assert.Equal([4_096, 8_192, 16_384], body.Rooms.Distinct());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Memory_grows_with_what_has_come_and_not_with_what_was_promised(Mode mode)
    {
        var body = new FakeBody(Bytes(10), part: 10) { Error = new IncompleteReadException(10, null) };

        var error = await Assert.ThrowsAsync<IncompleteReadException>(() => Read(mode, body, announced: 1 << 30));

        Assert.All(body.Rooms, static room => Assert.Equal(1024 * 1024, room));
        Assert.Equal(body.Content, error.Partial.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_announced_too_long_is_given_up_before_it_is_read(Mode mode)
    {
        var body = new FakeBody(Bytes(11), part: 11);

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => Read(mode, body, announced: 11, most: 10));

        Assert.Same(error, body.Failure);
        Assert.Empty(body.Rooms);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_turns_out_too_long_is_given_up_with_one_byte_more_than_is_allowed(Mode mode)
    {
        var body = new FakeBody(Bytes(100_000), part: 100_000);

        var error = await Assert.ThrowsAsync<LimitExceededException>(() => Read(mode, body, announced: null, most: 10));

        Assert.Same(error, body.Failure);
        Assert.Equal([11], body.Rooms);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_as_long_as_it_may_be_is_read(Mode mode)
    {
        var body = new FakeBody(Bytes(10), part: 100);

        Assert.Equal(body.Content, await Read(mode, body, announced: null, most: 10));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_has_room_stays_in_the_array_of_the_caller(Mode mode)
    {
        byte[] room = Bytes(100);

        ArraySegment<byte> read = await ReadInto(mode, new FakeBody(Bytes(100), part: 30), room);

        Assert.Same(room, read.Array);
        Assert.Equal(Bytes(100), read.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_has_no_room_gets_a_larger_array(Mode mode)
    {
        ArraySegment<byte> read = await ReadInto(mode, new FakeBody(Bytes(101), part: 30), new byte[100]);

        Assert.Equal(Bytes(101), read.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_came_of_a_body_that_ended_early_is_not_overwritten_with_the_array_of_the_caller(Mode mode)
    {
        byte[] room = new byte[100];
        var body = new FakeBody(Bytes(10), part: 3) { Error = new IncompleteReadException(10, null) };

        var error = await Assert.ThrowsAsync<IncompleteReadException>(() => ReadInto(mode, body, room));
        room.AsSpan().Clear();

        Assert.Equal(body.Content, error.Partial.ToArray());
    }

    private static Task<byte[]> Read(Mode mode, FakeBody body, long? announced, int? most = null) => Call(
        mode,
        () => Blocking.Result(WholeBody.Read<Blocking, FakeParts>(new(body), announced, most ?? Array.MaxLength)),
        () => WholeBody.Read<Asynchronous, FakeParts>(new(body), announced, most ?? Array.MaxLength).AsTask());

    private static Task<ArraySegment<byte>> ReadInto(Mode mode, FakeBody body, byte[] room) => Call(
        mode,
        () => Blocking.Result(WholeBody.ReadInto<Blocking, FakeParts>(new(body), room, null, Array.MaxLength)),
        () => WholeBody.ReadInto<Asynchronous, FakeParts>(new(body), room, null, Array.MaxLength).AsTask());

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A body that comes in parts of some length, and may end with an error.</summary>
    private sealed class FakeBody(byte[] content, int part)
    {
        private int _read;

        public byte[] Content => content;

        /// <summary>How much memory there was, what had come included, at each read.</summary>
        public List<int> Rooms { get; } = [];

        public HttpException? Error { get; init; }

        public HttpException? Failure { get; set; }

        public int Read(Span<byte> destination)
        {
            Rooms.Add(_read + destination.Length);
            if (_read == content.Length && Error is not null)
                throw Error;
            int count = Math.Min(Math.Min(part, destination.Length), content.Length - _read);
            content.AsSpan(_read, count).CopyTo(destination);
            _read += count;
            return count;
        }

        public bool IsAtEnd => Error is null && _read == content.Length;
    }

    private readonly struct FakeParts(FakeBody body) : IBodyParts
    {
        public bool IsAtEnd => body.IsAtEnd;

        public async ValueTask<int> Read<TMode>(Memory<byte> destination)
            where TMode : struct, IWaitMode
        {
            if (!TMode.IsBlocking)
                await Task.Yield();
            return body.Read(destination.Span);
        }

        public void Fail(HttpException error) => body.Failure = error;
    }
}
