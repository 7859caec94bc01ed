using System.Globalization;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>Downloads that go on where they were cut, and never put two files together.</summary>
public sealed class DownloadTests : MemoryTests, IDisposable
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    private readonly TemporaryDirectory _directory = new();

    private string Target => Path.Combine(_directory.FullName, "file");

    public void Dispose() => _directory.Dispose();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_file_that_is_cut_goes_on_in_the_same_call(Mode mode)
    {
        MemoryDialer dialer = Serving(Whole(10), Part(10, 6), Part(16, 10));
        Assert.Equal(new DownloadResult(26, 0, 3), await Fetch(mode, dialer));
        Assert.Equal(Alphabet, await File.ReadAllTextAsync(Target));
        Assert.Equal([Target], Directory.GetFiles(_directory.FullName));
        Assert.Equal([null, "bytes=10-", "bytes=16-"], dialer.Peers.Select(static p => p.Requests[0]["Range"]));
        Assert.Equal([null, "\"v1\"", "\"v1\""], dialer.Peers.Select(static p => p.Requests[0]["If-Range"]));
        Assert.Equal("identity", dialer.Peers[0].Requests[0]["Accept-Encoding"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_one_call_leaves_the_next_one_takes_up(Mode mode)
    {
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, Serving(Whole(10)), resumes: 0));
        Assert.False(File.Exists(Target));
        var progress = new Progress();

        Assert.Equal(new DownloadResult(26, 10, 1), await Fetch(mode, Serving(Part(10, 16)), 0, progress));

        Assert.Equal(Alphabet, await File.ReadAllTextAsync(Target));
        Assert.Equal(new TransferProgress(26, 26), progress.Last);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_belongs_to_another_url_is_not_taken_up(Mode mode)
    {
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, Serving(Whole(10)), resumes: 0));
        MemoryDialer dialer = Serving(Whole(26));
        Assert.Equal(new DownloadResult(26, 0, 1), await Fetch(mode, dialer, url: "http://a.test/other"));
        Assert.Null(dialer.Peers[0].Requests[0]["Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Another_version_by_now_begins_anew(Mode mode)
    {
        MemoryDialer dialer = Serving(Whole(10), Whole(26, "\"v2\""));
        Assert.Equal(new DownloadResult(26, 0, 2), await Fetch(mode, dialer));
        Assert.Equal(Alphabet, await File.ReadAllTextAsync(Target));
    }

    [Theory]
    [InlineData(Mode.Blocking, "HTTP/1.1 206 Part\r\nETag: \"v2\"\r\nContent-Range: bytes 10-25/26\r\nContent-Length: 16\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 206 Part\r\nETag: \"v1\"\r\nContent-Range: bytes 9-25/26\r\nContent-Length: 17\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 206 Part\r\nETag: \"v1\"\r\nContent-Range: bytes 10-25/99\r\nContent-Length: 16\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 416 No\r\nContent-Range: bytes */26\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(
        Mode.Blocking,
        "HTTP/1.1 206 Part\r\nETag: \"v1\"\r\nContent-Type: multipart/byteranges\r\n"
        + "Content-Range: bytes 10-25/26\r\nContent-Length: 16\r\n\r\n")]
    public async Task A_part_that_does_not_fit_is_thrown_away_and_all_is_fetched(Mode mode, string misfit)
    {
        MemoryDialer dialer = Serving(Whole(10), misfit, Whole(26));
        Assert.Equal(new DownloadResult(26, 0, 3), await Fetch(mode, dialer));
        Assert.Equal(Alphabet, await File.ReadAllTextAsync(Target));
        Assert.Null(dialer.Peers[2].Requests[0]["Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_a_strong_tag_nothing_is_left_to_go_on_with(Mode mode)
    {
        foreach (string tag in new[] { "W/\"v1\"", "v1", "" })
        {
            await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, Serving(Whole(10, tag))));
            Assert.Empty(Directory.GetFiles(_directory.FullName));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_gives_too_many_parts_is_given_up(Mode mode)
    {
        MemoryDialer dialer = Serving(Whole(10), Part(10, 1), Part(11, 1));
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, dialer, resumes: 2));
        Assert.Equal(3, dialer.Peers.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_status_that_is_no_file_leaves_none(Mode mode)
    {
        var e = await Assert.ThrowsAsync<ResponseException>(
            () => Fetch(mode, Serving("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")));
        Assert.Equal(404, e.Status);
        Assert.Empty(Directory.GetFiles(_directory.FullName));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_before_anything_is_sent()
    {
        using var manager = new PoolManager(Over(new MemoryDialer()));
        Assert.Throws<ArgumentNullException>(() => UrllibDownload.ToFile(null!, "http://a.test/", Target));
        Assert.Throws<ArgumentNullException>(() => UrllibDownload.ToFile(manager, (string)null!, Target));
        Assert.Throws<ArgumentException>(() => UrllibDownload.ToFile(manager, "http://a.test/", ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DownloadOptions { MaxResumes = -1 });
    }

    private async Task<DownloadResult> Fetch(
        Mode mode, MemoryDialer dialer, int resumes = 5, IProgress<TransferProgress>? progress = null, string url = "http://a.test/file")
    {
        using var manager = new PoolManager(Over(dialer));
        var options = new DownloadOptions { MaxResumes = resumes, Progress = progress };
        return await Call(
            mode,
            () => UrllibDownload.ToFile(manager, url, Target, options),
            () => UrllibDownload.ToFileAsync(manager, url, Target, options)).WaitAsync(Patience, CancellationToken.None);
    }

    private static MemoryDialer Serving(params string[] responses) =>
        new((_, n) => new Dialogue().ExpectRequest().Send(responses[n]).Eof());

    // The whole file as far as it comes.
    private static string Whole(int sent, string tag = "\"v1\"") =>
        $"HTTP/1.1 200 OK\r\n{(tag.Length == 0 ? "" : $"ETag: {tag}\r\n")}Content-Length: 26\r\n\r\n{Alphabet[..sent]}";

    // The rest of the file as far as it comes.
    private static string Part(int first, int sent) => string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 206 Part\r\nETag: \"v1\"\r\nContent-Range: bytes {first}-25/26\r\nContent-Length: {26 - first}\r\n\r\n")
        + Alphabet[first..(first + sent)];

    private sealed class Progress : IProgress<TransferProgress>
    {
        public TransferProgress Last { get; private set; }

        public void Report(TransferProgress value) => Last = value;
    }
}
