using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Downloads that go on where they were cut, and never put two files together (DS-29).</summary>
public sealed class DownloadTests : ResponseTests, IDisposable
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private readonly TemporaryDirectory _directory = new();
    private readonly PoolManager _manager = new();
    private readonly Reports _progress = new();

    private string Target => Path.Combine(_directory.FullName, "file");

    public void Dispose()
    {
        _manager.Dispose();
        _directory.Dispose();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_file_that_comes_whole_takes_one_request(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();

        DownloadResult result = await Fetch(mode, server.Url + "/range/1000000");

        Assert.Equal(new DownloadResult(1_000_000, 0, 1), result);
        Assert.Equal(1_000_000, new FileInfo(Target).Length);
        Assert.Equal([Target], Directory.GetFiles(_directory.FullName));
        Assert.Equal(new TransferProgress(1_000_000, 1_000_000), _progress.All[^1]);
        Assert.Equal("identity", server.Requests[0].Headers["Accept-Encoding"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_file_that_is_cut_goes_on_in_the_same_call(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Cut(Whole("\"v1\""), 10), Cut(Part(10, "\"v1\""), 6), Dialogue(Part(16, "\"v1\"")));

        DownloadResult result = await Fetch(mode, server.Url);

        Assert.Equal(new DownloadResult(26, 0, 3), result);
        await AssertFile(Alphabet);
        Assert.Equal([null, "bytes=10-", "bytes=16-"], server.Requests.Select(static r => r["Range"]));
        Assert.Equal([null, "\"v1\"", "\"v1\""], server.Requests.Select(static r => r["If-Range"]));
        Assert.Equal(_progress.All.Select(static p => p.Bytes).Order(), _progress.All.Select(static p => p.Bytes));
        Assert.Equal(new TransferProgress(26, 26), _progress.All[^1]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_one_call_leaves_the_next_one_takes_up(Mode mode)
    {
        using var server = MisbehavingServer.Start(Cut(Whole("\"v1\""), 10), Dialogue(Part(10, "\"v1\"")));
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, server.Url, 0));
        Assert.False(File.Exists(Target));

        DownloadResult result = await Fetch(mode, server.Url, 0);

        Assert.Equal(new DownloadResult(26, 10, 1), result);
        await AssertFile(Alphabet);
        Assert.Equal([Target], Directory.GetFiles(_directory.FullName));
    }

    [Theory]
    [InlineData(Mode.Blocking)]
    [InlineData(Mode.Asynchronous)]
    public async Task Another_file_by_now_begins_anew(Mode mode)
    {
        using var server = MisbehavingServer.Start(Cut(Whole("\"v1\""), 10), Dialogue(Sized("quite another", "ETag: \"v2\"\r\n")));

        DownloadResult result = await Fetch(mode, server.Url);

        Assert.Equal(new DownloadResult(13, 0, 2), result);
        await AssertFile("quite another");
    }

    [Theory]
    [InlineData(Mode.Blocking, "Content-Range: bytes 9-25/26\r\nContent-Length: 17", "another place")]
    [InlineData(Mode.Asynchronous, "Content-Range: bytes 10-25/27\r\nContent-Length: 16", "another length")]
    [InlineData(Mode.Blocking, "Content-Range: bytes 10-25/26\r\nContent-Length: 17", "a body that is no such range")]
    [InlineData(Mode.Asynchronous, "Content-Range: bytes 10-25/*\r\nContent-Length: 16", "an unknown length")]
    [InlineData(Mode.Blocking, "Content-Range: bytes 10-25/26\r\nContent-Length: 16\r\nETag: \"v2\"", "another tag")]
    [InlineData(Mode.Asynchronous, "Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 16", "several ranges")]
    public async Task A_range_that_does_not_fit_is_never_put_behind_the_rest(Mode mode, string headers, string what)
    {
        using var server = MisbehavingServer.Start(
            Cut(Whole("\"v1\""), 10),
            Dialogue($"HTTP/1.1 206 Partial Content\r\n{headers}\r\n\r\nXXXXXXXXXXXXXXXXX"),
            Dialogue(Whole("\"v2\"")));

        DownloadResult result = await Fetch(mode, server.Url);

        Assert.True(result == new DownloadResult(26, 0, 3), what);
        await AssertFile(Alphabet);
        Assert.Null(server.Requests[2]["Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_range_nobody_can_satisfy_begins_anew(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Cut(Whole("\"v1\""), 10),
            Dialogue("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n",
                Sized("short", "ETag: \"v2\"\r\n")));

        Assert.Equal(new DownloadResult(5, 0, 3), await Fetch(mode, server.Url));
        await AssertFile("short");
    }

    [Theory]
    [InlineData(Mode.Blocking, "ETag: W/\"v1\"\r\n")]
    [InlineData(Mode.Asynchronous, "")]
    [InlineData(Mode.Blocking, "ETag: v1\r\n")]
    public async Task Without_a_strong_tag_nothing_is_kept(Mode mode, string tag)
    {
        using var server = MisbehavingServer.Start(Cut(Sized(Alphabet, tag), 10), Dialogue(Sized(Alphabet, tag)));
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, server.Url));
        Assert.Empty(Directory.GetFiles(_directory.FullName));

        Assert.Equal(new DownloadResult(26, 0, 1), await Fetch(mode, server.Url));
        Assert.Null(server.Requests[1]["Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_of_another_url_is_not_taken_up(Mode mode)
    {
        using var server = MisbehavingServer.Start(Cut(Whole("\"v1\""), 10), Dialogue(Whole("\"v1\"")));
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, server.Url + "/one?secret", 0));
        string note = await File.ReadAllTextAsync(Target + ".part.etag", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("secret", note, StringComparison.Ordinal);

        Assert.Equal(new DownloadResult(26, 0, 1), await Fetch(mode, server.Url + "/two"));
        Assert.Null(server.Requests[1]["Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_that_is_no_file_leaves_the_old_one_alone(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        _directory.Write("file", "old");

        ResponseException error = await Assert.ThrowsAsync<ResponseException>(() => Fetch(mode, server.Url + "/status/404"));

        Assert.Equal(404, error.Status);
        await AssertFile("old");
        Assert.Equal([Target], Directory.GetFiles(_directory.FullName));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_last_cut_ends_the_call_and_keeps_what_came(Mode mode)
    {
        using var server = MisbehavingServer.Start(n => n == 0 ? Cut(Whole("\"v1\""), 1) : Cut(Part(n, "\"v1\""), 1));

        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, server.Url, 3));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal("abcd", await File.ReadAllTextAsync(Target + ".part", TestContext.Current.CancellationToken));
    }

    private static string Whole(string tag) => Sized(Alphabet, $"ETag: {tag}\r\n");

    private static string Part(int from, string tag) =>
        $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-25/26\r\n"
        + $"Content-Length: {26 - from}\r\nETag: {tag}\r\n\r\n{Alphabet[from..]}";

    // Sends so many bytes of the body.
    private static Dialogue Cut(string answer, int bytes) =>
        Dialogue(answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 + bytes)]).Close();

    private Task<DownloadResult> Fetch(Mode mode, string url, int maxResumes = 5)
    {
        var options = new DownloadOptions { Progress = _progress, MaxResumes = maxResumes };
        return Call(
            mode,
            () => UrllibDownload.ToFile(_manager, url, Target, options),
            () => UrllibDownload.ToFileAsync(_manager, url, Target, options));
    }

    private async Task AssertFile(string text) =>
        Assert.Equal(text, await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
}
