namespace Urllib4.Diagnostics;

/// <summary>A pool, as the meter sees it.</summary>
internal interface IMeasuredPool
{
    /// <summary>Whom its connections serve: scheme, host and port.</summary>
    Url Place { get; }

    /// <summary>What is in it at this moment.</summary>
    PoolFigures Measure();
}

/// <summary>What a meter wants to know of a pool.</summary>
/// <param name="Idle">The idle connections.</param>
/// <param name="Busy">The connections in use.</param>
/// <param name="IsKept">Whether it is kept for the next request: neither retired nor closed.</param>
internal readonly record struct PoolFigures(
    IReadOnlyList<HttpConnectionInfo> Idle, IReadOnlyList<HttpConnectionInfo> Busy, bool IsKept);
