using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>
/// Who has which connection, and what a request is to do. It does no I/O, never waits, reads no clock and knows no lock: each event is one
/// step that says what to do next, and whoever holds the pool's lock does it after letting go of the lock.
/// </summary>
/// <remarks>
/// <para>An open connection is idle (in one of the two stacks) or else busy; it counts as busy until it is reported as
/// <see cref="Closed"/>, so the limit holds for sockets, not for intentions. A busy one that carries several requests at once is lent to
/// more of them while it has room: the fullest first, so that surplus ones fall idle.</para>
/// <para>Of the two kinds a request takes its own, dials if there is room, and takes the other rather than wait. One limit covers
/// both. A connection that is shared serves both kinds.</para>
/// <para>Whoever waits, waits because no connection has room for it and no place is free. What comes free goes to the first in the queue in
/// that same step, so nobody can overtake.</para>
/// </remarks>
/// <param name="maxSize">How many connections there are to be.</param>
/// <param name="block">Whether that is a limit.</param>
/// <param name="mayShare">Whether a new connection may turn out to carry several requests at once.</param>
internal sealed class PoolState(int maxSize, bool block, bool mayShare = false)
{
    // A server that cannot be reached lets no dial succeed, so nobody would be served if only one were made at a time.
    private const int MostDialsAtOnce = 1024;

    private readonly HashSet<HttpConnection> _open = [];
    private readonly IdleStack _blocking = new();
    private readonly IdleStack _asynchronous = new();
    private readonly List<HttpConnection> _shared = []; // in use, and able to carry more than one request
    private readonly LinkedList<PoolTicket> _waiting = new();
    private readonly bool _couldShare = mayShare;
    private bool _mayShare = mayShare; // as the last connection was
    private long _expected = int.MaxValue; // how many requests a connection carries; unknown before the first
    private int _dialsAtOnce = 1;

    public int Idle => _blocking.Count + _asynchronous.Count;

    public int Dialing { get; private set; }

    public PoolCounts Counts => new(_open.Count - Idle, Dialing, Idle, _waiting.Count);

    /// <summary>Whether it lends no more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it lends, but keeps nothing that nobody waits for.</summary>
    public bool IsRetired { get; private set; }

    private bool HasRoom => _open.Count + Dialing < maxSize;

    /// <summary>A request wants a connection; it gets a ticket when it has to wait.</summary>
    public PoolDecision Borrow(bool isBlocking, bool fresh, out PoolTicket? ticket)
    {
        ticket = null;
        if (IsClosed)
            return new PoolDecision(PoolStep.Refused);
        (IdleStack own, IdleStack other) = isBlocking ? (_blocking, _asynchronous) : (_asynchronous, _blocking);
        HttpConnection? connection;
        if (!fresh && (TryShare(out connection) || own.TryPop(out connection)))
            return Lend(connection);
        if (_mayShare && !fresh && other.TryPop(out connection))
            return Lend(connection);
        if (!WaitsForDial(_waiting.Count + 1))
        {
            if (HasRoom)
                return Dial();
            if (!fresh && other.TryPop(out connection))
                return Lend(connection);
            if (!block)
                return Dial();
            if (other.TryTakeOldest(out connection) || own.TryTakeOldest(out connection))
                return Dial(insteadOf: connection);
            if (TryShare(out connection))
                return Lend(connection);
        }

        ticket = new PoolTicket(fresh);
        ticket.Place = _waiting.AddLast(ticket);
        return ticket.Outcome;
    }

    /// <summary>
    /// A connection that was lent turned out not to be good, and whoever got it does not use it. It is lent to nobody from now on.
    /// </summary>
    /// <returns>Whether he was the last who had it: then it is to be closed, and he goes on in its place.</returns>
    public bool TurnDown(HttpConnection connection)
    {
        TakeBack(connection);
        Unshare(connection);
        connection.IsGivenUp = true;
        return connection.InUse == 0 && IsToBeClosed(connection);
    }

    /// <summary>
    /// A connection that was turned down is closed; the request that was to use it goes on in its place.
    /// </summary>
    public PoolDecision BorrowInsteadOf(HttpConnection dead, bool isBlocking, out PoolTicket? ticket)
    {
        _open.Remove(dead);
        return Borrow(isBlocking, fresh: false, out ticket);
    }

    /// <summary>A dial succeeded. The connection is lent to whoever dialed it; what it carries beyond that goes to the queue.</summary>
    /// <returns>The requests that are served now, or null.</returns>
    public PoolTicket? Opened(HttpConnection connection)
    {
        Debug.Assert(Dialing > 0, "A connection was opened that nobody was told to dial.");
        Dialing--;
        _open.Add(connection);
        Learn(connection.Capacity);
        Lend(connection);
        return ServeQueue();
    }

    /// <summary>A dial failed, or was not begun; its place goes to the first in the queue.</summary>
    /// <returns>The requests that are served now, or null.</returns>
    public PoolTicket? DialFailed()
    {
        Debug.Assert(Dialing > 0, "A dial failed that nobody was told to make.");
        Dialing--;
        _dialsAtOnce = Math.Min(2 * _dialsAtOnce, MostDialsAtOnce);
        return ServeQueue();
    }

    /// <summary>A lease comes back. What it held goes to the first in the queue, else the connection is kept.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isFit">Whether others may use it.</param>
    /// <param name="served">The requests that are served now, or null.</param>
    /// <returns>
    /// Whether there is nothing to do: the connection is kept, or still in use, or closed already. If not, it is to be closed and then
    /// reported as <see cref="Closed"/>.
    /// </returns>
    public bool Return(HttpConnection connection, bool isFit, out PoolTicket? served)
    {
        served = null;
        TakeBack(connection);
        connection.IsGivenUp |= !isFit;
        bool mayLend = !IsClosed && !connection.IsGivenUp && connection.AcceptsMore;
        if (connection.InUse > 0)
        {
            if (mayLend)
                served = ServeQueue();
            else
                Unshare(connection);
            return true;
        }

        Unshare(connection);
        if (!mayLend)
            return !IsToBeClosed(connection);
        if (_waiting.First is { Value: { } first })
        {
            served = first;
            Serve(first, first.Fresh && connection.Capacity == 1 ? Dial(insteadOf: connection) : Lend(connection));
            first.Next = ServeQueue();
            return true;
        }

        if (IsRetired || Idle >= maxSize)
            return !IsToBeClosed(connection);
        StackOf(connection).Push(connection);
        return true;
    }

    /// <summary>A connection has changed by itself: it carries more than before, or less, or takes no more.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="served">The requests that are served now, or null.</param>
    /// <returns>Whether it may stay; if not, it is to be closed and then reported as <see cref="Closed"/>.</returns>
    public bool Changed(HttpConnection connection, out PoolTicket? served)
    {
        served = null;
        if (!_open.Contains(connection))
            return true; // it is being closed already
        if (!connection.AcceptsMore)
        {
            Unshare(connection);
            bool wasIdle = StackOf(connection).TryRemove(connection);
            return !((wasIdle || connection.IsOver) && IsToBeClosed(connection));
        }

        if (connection is { InUse: > 0, IsGivenUp: false } && !_shared.Contains(connection))
            _shared.Add(connection);
        served = ServeQueue();
        return true;
    }

    /// <summary>A connection was closed; its place goes to the first in the queue.</summary>
    /// <returns>The requests that are served now, or null.</returns>
    public PoolTicket? Closed(HttpConnection connection)
    {
        Unshare(connection);
        return _open.Remove(connection) ? ServeQueue() : null;
    }

    /// <summary>A request waits no longer.</summary>
    /// <returns>
    /// True when it left the queue. False when it had been served, in this very instant perhaps: then its <see cref="PoolTicket.Outcome"/>
    /// holds a connection or a place that has to be given back.
    /// </returns>
    public bool Withdraw(PoolTicket ticket)
    {
        if (ticket.Place is null)
            return false;
        _waiting.Remove(ticket.Place);
        ticket.Place = null;
        return true;
    }

    /// <summary>Takes one idle connection out, as if it were lent; false when it is not idle any more.</summary>
    public bool TryTakeIdle(HttpConnection connection)
    {
        if (!StackOf(connection).TryRemove(connection))
            return false;
        Lend(connection);
        return true;
    }

    /// <summary>From now on nothing is kept. Requests are served as before.</summary>
    /// <returns>The idle connections, to be closed.</returns>
    public List<HttpConnection> Retire()
    {
        IsRetired = true;
        return TakeIdle();
    }

    /// <summary>From now on nothing is lent, and nobody waits.</summary>
    /// <param name="refused">The requests that waited, in order; null when nobody did.</param>
    /// <returns>The idle connections, to be closed.</returns>
    public List<HttpConnection> Close(out PoolTicket? refused)
    {
        IsClosed = true;
        refused = ServeQueue();
        return TakeIdle();
    }

    /// <summary>Gives up every open connection of a closed pool, also the busy ones.</summary>
    /// <returns>The connections, to be closed.</returns>
    public List<HttpConnection> Abandon()
    {
        Debug.Assert(IsClosed, "Only a closed pool lets go of what is in use.");
        TakeIdle();
        _shared.Clear();
        List<HttpConnection> all = new(_open);
        _open.Clear();
        return all;
    }

    /// <summary>All idle connections, the longest idle of each kind first.</summary>
    public List<HttpConnection> ListIdle()
    {
        List<HttpConnection> idle = new(Idle);
        _blocking.CopyTo(idle);
        _asynchronous.CopyTo(idle);
        return idle;
    }

    /// <summary>All idle connections, as <see cref="ListIdle"/> has them, and all busy ones.</summary>
    public (List<HttpConnection> Idle, List<HttpConnection> Busy) List()
    {
        List<HttpConnection> idle = ListIdle();
        HashSet<HttpConnection> busy = [.. _open];
        busy.ExceptWith(idle);
        return (idle, [.. busy]);
    }

    /// <summary>The counts, and whether it is retired or closed.</summary>
    public override string ToString() => Counts + (IsClosed ? ", closed" : IsRetired ? ", retired" : "");

    private IdleStack StackOf(HttpConnection connection) => connection.IsBlocking ? _blocking : _asynchronous;

    // The fullest that still has room, so that those which are not needed empty themselves.
    private bool TryShare([NotNullWhen(true)] out HttpConnection? fullest)
    {
        fullest = null;
        foreach (HttpConnection connection in _shared)
        {
            if (connection.FreeSlots > 0 && (fullest is null || connection.InUse > fullest.InUse))
                fullest = connection;
        }

        return fullest is not null;
    }

    private PoolDecision Lend(HttpConnection connection)
    {
        if (connection.InUse++ == 0 && connection.Capacity > 1)
            _shared.Add(connection);
        return new PoolDecision(PoolStep.Reuse, connection);
    }

    // Only once: one that ended while it was lent is closed then, and its leases come back later.
    private static bool IsToBeClosed(HttpConnection connection)
    {
        bool isFirst = !connection.IsClosing;
        connection.IsClosing = true;
        return isFirst;
    }

    private void Unshare(HttpConnection connection)
    {
        if (_shared.Count > 0)
            _shared.Remove(connection);
    }

    private static void TakeBack(HttpConnection connection)
    {
        Debug.Assert(connection.InUse > 0, "A connection came back that was never lent.");
        connection.InUse--;
    }

    private PoolDecision Dial(HttpConnection? insteadOf = null)
    {
        if (insteadOf is not null)
            _open.Remove(insteadOf);
        Dialing++;
        return new PoolDecision(PoolStep.Dial, insteadOf);
    }

    // Serves the queue from its front for as long as there is something to be had; gives the chain of those that were served.
    private PoolTicket? ServeQueue()
    {
        PoolTicket? head = null, last = null;
        while (_waiting.First is { Value: { } first } && Offer(first) is { } outcome)
        {
            Serve(first, outcome);
            if (last is null)
                head = first;
            else
                last.Next = first;
            last = first;
        }

        return head;
    }

    // A shared connection will do for one who wants a new one and would have to wait: others are being answered on it.
    private PoolDecision? Offer(PoolTicket ticket) =>
        IsClosed ? new PoolDecision(PoolStep.Refused)
        : TryShare(out HttpConnection? connection) ? Lend(connection)
        : !WaitsForDial(_waiting.Count) && (HasRoom || !block) ? Dial() : null;

    // Many requests that come at once to an origin with HTTP/2 need one connection, or few, and whoever dials first learns how many.
    private bool WaitsForDial(int requests) => _mayShare && Dialing >= _dialsAtOnce && Dialing * (_expected - 1) >= requests;

    private void Learn(int capacity)
    {
        _mayShare = _couldShare && capacity > 1;
        _expected = Math.Max(2, capacity);
        _dialsAtOnce = 1;
    }

    private void Serve(PoolTicket ticket, PoolDecision outcome)
    {
        Withdraw(ticket);
        ticket.Outcome = outcome;
    }

    private List<HttpConnection> TakeIdle()
    {
        List<HttpConnection> taken = new(Idle);
        while (_blocking.TryTakeOldest(out HttpConnection? connection) || _asynchronous.TryTakeOldest(out connection))
        {
            connection.IsClosing = true;
            taken.Add(connection);
        }

        return taken;
    }
}
