using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Crawl;

/// <summary>The command that asks many URLs and writes a line of JSON for each.</summary>
internal static class FetchAllCommand
{
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var command = new Command("fetch-all", "Fetch the URLs of a list, a line of JSON for each");
        var list = new Argument<string>("file") { Description = "URLs, one a line; - is the standard input" };
        Option<int> perHost = Number("--per-host", "At most so many at once to one host", 4);
        Option<int> parallel = Number("--parallel", "At most so many at once in all", 32);
        Option<string[]> headers = RequestFlags.Many("--header", "Name: value", "A header", "-H");
        var connection = new ConnectionFlags();
        var har = new HarFlag();
        command.Add(list);
        foreach (Option option in (Option[])[perHost, parallel, headers, har.Option, .. connection.All])
            command.Add(option);
        command.SetAction((parsed, token) =>
        {
            PoolOptions pool = RequestPlan.PoolOf(connection.Read(parsed, new RequestInput { Method = "GET", Url = "" }));
            PoolOptions bounded = pool with { MaxSize = parsed.GetValue(perHost), Block = true, NumPools = 1000 };
            IEnumerable<string> urls = Read(parsed.GetRequiredValue(list));
            var request = new RequestOptions { Headers = RequestPlan.HeadersOf(parsed.GetValue(headers) ?? []), PreloadContent = false };
            return har.Run(parsed, bounded, recorded => Run(urls, recorded, request, parsed.GetValue(parallel), token));
        });
        return command;
    }

    private static Option<int> Number(string name, string about, int value)
    {
        var option = new Option<int>(name) { HelpName = "count", Description = about, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out int count) || count is < 1 or > 10_000))
                result.AddError($"{name} takes a number from 1 to 10000");
        });
        return option;
    }

    private static IEnumerable<string> Read(string path)
    {
        if (path == "-")
            return Lines(Console.In);
        return File.Exists(path) ? Lines(File.OpenText(path)) : throw new CliException(ExitCodes.CannotRead, $"there is no file '{path}'");
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } url && !url.StartsWith('#'))
                yield return url;
        }
    }

    private static async Task<int> Run(
        IEnumerable<string> urls, PoolOptions pool, RequestOptions request, int parallel, CancellationToken cancellationToken)
    {
        int code = ExitCodes.Success;
        using Stream output = Terminal.OpenOutput();
        var gate = new Lock();
        using var manager = new PoolManager(pool with { Timeout = pool.Timeout with { Pool = System.Threading.Timeout.InfiniteTimeSpan } });
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(urls, bounds, async (url, token) =>
        {
            (byte[] line, int own) = await Fetch(manager, url, request, token).ConfigureAwait(false);
            lock (gate)
            {
                output.Write(line);
                code = code == ExitCodes.Success ? own : code;
            }
        }).ConfigureAwait(false);
        return code;
    }

    private static async Task<(byte[] Line, int Code)> Fetch(
        PoolManager manager, string url, RequestOptions request, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            string address = RequestPlan.Address(new RequestInput { Method = "GET", Url = url });
            UrllibResponse response = await manager.RequestAsync("GET", address, request, cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable end = response.ConfigureAwait(false);
            long bytes = await response.CopyToAsync(Stream.Null, null, cancellationToken).ConfigureAwait(false);
            return (Line(url, start, response, bytes, null), ExitCodes.Of(response.Status));
        }
        catch (Exception e) when (e is HttpException or CliException)
        {
            return (Line(url, start, null, 0, Failures.Describe(e)), ExitCodes.Of(e));
        }
    }

    private static byte[] Line(string url, long start, UrllibResponse? response, long bytes, string? error)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, _readable))
        {
            json.WriteStartObject();
            json.WriteString("url", url);
            if (response is not null)
            {
                json.WriteNumber("status", response.Status);
                if (response.Url.ToString() is var last && response.Retries.History.Count > 0)
                    json.WriteString("last_url", last);
                json.WriteString("type", response.Headers["Content-Type"]);
                json.WriteNumber("bytes", bytes);
                json.WriteNumber("attempts", response.Attempts);
            }

            json.WriteNumber("ms", Math.Round(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 3));
            if (error is not null)
                json.WriteString("error", error);
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }
}
