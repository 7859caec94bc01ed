using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

public sealed class CopyingTests : ResponseTests
{
    private static readonly byte[] Body = Random(3_000_000);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_is_copied_into_a_stream_and_every_part_is_told(Mode mode)
    {
        using var server = Serve(Sized(Body), Sized(Body));
        using var manager = new PoolManager();
        foreach (RequestOptions options in new[] { Streamed, RequestOptions.Default })
        {
            var progress = new Reports();
            var target = new MemoryStream();
            UrllibResponse response = await Get(mode, manager, server.Url, options);

            long count = await Call(mode, () => response.CopyTo(target, progress), () => response.CopyToAsync(target, progress).AsTask());

            Assert.Equal(Body.Length, count);
            Assert.Equal(Body, target.ToArray());
            Assert.All(progress.All, static p => Assert.Equal(Body.Length, p.Total));
            Assert.Equal(progress.All.Select(static p => p.Bytes).Order(), progress.All.Select(static p => p.Bytes));
            Assert.Equal(Body.Length, progress.All[^1].Bytes);
        }

        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_replaces_a_file(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("file", new string('x', 4_000_000));
        using var server = Serve(Sized(Body));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        await Call(mode, () => response.CopyTo(path), () => response.CopyToAsync(path).AsTask());

        Assert.Equal(Body, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Progress_counts_what_was_received_and_not_what_it_became(Mode mode)
    {
        byte[] coded = Gzip(new byte[100_000]);
        using var server = Serve(Sized(coded, "Content-Encoding: gzip\r\n"));
        using var manager = new PoolManager();
        var progress = new Reports();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        long count = await Call(
            mode, () => response.CopyTo(Stream.Null, progress), () => response.CopyToAsync(Stream.Null, progress).AsTask());

        Assert.Equal(100_000, count);
        Assert.Equal(new TransferProgress(coded.Length, coded.Length), progress.All[^1]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_file_holds_what_came_before_the_body_broke_off(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "file");
        using var server = MisbehavingServer.Start(Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\ntwelve bytes").Close());
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        await Assert.ThrowsAsync<IncompleteReadException>(
            () => Call(mode, () => response.CopyTo(path), () => response.CopyToAsync(path).AsTask()));

        Assert.Equal("twelve bytes", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_are_there_after_the_body_and_stay_out_of_the_headers(Mode mode)
    {
        using var server = Serve(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n", Chunked("", "abc"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        Assert.Null(response.Trailers);
        Assert.Equal("abc", Text(await Data(mode, response)));
        Assert.Equal("7", response.Trailers!["X-Sum"]);
        Assert.False(response.Headers.Contains("X-Sum"));
        UrllibResponse without = await Get(mode, manager, server.Url);
        Assert.Null(without.Trailers);
        Assert.Equal("7", response.Trailers!["X-Sum"]);
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
