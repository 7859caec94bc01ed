using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>What a request that wants a connection is to do next.</summary>
internal enum PoolStep
{
    /// <summary>Ask nothing more: the pool is closed.</summary>
    Refused,

    /// <summary>Use the connection, after a look at whether it is still good.</summary>
    Reuse,

    /// <summary>Open a new one; the place for it is kept.</summary>
    Dial,

    /// <summary>Wait for the ticket.</summary>
    Wait,
}

/// <summary>The answer of the pool's state to one request: what to do, and with which connection.</summary>
/// <param name="Step">What to do.</param>
/// <param name="Connection">
/// The one to use; for <see cref="PoolStep.Dial"/> the one to close before, because its place is taken over.
/// </param>
internal readonly record struct PoolDecision(PoolStep Step, HttpConnection? Connection = null);
