using System.Net;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// The address of a pool's host that won the last race, for ten minutes (RFC 8305, section 4, lets history sort addresses).
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class DialWinner
{
    // As long as RFC 6555, section 4.2, keeps one.
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(10);

    private volatile Won? _won;

    /// <summary>The address, or null when there is none any more.</summary>
    public IPEndPoint? EndPoint => _won is { Until.HasPassed: false } won ? won.EndPoint : null;

    /// <summary>An address has won.</summary>
    public void Remember(IPEndPoint endPoint, TimeProvider clock) => _won = new Won(endPoint, Deadline.In(_kept, clock));

    /// <summary>An address has failed.</summary>
    public void Forget(IPEndPoint endPoint)
    {
        if (_won is { } won && won.EndPoint.Equals(endPoint))
            _won = null;
    }

    private sealed record Won(IPEndPoint EndPoint, Deadline Until);
}
