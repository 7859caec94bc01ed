using System.Globalization;

namespace Urllib4.Benchmarks;

/// <summary>
/// How much of the machine others used during a round, as a share of one core: everything but this process and those it is told of.
/// </summary>
internal readonly struct ForeignCpu
{
    // What the kernel counts in (USER_HZ); the same on every Linux.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    private readonly int[] _known;
    private readonly TimeSpan _others;

    private ForeignCpu(int[] known)
    {
        _known = known;
        _others = Busy() - Environment.CpuUsage.TotalTime;
        foreach (int process in known)
            _others -= Used(process);
    }

    /// <summary>Begins to measure.</summary>
    public static ForeignCpu Start(params int[] known) => new(known);

    /// <summary>The share since then: 1 is one whole core.</summary>
    public double ShareOf(TimeSpan elapsed) => Math.Max(0, (new ForeignCpu(_known)._others - _others) / elapsed);

    // The columns of the first line are user, nice, system, idle, iowait, irq, softirq, steal.
    private static TimeSpan Busy()
    {
        string[] columns = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Sum(columns, 1, 2, 3, 6, 7, 8);
    }

    // Behind the name, which may hold anything up to the last bracket, utime is the 12th column and stime the 13th.
    private static TimeSpan Used(int process)
    {
        string line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
        return Sum(line[(line.LastIndexOf(')') + 2)..].Split(' '), 11, 12);
    }

    private static TimeSpan Sum(string[] columns, params ReadOnlySpan<int> which)
    {
        long ticks = 0;
        foreach (int column in which)
            ticks += long.Parse(columns[column], CultureInfo.InvariantCulture);
        return ticks * _tick;
    }
}
