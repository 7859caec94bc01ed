using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>The tables: one for each question with its goals, and one with everybody who took part.</summary>
internal static class Report
{
    private const string Nothing = "-";
    private const string Where = "server, cores, waits, in flight";

    private static readonly string[] _goalHeads =
        ["what", Where, "figure", "Urllib4", "HttpClient", "Socket", "x HttpClient", "x Socket", "reach", "reached"];

    private static readonly string[] _clientHeads =
        ["what", Where, "client", "each second (range)", "x", "CPU (range)", "x", "bytes", "p50 us", "p99 us", "disturbed"];

    public static void Print(IReadOnlyList<Question> questions, Results results, TextWriter output)
    {
        foreach (Question question in questions)
        {
            output.WriteLine();
            output.WriteLine($"{question.Number}. {question.Title}");
            var table = new Table(_goalHeads);
            foreach (Goal goal in question.Goals)
                table.Add(Row(goal, results));
            table.Print(output);
        }

        output.WriteLine();
        output.WriteLine("Everybody");
        PrintClients(results, output);
    }

    /// <summary>What a figure is called.</summary>
    public static string NameOf(Figure figure, bool isBulk = false) => figure switch
    {
        Figure.Rate => isBulk ? "GB/s" : "requests/s",
        Figure.Cpu => isBulk ? "CPU ms/GB" : "CPU us",
        Figure.Allocated => "bytes",
        Figure.P50 => "p50 us",
        Figure.P99 => "p99 us",
        Figure.Resumed => "resumed",
        Figure.SystemCalls => "system calls",
        _ => "ms",
    };

    private static string[] Row(Goal goal, Results results)
    {
        if (goal.Scene is not { } scene)
        {
            string[] nothing = [.. Enumerable.Repeat(Nothing, 5)];
            return [goal.What!, Nothing, NameOf(goal.Figure), .. nothing, Reach(goal), results.Verdict(goal)];
        }

        return
        [
            goal.What ?? scene.Workload.Name,
            scene.ToString(),
            NameOf(goal.Figure, scene.Workload.IsBulk),
            Of(Clients.Urllib4),
            Of(Clients.HttpClient),
            Of(Clients.Socket),
            To(Clients.HttpClient),
            To(Clients.Socket),
            Reach(goal),
            goal.Against is Clients.None or Clients.HttpClient or Clients.Socket || results.Judged(goal) is not { } judged
                ? results.Verdict(goal)
                : $"{results.Verdict(goal)}, {Text(judged.Median, "N2")}",
        ];

        string Of(Clients client) => Text(results.Figure(scene, client, goal.Figure), goal.Figure, scene.Workload.IsBulk);

        string To(Clients other) => Ratio(results.Ratio(scene, Clients.Urllib4, goal.Figure, other));
    }

    private static string Reach(Goal goal)
    {
        string sign = goal.AtLeast is null ? "at most" : "at least";
        string limit = Text(goal.Limit, goal.Limit >= 100 ? "N0" : "0.##");
        return goal.Against == Clients.None ? $"{sign} {limit}" : $"{sign} {limit} x {goal.Against}";
    }

    private static void PrintClients(Results results, TextWriter output)
    {
        var table = new Table(_clientHeads);
        foreach (Scene scene in results.Scenes)
        {
            foreach (Clients client in results.ClientsIn(scene))
                table.Add(Row(scene, client, results));
        }

        table.Print(output);
    }

    private static string[] Row(Scene scene, Clients client, Results results)
    {
        bool isBulk = scene.Workload.IsBulk;
        // Without those that only count system calls, where time means nothing.
        Measurement[] rounds = [.. results.Rounds(scene, client).Where(one => one.Figures.ContainsKey(Figure.Cpu))];
        return
        [
            scene.Workload.Name,
            scene.ToString(),
            client.ToString(),
            Range(Figure.Rate),
            To(Figure.Rate),
            Range(Figure.Cpu),
            To(Figure.Cpu),
            Text(Of(Figure.Allocated), Figure.Allocated, isBulk),
            Text(Of(Figure.P50), Figure.P50, isBulk),
            Text(Of(Figure.P99), Figure.P99, isBulk),
            string.Create(CultureInfo.InvariantCulture, $"{rounds.Count(one => one.IsDisturbed)}/{rounds.Length}"),
        ];

        Spread? Of(Figure figure) => results.Figure(scene, client, figure);

        string Range(Figure figure)
        {
            if (Of(figure) is not { } spread)
                return Nothing;
            string range = $"({Text(spread.Least, figure, isBulk)}-{Text(spread.Most, figure, isBulk)})";
            return $"{Text(spread, figure, isBulk)} {NameOf(figure, isBulk)} {range}";
        }

        string To(Figure figure) => Ratio(results.Ratio(scene, client, figure, Clients.HttpClient));
    }

    private static string Ratio(Spread? ratio) => ratio is { } one ? Text(one.Median, "N2") : Nothing;

    private static string Text(Spread? spread, Figure figure, bool isBulk) =>
        spread is { } one ? Text(one.Median, figure, isBulk) : Nothing;

    private static string Text(double value, Figure figure, bool isBulk) => figure switch
    {
        Figure.Cpu when isBulk => Text(value / 1000, "N0"),
        Figure.Rate when isBulk => Text(value, "N2"),
        Figure.Cpu => Text(value, "N1"),
        Figure.Resumed => Text(value, "P1"),
        Figure.SystemCalls => Text(value, "N2"),
        Figure.ColdStart => Text(value, "N1"),
        _ => Text(value, "N0"),
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
