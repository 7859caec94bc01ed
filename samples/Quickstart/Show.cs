using System.Globalization;
using Spectre.Console;
using Urllib4;

namespace Quickstart;

/// <summary>What a person sees.</summary>
internal static class Show
{
    public static void Title(string text) => AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());

    public static void Step(string call, UrllibResponse response)
    {
        Line($"  {call}", $"{response.Status} {response.Reason}, {response.Data.Length} B{Connection(response)}");
        Explain(response);
    }

    public static void Value(string expression, object? value) => Line($"  {expression}", string.Create(CultureInfo.InvariantCulture, $"{value}"));

    public static void Fetched(UrllibResponse response, TimeSpan time)
    {
        Line(
            response.Url.ToString(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{response.Status} {response.Reason}, {response.Data.Length} B, {time.TotalMilliseconds:0} ms{Connection(response)}"));
        Explain(response);
    }

    public static void Failure(HttpException failure)
    {
        Console.Error.WriteLine($"error: {failure.Message}");
        if (failure.Report is { } report)
            Console.Error.WriteLine(report);
    }

    public static void Pools(PoolManager manager)
    {
        Table table = new Table().RoundedBorder().Title("pools, the least recently used one first");
        table.AddColumns("host", "open", "idle", "requests");
        foreach ((PoolKey key, HttpConnectionPool pool) in manager.Pools)
        {
            PoolSnapshot snapshot = pool.Snapshot();
            table.AddRow(
                Markup.Escape($"{key.Scheme}://{key.Host}:{key.Port}"),
                Number(snapshot.Idle.Count + snapshot.Busy.Count),
                Number(snapshot.Idle.Count),
                Number(snapshot.NumRequests));
        }

        AnsiConsole.Write(table);
    }

    private static void Explain(UrllibResponse response)
    {
        if (response.Report is { } report)
            AnsiConsole.WriteLine($"    {report.ToString().ReplaceLineEndings("\n    ")}");
    }

    private static string Connection(UrllibResponse response) =>
        $", {(response.Connection.IsReused ? "reused" : "new")} #{response.Connection.Id}";

    private static void Line(string left, string right) =>
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{left.PadRight(54)} [green]{right}[/]");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
