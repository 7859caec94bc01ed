using System.Net;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// The address of a pool's host that won the last race, for ten minutes (RFC 8305, section 4, lets history sort addresses).
/// </summary>
internal sealed class DialWinner : IDialMemory
{
    // As long as RFC 6555, section 4.2, keeps one.
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(10);

    private volatile Won? _won;

    /// <inheritdoc/>
    public IPEndPoint? EndPoint => _won is { Until.HasPassed: false } won ? won.EndPoint : null;

    /// <inheritdoc/>
    public void Remember(IPEndPoint endPoint, TimeProvider clock) => _won = new Won(endPoint, Deadline.In(_kept, clock));

    /// <inheritdoc/>
    public void Forget(IPEndPoint endPoint)
    {
        if (_won is { } won && won.EndPoint.Equals(endPoint))
            _won = null;
    }

    private sealed record Won(IPEndPoint EndPoint, Deadline Until);
}
