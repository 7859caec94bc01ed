using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>
/// Runs the variants of a session in turn, in another order each round, so that a slow minute of the machine hits all of them alike.
/// </summary>
internal static class Rounds
{
    // Above this share of a core the others are measured too.
    private const double ForeignLimit = 0.15;

    private const int MostRepetitions = 3;

    private static readonly TimeSpan _length = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _runUp = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Measurement> Of(Session session)
    {
        Variant[] variants = [.. Variants.Of(session)];
        // Less leaves the compilation of hot code inside the first rounds.
        TimeSpan warmUp = TimeSpan.FromSeconds(session.IsQuick ? 0.5 : 1.5);
        foreach (Variant variant in variants)
            variant.Run(warmUp);
        int count = session.IsQuick ? 3 : 5;
        for (int round = 0; round < count; round++)
        {
            Random.Shared.Shuffle(variants);
            foreach (Variant variant in variants)
                yield return Undisturbed(variant, session, round);
        }

        foreach (Variant variant in variants)
            variant.Dispose();
    }

    private static Measurement Undisturbed(Variant variant, Session session, int round)
    {
        for (int repetition = 0; ; repetition++)
        {
            Measurement measurement = Measure(variant, session, round);
            if (!measurement.IsDisturbed || repetition == MostRepetitions)
                return measurement;
            Thread.Sleep(_pause);
        }
    }

    private static Measurement Measure(Variant variant, Session session, int round)
    {
        variant.Run(_runUp);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        ForeignCpu foreign = ForeignCpu.Start(session.ServerId);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();

        Latencies latencies = variant.Run(_length);

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        double others = foreign.ShareOf(elapsed);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Measurement
        {
            Server = session.Server,
            Place = session.Place,
            Client = variant.Client,
            IsBlocking = variant.IsBlocking,
            Flows = variant.Flows,
            Round = round,
            RequestsPerSecond = latencies.Count / elapsed.TotalSeconds,
            CpuMicroseconds = cpu.TotalMicroseconds / latencies.Count,
            BytesAllocated = (double)allocated / latencies.Count,
            P50 = latencies.Percentile(0.5),
            P99 = latencies.Percentile(0.99),
            ForeignCpu = others,
            IsDisturbed = others > ForeignLimit,
        };
    }
}
