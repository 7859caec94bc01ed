using System.CommandLine;
using Urllib4.Cli.Output;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Downloads;

/// <summary>The command that gets files, and goes on where it was interrupted.</summary>
internal static class DownloadCommand
{
    public static Command Create()
    {
        var command = new Command("download", "Get files; started again, it goes on where it was interrupted");
        var urls = new Argument<string[]>("url") { Description = "What to get", Arity = ArgumentArity.OneOrMore };
        Option<string?> output = RequestFlags.One("--output", "file", "The name of the file; with one URL only", "-o");
        Option<string?> directory = RequestFlags.One(
            "--directory", "path", "Where the files go, under the names at the ends of their URLs");
        Option<string?> sha256 = RequestFlags.One("--sha256", "hex", "What the file has to be; with one URL only");
        Option<string?> limit = RequestFlags.One("--limit-rate", "bytes", "At most so many bytes a second in all, such as 500k or 2M");
        var parallel = new Option<int>("--parallel")
        {
            HelpName = "count", Description = "How many files at once", DefaultValueFactory = static _ => 4,
        };
        Option<string[]> headers = RequestFlags.Many("--header", "Name: value", "A header", "-H");
        var connection = new ConnectionFlags();
        var har = new HarFlag();
        command.Add(urls);
        foreach (Option option in (Option[])[output, directory, sha256, limit, parallel, headers, har.Option, .. connection.All])
            command.Add(option);
        command.SetAction((parsed, token) =>
        {
            RequestInput way = connection.Read(parsed, new RequestInput { Method = "GET", Url = "" });
            var plan = new DownloadPlan(
                Targets(parsed.GetRequiredValue(urls), parsed.GetValue(output), parsed.GetValue(directory)),
                parsed.GetValue(sha256),
                parsed.GetValue(limit) is { } rate ? new RateLimit(Rate(rate)) : null,
                Math.Clamp(parsed.GetValue(parallel), 1, 64),
                RequestPlan.PoolOf(way),
                RequestPlan.HeadersOf(parsed.GetValue(headers) ?? []));
            return har.Run(parsed, plan.Pool, pool => Task.FromResult(new DownloadRun(plan with { Pool = pool }, token).Run()));
        });
        return command;
    }

    private static List<DownloadTarget> Targets(string[] urls, string? output, string? directory)
    {
        if (output is not null && urls.Length > 1)
            throw CliException.Usage("--output names one file; use --directory for several URLs");
        if (directory is not null && !Directory.Exists(directory))
            throw new CliException(ExitCodes.CannotWrite, $"there is no directory '{directory}'");
        var targets = new List<DownloadTarget>();
        foreach (string text in urls)
        {
            string url = RequestPlan.Address(new RequestInput { Method = "GET", Url = text });
            string path = Path.Combine(directory ?? "", output ?? ResponseOutput.NameOf(url));
            if (targets.Any(t => t.Path == path))
                throw CliException.Usage($"two URLs would be written to '{path}'");
            targets.Add(new DownloadTarget(url, path));
        }

        return targets;
    }

    private static long Rate(string text)
    {
        (string number, long unit) = text switch
        {
            [.. var n, 'k' or 'K'] => (n, 1L << 10),
            [.. var n, 'm' or 'M'] => (n, 1L << 20),
            [.. var n, 'g' or 'G'] => (n, 1L << 30),
            _ => (text, 1L),
        };
        return long.TryParse(number, out long count) && count > 0 && count < 1_000_000_000
            ? count * unit
            : throw CliException.Usage($"--limit-rate: '{text}' is no rate; write 500k or 2M");
    }
}

/// <summary>A URL and where its file goes.</summary>
internal sealed record DownloadTarget(string Url, string Path);

/// <summary>What is to be got, and how.</summary>
internal sealed record DownloadPlan(
    IReadOnlyList<DownloadTarget> Targets, string? Sha256, RateLimit? Limit, int Parallel, PoolOptions Pool, HttpHeaderDict Headers);
