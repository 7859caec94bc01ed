using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>
/// What the answer to a request for the rest of a file has to prove, in every shape that such an answer can have: a file that is not whole
/// is lost or fetched anew, but never made of two (report 1).
/// </summary>
public sealed class DownloadIdentityTests : ResponseTests, IDisposable
{
    private const string Old = "AAAAAAAAAAAAAAAAAAAA"; // twenty bytes, of which ten come before the connection is cut
    private const string New = "BBBBBBBBBBBBBBBBBBBB";

    private readonly TemporaryDirectory _directory = new();
    private readonly PoolManager _manager = new();

    private string Target => Path.Combine(_directory.FullName, "file");

    /// <summary>Answers with status 206, and what is wrong with them. Ten bytes are there, and their tag is "v1".</summary>
    public static TheoryData<Mode, string, string> Contradictions() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from shape in new (string Headers, string Flaw)[]
           {
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10", "no tag"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v2\"", "another tag"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: W/\"v1\"", "a weak tag"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: v1", "a tag without quotes"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"V1\"", "a tag in other case"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"\r\nETag: \"v2\"", "two tags"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nLast-Modified: Tue, 15 Nov 1994 12:45:26 GMT", "only a date"),
               ("Content-Length: 10\r\nETag: \"v1\"", "no range"),
               ("Content-Range: bytes 9-18/20\r\nContent-Length: 10\r\nETag: \"v1\"", "an earlier place"),
               ("Content-Range: bytes 11-19/20\r\nContent-Length: 9\r\nETag: \"v1\"", "a later place"),
               ("Content-Range: bytes 0-19/20\r\nContent-Length: 20\r\nETag: \"v1\"", "the whole as a range"),
               ("Content-Range: bytes 10-19/21\r\nContent-Length: 10\r\nETag: \"v1\"", "a greater total"),
               ("Content-Range: bytes 10-18/19\r\nContent-Length: 9\r\nETag: \"v1\"", "a smaller total"),
               ("Content-Range: bytes 10-19/*\r\nContent-Length: 10\r\nETag: \"v1\"", "no total"),
               ("Content-Range: bytes */20\r\nContent-Length: 10\r\nETag: \"v1\"", "no bounds"),
               ("Content-Range: bytes 19-10/20\r\nContent-Length: 10\r\nETag: \"v1\"", "bounds the wrong way round"),
               ("Content-Range: bytes 10-20/20\r\nContent-Length: 11\r\nETag: \"v1\"", "an end beyond the total"),
               ("Content-Range: items 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"", "another unit"),
               ("Content-Range: 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"", "no unit"),
               ("Content-Range: bytes 10-19/20\r\nContent-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"", "two ranges"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 9\r\nETag: \"v1\"", "fewer bytes than its range"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 11\r\nETag: \"v1\"", "more bytes than its range"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"\r\nContent-Encoding: gzip", "a coding"),
               ("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"\r\n"
                   + "Content-Type: multipart/byteranges; boundary=x", "several ranges"),
           }
           select new TheoryDataRow<Mode, string, string>(mode, shape.Headers, shape.Flaw),
    ];

    /// <summary>Answers with other statuses that give no rest of the file.</summary>
    public static TheoryData<Mode, string> Refusals() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from answer in new[]
           {
               "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */20\r\nETag: \"v1\"\r\nContent-Length: 0\r\n\r\n",
               "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nETag: \"v1\"\r\nContent-Length: 0\r\n\r\n",
               "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n",
           }
           select new TheoryDataRow<Mode, string>(mode, answer),
    ];

    public void Dispose()
    {
        _manager.Dispose();
        _directory.Dispose();
    }

    [Theory, MemberData(nameof(Contradictions))]
    public async Task A_part_that_does_not_prove_that_it_fits_is_not_taken(Mode mode, string headers, string flaw)
    {
        using var server = MisbehavingServer.Start(FirstTen(), Dialogue(Partial(headers)), Dialogue(Sized(New, "ETag: \"v2\"\r\n")));

        DownloadResult result = await Fetch(mode, server.Url);

        Assert.True(New == await ReadTarget(), flaw);
        Assert.Equal(new DownloadResult(20, 0, 3), result);
        Assert.Null(server.Requests[2]["Range"]);
        Assert.Null(server.Requests[2]["If-Range"]);
    }

    [Theory, MemberData(nameof(Contradictions))]
    public async Task What_an_earlier_call_left_is_held_to_the_same_rules(Mode mode, string headers, string flaw)
    {
        using var server = MisbehavingServer.Start(FirstTen(), Dialogue(Partial(headers)), Dialogue(Sized(New, "ETag: \"v2\"\r\n")));
        await Assert.ThrowsAsync<IncompleteReadException>(() => Fetch(mode, server.Url, 0));

        await Fetch(mode, server.Url, 0);

        Assert.True(New == await ReadTarget(), flaw);
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_range_that_is_refused_begins_anew(Mode mode, string answer)
    {
        using var server = MisbehavingServer.Start(FirstTen(), Dialogue(answer, Sized(New, "ETag: \"v2\"\r\n")));

        Assert.Equal(new DownloadResult(20, 0, 3), await Fetch(mode, server.Url));
        Assert.Equal(New, await ReadTarget());
    }

    [Theory]
    [InlineData(Mode.Blocking, "\"v1\"")]
    [InlineData(Mode.Asynchronous, "\"v1\"")]
    [InlineData(Mode.Blocking, "\"v2\"")]
    [InlineData(Mode.Asynchronous, "W/\"v1\"")]
    public async Task The_whole_file_instead_of_the_rest_replaces_what_was_there(Mode mode, string tag)
    {
        using var server = MisbehavingServer.Start(FirstTen(), Dialogue(Sized(New, $"ETag: {tag}\r\n")));

        Assert.Equal(new DownloadResult(20, 0, 2), await Fetch(mode, server.Url));
        Assert.Equal(New, await ReadTarget());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_that_nobody_asked_for_is_no_file(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue(Partial("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"")));

        ResponseException error = await Assert.ThrowsAsync<ResponseException>(() => Fetch(mode, server.Url));

        Assert.Equal(206, error.Status);
        Assert.Empty(Directory.GetFiles(_directory.FullName));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Any_other_status_fails_and_leaves_what_was_there(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            FirstTen(), Dialogue("HTTP/1.1 203 Non-Authoritative Information\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\nBBBBBBBBBB"));

        await Assert.ThrowsAsync<ResponseException>(() => Fetch(mode, server.Url));

        Assert.False(File.Exists(Target));
        Assert.Equal("AAAAAAAAAA", await File.ReadAllTextAsync(Target + ".part", TestContext.Current.CancellationToken));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_without_a_length_that_is_shorter_than_its_range_fails(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            FirstTen(), Dialogue(Partial("Content-Range: bytes 10-19/20\r\nETag: \"v1\"\r\nConnection: close", 4)).Close());

        await Assert.ThrowsAsync<ProtocolException>(() => Fetch(mode, server.Url));

        Assert.Empty(Directory.GetFiles(_directory.FullName));
    }

    [Theory]
    [InlineData(Mode.Blocking, "0\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "0\r\n\r\n")]
    [InlineData(Mode.Blocking, "")] // cut instead
    [InlineData(Mode.Asynchronous, "")]
    public async Task A_part_that_goes_on_beyond_its_range_fails_and_nothing_of_it_is_kept(Mode mode, string end)
    {
        using var server = MisbehavingServer.Start(
            FirstTen(),
            Dialogue("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-14/20\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"8\r\nBBBBBBBB\r\n{end}").Close());

        await Assert.ThrowsAsync<ProtocolException>(() => Fetch(mode, server.Url));

        Assert.Empty(Directory.GetFiles(_directory.FullName));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_that_ends_before_the_rest_does_is_followed_by_another(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            FirstTen(),
            Dialogue(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-14/20\r\nContent-Length: 5\r\nETag: \"v1\"\r\n\r\naaaaa",
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 15-19/20\r\nContent-Length: 5\r\nETag: \"v1\"\r\n\r\nAAAAA"));

        Assert.Equal(new DownloadResult(20, 0, 3), await Fetch(mode, server.Url));
        Assert.Equal("AAAAAAAAAAaaaaaAAAAA", await ReadTarget());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_total_that_a_part_was_the_first_to_tell_holds_for_the_parts_after_it(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nTransfer-Encoding: chunked\r\n\r\na\r\nAAAAAAAAAA\r\n").Close(),
            Dialogue("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\nAAAA").Close(),
            Dialogue("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 14-29/30\r\nContent-Length: 16\r\nETag: \"v1\"\r\n\r\nBBBBBBBBBBBBBBBB"),
            Dialogue(Sized(New)));

        Assert.Equal(new DownloadResult(20, 0, 4), await Fetch(mode, server.Url));
        Assert.Equal(New, await ReadTarget());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coded_file_goes_on_in_the_same_coding_only(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\nAAAAAAAAAA").Close(),
            Dialogue(Partial("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"")),
            Dialogue(Sized(New)));

        await Fetch(mode, server.Url);

        Assert.Equal(New, await ReadTarget());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_to_another_origin_takes_the_range_and_its_condition_along(Mode mode)
    {
        using var store = MisbehavingServer.Start(
            FirstTen(), Dialogue(Partial("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"")));
        using var server = MisbehavingServer.Start(
            Dialogue(Redirect(store.Url + "/file?signed=1"), Redirect(store.Url + "/file?signed=2")));

        Assert.Equal(new DownloadResult(20, 0, 2), await Fetch(mode, server.Url));

        Assert.Equal("AAAAAAAAAABBBBBBBBBB", await ReadTarget()); // the server vouches with its tag: this is one file
        Assert.Equal("bytes=10-", store.Requests[1]["Range"]);
        Assert.Equal("\"v1\"", store.Requests[1]["If-Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_to_another_origin_that_gives_no_tag_is_not_trusted(Mode mode)
    {
        using var store = MisbehavingServer.Start(
            FirstTen(), Dialogue(Partial("Content-Range: bytes 10-19/20\r\nContent-Length: 10"), Sized(New)));
        using var server = MisbehavingServer.Start(Dialogue(Redirect(store.Url), Redirect(store.Url), Redirect(store.Url)));

        await Fetch(mode, server.Url);

        Assert.Equal(New, await ReadTarget());
    }

    [Theory]
    [InlineData(Mode.Blocking, "/file", "/other")]
    [InlineData(Mode.Asynchronous, "/file", "/other")]
    [InlineData(Mode.Blocking, "/file", null)] // the same path at another origin
    [InlineData(Mode.Asynchronous, "/file", null)]
    public async Task A_tag_proves_nothing_of_another_place(Mode mode, string first, string? second)
    {
        string part = Partial("Content-Range: bytes 10-19/20\r\nContent-Length: 10\r\nETag: \"v1\"");
        using var mirror = MisbehavingServer.Start(Dialogue(part, Sized(New)));
        using var store = MisbehavingServer.Start(FirstTen(), Dialogue(part, Sized(New)));
        string then = second is null ? mirror.Url + first : store.Url + second;
        using var server = MisbehavingServer.Start(Dialogue(Redirect(store.Url + first), Redirect(then), Redirect(then)));

        await Fetch(mode, server.Url);

        Assert.Equal(New, await ReadTarget());
    }

    private static Dialogue FirstTen() => Dialogue($"HTTP/1.1 200 OK\r\nContent-Length: 20\r\nETag: \"v1\"\r\n\r\n{Old[..10]}").Close();

    private static string Partial(string headers, int bytes = 20) => $"HTTP/1.1 206 Partial Content\r\n{headers}\r\n\r\n"
        + New[..(headers.IndexOf("Content-Length: ", StringComparison.Ordinal) is >= 0 and var at
            ? int.Parse(headers[(at + 16)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture)
            : bytes)];

    private static string Redirect(string location) => $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";

    private Task<DownloadResult> Fetch(Mode mode, string url, int maxResumes = 5)
    {
        var options = new DownloadOptions { MaxResumes = maxResumes };
        return Call(
            mode,
            () => UrllibDownload.ToFile(_manager, url, Target, options),
            () => UrllibDownload.ToFileAsync(_manager, url, Target, options));
    }

    private Task<string> ReadTarget() => File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken);
}
