using Urllib4.Primitives;

namespace Urllib4.Connections;

/// <summary>
/// What a pool may ask of a connection, whatever it speaks: whether it can take a request, whether it is still good, how old it is.
/// The pool never looks at its type.
/// </summary>
internal abstract class HttpConnection
{
    private static long _lastId;
    private int _lending;
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

    /// <summary>When it last became idle. Written by the pool while it owns the connection.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>When it was last taken from the idle ones. Written by the pool while it owns the connection.</summary>
    public TimeSpan TakenAt { get; set; }

    /// <summary>The number of the lease that holds it, so that one that was already given back is told from the current one.</summary>
    public int Lending => Volatile.Read(ref _lending);

    /// <summary>How many more requests it can take now: 1 or 0 for HTTP/1.1.</summary>
    public abstract int FreeSlots { get; }

    /// <summary>The clock of every moment here.</summary>
    public TimeProvider Clock { get; }

    /// <summary>A number for a new connection.</summary>
    public static long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Begins a lease and gives its number.</summary>
    public int BeginLending() => Interlocked.Increment(ref _lending);

    /// <summary>Ends a lease; false when it is not the current one any more.</summary>
    public bool EndLending(int lending) => Interlocked.CompareExchange(ref _lending, lending + 1, lending) == lending;

    /// <summary>True once: for whoever is to tell that it was closed, since it may be closed from several sides.</summary>
    public bool TryTellClose() => !Interlocked.Exchange(ref _isCloseTold, true);

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
    public abstract Exchange Begin(Lease lease, in ExchangeTerms terms);

    /// <summary>
    /// Closes it, politely where that needs no waiting. Ends a blocked or pending operation at once. Safe to call again, from any thread.
    /// </summary>
    public abstract void Close();

    /// <summary>Its figures now.</summary>
    public abstract ConnectionFigures Stamp();

    /// <summary>What can be said about it now.</summary>
    public HttpConnectionInfo Describe() => Stamp().ToInfo();
}
