namespace Urllib4.Diagnostics;

/// <summary>A pool, as the meter sees it.</summary>
internal interface IMeasuredPool
{
    /// <summary>Whom its connections serve: scheme, host and port.</summary>
    Url Place { get; }

    /// <summary>Its connections at this moment, and whether it is kept for the next request: neither retired nor closed.</summary>
    (IReadOnlyList<HttpConnectionInfo> Idle, IReadOnlyList<HttpConnectionInfo> Busy, bool IsKept) Measure();
}
