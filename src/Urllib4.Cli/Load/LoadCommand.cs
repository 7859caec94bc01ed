using System.CommandLine;
using System.Globalization;
using Urllib4.Cli.Requests;

namespace Urllib4.Cli.Load;

/// <summary>The command that measures how fast a server answers.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var command = new Command("load", "Send many requests to a URL, and tell how fast the answers came");
        var url = new Argument<string>("url") { Description = "A server of yours" };
        Option<string?> duration = RequestFlags.One("--duration", "time", "For how long; 10s unless it is given");
        var connections = new Option<int>("--connections", "-c")
        {
            HelpName = "count", Description = "How many at once", DefaultValueFactory = static _ => 10,
        };
        var rate = new Option<double>("--rate")
        {
            HelpName = "per second",
            Description = "Send so many a second, whether answers come or not; time spent waiting for a turn counts",
        };
        Option<string?> plot = RequestFlags.One("--plot", "file.svg", "Draw the percentiles into a file");
        Option<string[]> headers = RequestFlags.Many("--header", "Name: value", "A header", "-H");
        Option<string?> data = RequestFlags.One("--data", "text|@file", "A body, which is sent with POST", "-d");
        var connection = new ConnectionFlags();
        command.Add(url);
        foreach (Option option in (Option[])[duration, connections, rate, plot, headers, data, .. connection.All])
            command.Add(option);
        command.SetAction((parsed, token) =>
        {
            int count = parsed.GetValue(connections);
            double perSecond = parsed.GetValue(rate);
            if (count is < 1 or > 5000)
                throw CliException.Usage("--connections takes a number from 1 to 5000");
            if (perSecond < 0 || !double.IsFinite(perSecond))
                throw CliException.Usage("--rate takes a number of requests a second");
            string? body = parsed.GetValue(data);
            RequestInput input = connection.Read(parsed, new RequestInput
            {
                Method = body is null ? "GET" : "POST",
                Url = parsed.GetRequiredValue(url),
                Headers = parsed.GetValue(headers) ?? [],
                Data = body is ['@', .. string path] ? null : body,
                Body = body is ['@', .. string file] ? RequestBody.FromBytes(RequestPlan.ReadFile(file), "application/octet-stream") : null,
                FollowRedirects = false,
            });
            TimeSpan time = Durations.Parse(parsed.GetValue(duration) ?? "10s", "--duration");
            LoadResult result = new LoadRun(RequestPlan.Of(input), count, perSecond, time, token).Run();
            LoadReport.Write(result, Console.Out);
            if (parsed.GetValue(plot) is { } picture)
                LoadPlot.Save(result, picture);
            return Task.FromResult(result.Code);
        });
        return command;
    }

    public static string Time(double microseconds) => microseconds < 1000
        ? string.Create(CultureInfo.InvariantCulture, $"{microseconds:0} µs")
        : microseconds < 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1000:0.00} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.00} s");
}
