using System.Diagnostics;
using Urllib4.Connections;

namespace Urllib4.Pools;

/// <summary>
/// Who has which connection, and what a request is to do. It does no I/O, never waits, reads no clock and knows no lock: each event is one
/// step that says what to do next, and whoever holds the pool's lock does it after letting go of the lock.
/// </summary>
/// <remarks>
/// <para>An open connection is idle (in one of the two stacks) or else busy; it counts as busy until it is reported as
/// <see cref="Closed"/>, so the limit holds for sockets, not for intentions.</para>
/// <para>Of the two kinds a request takes its own, dials if there is room, and takes the other rather than wait. One limit covers
/// both.</para>
/// <para>Whoever waits, waits because nothing is idle and no place is free. A place or a connection that comes free goes to the first
/// in the queue in that same step, so nobody can overtake.</para>
/// </remarks>
internal sealed class PoolState(int maxSize, bool block)
{
    private readonly HashSet<HttpConnection> _open = [];
    private readonly IdleStack _blocking = new();
    private readonly IdleStack _asynchronous = new();
    private readonly LinkedList<PoolTicket> _waiting = new();

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
        if (!fresh && own.TryPop(out connection))
            return new PoolDecision(PoolStep.Reuse, connection);
        if (HasRoom)
            return Dial();
        if (!fresh && other.TryPop(out connection))
            return new PoolDecision(PoolStep.Reuse, connection);
        if (!block)
            return Dial();
        if (other.TryTakeOldest(out connection) || own.TryTakeOldest(out connection))
            return Dial(insteadOf: connection);
        ticket = new PoolTicket(fresh);
        ticket.Place = _waiting.AddLast(ticket);
        return ticket.Outcome;
    }

    /// <summary>
    /// A connection taken from the idle ones turned out to be dead and is closed; the request that holds it goes on in its place.
    /// </summary>
    public PoolDecision BorrowInsteadOf(HttpConnection dead, bool isBlocking, out PoolTicket? ticket)
    {
        _open.Remove(dead);
        return Borrow(isBlocking, fresh: false, out ticket);
    }

    /// <summary>A dial came to its end well.</summary>
    public void Opened(HttpConnection connection)
    {
        Debug.Assert(Dialing > 0, "A connection was opened that nobody was told to dial.");
        Dialing--;
        _open.Add(connection);
    }

    /// <summary>A dial failed, or was not begun; its place goes to the first in the queue.</summary>
    /// <returns>The request that is to dial now, or null.</returns>
    public PoolTicket? DialFailed()
    {
        Debug.Assert(Dialing > 0, "A dial failed that nobody was told to make.");
        Dialing--;
        return GiveRoom();
    }

    /// <summary>A connection comes back in good order. It goes to the first in the queue, else to the idle ones.</summary>
    /// <returns>Whether it was taken; if not, it is to be closed and then reported as <see cref="Closed"/>.</returns>
    public bool Return(HttpConnection connection, out PoolTicket? served)
    {
        Debug.Assert(IsClosed || _open.Contains(connection), "A connection came back that was never lent.");
        served = null;
        if (IsClosed)
            return false;
        if (_waiting.First is { Value: { } first })
        {
            served = first;
            Serve(first, first.Fresh ? Dial(insteadOf: connection) : new PoolDecision(PoolStep.Reuse, connection));
            return true;
        }

        if (IsRetired || Idle >= maxSize)
            return false;
        (connection.IsBlocking ? _blocking : _asynchronous).Push(connection);
        return true;
    }

    /// <summary>A connection was closed; its place goes to the first in the queue.</summary>
    /// <returns>The request that is to dial now, or null.</returns>
    public PoolTicket? Closed(HttpConnection connection) => _open.Remove(connection) ? GiveRoom() : null;

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

    /// <summary>Takes out the idle connections whose time is over; each is to be closed and reported as <see cref="Closed"/>.</summary>
    public List<HttpConnection>? Sweep(in IdleSweep sweep, TimeSpan now)
    {
        List<HttpConnection>? expired = null;
        sweep.Collect(_blocking, now, ref expired);
        sweep.Collect(_asynchronous, now, ref expired);
        return expired;
    }

    /// <summary>From now on nothing is kept. Requests are served as before.</summary>
    /// <returns>The idle connections, to be closed.</returns>
    public List<HttpConnection> Retire()
    {
        IsRetired = true;
        return TakeIdle();
    }

    /// <summary>From now on nothing is lent, and nobody waits.</summary>
    /// <param name="refused">The requests that waited, in order.</param>
    /// <returns>The idle connections, to be closed.</returns>
    public List<HttpConnection> Close(out List<PoolTicket> refused)
    {
        IsClosed = true;
        refused = [];
        while (_waiting.First is { Value: { } first })
        {
            Serve(first, new PoolDecision(PoolStep.Refused));
            refused.Add(first);
        }

        return TakeIdle();
    }

    /// <summary>Gives up every open connection of a closed pool, also the busy ones.</summary>
    /// <returns>The connections, to be closed.</returns>
    public List<HttpConnection> Abandon()
    {
        Debug.Assert(IsClosed, "Only a closed pool lets go of what is in use.");
        TakeIdle();
        List<HttpConnection> all = new(_open);
        _open.Clear();
        return all;
    }

    /// <summary>All idle connections, the longest idle of each kind first, and all busy ones.</summary>
    public (List<HttpConnection> Idle, List<HttpConnection> Busy) List()
    {
        List<HttpConnection> idle = new(Idle);
        _blocking.CopyTo(idle);
        _asynchronous.CopyTo(idle);
        HashSet<HttpConnection> busy = [.. _open];
        busy.ExceptWith(idle);
        return (idle, [.. busy]);
    }

    /// <summary>The counts, and whether it is retired or closed.</summary>
    public override string ToString() => Counts + (IsClosed ? ", closed" : IsRetired ? ", retired" : "");

    private PoolDecision Dial(HttpConnection? insteadOf = null)
    {
        if (insteadOf is not null)
            _open.Remove(insteadOf);
        Dialing++;
        return new PoolDecision(PoolStep.Dial, insteadOf);
    }

    private PoolTicket? GiveRoom()
    {
        if (_waiting.First is not { Value: { } first })
            return null;
        Debug.Assert(HasRoom, "Somebody waited although there was room.");
        Serve(first, Dial());
        return first;
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
            taken.Add(connection);
        return taken;
    }
}
