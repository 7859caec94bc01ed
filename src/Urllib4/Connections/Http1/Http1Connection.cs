using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Transport;

namespace Urllib4.Connections;

/// <summary>A wire that speaks HTTP/1.1: one exchange at a time, one after another.</summary>
internal sealed class Http1Connection : HttpConnection
{
    private readonly Wire _wire;
    private readonly Http1Session _session;
    private readonly Http1Exchange _exchange;
    private readonly HttpConnectionInfo _identity;
    private TimeSpan _idleBefore;
    private TimeSpan _keepAliveHint = Timeout.InfiniteTimeSpan;

    public Http1Connection(
        Wire wire,
        HttpConnectionInfo identity,
        HttpLimits limits,
        TimeProvider clock,
        bool isBlocking,
        ResponseLeniency leniency = ResponseLeniency.None)
        : base(identity.Id, clock, isBlocking)
    {
        _wire = wire;
        _session = new Http1Session(limits, leniency);
        _exchange = new Http1Exchange(this, wire, _session);
        _identity = identity;
        wire.Rest();
    }

    public override int Capacity => 1;

    public override bool AcceptsMore => !IsOver;

    public override bool IsOver => _wire.End != WireEnd.None;

    public override TimeSpan KeepAliveHint => _keepAliveHint;

    public override bool HasNews => _wire.HasNews;

    public override bool IsAlive(bool isBlocking) => _wire.IsQuiet(isBlocking);

    public override ExchangeHandle Begin(Lease lease, in ExchangeTerms terms)
    {
        // A new one was never taken; and who takes one may have read the clock before it came back.
        _idleBefore = TakenAt > IdleSince ? TakenAt - IdleSince : TimeSpan.Zero;
        return _exchange.Start(lease, terms);
    }

    /// <summary>Takes note of what a final head says about the connection.</summary>
    public void TakeHint(ResponseHead head) => _keepAliveHint = KeepAliveField.TimeoutIn(head);

    /// <summary>Ends the exchange; true when the connection is fit for another one.</summary>
    public bool End()
    {
        bool reusable = _session.CanReuse && _wire.Unread.IsEmpty && !_wire.IsReceiving;
        RequestsServed++;
        _wire.Rest();
        // Asked only now that no limit is set any more: one that ran out at the last moment has cut the wire.
        reusable &= _wire.End == WireEnd.None;
        if (reusable)
            _session.StartNext();
        return reusable;
    }

    public override void Close() => _wire.Close();

    public override ConnectionFigures Stamp() =>
        new(_identity, Clock.GetCoarseTime() - OpenedAt, _idleBefore, RequestsServed, _wire.BytesWritten, _wire.BytesRead);
}
