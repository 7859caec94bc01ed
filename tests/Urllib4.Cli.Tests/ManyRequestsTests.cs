using System.Text.Json;
using System.Xml.Linq;

namespace Urllib4.Cli.Tests;

/// <summary>The commands that send many requests.</summary>
public sealed class ManyRequestsTests : CliTests
{
    [Fact]
    public async Task Every_url_of_a_list_has_its_line()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r =>
            r.Target == "/none" ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" : Ok)));
        Outcome outcome = await RunWith($"{server.Url}/a\n# no URL\n\n{server.Url[7..]}/none\nhttp://a b/\n", "fetch-all", "-", "--per-host", "1");

        JsonElement[] lines = [.. outcome.Output.TrimEnd().Split('\n').Select(static l => JsonDocument.Parse(l).RootElement)
            .OrderBy(static l => l.GetProperty("url").GetString(), StringComparer.Ordinal)];
        Assert.Equal(3, lines.Length);
        Assert.Equal(404, lines[0].GetProperty("status").GetInt32());
        Assert.Equal((200, 2), (lines[1].GetProperty("status").GetInt32(), lines[1].GetProperty("bytes").GetInt32()));
        Assert.Contains("URL", lines[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains(outcome.Code, new[] { 2, 4 });
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task What_happened_can_be_written_down()
    {
        await using var server = Always();
        await RunWith($"{server.Url}/a\n{server.Url}/b\n", "fetch-all", "-", "--har", "fetched.har");
        await Run("download", server.Url + "/c", "--har", "downloaded.har");

        Assert.Equal([1, 2], new[] { "downloaded.har", "fetched.har" }.Select(f => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, f)))
            .RootElement.GetProperty("log").GetProperty("entries").GetArrayLength()));
    }

    [Fact]
    public async Task A_list_that_is_not_there_is_told() => AssertFails(20, "no file 'none'", await Run("fetch-all", "none"));

    [Fact]
    public async Task A_load_tells_how_fast_the_answers_came()
    {
        await using var server = Always();
        Outcome outcome = await Run("load", server.Url, "--duration", "300ms", "-c", "2", "--plot", "plot.svg");

        Assert.Equal(0, outcome.Code);
        Assert.Contains($"  200: {server.Requests.Count}\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  99.9   ", outcome.Output, StringComparison.Ordinal);
        Assert.InRange(server.Connections, 1, 2);
        Assert.Equal("svg", XDocument.Load(Path.Combine(Folder, "plot.svg")).Root!.Name.LocalName);
    }

    [Fact]
    public async Task At_a_rate_the_time_counts_from_when_a_request_was_due()
    {
        // One connection that answers after a fifth of a second can serve 5 a second; the others have to wait longer and longer.
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d =>
            d.ExpectRequest().Delay(TimeSpan.FromMilliseconds(200)).Send(Ok)));
        Outcome outcome = await Run("load", server.Url, "--duration", "500ms", "-c", "1", "--rate", "20");

        Assert.Equal(10, server.Requests.Count);
        string max = outcome.Output.Split('\n').Single(static l => l.StartsWith("  max", StringComparison.Ordinal));
        Assert.EndsWith(" s", max, StringComparison.Ordinal); // 1.5 s and more, and not 200 ms
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public async Task Every_shell_has_its_completion(string shell)
    {
        Outcome outcome = await Run("completion", shell);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("download", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("explain", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bash_completes_with_it()
    {
        string script = (await Run("completion", "bash")).Output
            + "COMP_WORDS=(urllib4 get --expl); COMP_CWORD=2; _urllib4; echo ${COMPREPLY[@]}; COMP_WORDS=(urllib4 dow); COMP_CWORD=1; _urllib4; echo ${COMPREPLY[@]}";
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal("--explain\ndownload\n", await bash.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task The_manual_has_every_command_and_every_code()
    {
        Outcome outcome = await Run("man");
        Assert.StartsWith(".TH URLLIB4 1\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(".SS fetch\\-all file\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(".TP\n130\n", outcome.Output, StringComparison.Ordinal);
    }
}
