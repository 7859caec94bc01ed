using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Pools;

/// <summary>
/// The connections of one <see cref="PoolKey"/>: does what <see cref="PoolState"/> decides. The one lock is held for a step of the state
/// and never while something is dialed, looked at, closed, waited for or woken.
/// </summary>
/// <remarks>
/// It ends in one of three ways. Retired, it serves on and keeps nothing: whoever holds it may finish, and begin. Closed, it lends no more,
/// and what is lent is closed when it comes back. Disposed, it closes what is lent at once, so that every pending request fails now.
/// </remarks>
internal sealed partial class ConnectionPool : IConnectionOwner, IMeasuredPool, IDisposable
{
    private readonly Lock _lock = new();
    private readonly PoolState _state; // guarded by _lock
    private readonly IdleLimits _limits;
    private readonly IdleWatch _watch;
    private readonly IConnectionFactory _factory;
    private readonly TimeProvider _clock;
    private readonly HttpEvents? _events;
    private readonly CancellationTokenSource _disposal = new(); // ends the dials under way
    private readonly CancellationToken _disposed;
    private long _numConnections; // guarded by _lock
    private TimeSpan _nextLook = TimeSpan.MaxValue; // guarded by _lock
    private long _numRequests; // interlocked
    private bool _isDisposed; // interlocked

    public ConnectionPool(PoolKey key, PoolOptions options, IConnectionFactory factory)
    {
        Key = key;
        Origin = key.Origin;
        HostHeader = Origin.HostHeader;
        _state = new PoolState(options.MaxSize, options.Block, key.HttpVersions.HasFlag(HttpVersions.Http2));
        _limits = new IdleLimits(options);
        _factory = factory;
        _clock = options.Clock;
        _events = options.Events;
        _disposed = _disposal.Token;
        _watch = new IdleWatch(this, _clock);
        PoolCensus.Add(this);
    }

    public PoolKey Key { get; }

    /// <summary>Where the connections lead.</summary>
    public Origin Origin { get; }

    /// <inheritdoc cref="IConnectionFactory.Forwarder"/>
    public ProxyHop? Forwarder => _factory.Forwarder;

    /// <summary>What every request to this origin says in <c>Host</c>, unless its caller says something else.</summary>
    public string HostHeader { get; }

    /// <summary>Connections opened ever; urllib3's <c>num_connections</c>.</summary>
    public long NumConnections
    {
        get
        {
            lock (_lock)
                return _numConnections;
        }
    }

    /// <summary>Requests sent ever, each attempt counted; urllib3's <c>num_requests</c>.</summary>
    public long NumRequests => Interlocked.Read(ref _numRequests);

    /// <summary>How much is in which condition at this moment.</summary>
    public PoolCounts Counts
    {
        get
        {
            lock (_lock)
                return _state.Counts;
        }
    }

    /// <summary>Cancelled when the pool is disposed.</summary>
    public CancellationToken Disposed => _disposed;

    /// <summary>Counts an attempt, which only its sender knows to be one.</summary>
    public void CountRequest() => Interlocked.Increment(ref _numRequests);

    /// <inheritdoc/>
    public void Return(HttpConnection connection, bool reusable)
    {
        TimeSpan now = connection.IdleSince = _clock.GetCoarseTime();
        Return(connection, now, reusable && !_limits.HasExpired(connection, now));
    }

    /// <summary>Closes what is idle now and what is lent when it comes back, and keeps nothing from now on; it lends as before.</summary>
    public void Retire()
    {
        List<HttpConnection> idle;
        lock (_lock)
            idle = _state.Retire();
        Discard(idle);
    }

    /// <summary>
    /// Lends no more. Closes what is idle now and what is lent when it comes back; requests that wait fail at once, those that have their
    /// connection or dial it may finish. Doing it again changes nothing.
    /// </summary>
    public void Close()
    {
        List<HttpConnection> idle;
        PoolTicket? refused;
        lock (_lock)
            idle = _state.Close(out refused);
        refused?.Wake();
        Discard(idle);
    }

    /// <summary>
    /// Closes the pool together with what is lent or being dialed, so that every request that is under way fails now. Doing it again
    /// changes nothing.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        GC.SuppressFinalize(this);
        _watch.Dispose();
        Close();
        // First the token, then what is open: a dial that ends in between sees the one or is among the other.
        _disposal.Cancel();
        _disposal.Dispose();
        List<HttpConnection> lent;
        lock (_lock)
            lent = _state.Abandon();
        foreach (HttpConnection connection in lent)
            Shut(connection);
    }

    // Forgotten: nobody can use it or what it holds any more. The thread pool closes the sockets and tells whoever listens, since the
    // finalizer's own thread must not run the code of others.
    ~ConnectionPool() => ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.Dispose(), this, preferLocal: false);

    /// <summary>What is in the pool at this moment.</summary>
    public PoolSnapshot Snapshot()
    {
        List<HttpConnection> idle, busy;
        PoolSnapshot counts;
        lock (_lock)
        {
            (idle, busy) = _state.List();
            counts = new PoolSnapshot
            {
                Key = Key,
                Dialing = _state.Dialing,
                Waiting = _state.Counts.Waiting,
                NumConnections = _numConnections,
                NumRequests = NumRequests,
                IsClosed = _state.IsClosed,
                IsRetired = _state.IsRetired,
            };
        }

        return counts with
        {
            Idle = idle.ConvertAll(static connection => connection.Describe()),
            Busy = busy.ConvertAll(static connection => connection.Describe()),
        };
    }

    Url IMeasuredPool.Place => field ??= Url.Parse(Origin.ToString());

    PoolFigures IMeasuredPool.Measure() => Snapshot().Figures;

    /// <summary>For example <c>Pool https://example.com:443: 2 busy, 0 idle, 3 waiting</c>.</summary>
    public override string ToString()
    {
        lock (_lock)
            return $"Pool {Key}: {_state}";
    }

    private void Return(HttpConnection connection, TimeSpan now, bool isFit)
    {
        bool stays, looksLater;
        PoolTicket? served;
        lock (_lock)
        {
            stays = _state.Return(connection, isFit, out served);
            looksLater = _state.Idle > 0 && _nextLook - now > IdleLimits.ShortestPause;
            if (looksLater)
                _nextLook = now + IdleLimits.ShortestPause;
        }

        served?.Wake();
        if (!stays)
            Discard(connection);
        if (looksLater)
            _watch.LookIn(_limits.FirstLook(connection, now));
    }

    private void Discard(List<HttpConnection> connections) => connections.ForEach(Discard);

    private void Discard(HttpConnection connection)
    {
        // First closed, then reported: whoever gets the place must not find the old connection still open.
        Shut(connection);
        PoolTicket? served;
        lock (_lock)
            served = _state.Closed(connection);
        served?.Wake();
    }

    private void Shut(HttpConnection connection)
    {
        try
        {
            connection.Close();
        }
        catch (Exception)
        {
            // It is given up however that goes, and whoever happens to be here has nothing to do with it.
        }

        if (ConnectionEvents.IsOn(_events) && connection.TryTellClose())
            ConnectionEvents.Closed(_events, this, connection.Describe());
    }

    private ClosedPoolException Closed() => new($"Pool {Key}");
}
