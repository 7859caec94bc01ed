namespace Urllib4.Connections;

/// <summary>Who lends connections and takes them back: the pool, seen from below.</summary>
internal interface IConnectionOwner
{
    /// <summary>
    /// Takes a lease back. A connection that is not reusable is closed when no other lease of it is left, outside of every lock.
    /// </summary>
    void Return(HttpConnection connection, bool reusable);
}

/// <summary>
/// The right to one exchange on a connection, and the one way back. A connection that carries several exchanges at once has a lease for
/// each. Whoever holds it releases it once; an exchange does so when it ends, and sees to it that it ends once.
/// </summary>
internal readonly struct Lease(HttpConnection connection, IConnectionOwner owner)
{
    public HttpConnection Connection => connection;

    public void Release(bool reusable) => owner.Return(connection, reusable);
}
