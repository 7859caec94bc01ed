using Urllib4.Connections;
using Urllib4.Pools;

namespace Urllib4.Managers;

/// <summary>Which connection the next attempt of a call gets.</summary>
internal struct CallConnection
{
    private StickyConnection? _kept;

    /// <summary>Whether it has to be one that nobody has used.</summary>
    public bool WantsFresh { get; set; }

    /// <summary>Whether the connection is there on which the last leg was answered.</summary>
    public readonly bool IsKept => _kept?.IsHolding == true;

    /// <summary>The connection on which the last leg was answered.</summary>
    public readonly Lease TakeKept() => _kept!.Take();

    /// <summary>Takes what a pool lends.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="isBound">Whether it stays with the call until it is known who this side is.</param>
    public Lease Take(ConnectionPool pool, HttpConnection connection, bool isBound)
    {
        var lease = new Lease(connection, pool);
        if (!isBound)
            return lease;
        _kept = new StickyConnection(pool);
        return _kept.Keep(lease);
    }

    /// <summary>The connection goes its usual way from now on.</summary>
    public void LetGo()
    {
        _kept?.End();
        _kept = null;
    }
}
