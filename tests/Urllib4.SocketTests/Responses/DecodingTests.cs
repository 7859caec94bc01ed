using System.IO.Compression;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class DecodingTests : ResponseTests
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 200).Select(static i => $"line {i}\n")));

    [Theory]
    [InlineData(Mode.Blocking, "gzip")]
    [InlineData(Mode.Asynchronous, "gzip")]
    [InlineData(Mode.Blocking, "X-GZip")]
    [InlineData(Mode.Asynchronous, "deFlAte")]
    [InlineData(Mode.Blocking, "deflate")]
    [InlineData(Mode.Blocking, "br")]
    [InlineData(Mode.Asynchronous, "br")]
    [InlineData(Mode.Blocking, "deflate, gzip")]
    [InlineData(Mode.Asynchronous, "gzip, br, identity")]
    public async Task A_coded_body_is_decoded_whole_in_parts_and_byte_by_byte(Mode mode, string codings)
    {
        byte[] coded = Apply(codings);
        string chunked = Chunked($"Content-Encoding: {codings}\r\n", [.. coded.Chunk(2).Select(static c => Text(c))]);
        string sized = Sized(coded, $"Content-Encoding: {codings}\r\n");
        using var server = Serve(sized, chunked, chunked, sized);
        using var manager = new PoolManager();

        UrllibResponse whole = await Get(mode, manager, server.Url);
        Assert.Equal(Plain, whole.Data);
        Assert.Equal((true, null, codings), (whole.IsDecoded, whole.UnknownCoding, whole.Headers["Content-Encoding"]));
        Assert.Equal(Plain, (await Get(mode, manager, server.Url)).Data);

        UrllibResponse parts = await Get(mode, manager, server.Url, Streamed);
        Assert.Equal("li", Text(await Read(mode, parts, 2)));
        Assert.Equal("ne 0\nline", Text(await Read(mode, parts, 9)));
        Assert.Equal(Plain[11..], await Data(mode, parts));

        UrllibResponse bytes = await Get(mode, manager, server.Url, Streamed);
        var all = new MemoryStream();
        while (await ReadOne(mode, bytes, 1) is [var one])
            all.WriteByte(one);
        Assert.Equal(Plain, all.ToArray());
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coding_nobody_knows_leaves_the_body_raw_and_is_named(Mode mode)
    {
        byte[] coded = Gzip(Plain);
        using var server = Serve(
            Sized(coded, "Content-Encoding: gzip\r\nContent-Encoding: Strange\r\n"), Sized(coded, "Content-Encoding: gzip\r\n"));
        using var manager = new PoolManager();

        UrllibResponse strange = await Get(mode, manager, server.Url);
        Assert.Equal(coded, strange.Data);
        Assert.Equal((false, "Strange"), (strange.IsDecoded, strange.UnknownCoding));

        UrllibResponse raw = await Get(mode, manager, server.Url, new RequestOptions { DecodeContent = false });
        Assert.Equal(coded, raw.Data);
        Assert.Equal((false, null), (raw.IsDecoded, raw.UnknownCoding));
    }

    [Theory]
    [InlineData(Mode.Blocking, "gzip", "foo")]
    [InlineData(Mode.Asynchronous, "deflate", "\0\0\0\0\0\0\0\0\0\0")]
    [InlineData(Mode.Blocking, "br", "garbage garbage")]
    public async Task Garbage_is_a_decode_error_for_every_way_of_reading_and_costs_the_connection(Mode mode, string coding, string body)
    {
        string answer = Sized(body, $"Content-Encoding: {coding}\r\n");
        using var server = MisbehavingServer.Start(Dialogue(answer), Dialogue(answer));
        using var manager = new PoolManager();

        DecodeException error = await Assert.ThrowsAsync<DecodeException>(() => Get(mode, manager, server.Url));
        Assert.True(error.ServerMayHaveActed);
        Assert.Equal(server.Url, error.Url!.ToString());

        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        DecodeException first = await Assert.ThrowsAsync<DecodeException>(() => Read(mode, response, 1));
        Assert.Same(first, await Assert.ThrowsAsync<DecodeException>(() => Data(mode, response)));
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Coded_data_that_is_cut_short_inside_a_whole_body_is_an_error(Mode mode)
    {
        byte[] coded = Gzip(Plain);
        using var server = MisbehavingServer.Start(
            n => Dialogue(Sized(coded[..(n == 0 ? 50 : coded.Length - 1)], "Content-Encoding: gzip\r\n")));
        using var manager = new PoolManager();

        await Assert.ThrowsAsync<DecodeException>(() => Get(mode, manager, server.Url));
        await Assert.ThrowsAsync<DecodeException>(() => Get(mode, manager, server.Url));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_cut_short_is_incomplete_first_and_undecodable_second(Mode mode)
    {
        byte[] coded = Gzip(Plain);
        string answer = Sized(coded, "Content-Encoding: gzip\r\n");
        using var server = MisbehavingServer.Start(Dialogue(answer[..^20]).Close());
        using var manager = new PoolManager();

        IncompleteReadException error = await Assert.ThrowsAsync<IncompleteReadException>(() => Get(mode, manager, server.Url));

        Assert.Equal((coded.Length - 20, (long?)coded.Length), (error.Received, error.Expected));
        Assert.StartsWith("line 0\nline 1\n", Text(error.Partial.Span), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Six_codings_are_too_many_before_any_is_undone(Mode mode)
    {
        using var server = Serve(Sized("x", "Content-Encoding: gzip, gzip, gzip\r\nContent-Encoding: gzip, gzip, gzip\r\n"));
        using var manager = new PoolManager();

        DecodeException error = await Assert.ThrowsAsync<DecodeException>(() => Get(mode, manager, server.Url, Streamed));

        Assert.Contains("5", error.Message, StringComparison.Ordinal);
        server.WaitUntilAllClosed();
    }

    private static byte[] Apply(string codings)
    {
        byte[] body = Plain;
        foreach (string coding in codings.Split(", "))
        {
            body = coding switch
            {
                "br" => Brotli(body),
                "deflate" => Coded(body, static s => new ZLibStream(s, CompressionLevel.Fastest, true)),
                "deFlAte" => Coded(body, static s => new DeflateStream(s, CompressionLevel.Fastest, true)),
                "identity" => body,
                _ => Gzip(body),
            };
        }

        return body;
    }
}
