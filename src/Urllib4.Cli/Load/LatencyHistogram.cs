using System.Numerics;

namespace Urllib4.Cli.Load;

/// <summary>
/// Counts times with an error of less than 1 % in a fixed memory: 128 buckets for each power of two of microseconds. Not safe for several
/// threads; each has its own, and they are added up.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int Sub = 1 << SubBits;

    private readonly long[] _counts = new long[(40 - SubBits) * Sub];

    public long Count { get; private set; }

    public long Max { get; private set; }

    public double Sum { get; private set; }

    public void Add(long microseconds)
    {
        long value = Math.Clamp(microseconds, 0, (1L << 38) - 1);
        _counts[Index(value)]++;
        Count++;
        Sum += value;
        Max = Math.Max(Max, value);
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        Sum += other.Sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The time within which this share of all came, in microseconds; 0 when there are none.</summary>
    public long At(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && Count > 0)
                return Math.Min(Max, Value(i + 1) - 1);
        }

        return 0;
    }

    /// <summary>How many lie from a time on, and below another.</summary>
    public long Between(double from, double to)
    {
        long sum = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0 && Value(i) >= from && Value(i) < to)
                sum += _counts[i];
        }

        return sum;
    }

    private static int Index(long value)
    {
        if (value < Sub)
            return (int)value;
        int shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - Sub);
    }

    private static long Value(int index) => index < Sub ? index : (long)(Sub + (index & (Sub - 1))) << ((index >> SubBits) - 1);
}
