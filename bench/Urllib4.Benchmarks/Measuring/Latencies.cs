using System.Diagnostics;
using System.Numerics;

namespace Urllib4.Benchmarks;

/// <summary>A histogram of times: 32 steps between one power of two and the next, so about three per cent apart.</summary>
internal sealed class Latencies
{
    private const int Steps = 32;

    private readonly long[] _counts = new long[64 * Steps];

    public long Count { get; private set; }

    /// <summary>Counts a time, in ticks of <see cref="Stopwatch"/>.</summary>
    public void Add(long ticks)
    {
        ulong value = (ulong)Math.Max(ticks, Steps);
        int power = BitOperations.Log2(value);
        int step = (int)((value >> (power - 5)) & (Steps - 1));
        _counts[(power * Steps) + step]++;
        Count++;
    }

    /// <summary>All of them in one.</summary>
    public static Latencies Sum(Latencies[] parts)
    {
        var sum = new Latencies();
        foreach (Latencies part in parts)
        {
            for (int i = 0; i < part._counts.Length; i++)
                sum._counts[i] += part._counts[i];
            sum.Count += part.Count;
        }

        return sum;
    }

    /// <summary>The time that so large a share of the counted ones did not exceed, in microseconds.</summary>
    public double Percentile(double share)
    {
        long wanted = (long)Math.Ceiling(Count * share);
        int i = 0;
        for (long seen = _counts[0]; seen < wanted; seen += _counts[i])
            i++;
        double ticks = Math.ScaleB(1 + ((i % Steps) / (double)Steps), i / Steps);
        return ticks / Stopwatch.Frequency * 1e6;
    }
}
