namespace Urllib4.Connections;

/// <summary>Who lends connections and takes them back: the pool, seen from below.</summary>
internal interface IConnectionOwner
{
    /// <summary>Takes a connection back; one that is not reusable is closed, outside of every lock.</summary>
    void Return(HttpConnection connection, bool reusable);
}

/// <summary>
/// A borrowed connection and the one way back. Whoever holds it has to release it; releasing twice changes nothing, even after the
/// connection has been lent to somebody else.
/// </summary>
internal readonly struct Lease(HttpConnection connection, IConnectionOwner lessor)
{
    private readonly int _lending = connection.BeginLending();

    public HttpConnection Connection => connection;

    /// <summary>Whether this lease is still the one that holds the connection.</summary>
    public bool IsCurrent => connection is not null && connection.Lending == _lending;

    public void Release(bool reusable)
    {
        if (connection is not null && connection.EndLending(_lending))
            lessor.Return(connection, reusable);
    }
}
