namespace Urllib4.Tests.Bodies;

public sealed class MultipartBodyTests
{
    private const string End = "--B--\r\n";

    [Fact]
    public async Task No_fields_are_just_the_end() => Assert.Equal(End, await RequestBody.Multipart([], "B").Text());

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 4096)]
    [InlineData(true, 4096)]
    public async Task Parts_are_written_byte_for_byte_in_order(bool asynchronous, int bufferSize)
    {
        var body = RequestBody.Multipart(
            [
                new("k", "välue"),
                new("k", "again"),
                RequestField.File("notes.txt", "text") with { Name = "file" },
                RequestField.File("name", new byte[] { 0, 255 }) with { Name = "raw" },
                new("json", RequestBody.Json(new[] { 1 })),
                RequestField.File("", "x") with { Name = "empty", ContentType = "" },
            ],
            "B");
        byte[] expected =
        [
            .. "--B\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\nvälue\r\n"u8,
            .. "--B\r\nContent-Disposition: form-data; name=\"k\"\r\n\r\nagain\r\n"u8,
            .. "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\nContent-Type: text/plain\r\n\r\ntext\r\n"u8,
            .. "--B\r\nContent-Disposition: form-data; name=\"raw\"; filename=\"name\"\r\nContent-Type: application/octet-stream\r\n\r\n"u8,
            0, 255, .. "\r\n"u8,
            .. "--B\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: application/json\r\n\r\n[1]\r\n"u8,
            .. "--B\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\nx\r\n"u8,
            .. "--B--\r\n"u8,
        ];
        Assert.Equal(expected, await body.Bytes(asynchronous, bufferSize));
        Assert.Equal(expected, await body.Bytes(asynchronous, bufferSize));
        Assert.Equal((expected.Length, true), (body.Length, body.IsReplayable));
        Assert.Equal(expected, body.InMemory!.Value.ToArray());
    }

    [Fact]
    public async Task Part_headers_come_in_a_fixed_order_and_further_ones_after_them()
    {
        var headers = new HttpHeaderDict
        {
            { "X-Two", "2" }, { "content-location", "/there" }, { "Content-Type", "ignored/here" }, { "X-One", "\u00E9" },
        };
        var field = new RequestField("k", "v") { ContentType = "a/b", Headers = headers };
        string expected = "--B\r\nContent-Disposition: form-data; name=\"k\"\r\nContent-Type: a/b\r\nContent-Location: /there\r\n"
            + "X-Two: 2\r\nX-One: \u00E9\r\n\r\nv\r\n" + End;
        Assert.Equal(expected, await RequestBody.Multipart([field], "B").Text());
        Assert.Equal(expected.Replace("a/b", "ignored/here", StringComparison.Ordinal),
            await RequestBody.Multipart([field with { ContentType = null }], "B").Text());
    }

    [Theory]
    [InlineData(null, "a.csv", "text/csv")]
    [InlineData("x/y", "a.csv", "x/y")]
    [InlineData("", "a.csv", null)]
    [InlineData(null, null, null)]
    [InlineData("x/y", null, "x/y")]
    public async Task The_type_of_a_part_is_the_given_one_or_what_the_file_name_suggests(string? given, string? fileName, string? expected)
    {
        var field = new RequestField("k", "v") { FileName = fileName, ContentType = given };
        string text = await RequestBody.Multipart([field], "B").Text();
        if (expected is null)
            Assert.DoesNotContain("Content-Type", text, StringComparison.Ordinal);
        else
            Assert.Contains($"\r\nContent-Type: {expected}\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_and_streamed_parts_are_read_in_their_place(bool asynchronous)
    {
        byte[] large = SourceStream.Expected(0, 16 * 1024 + 1);
        var source = new SourceStream(20_000, canSeek: true);
        var body = RequestBody.Multipart(
            [new("a", "1"), new("b", RequestBody.FromBytes(large)), new("c", RequestBody.FromStream(source)), new("d", "2")], "B");
        byte[] expected =
        [
            .. "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n"u8,
            .. large,
            .. "\r\n--B\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\n"u8,
            .. SourceStream.Expected(0, 20_000),
            .. "\r\n--B\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n2\r\n--B--\r\n"u8,
        ];
        Assert.Equal(expected, await body.Bytes(asynchronous, 7_777));
        Assert.Equal(expected, await body.Bytes(asynchronous));
        Assert.Equal((expected.Length, true), (body.Length, body.IsReplayable));
        Assert.Null(body.InMemory);
        Assert.True(asynchronous ? source.BlockingReads == 0 : source.AsynchronousReads == 0);
    }

    [Fact]
    public async Task One_part_that_cannot_be_replayed_or_measured_makes_the_whole_so_MP_04()
    {
        var body = RequestBody.Multipart([new("a", "1"), new("b", RequestBody.FromStream(new SourceStream(3)))]);
        Assert.Equal((null, false), (body.Length, body.IsReplayable));
        await body.Bytes(asynchronous: false);
        await Assert.ThrowsAsync<UnrewindableBodyException>(() => body.Bytes(asynchronous: false));

        var measured = RequestBody.Multipart([new("b", RequestBody.Create(() => new SourceStream(3)))]);
        Assert.Equal((null, true), (measured.Length, measured.IsReplayable));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parts_are_opened_in_their_turn_and_disposed_once_on_every_path(bool asynchronous)
    {
        SourceStream[] sources = [new(3), new(3, failAt: 2), new(3)];
        int opened = 0;
        var body = RequestBody.Multipart(sources.Select((source, i) => new RequestField($"f{i}", RequestBody.Create(() =>
        {
            opened++;
            return source;
        }))));
        var stream = body.Open();
        Assert.Equal(0, opened);
        var buffer = new byte[1];
        var failure = await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
        {
            while (await BodyReading.Read(stream, buffer, asynchronous) > 0)
            {
            }
        });
        Assert.Same(sources[1].Failure, failure);
        Assert.Equal([1, 0, 0], sources.Select(static source => source.Disposals));
        await BodyReading.Dispose(stream, asynchronous);
        await BodyReading.Dispose(stream, asynchronous);
        Assert.Equal([1, 1, 0], sources.Select(static source => source.Disposals));
        Assert.Equal(2, opened);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await BodyReading.Read(stream, buffer, asynchronous));
    }

    [Fact]
    public void A_gibibyte_goes_through_without_being_gathered()
    {
        const long length = 1L << 30;
        int opened = 0;
        var body = RequestBody.Multipart([new("file", RequestBody.Create(() =>
        {
            opened++;
            return new EmptySource(length);
        }, length)) { FileName = "huge.iso" }], "B");
        var buffer = new byte[64 * 1024];
        long total = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (var stream = body.Open())
        {
            while (stream.Read(buffer) is var count and > 0)
                total += count;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024);
        Assert.Equal(body.Length, total);
        Assert.InRange(total, length + 100, length + 200);
        Assert.Equal(1, opened);
    }

    [Fact]
    public void A_read_into_nothing_moves_nothing()
    {
        using var stream = RequestBody.Multipart([new("a", RequestBody.FromStream(new SourceStream(3)))], "B").Open();
        Assert.Equal(0, stream.Read([]));
        Assert.Equal((int)'-', stream.ReadByte());
    }

    [Fact]
    public void A_null_among_the_fields_is_an_argument_error()
    {
        Assert.Throws<ArgumentNullException>(() => RequestBody.Multipart(null!));
        Assert.Throws<ArgumentNullException>(() => RequestBody.Multipart([null!]));
    }

    /// <summary>Bytes of no value: nothing is written, so that a gibibyte costs no time.</summary>
    private sealed class EmptySource(long length) : MemoryStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            int count = (int)long.Min(buffer.Length, _left);
            _left -= count;
            return count;
        }
    }
}
