using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class ReadingTests : ResponseTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task An_amount_is_read_exactly_until_the_end_and_nothing_behind_it(Mode mode)
    {
        using var server = Serve(Chunked("", "he", "l", "lo w", "orld"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("", Text(await Read(mode, response, 0)));
        Assert.Equal("hello", Text(await Read(mode, response, 5)));
        Assert.Equal(" ", Text(await Read(mode, response, 1)));
        Assert.Equal("world", Text(await Read(mode, response, 100)));
        Assert.Equal("", Text(await Read(mode, response, 1)));
        Assert.Equal("", Text(await ReadOne(mode, response, 1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Read(mode, response, -1));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task ReadOne_gives_what_is_there_and_does_not_wait_for_the_rest(Mode mode)
    {
        var gate = new Gate();
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc").WaitFor(gate).Send("def"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("", Text(await ReadOne(mode, response, 0)));
        Assert.Equal("ab", Text(await ReadOne(mode, response, 2)));
        Assert.Equal("c", Text(await ReadOne(mode, response, 100)));
        gate.Open();
        Assert.Equal("def", Text(await ReadOne(mode, response, 100)));
        Assert.Equal("", Text(await ReadOne(mode, response, 100)));
    }

    [Theory]
    [InlineData(Mode.Blocking, 1000)]
    [InlineData(Mode.Blocking, 300_000)]
    [InlineData(Mode.Asynchronous, 1000)]
    [InlineData(Mode.Asynchronous, 300_000)]
    public async Task Every_byte_comes_once_and_in_order_whatever_the_buffer(Mode mode, int length)
    {
        byte[] body = new byte[length * 2];
        new Random(1).NextBytes(body);
        using var server = Serve(Sized(body));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        var all = new MemoryStream();
        byte[] buffer = new byte[length];
        while (await ReadInto(mode, response, buffer) is > 0 and int count)
            all.Write(buffer, 0, count);
        Assert.Equal(body, all.ToArray());
    }

    [Fact]
    public void Memory_of_the_stack_can_be_read_into()
    {
        using var server = Serve(Chunked("", "one", "two", "three"));
        using var manager = new PoolManager();
        using UrllibResponse response = manager.Request("GET", server.Url, Streamed);
        Span<byte> buffer = stackalloc byte[5];

        string all = "";
        while (response.Read(buffer) is > 0 and int count)
            all += Text(buffer[..count]);

        Assert.Equal("onetwothree", all);
        Assert.Equal(0, response.Read(default(Span<byte>)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_yields_no_empty_parts_and_none_beyond_its_size(Mode mode)
    {
        byte[] plain = new byte[296_085];
        new Random(2).NextBytes(plain.AsSpan(0, 100_000));
        using var server = Serve(Sized(Gzip(plain), "Content-Encoding: gzip\r\n"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        List<byte[]> parts = await Parts(mode, response, 10_240);

        Assert.All(parts, static part => Assert.InRange(part.Length, 1, 10_240));
        Assert.Equal(plain, parts.SelectMany(static part => part).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => response.Stream(0));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Chunks_are_no_parts_so_a_stream_fills_its_parts_across_them(Mode mode)
    {
        using var server = Serve(Chunked("", "fo", "o", "bar"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("foobar", Text([.. (await Parts(mode, response, 4)).SelectMany(static p => p)]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Data_after_a_part_was_read_is_the_rest_and_stays(Mode mode)
    {
        using var server = Serve(Sized("hello world"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal("hello ", Text(await Read(mode, response, 6)));
        Assert.Equal("world", Text(await Data(mode, response)));
        Assert.Equal("world", Text(await Data(mode, response)));
        Assert.Equal("world", response.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Data_after_the_end_of_a_streamed_body_is_empty(Mode mode)
    {
        using var server = Serve(Sized("hello"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Single(await Parts(mode, response, 100));
        Assert.Empty(await Data(mode, response));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task All_ways_of_reading_share_one_position_over_a_kept_body(Mode mode)
    {
        using var server = Serve(Sized("one\ntwo\nthree four five six"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url);
        byte[] buffer = new byte[5];

        Assert.Equal("one\n", Text(await Read(mode, response, 4)));
        Assert.Equal("two\n", Text(await ReadOne(mode, response, 4)));
        Assert.Equal(5, await ReadInto(mode, response, buffer));
        Assert.Equal("three", Text(buffer));
        using var reader = new StreamReader(response.AsStream());
        Assert.Equal(" four five six", reader.ReadToEnd());
        Assert.Empty(await Parts(mode, response, 10));
        Assert.Equal(27, response.Data.Length);
        Assert.Equal((27L, 0L), (response.BytesReceived, response.LengthRemaining));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_connection_is_free_with_the_last_byte_of_a_known_length(Mode mode)
    {
        using var server = Serve(Sized("hello"), Sized("again"));
        using var manager = new PoolManager();
        UrllibResponse first = await Get(mode, manager, server.Url, Streamed);
        await Read(mode, first, 5);

        UrllibResponse second = await Get(mode, manager, server.Url);

        Assert.Equal("again", second.Text());
        Assert.Equal(1, server.Connections);
        Assert.True(second.Connection.IsReused);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_is_announced_and_what_came_are_told_while_reading(Mode mode)
    {
        byte[] coded = Gzip(Encoding.UTF8.GetBytes(new string('x', 1000)));
        using var server = Serve(Sized(coded, "Content-Encoding: gzip\r\n"), Chunked("", "abc"));
        using var manager = new PoolManager();
        UrllibResponse sized = await Get(mode, manager, server.Url, Streamed);

        Assert.Equal((0L, (long?)coded.Length), (sized.BytesReceived, sized.LengthRemaining));
        Assert.Equal(1000, (await Read(mode, sized, 2000)).Length);
        Assert.Equal((coded.Length, (long?)0), (sized.BytesReceived, sized.LengthRemaining));

        UrllibResponse chunked = await Get(mode, manager, server.Url, Streamed);
        Assert.Null(chunked.LengthRemaining);
        await Data(mode, chunked);
        Assert.Equal((3L, (long?)0), (chunked.BytesReceived, chunked.LengthRemaining));
    }

    [Fact]
    public async Task A_second_reader_at_the_same_time_is_refused_and_the_first_goes_on()
    {
        var gate = new Gate();
        using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n").WaitFor(gate).Send("ok"));
        using var manager = new PoolManager();
        UrllibResponse response = await manager.RequestAsync("GET", server.Url, Streamed);
        Task<byte[]> first = response.ReadAsync(2).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => response.ReadAsync(2).AsTask());
        gate.Open();

        Assert.Equal("ok", Text(await first));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_over_the_body_can_be_given_to_any_reader_and_disposes_the_response(Mode mode)
    {
        using var server = Serve(Chunked("Content-Type: text/plain\r\n", "first\nse", "cond\n", "third"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        Stream body = response.AsStream();

        Assert.True(body.CanRead);
        Assert.False(body.CanSeek || body.CanWrite);
        Assert.Throws<NotSupportedException>(() => body.Position);
        using var reader = new StreamReader(body);
        string? line = await Call(mode, reader.ReadLine, reader.ReadLineAsync);
        Assert.Equal("first", line);
        await Call(mode, reader.Dispose, () => body.DisposeAsync().AsTask());

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => Call(mode, () => body.Read(new byte[1]), () => body.ReadAsync(new byte[1]).AsTask()));
        Assert.False(body.CanRead);
    }
}
