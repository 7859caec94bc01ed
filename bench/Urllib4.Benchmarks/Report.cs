using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>The table for people, which is Markdown too: medians, their range, and ratios to HttpClient in the same round.</summary>
internal static class Report
{
    private static readonly string[] _heads =
    [
        "server", "cores", "waits", "in flight", "client", "requests/s (range)", "x", "CPU us (range)", "x", "bytes", "p50 us", "p99 us",
        "disturbed",
    ];

    public static void Print(IReadOnlyList<Measurement> all, TextWriter output)
    {
        List<string[]> rows = [_heads];
        foreach (var variant in all.GroupBy(one => (one.Server, one.Place, one.IsBlocking, one.Flows, one.Client)).OrderBy(SortKey))
            rows.Add(Row([.. variant], [.. all.Where(one => IsBaseline(one, variant.First()))]));
        int[] widths = [.. Enumerable.Range(0, _heads.Length).Select(column => rows.Max(row => row[column].Length))];
        rows.Insert(1, [.. widths.Select(width => new string('-', width))]);
        output.WriteLine();
        foreach (string[] row in rows)
            output.WriteLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
    }

    private static string SortKey(IGrouping<(string Server, Placement Place, bool IsBlocking, int Flows, string Client), Measurement> variant) =>
        $"{variant.Key.Server} {variant.Key.Flows:00000} {(variant.Key.IsBlocking ? 0 : 1)} {variant.Key.Client}";

    private static bool IsBaseline(Measurement one, Measurement other) =>
        one.Client == Variants.Baseline
        && (one.Server, one.Place, one.IsBlocking, one.Flows) == (other.Server, other.Place, other.IsBlocking, other.Flows);

    private static string[] Row(Measurement[] rounds, Measurement[] baseline)
    {
        Measurement first = rounds[0];
        return
        [
            first.Server,
            first.Place.ToString().ToLowerInvariant(),
            first.IsBlocking ? "blocking" : "async",
            Text($"{first.Flows}"),
            first.Client,
            Range("N0", rounds, one => one.RequestsPerSecond),
            Ratio(rounds, baseline, one => one.RequestsPerSecond),
            Range("N1", rounds, one => one.CpuMicroseconds),
            Ratio(rounds, baseline, one => one.CpuMicroseconds),
            Text($"{Median(rounds.Select(one => one.BytesAllocated)):N0}"),
            Text($"{Median(rounds.Select(one => one.P50)):N0}"),
            Text($"{Median(rounds.Select(one => one.P99)):N0}"),
            Text($"{rounds.Count(one => one.IsDisturbed)}/{rounds.Length}"),
        ];
    }

    private static string Range(string format, Measurement[] rounds, Func<Measurement, double> figure)
    {
        double[] figures = [.. rounds.Select(figure)];
        return $"{Text(Median(figures))} ({Text(figures.Min())}-{Text(figures.Max())})";

        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Ratio(Measurement[] rounds, Measurement[] baseline, Func<Measurement, double> figure)
    {
        var ratios = rounds.Join(baseline, one => one.Round, other => other.Round, (one, other) => figure(one) / figure(other));
        return Text($"{Median(ratios):N2}");
    }

    private static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
