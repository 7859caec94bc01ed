using System.Globalization;

namespace Urllib4.Cli.Load;

/// <summary>A load in figures and as a histogram.</summary>
internal static class LoadReport
{
    private const int Rows = 12;

    public static void Write(LoadResult result, TextWriter output)
    {
        LatencyHistogram times = result.Latencies;
        double seconds = Math.Max(result.Time.TotalSeconds, 1e-9);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Count} responses in {seconds:0.00} s, {times.Count / seconds:0.0} a second, {result.Bytes / seconds / 1024:0} KB/s"));
        if (result.Rate > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"sent at {result.Rate:0.###} a second; times count from when a request was due"));
        }

        foreach ((int status, long count) in result.Statuses.OrderBy(static s => s.Key))
            output.WriteLine($"  {status}: {count}");
        foreach ((string error, long count) in result.Errors.OrderByDescending(static e => e.Value))
            output.WriteLine($"  {error}: {count}");
        if (times.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"  mean   {LoadCommand.Time(times.Sum / times.Count)}");
        foreach (double share in new[] { 0.5, 0.9, 0.99, 0.999 })
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {share * 100,-6:0.#} {LoadCommand.Time(times.At(share))}"));
        output.WriteLine($"  max    {LoadCommand.Time(times.Max)}");
        output.WriteLine();
        Draw(times, output);
    }

    // Rows that grow by a factor, from the fastest to the slowest: a few slow ones would make all others one row.
    private static void Draw(LatencyHistogram times, TextWriter output)
    {
        double low = Math.Max(1, times.At(0)), high = Math.Max(low * 1.01, times.Max + 1);
        double factor = Math.Pow(high / low, 1.0 / Rows);
        long[] counts = [.. Enumerable.Range(0, Rows).Select(i =>
            times.Between(i == 0 ? 0 : low * Math.Pow(factor, i), i == Rows - 1 ? double.MaxValue : low * Math.Pow(factor, i + 1)))];
        long most = Math.Max(1, counts.Max());
        int width = Math.Max(10, Terminal.Width - 30);
        for (int i = 0; i < Rows; i++)
        {
            string bar = new('█', (int)(counts[i] * width / most));
            output.WriteLine($"  {LoadCommand.Time(low * Math.Pow(factor, i + 1)),10} {counts[i],9} {bar}".TrimEnd());
        }
    }
}
