using Urllib4.Protocol.Http2;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>
/// Who waits, and until when. Limits are fields of the exchanges; one timer, set only when a limit comes that ends before it would look,
/// goes through them.
/// </content>
internal sealed partial class Http2Connection
{
    // The most that a timer takes; it looks again then.
    private const double LongestLook = uint.MaxValue - 1;

    private ITimer? _timer;
    private long _looksAt = long.MaxValue;

    /// <summary>The wait of an exchange ends at a moment. Under the gate.</summary>
    public void LookAt(long moment)
    {
        if (moment >= _looksAt || _isReleased)
            return;
        _looksAt = moment;
        _timer ??= Clock.CreateDetachedTimer(static self => ((Http2Connection)self!).Look(), this);
        double due = Math.Ceiling(Clock.GetElapsedTime(Clock.GetTimestamp(), moment).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(due, 0, LongestLook)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Somebody may go on. Under the gate.</summary>
    public void Wake(Http2Exchange exchange)
    {
        if (!exchange.Signal.IsBlocking)
        {
            _resumed.Add(exchange.Signal);
            return;
        }

        exchange.NextWoken = _woken;
        _woken = exchange;
    }

    /// <summary>Changes an exchange under the gate, and then wakes whom that concerns.</summary>
    public void Step(Http2Exchange exchange, Action<Http2Exchange> change)
    {
        lock (_gate)
            change(exchange);
        Settle();
    }

    /// <summary>An exchange waits until the server allows another stream. Under the gate.</summary>
    public void AwaitStream(Http2Exchange exchange) => _unopened.AddLast(exchange);

    /// <summary>It waits no longer. Under the gate.</summary>
    public void Forget(Http2Exchange exchange)
    {
        if (_unopened.Count > 0)
            _unopened.Remove(exchange);
    }

    // As many as there is room for; all of them when nothing can be opened any more, so that they say so.
    private void ServeUnopened()
    {
        int free = _session.IsClosing ? int.MaxValue : _session.FreeStreams;
        for (; free > 0 && _unopened.First is { } first; free--)
        {
            _unopened.RemoveFirst();
            first.Value.Unpark();
        }
    }

    private void Look()
    {
        bool hasToPart;
        lock (_gate)
        {
            _looksAt = long.MaxValue;
            long now = Clock.GetTimestamp();
            long next = long.MaxValue;
            foreach (Http2Stream stream in _session.Streams)
                next = Math.Min(next, ((Http2Exchange)stream.Owner!).Expire(now));
            foreach (Http2Exchange exchange in _unopened)
                next = Math.Min(next, exchange.Expire(now));
            hasToPart = now >= _partsBy;
            if (!hasToPart)
                next = Math.Min(next, _partsBy);
            if (next != long.MaxValue)
                LookAt(next);
        }

        if (hasToPart)
            _wire.Cut(WireEnd.Closed);
        Settle();
    }
}
