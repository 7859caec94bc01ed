using Urllib4.Primitives;

namespace Urllib4.Connections;

/// <summary>
/// What a pool may ask of a connection, whatever it speaks: whether it can take a request, whether it is still good, how old it is.
/// The pool never looks at its type.
/// </summary>
internal abstract class HttpConnection
{
    private static long _lastId;
    private bool _isCloseTold; // interlocked

    private protected HttpConnection(long id, TimeProvider clock, bool isBlocking)
    {
        Id = id;
        Clock = clock;
        IsBlocking = isBlocking;
        OpenedAt = IdleSince = clock.GetCoarseTime();
    }

    /// <summary>A number no other connection of this process has.</summary>
    public long Id { get; }

    /// <summary>
    /// Whether it was dialed by a blocking caller. One asynchronous operation on a socket makes every later blocking one twice as dear,
    /// so the two kinds are kept apart.
    /// </summary>
    public bool IsBlocking { get; }

    /// <summary>Requests completed on it.</summary>
    public int RequestsServed { get; protected set; }

    /// <summary>When it was opened; this and the moments below are those of <see cref="CoarseTime"/> on <see cref="Clock"/>.</summary>
    public TimeSpan OpenedAt { get; }

    /// <summary>When a request on it last ended. Written by the pool.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>When it was last lent. Written by the pool.</summary>
    public TimeSpan TakenAt { get; set; }

    /// <summary>
    /// How many requests it can carry at once: 1 for HTTP/1.1; for other versions what the server allows now, which may change at any time
    /// and sink to 0.
    /// </summary>
    public abstract int Capacity { get; }

    /// <summary>How many leases of it there are. Written by the pool under its lock.</summary>
    public int InUse { get; set; }

    /// <summary>Whether it is lent to nobody any more. Written by the pool under its lock.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Whether the pool has told somebody to close it. Written by the pool under its lock.</summary>
    public bool IsClosing { get; set; }

    /// <summary>
    /// Whether further requests may begin on it. Once it is false it stays so; the requests that are on it may still come to their end.
    /// </summary>
    public abstract bool AcceptsMore { get; }

    /// <summary>Whether it has ended, so that nothing on it can succeed any more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>How many more requests it can take now.</summary>
    public int FreeSlots => AcceptsMore ? Math.Max(0, Capacity - InUse) : 0;

    /// <summary>
    /// Called by the connection, outside of every lock, after <see cref="Capacity"/>, <see cref="AcceptsMore"/> or <see cref="IsOver"/>
    /// changed by itself. HTTP/1.1 has nothing to tell. Set by the pool, before it lends the connection.
    /// </summary>
    public Action<HttpConnection>? Changed { get; set; }

    /// <summary>The clock of every moment here.</summary>
    public TimeProvider Clock { get; }

    /// <summary>A number for a new connection.</summary>
    public static long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>True once: for whoever is to tell that it was closed, since it may be closed from several sides.</summary>
    public bool TryTellClose() => !Interlocked.Exchange(ref _isCloseTold, true);

    /// <summary>
    /// Whether something has come on an idle connection, perhaps its end, so that <see cref="IsAlive"/> is worth asking. Takes nothing away
    /// and never waits, so it does no harm to whoever begins to use the connection meanwhile. May make a system call. Never throws.
    /// </summary>
    public abstract bool HasNews { get; }

    /// <summary>
    /// Whether an idle connection may carry another request: still open, and not a byte has come since the last response ended.
    /// Never waits. May make a system call, so it is asked outside of every lock, and by whoever uses it next.
    /// </summary>
    /// <param name="isBlocking">How he is going to wait.</param>
    public abstract bool IsAlive(bool isBlocking);

    /// <summary>
    /// How long the server is going to keep it open while idle, as far as it said so (<c>Keep-Alive: timeout=</c>), or infinite.
    /// </summary>
    public virtual TimeSpan KeepAliveHint => Timeout.InfiniteTimeSpan;

    /// <summary>Begins an exchange for whoever holds the lease; the exchange gives the lease back when it ends.</summary>
    public abstract ExchangeHandle Begin(Lease lease, in ExchangeTerms terms);

    /// <summary>
    /// Closes it, politely where that needs no waiting. Ends a blocked or pending operation at once. Safe to call again, from any thread.
    /// </summary>
    public abstract void Close();

    /// <summary>Its figures now.</summary>
    public abstract ConnectionFigures Stamp();

    /// <summary>What can be said about it now.</summary>
    public HttpConnectionInfo Describe() => Stamp().ToInfo();
}
