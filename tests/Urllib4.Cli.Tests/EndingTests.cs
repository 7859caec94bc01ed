using System.Diagnostics;

namespace Urllib4.Cli.Tests;

/// <summary>However it ends, there is one line, the right code, no stack trace, and no half file.</summary>
public sealed class EndingTests : CliTests
{
    private const string Endless = "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n";

    public static TheoryData<int, string, string[]> Mistakes { get; } = new()
    {
        { 2, "there is no command", [] },
        { 2, "did you mean 'get'?", ["gte", "http://h/"] },
        { 2, "the URL is missing", ["get"] },
        { 2, "the URL is empty", ["get", ""] },
        { 2, "did you mean '--json'?", ["post", "http://h/", "--jsn", "{}"] },
        { 2, "did you mean '--output'?", ["get", "--outptu", "x"] },
        { 2, "no JSON", ["post", "http://h/", "--json", "{"] },
        { 2, "has no colon", ["get", "http://h/", "-H", "nonsense"] },
        { 2, "one body", ["post", "http://h/", "--data", "a", "--json", "{}"] },
        { 2, "is no time", ["get", "http://h/", "--timeout", "soon"] },
        { 2, "no phase 'conect'", ["get", "http://h/", "--timeout", "conect=1s"] },
        { 2, "--resolve takes", ["get", "http://h/", "--resolve", "x"] },
        { 2, "URL", ["get", "http://a b/"] },
        { 2, "", ["get", "ftp://h/"] },
        { 2, "argument '--x'", ["get", "http://h/", "--retry", "--x"] },
        { 2, "'some' for option '--retry': this is no number", ["get", "http://h/", "--retry", "some"] },
        { 6, "nobody.invalid", ["get", "http://nobody.invalid/"] },
        { 7, "refused", ["get", "http://127.0.0.1:1/"] },
        { 20, "no file 'none'", ["post", "http://h/", "--data", "@none"] },
        { 2, "--foo of curl", ["curl", "curl http://h/ --foo"] },
        { 2, "does not end", ["curl", "curl 'http://h/"] },
        { 2, "only a shell", ["curl", "curl http://h/ | sh"] },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_told_in_one_line(int code, string says, string[] arguments)
    {
        Outcome outcome = await Run(arguments);
        AssertFails(code, says.StartsWith("argument '--x'", StringComparison.Ordinal) ? "" : says, outcome);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("404 Not Found", 4)]
    [InlineData("503 Later", 5)]
    [InlineData("204 Nothing", 0)]
    [InlineData("304 Same", 0)]
    public async Task The_status_is_in_the_code(string status, int code)
    {
        await using var server = Always($"HTTP/1.1 {status}\r\n{(status[0] is '2' or '3' ? "" : "Content-Length: 4\r\n")}\r\n{(status[0] is '2' or '3' ? "" : "body")}");
        Outcome outcome = await Run("get", server.Url);
        Assert.Equal((code, status[0] is '2' or '3' ? "" : "body", ""), (outcome.Code, outcome.Output, outcome.Errors));
    }

    [Fact]
    public async Task A_limit_of_time_ends_it()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Stall());
        AssertFails(11, "", await Run("get", server.Url, "--timeout", "head=50ms"));
    }

    [Fact]
    public async Task A_broken_response_ends_it()
    {
        await using var server = Always("nonsense\r\n\r\n");
        AssertFails(12, "", await Run("get", server.Url));
    }

    [Theory]
    [InlineData("-o", "none/file")]
    [InlineData("--har", "none/file")]
    public async Task A_file_that_cannot_be_written_ends_it(string option, string file)
    {
        await using var server = Always();
        AssertFails(21, "none/file", await Run("get", server.Url, option, file));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_broken_pipe_ends_it()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Send(Endless).SendForever(new string('x', 8192)));
        using Process process = Start("get", server.Url);
        process.StandardOutput.BaseStream.ReadByte();
        process.StandardOutput.Close();

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        AssertFails(21, "pipe", new Outcome(process.ExitCode, "", await process.StandardError.ReadToEndAsync()));
    }

    [Theory]
    [InlineData("-INT", 130, false)]
    [InlineData("-INT", 130, true)]
    [InlineData("-TERM", 143, true)]
    public async Task A_signal_ends_it_whatever_it_is_doing(string signal, int code, bool inBody)
    {
        using var gate = new ManualResetEventSlim();
        await using var server = MisbehavingServer.Start(_ => inBody
            ? new Dialogue().ExpectRequest(_ => gate.Set()).Send(Endless + "x").Stall()
            : new Dialogue().ExpectRequest(_ => gate.Set()).Stall());
        using Process process = Start("get", server.Url, "-o", "file");
        Assert.True(gate.Wait(TimeSpan.FromMinutes(2)));
        if (inBody)
            Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(Folder).Length > 0, TimeSpan.FromMinutes(2)));

        using (var kill = Process.Start("kill", [signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        AssertFails(code, signal == "-INT" ? "interrupted" : "terminated", await End(process));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }
}
