using System.Text.Json.Serialization;

namespace Urllib4.Benchmarks;

/// <summary>What is measured of each request, or of each gigabyte.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Figure>))]
internal enum Figure
{
    /// <summary>Requests, or gigabytes, each second.</summary>
    Rate,

    /// <summary>Microseconds of CPU of the whole process, all threads, user and kernel.</summary>
    Cpu,

    /// <summary>Bytes that the whole process allocated.</summary>
    Allocated,

    /// <summary>The median latency of a request in microseconds.</summary>
    P50,

    P99,

    /// <summary>The share of the connections whose TLS session was resumed, as the server saw it.</summary>
    Resumed,

    SystemCalls,

    /// <summary>Milliseconds from the start of a process to the end of its first request.</summary>
    ColdStart,
}

/// <summary>What Urllib4 is to reach.</summary>
/// <param name="Scene">Where; null when that cannot be measured since it is not built.</param>
/// <param name="Figure">What.</param>
/// <param name="AtLeast">The least, or null if less is better.</param>
/// <param name="AtMost">The most, or null if more is better.</param>
/// <param name="Against">Whose figure of the same round it is divided by; nobody's for a figure that stands alone.</param>
internal sealed record Goal(
    Scene? Scene, Figure Figure, double? AtLeast = null, double? AtMost = null, Clients Against = Clients.HttpClient)
{
    /// <summary>What it is about; null for the name of the work.</summary>
    public string? What { get; init; }

    public double Limit => AtLeast ?? AtMost ?? double.NaN;

    public bool IsReachedBy(double value) => !(value < AtLeast) && !(value > AtMost);
}

/// <summary>A question and what would be a good answer.</summary>
internal sealed record Question(int Number, string Title, params Goal[] Goals);
