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
internal sealed class ConnectionPool : IConnectionOwner, IMeasuredPool, IDisposable
{
    private readonly Lock _lock = new();
    private readonly PoolState _state; // guarded by _lock
    private readonly IdleSweep _sweep;
    private readonly IConnectionFactory _factory;
    private readonly TimeProvider _clock;
    private readonly HttpEvents? _events;
    private readonly CancellationTokenSource _disposal = new(); // ends the dials under way
    private readonly CancellationToken _disposed;
    private readonly Action<HttpConnection> _changed;
    private long _numConnections; // guarded by _lock
    private long _numRequests; // interlocked
    private bool _isDisposed; // interlocked

    public ConnectionPool(PoolKey key, PoolOptions options, IConnectionFactory factory)
    {
        Key = key;
        Origin = key.Origin;
        HostHeader = Origin.HostHeader;
        _state = new PoolState(options.MaxSize, options.Block);
        _sweep = new IdleSweep(options);
        _factory = factory;
        _clock = options.Clock;
        _events = options.Events;
        _disposed = _disposal.Token;
        _changed = Follow;
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

    /// <summary>
    /// Lends a connection: an idle one that is still good, or a new one, or the first that comes free. Whoever gets it makes the
    /// <see cref="Lease"/> that brings it back.
    /// </summary>
    /// <param name="timeout">How long to wait and to dial.</param>
    /// <param name="total">The deadline of the whole call.</param>
    /// <param name="fresh">Whether only a newly opened one will do, as for sending again what an idle connection swallowed.</param>
    /// <param name="recorder">Writes down what it comes to, if somebody wants to know.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <exception cref="PoolTimeoutException">The pool stayed full.</exception>
    /// <exception cref="TotalTimeoutException">The pool stayed full until the call had no time left.</exception>
    /// <exception cref="ClosedPoolException">The pool is closed, or was while this waited or dialed.</exception>
    /// <exception cref="HttpException">No connection could be opened.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<HttpConnection> Borrow<TMode>(
        HttpTimeout timeout, Deadline total, bool fresh, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan now = _clock.GetCoarseTime();
        PoolDecision decision;
        PoolTicket? ticket;
        List<HttpConnection>? expired;
        lock (_lock)
        {
            decision = _state.Borrow(TMode.IsBlocking, fresh, out ticket);
            expired = _state.Sweep(_sweep, now);
        }

        if (expired is not null)
            Discard(expired);
        return decision.Step == PoolStep.Reuse && TryUse<TMode>(decision.Connection!, now)
            ? new ValueTask<HttpConnection>(decision.Connection!)
            : Obtain<TMode>(decision, ticket, timeout, total, recorder, cancellationToken);
    }

    /// <inheritdoc/>
    public void Return(HttpConnection connection, bool reusable)
    {
        TimeSpan now = connection.IdleSince = _clock.GetCoarseTime();
        bool isFit = reusable && !_sweep.HasExpired(connection, now);
        bool stays;
        PoolTicket? served;
        List<HttpConnection>? expired;
        lock (_lock)
        {
            stays = _state.Return(connection, isFit, out served);
            expired = _state.Sweep(_sweep, now);
        }

        served?.Wake();
        if (!stays)
            Discard(connection);
        if (expired is not null)
            Discard(expired);
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

    /// <summary>The way when no idle connection was found good at once.</summary>
    private async ValueTask<HttpConnection> Obtain<TMode>(
        PoolDecision decision,
        PoolTicket? ticket,
        HttpTimeout timeout,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            switch (decision.Step)
            {
                case PoolStep.Reuse:
                    HttpConnection connection = decision.Connection!;
                    if (TryUse<TMode>(connection, _clock.GetCoarseTime()))
                        return connection;
                    decision = TurnDown(connection, TMode.IsBlocking, out ticket);
                    break;
                case PoolStep.Dial:
                    return await Dial<TMode>(decision.Connection, timeout, total, recorder, cancellationToken).ConfigureAwait(false);
                case PoolStep.Wait:
                    recorder?.Enter(HttpPhase.PoolWait);
                    decision = await WaitFor<TMode>(ticket!, timeout, total, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw Closed();
            }
        }
    }

    private async ValueTask<PoolDecision> WaitFor<TMode>(
        PoolTicket ticket, HttpTimeout timeout, Deadline total, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        long start = _clock.GetTimestamp();
        bool served = false;
        try
        {
            served = await TMode.Wait(ticket.Served, total.Cap(timeout.Pool), _clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!served)
                Withdraw(ticket);
        }

        if (served)
            return ticket.Outcome;
        if (total.HasPassed)
            throw new TotalTimeoutException(HttpPhase.PoolWait, total.Limit, total.Elapsed);
        throw new PoolTimeoutException(ToString(), timeout.Pool, _clock.GetElapsedTime(start));
    }

    private void Withdraw(PoolTicket ticket)
    {
        PoolDecision outcome;
        lock (_lock)
        {
            if (_state.Withdraw(ticket))
                return;
            outcome = ticket.Outcome;
        }

        // It was served in the very instant in which its time ran out: what it got goes on to the next.
        if (outcome.Step == PoolStep.Reuse)
            Return(outcome.Connection!, reusable: true);
        else if (outcome.Step == PoolStep.Dial)
            GiveUpDial(outcome.Connection);
    }

    private async ValueTask<HttpConnection> Dial<TMode>(
        HttpConnection? insteadOf, HttpTimeout timeout, Deadline total, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        HttpConnection? connection = null;
        try
        {
            if (insteadOf is not null)
                Shut(insteadOf);
            using CancellationTokenSource? either = cancellationToken.CanBeCanceled
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed)
                : null;
            connection = await _factory
                .Open(TMode.IsBlocking, new ConnectTerms(timeout, total, recorder, either?.Token ?? _disposed)).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            throw Closed();
        }
        finally
        {
            if (connection is null)
                GiveUpDial();
        }

        // Before it is counted: what changes earlier is seen then.
        connection.Changed = _changed;
        PoolTicket? served;
        lock (_lock)
        {
            served = _state.Opened(connection);
            _numConnections++;
        }

        served?.Wake();
        if (ConnectionEvents.IsOn(_events))
            ConnectionEvents.Opened(_events, this, connection.Describe());
        if (!_disposed.IsCancellationRequested)
            return connection;
        Return(connection, reusable: false);
        throw Closed();
    }

    private void GiveUpDial(HttpConnection? insteadOf = null)
    {
        if (insteadOf is not null)
            Shut(insteadOf);
        PoolTicket? served;
        lock (_lock)
            served = _state.DialFailed();
        served?.Wake();
    }

    /// <summary>Gives up a connection that was lent but is not good, and says what its borrower is to do instead.</summary>
    private PoolDecision TurnDown(HttpConnection connection, bool isBlocking, out PoolTicket? ticket)
    {
        lock (_lock)
        {
            if (!_state.TurnDown(connection))
                return _state.Borrow(isBlocking, fresh: false, out ticket);
        }

        Shut(connection);
        lock (_lock)
            return _state.BorrowInsteadOf(connection, isBlocking, out ticket);
    }

    /// <summary>Looks whether a connection that was lent is still good.</summary>
    private bool TryUse<TMode>(HttpConnection connection, TimeSpan now)
        where TMode : struct, IWaitMode
    {
        connection.TakenAt = now;
        try
        {
            return connection.AcceptsMore && !_sweep.HasExpired(connection, now) && connection.IsAlive(TMode.IsBlocking);
        }
        catch (Exception)
        {
            // One that cannot even be looked at is not alive; were this to get out, its place would be lost.
            return false;
        }
    }

    private void Follow(HttpConnection connection)
    {
        bool stays;
        PoolTicket? served;
        lock (_lock)
            stays = _state.Changed(connection, out served);
        served?.Wake();
        if (!stays)
            Discard(connection);
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
