using System.Diagnostics;
using System.Text;

namespace Urllib4.Cli.Tests;

/// <summary>Starts the program, as a shell does, and looks at what it prints and how it ends.</summary>
public abstract class CliTests : IDisposable
{
    protected const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

    private readonly TemporaryDirectory _directory = new();

    protected sealed record Outcome(int Code, string Output, string Errors);

    protected string Folder => _directory.FullName;

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where the program is: the one that was built beside these tests, or another that is named.</summary>
    protected static string Program { get; } = Environment.GetEnvironmentVariable("URLLIB4_CLI") ?? Built();

    /// <summary>A server that answers every request alike.</summary>
    protected static MisbehavingServer Always(string answer = Ok) =>
        MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(answer)));

    protected Process Start(params IEnumerable<string> arguments)
    {
        // A shell that runs the tests in the background has its children ignore an interrupt, and they hand that down.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Program, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string variable in new[] { "http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "NO_COLOR" })
            start.Environment.Remove(variable);
        return Process.Start(start)!;
    }

    protected async Task<Outcome> RunWith(string? input, params IReadOnlyList<string> arguments)
    {
        using Process process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await End(process);
    }

    protected Task<Outcome> Run(params IReadOnlyList<string> arguments) => RunWith(null, arguments);

    protected static async Task<Outcome> End(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>It ended with a code, and said why in one line.</summary>
    protected static void AssertFails(int code, string says, Outcome outcome)
    {
        Assert.True(code == outcome.Code, $"It ended with {outcome.Code}: {outcome.Errors}");
        string line = Assert.Single(outcome.Errors.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("urllib4: ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
    }

    private static string Built()
    {
        // tests/Urllib4.Cli.Tests/bin/Debug/net10.0
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        string root = own.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Urllib4.Cli", "bin", own.Parent.Name, own.Name, "Urllib4.Cli");
    }
}
