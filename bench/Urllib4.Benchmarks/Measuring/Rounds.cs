using System.Diagnostics;
using System.Runtime;

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
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _mostWarmUp = TimeSpan.FromSeconds(8);

    public static IEnumerable<Measurement> Of(Session session)
    {
        Variant[] variants = [.. session.Variants()];
        TimeSpan length = TimeSpan.FromSeconds(session.IsQuick ? 0.1 : 0.5);
        foreach (Variant variant in variants)
            WarmUp(variant, session.IsQuick);
        int count = session.IsQuick ? 3 : 5;
        for (int round = 0; round < count; round++)
        {
            Random.Shared.Shuffle(variants);
            foreach (Variant variant in variants)
                yield return Undisturbed(variant, session, round, length);
        }

        foreach (Variant variant in variants)
            variant.Dispose();
    }

    // What comes compiled with the platform is warm at once; what is compiled just in time is when the compiler has nothing left to do.
    private static void WarmUp(Variant variant, bool isQuick)
    {
        variant.Run(TimeSpan.FromSeconds(isQuick ? 0.3 : 1.5));
        long start = Stopwatch.GetTimestamp();
        long compiled = -1;
        while (!isQuick && JitInfo.GetCompiledMethodCount() != compiled && Stopwatch.GetElapsedTime(start) < _mostWarmUp)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            variant.Run(_calm);
        }
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
