using System.Diagnostics;
using System.Globalization;

namespace Urllib4.Cli.Tests;

public sealed class DownloadTests : CliTests
{
    private const string Begun = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\n01234";

    private string Final => Path.Combine(Folder, "file.bin");

    [Theory]
    [InlineData("HTTP/1.1 206 Part\r\nETag: \"a\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789", "0123456789")]
    [InlineData("HTTP/1.1 200 OK\r\nETag: \"b\"\r\nContent-Length: 10\r\n\r\nabcdefghij", "abcdefghij")]
    public async Task Interrupted_and_started_again_it_goes_on_or_begins_anew_but_mixes_nothing(string answer, string expected)
    {
        await using var server = MisbehavingServer.Start(i => i == 0
            ? new Dialogue().ExpectRequest().Send(Begun).Stall()
            : new Dialogue().ExpectRequest().Send(answer));
        using (Process process = Start("download", server.Url + "/file.bin"))
        {
            Assert.True(SpinWait.SpinUntil(() => new FileInfo(Final + ".part") is { Exists: true, Length: 5 }, TimeSpan.FromMinutes(2)));
            using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            AssertFails(130, "interrupted", await End(process));
        }

        Assert.False(File.Exists(Final));
        Assert.Equal(0, (await Run("download", server.Url + "/file.bin")).Code);

        Assert.Equal(("bytes=5-", "\"a\""), (server.Requests[1]["Range"], server.Requests[1]["If-Range"]));
        Assert.Equal(expected, await File.ReadAllTextAsync(Final));
        Assert.Equal([Final], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task Many_files_come_at_once_and_one_that_fails_does_not_stop_the_others()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            r.Target == "/none" ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" : Ok)));
        Outcome outcome = await Run("download", server.Url + "/a", server.Url + "/none", server.Url + "/b", "--parallel", "2");

        Assert.Equal(4, outcome.Code);
        Assert.Contains("urllib4: none: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_is_not_the_expected_one_does_not_get_its_name()
    {
        await using var server = Always();
        string url = server.Url + "/file.bin";
        AssertFails(22, "SHA-256", await Run("download", url, "--sha256", new string('0', 64)));
        Assert.Empty(Directory.GetFiles(Folder));

        Assert.Equal(0, (await Run("download", url, "--sha256", "2689367B205C16CE32ED4200942B8B8B1E262DFC70D9BC9FBC77C49699A4F1DF")).Code);
        Assert.Equal([Final], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_rate_is_kept()
    {
        await using var server = Always($"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n{new string('x', 300_000)}");
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(0, (await Run("download", server.Url + "/file.bin", "--limit-rate", "200k")).Code);

        // A second and a half at that rate, of which a burst may take a part.
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.7));
        Assert.Equal(300_000, new FileInfo(Final).Length);
    }

    [Theory]
    [InlineData(2, "--output names one file", "http://h/a", "http://h/b", "-o", "x")]
    [InlineData(2, "two URLs", "http://h/a", "http://i/a")]
    [InlineData(2, "is no rate", "http://h/a", "--limit-rate", "fast")]
    [InlineData(2, "64 digits", "http://h/a", "--sha256", "abc")]
    [InlineData(21, "no directory", "http://h/a", "--directory", "none")]
    public async Task A_mistake_is_told_in_one_line(int code, string says, params string[] arguments) =>
        AssertFails(code, says, await Run(["download", .. arguments]));
}
