using System.Buffers;
using System.Runtime.CompilerServices;
using Urllib4.Bodies;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// The exchange of an HTTP/1.1 connection. The connection has one and uses it again and again, so that a request costs no object.
/// </summary>
internal sealed partial class Http1Exchange(Http1Connection connection, Wire wire, Http1Session session) : Exchange
{
    // One TLS record: the most that one read of TLS gives, so the least a direct read has to have room for. Smaller reads come from the
    // buffer, which takes more at once than the caller does.
    private const int LeastDirectRead = Wire.ReadBufferLength;

    // Behind a chunk comes the line of the next: only for a long one does going past the buffer save more than the receive it costs.
    private const int LeastDirectChunk = 64 * 1024;

    private Lease _lease;
    private ExchangeTerms _terms;
    private CancellationTokenRegistration _stop;
    private bool _isSent;
    private long _bodySent;
    private bool _hasOpenedBody;
    private Exception? _sendFailure;
    private bool _isBlocking;
    private ResponseHead? _head; // what it says may be another's as soon as the response is handed over
    private bool _isChunked;
    private bool _isKept;
    private bool _isSwitched;
    private ThroughputMeter? _meter; // only while a least rate is asked for
    private bool _isStreamed; // the caller decides when the next part is read
    private bool _isOver; // from here on the two below tell, since the counters of the wire begin anew
    private SendProgress _lastProgress;
    private ConnectionFigures _lastStamp;

    // Nothing that comes before the request is sent is a response to it.
    public override SendProgress Progress => _isOver ? _lastProgress
        : wire.BytesWritten == 0 ? SendProgress.NothingWritten
        : wire.BytesRead > 0 ? SendProgress.HeadStarted
        : _isSent ? SendProgress.AllWritten : SendProgress.SomeWritten;

    public override long BodyBytesSent => _bodySent;

    public override bool HasOpenedBody => _hasOpenedBody;

    public override ConnectionFigures Stamp => _isOver ? _lastStamp : connection.Stamp();

    public override bool IsComplete => session.IsResponseComplete;

    public override bool IsSwitched => _isSwitched;

    public override long BodyBytesReceived => session.BodyBytesReceived;

    public override HttpHeaderDict? Trailers => session.Trailers;

    public ExchangeHandle Start(Lease lease, in ExchangeTerms terms)
    {
        _lease = lease;
        _terms = terms;
        _isSent = false;
        _bodySent = 0;
        _hasOpenedBody = false;
        _sendFailure = null;
        _head = null;
        HttpTimeout timeout = terms.Timeout;
        _meter = timeout.MinimumBytesPerSecond > 0 && timeout.ThroughputWindow != Timeout.InfiniteTimeSpan
            ? new ThroughputMeter(timeout.MinimumBytesPerSecond, timeout.ThroughputWindow)
            : null;
        _isStreamed = _isOver = _isSwitched = _isChunked = _isKept = false;
        _stop = StopOn(terms.CancellationToken);
        return new ExchangeHandle(this, NextUse());
    }

    public override CancellationTokenRegistration StopOn(CancellationToken cancellationToken) => wire.StopOn(cancellationToken);

    public override void EndBy(Deadline total) => _terms = _terms with { Total = total };

    public override void ReleaseCaller()
    {
        _stop.Dispose();
        _isStreamed = true;
        wire.Pause();
    }

    public override ValueTask<ResponseHead> ReadHead(bool isBlocking) =>
        isBlocking ? ReadHeadAs<Blocking>() : ReadHeadAs<Asynchronous>();

    public override ValueTask<int> ReadBody(bool isBlocking, Memory<byte> destination) => destination.IsEmpty
        ? isBlocking ? AwaitBodyAs<Blocking>() : AwaitBodyAs<Asynchronous>()
        : isBlocking ? ReadBodyAs<Blocking>(destination) : ReadBodyAs<Asynchronous>(destination);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseHead> ReadHeadAs<TMode>()
        where TMode : struct, IWaitMode
    {
        Await(HttpPhase.Head, _terms.Timeout.EffectiveHead);
        // What a receive under way brings is looked at when it has ended.
        while (_head is null && (wire.IsReceiving || !TryParseHead()))
        {
            if (await wire.Fill<TMode>().ConfigureAwait(false) == 0)
                session.ReceiveEof(wire.EndedCleanly, wire.Break ?? _sendFailure);
        }

        return _head!;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadBodyAs<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            int room = wire.Unread.IsEmpty ? DirectRoom(destination.Length) : 0;
            if (room == 0)
            {
                BodyResult result = session.ReceiveBody(wire.Unread, destination.Span, out int consumed, out int written);
                wire.Consume(consumed);
                if (written > 0 || result == BodyResult.End)
                    return written;
            }

            int received = await ReceiveOfBody<TMode>(destination[..room], isBuffered: room == 0).ConfigureAwait(false);
            if (_isStreamed)
                wire.Pause();
            if (received == 0)
                session.ReceiveEof(wire.EndedCleanly, wire.Break ?? _sendFailure);
            if (room == 0)
                continue;
            session.TookDirect(received);
            return received;
        }
    }

    // Always 0. Whether the end has come after all is for the next read to say.
    private async ValueTask<int> AwaitBodyAs<TMode>()
        where TMode : struct, IWaitMode
    {
        bool hasCome = false;
        while (true)
        {
            BodyResult result = session.ReceiveBody(wire.Unread, [], out int consumed, out _);
            wire.Consume(consumed);
            if (result != BodyResult.NeedMore)
                return 0;
            // Only framing has to be looked at. A buffer is for what has come, or for who counts every byte.
            bool isBuffered = hasCome || _meter is not null || !wire.Unread.IsEmpty;
            int received = await ReceiveOfBody<TMode>(default, isBuffered).ConfigureAwait(false);
            if (_isStreamed)
                wire.Pause();
            if (isBuffered && received == 0)
                session.ReceiveEof(wire.EndedCleanly, wire.Break ?? _sendFailure);
            else if (!_isChunked)
                return 0;
            hasCome = !isBuffered;
        }
    }

    public override int? RestAtHand => session.IsResponseComplete ? 0
        : !_isSwitched && !_isChunked && _head is not null && session.DirectBytes <= wire.Unread.Length ? (int)session.DirectBytes : null;

    public override void TakeRest(Span<byte> destination)
    {
        if (session.IsResponseComplete)
            return;
        session.ReceiveBody(wire.Unread, destination, out int consumed, out _);
        wire.Consume(consumed);
    }

    // What is known to be longer, or to end only with the connection, is not worth a byte.
    public override bool IsWorthDraining(int most) =>
        !_isSwitched && session.IsRequestComplete && _isKept && session.DirectBytes <= most;

    public override Stream TakeOver() => new UpgradedStream(new ExchangeHandle(this, Use), wire);

    public override void Abort() => wire.Cut(WireEnd.Closed);

    protected override void End()
    {
        // A body that breaks off ends the exchange before anybody asks whether the request may be sent again.
        _lastProgress = Progress;
        _lastStamp = connection.Stamp();
        _isOver = true;
        // Waits for a cancellation that is just being carried out, so that it cannot hit the next exchange.
        _stop.Dispose();
        // An idle connection holds nothing of the call it has served: neither its head nor its callbacks nor its token.
        _stop = default;
        _terms = default;
        _head = null;
        Lease lease = _lease;
        _lease = default;
        lease.Release(connection.End());
    }

    // True when the final head is there; informational ones are reported on the way.
    private bool TryParseHead()
    {
        while (true)
        {
            HeadResult result = session.ReceiveHead(wire.Unread, out int consumed, out ResponseHead? head, _terms.Head);
            wire.Consume(consumed);
            if (result == HeadResult.NeedMore)
                return false;
            if (result != HeadResult.Informational)
            {
                _head = head;
                _isChunked = head!.IsChunked;
                _isKept = head.KeepAlive;
                _isSwitched = result == HeadResult.Switching;
                connection.TakeHint(head);
                return true;
            }

            _terms.OnInformational?.Invoke(new InformationalResponse(head!.Status, head.Headers.Freeze()));
        }
    }

    private void Await(HttpPhase phase, TimeSpan limit)
    {
        if (!_terms.KeepsWait)
            wire.Await(phase, limit, _terms.Total);
    }

    // Into the wire's buffer, or past it.
    private ValueTask<int> ReceiveOfBody<TMode>(Memory<byte> destination, bool isBuffered)
        where TMode : struct, IWaitMode
    {
        if (_meter is { } meter)
            return ReceiveMetered<TMode>(meter, destination, isBuffered);
        Await(HttpPhase.Body, _terms.Timeout.Read);
        return Receive<TMode>(destination, isBuffered);
    }

    private ValueTask<int> Receive<TMode>(Memory<byte> destination, bool isBuffered)
        where TMode : struct, IWaitMode => isBuffered ? wire.Fill<TMode>() : wire.ReadInto<TMode>(destination);

    private async ValueTask<int> ReceiveMetered<TMode>(ThroughputMeter meter, Memory<byte> destination, bool isBuffered)
        where TMode : struct, IWaitMode
    {
        TimeSpan limit = _terms.Timeout.Read;
        TimeSpan patience = meter.Patience;
        bool isMetered = limit == Timeout.InfiniteTimeSpan || patience < limit;
        Await(HttpPhase.Body, isMetered ? patience : limit);
        long start = connection.Clock.GetTimestamp();
        try
        {
            int received = await Receive<TMode>(destination, isBuffered).ConfigureAwait(false);
            bool isInTime = meter.Count(received, connection.Clock.GetElapsedTime(start));
            return isInTime || !isMetered || _terms.Total.HasPassed ? received : throw meter.TooSlow(default);
        }
        catch (ReadTimeoutException) when (isMetered)
        {
            throw meter.TooSlow(connection.Clock.GetElapsedTime(start));
        }
    }

    // Over TLS a direct read has to have room for a whole record, or the rest of it would lie in the engine, out of sight of the idle
    // check.
    private int DirectRoom(int length)
    {
        long direct = session.DirectBytes;
        int room = (int)Math.Min(direct, length);
        if (wire.Tls is not null)
            return room >= LeastDirectRead ? room : 0;
        if (_isChunked)
            return room >= LeastDirectChunk ? room : 0;
        return room >= LeastDirectRead || room == direct ? room : 0;
    }
}
