namespace Urllib4;

/// <summary>The keys below <c>Timeout</c>. What is null stays as it was.</summary>
public sealed class TimeoutSettings
{
    /// <summary>See <see cref="HttpTimeout.Pool"/>.</summary>
    public TimeSpan? Pool { get; set; }

    /// <summary>See <see cref="HttpTimeout.Resolve"/>.</summary>
    public TimeSpan? Resolve { get; set; }

    /// <summary>See <see cref="HttpTimeout.Connect"/>.</summary>
    public TimeSpan? Connect { get; set; }

    /// <summary>See <see cref="HttpTimeout.Proxy"/>.</summary>
    public TimeSpan? Proxy { get; set; }

    /// <summary>See <see cref="HttpTimeout.Tls"/>.</summary>
    public TimeSpan? Tls { get; set; }

    /// <summary>See <see cref="HttpTimeout.Send"/>.</summary>
    public TimeSpan? Send { get; set; }

    /// <summary>See <see cref="HttpTimeout.Continue"/>.</summary>
    public TimeSpan? Continue { get; set; }

    /// <summary>See <see cref="HttpTimeout.Head"/>.</summary>
    public TimeSpan? Head { get; set; }

    /// <summary>See <see cref="HttpTimeout.Read"/>.</summary>
    public TimeSpan? Read { get; set; }

    /// <summary>See <see cref="HttpTimeout.Total"/>.</summary>
    public TimeSpan? Total { get; set; }

    /// <summary>See <see cref="HttpTimeout.MinimumBytesPerSecond"/>.</summary>
    public double? MinimumBytesPerSecond { get; set; }

    /// <summary>See <see cref="HttpTimeout.ThroughputWindow"/>.</summary>
    public TimeSpan? ThroughputWindow { get; set; }
}
