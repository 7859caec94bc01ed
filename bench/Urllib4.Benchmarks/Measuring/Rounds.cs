using System.Diagnostics;

namespace Urllib4.Benchmarks;

/// <summary>
/// Runs the clients of a scene in turn, in another order each round, so that a slow minute of the machine hits all of them alike.
/// </summary>
internal static class Rounds
{
    // Above this share of a core the others are measured too.
    private const double ForeignLimit = 0.15;

    private const int MostRepetitions = 3;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Measurement> Of(Session session)
    {
        Variant[] variants = [.. session.Variants()];
        // Less leaves the compilation of hot code inside the first rounds.
        TimeSpan warmUp = TimeSpan.FromSeconds(session.IsQuick ? 0.3 : 1.5);
        TimeSpan length = TimeSpan.FromSeconds(session.IsQuick ? 0.1 : 0.2);
        foreach (Variant variant in variants)
            variant.Run(warmUp);
        // Many short rounds: what the machine does to one of them it does to all clients in it, and the median forgets it.
        int count = session.IsQuick ? 3 : 15;
        for (int round = 0; round < count; round++)
        {
            Random.Shared.Shuffle(variants);
            foreach (Variant variant in variants)
                yield return Undisturbed(variant, session, round, length);
        }

        foreach (Variant variant in variants)
            variant.Dispose();
    }

    private static Measurement Undisturbed(Variant variant, Session session, int round, TimeSpan length)
    {
        for (int repetition = 0; ; repetition++)
        {
            Measurement measurement = Measure(variant, session, round, length);
            if (!measurement.IsDisturbed || session.IsQuick || repetition == MostRepetitions)
                return measurement;
            Thread.Sleep(_pause);
        }
    }

    private static Measurement Measure(Variant variant, Session session, int round, TimeSpan length)
    {
        ForeignCpu foreign = ForeignCpu.Start(variant.Process is { } process ? [session.ServerId, process] : [session.ServerId]);
        long start = Stopwatch.GetTimestamp();
        Sample sample = variant.Measure(length);
        double others = foreign.ShareOf(Stopwatch.GetElapsedTime(start));
        return new Measurement(session.Scene, variant.Client, round)
        {
            Figures = Measurement.FiguresOf(sample, session.Scene.Workload),
            ForeignCpu = others,
            IsDisturbed = others > ForeignLimit,
        };
    }
}
