using System.Net;
using System.Net.Sockets;

namespace Urllib4.Policies;

/// <summary>
/// When which address of a host is dialed (RFC 8305, sections 4 and 5): the next one when the one before has had its head start, or at once
/// when nothing else is under way. Knows no socket and no clock.
/// </summary>
/// <param name="count">How many addresses there are.</param>
/// <param name="headStart">How long one is ahead of the next.</param>
internal sealed class DialRace(int count, TimeSpan headStart)
{
    // The least that RFC 8305, section 5, recommends: more than this many connects a second would be a flood.
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(100);

    private int _begun;
    private int _failed;
    private TimeSpan _nextAt;

    /// <summary>Whether every address was dialed, and failed.</summary>
    public bool IsLost => _failed == count;

    /// <summary>The head start by which as many addresses as possible have their turn before the time is over.</summary>
    /// <param name="wanted">The one that the options name.</param>
    /// <param name="left">The time for all of them.</param>
    /// <param name="count">How many addresses there are.</param>
    public static TimeSpan HeadStart(TimeSpan wanted, TimeSpan left, int count)
    {
        if (left == Timeout.InfiniteTimeSpan || left / count >= wanted)
            return wanted;
        TimeSpan share = left / count;
        return share < _least ? (wanted < _least ? wanted : _least) : share;
    }

    /// <summary>
    /// The order in which addresses are dialed: the winner of last time, then the families in turn, beginning with that of the resolver's
    /// first answer, and each family as the resolver sorted it.
    /// </summary>
    public static IReadOnlyList<IPEndPoint> Order(IReadOnlyList<IPEndPoint> endpoints, IPEndPoint? winner)
    {
        AddressFamily first = endpoints[0].AddressFamily;
        var leading = new Queue<IPEndPoint>(endpoints.Where(e => e.AddressFamily == first));
        var others = new Queue<IPEndPoint>(endpoints.Where(e => e.AddressFamily != first));
        var order = new List<IPEndPoint>(endpoints.Count);
        while (leading.Count + others.Count > 0)
        {
            if (leading.TryDequeue(out IPEndPoint? one))
                order.Add(one);
            if (others.TryDequeue(out IPEndPoint? other))
                order.Add(other);
        }

        if (winner is not null && order.Remove(winner))
            order.Insert(0, winner);
        return order;
    }

    /// <summary>Takes the next address, if it is its turn.</summary>
    /// <param name="now">How long the race has been going on.</param>
    /// <param name="next">Which one.</param>
    public bool TryBegin(TimeSpan now, out int next)
    {
        next = _begun;
        if (_begun == count || now < _nextAt)
            return false;
        _begun++;
        _nextAt = now + headStart;
        return true;
    }

    /// <summary>An address failed, and the next one need not wait.</summary>
    public void Failed()
    {
        _failed++;
        _nextAt = TimeSpan.Zero;
    }

    /// <summary>How long until the next address has its turn; infinite when there is none left.</summary>
    public TimeSpan Wait(TimeSpan now) =>
        _begun == count ? Timeout.InfiniteTimeSpan : now < _nextAt ? _nextAt - now : TimeSpan.Zero;
}
