namespace Urllib4.Benchmarks;

/// <summary>What one client did in one round.</summary>
/// <param name="Count">How many requests.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Cpu">Of the whole process.</param>
internal sealed record Sample(long Count, TimeSpan Elapsed, TimeSpan Cpu)
{
    /// <summary>What the whole process allocated; unknown of other programs.</summary>
    public long? Allocated { get; init; }

    /// <summary>How long single requests took; unknown of other programs.</summary>
    public Latencies? Latencies { get; init; }

    /// <summary>How many TLS sessions were resumed, where that is asked.</summary>
    public long? Resumed { get; init; }
}

/// <summary>A client in a scene.</summary>
internal abstract class Variant(Clients client) : IDisposable
{
    public Clients Client => client;

    /// <summary>The process in which it runs, if not this one.</summary>
    public virtual int? Process => null;

    /// <summary>Sends requests for so long, unmeasured.</summary>
    public abstract void Run(TimeSpan length);

    /// <summary>Sends requests for so long.</summary>
    public abstract Sample Measure(TimeSpan length);

    public abstract void Dispose();
}
