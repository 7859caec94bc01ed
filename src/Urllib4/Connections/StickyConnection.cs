namespace Urllib4.Connections;

/// <summary>
/// Stands between a call and a pool while somebody is told, in several requests over one connection, who this side is: what comes back in
/// between is kept for the next request, and nobody else gets it.
/// </summary>
internal sealed class StickyConnection(IConnectionOwner owner) : IConnectionOwner
{
    private HttpConnection? _connection;
    private bool _isOver;

    /// <summary>Borrows anew what was borrowed, in the name of this.</summary>
    public Lease Keep(Lease lease) => new(lease.Connection, this);

    /// <summary>Whether the connection came back, so that the next request can have it.</summary>
    public bool IsHolding => _connection is not null;

    /// <summary>The connection that came back, for the next request.</summary>
    public Lease Take()
    {
        var lease = new Lease(_connection!, this);
        _connection = null;
        return lease;
    }

    /// <summary>From now on everything goes back to the pool.</summary>
    public void End()
    {
        _isOver = true;
        if (_connection is { } connection)
            owner.Return(connection, reusable: true);
        _connection = null;
    }

    /// <inheritdoc/>
    public void Return(HttpConnection connection, bool reusable)
    {
        if (_isOver || !reusable)
            owner.Return(connection, reusable);
        else
            _connection = connection;
    }
}
