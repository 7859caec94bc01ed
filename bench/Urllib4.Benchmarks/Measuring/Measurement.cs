namespace Urllib4.Benchmarks;

/// <summary>One round of one client in a scene.</summary>
internal sealed record Measurement(Scene Scene, Clients Client, int Round)
{
    public required IReadOnlyDictionary<Figure, double> Figures { get; init; }

    /// <summary>What others used of the machine, as a share of one core.</summary>
    public double ForeignCpu { get; init; }

    /// <summary>Whether that stayed above the limit however often the round was done again.</summary>
    public bool IsDisturbed { get; init; }

    public static Dictionary<Figure, double> FiguresOf(Sample sample, Workload work)
    {
        double units = sample.Count * work.Units;
        var figures = new Dictionary<Figure, double>
        {
            [Figure.Rate] = units / sample.Elapsed.TotalSeconds,
            [Figure.Cpu] = sample.Cpu.TotalMicroseconds / units,
        };
        if (sample.Allocated is { } allocated)
            figures[Figure.Allocated] = allocated / units;
        if (sample.Latencies is { } latencies)
        {
            figures[Figure.P50] = latencies.Percentile(0.5);
            figures[Figure.P99] = latencies.Percentile(0.99);
        }

        if (sample.Resumed is { } resumed)
            figures[Figure.Resumed] = (double)resumed / sample.Count;
        return figures;
    }
}
