namespace Urllib4.Benchmarks;

/// <summary>One round of one variant.</summary>
internal sealed record Measurement
{
    public required string Server { get; init; }

    public required Placement Place { get; init; }

    public required string Client { get; init; }

    public required bool IsBlocking { get; init; }

    /// <summary>Requests in flight.</summary>
    public required int Flows { get; init; }

    public required int Round { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Of the whole process, all threads, user and kernel, for each request.</summary>
    public required double CpuMicroseconds { get; init; }

    public required double BytesAllocated { get; init; }

    /// <summary>The median latency in microseconds.</summary>
    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>What others used of the machine, as a share of one core.</summary>
    public required double ForeignCpu { get; init; }

    /// <summary>Whether that stayed above the limit however often the round was done again.</summary>
    public required bool IsDisturbed { get; init; }
}
