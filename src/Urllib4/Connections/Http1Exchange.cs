using System.Buffers;
using System.Runtime.CompilerServices;
using Urllib4.Bodies;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol.Http1;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// The exchange of an HTTP/1.1 connection. The connection has one and uses it again and again; whoever holds on to it beyond
/// <see cref="Finish"/> holds nothing, since the lease tells.
/// </summary>
internal sealed partial class Http1Exchange(Http1Connection connection, Wire wire, Http1Session session) : Exchange
{
    // One TLS record: the most that one read of TLS gives, so the least a direct read has to have room for.
    private const int LeastDirectRead = Wire.ReadBufferLength;

    private const int UploadBufferLength = 64 * 1024;

    private Lease _lease;
    private ExchangeTerms _terms;
    private CancellationTokenRegistration _stop;
    private CancellationToken _stoppedBy;
    private bool _isSent;
    private long _bodySent;
    private bool _hasOpenedBody;
    private Exception? _sendFailure;
    private ResponseHead? _head;
    private bool _isSwitched;
    private ThroughputMeter? _meter; // only while a least rate is asked for
    private bool _isStreamed; // the caller decides when the next part is read
    private bool _isFinishing; // interlocked
    private bool _isOver; // from here on the two below tell, since the counters of the wire begin anew
    private SendProgress _lastProgress;
    private ExchangeStamp _lastStamp;

    public override SendProgress Progress => _isOver ? _lastProgress
        : wire.BytesRead > 0 ? SendProgress.HeadStarted
        : wire.BytesWritten == 0 ? SendProgress.NothingWritten
        : _isSent ? SendProgress.AllWritten : SendProgress.SomeWritten;

    public override long BodyBytesSent => _bodySent;

    public override bool HasOpenedBody => _hasOpenedBody;

    public override ExchangeStamp Stamp => _isOver ? _lastStamp : connection.Stamp();

    public override bool IsComplete => session.IsResponseComplete;

    public override bool IsSwitched => _isSwitched;

    public override long BodyBytesReceived => session.BodyBytesReceived;

    public override HttpHeaderDict? Trailers => session.Trailers;

    public override bool IsFinished => !_lease.IsCurrent;

    public void Start(Lease lease, in ExchangeTerms terms)
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
        _isStreamed = _isOver = _isFinishing = _isSwitched = false;
        _stop = StopOn(terms.CancellationToken);
    }

    public override CancellationTokenRegistration StopOn(CancellationToken cancellationToken)
    {
        _stoppedBy = cancellationToken;
        return cancellationToken.UnsafeRegister(static w => ((Wire)w!).Cut(WireEnd.Cancelled), wire);
    }

    public override void EndBy(Deadline total) => _terms = _terms with { Total = total };

    public override void ReleaseCaller()
    {
        _stop.Dispose();
        _isStreamed = true;
        wire.Pause();
    }

    public override ValueTask Send<TMode>(RequestHead head, RequestBody? body) => SendOwn<TMode>(head, body);

    internal async ValueTask SendOwn<TMode>(RequestHead head, RequestBody? body)
        where TMode : struct, IWaitMode
    {
        AwaitNetwork();
        session.SendHead(head, wire);
        if (!session.IsRequestComplete && await MaySendBody<TMode>().ConfigureAwait(false))
            await SendBody<TMode>(body!).ConfigureAwait(false);
        await Flush<TMode>().ConfigureAwait(false);
        _isSent = session.IsRequestComplete && _sendFailure is null;
    }

    public override ValueTask<ResponseHead> ReadHead<TMode>() => ReadOwnHead<TMode>();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<ResponseHead> ReadOwnHead<TMode>()
        where TMode : struct, IWaitMode
    {
        wire.Await(HttpPhase.Head, _terms.Timeout.EffectiveHead, _terms.Total);
        // What a receive under way brings is looked at when it has ended.
        while (_head is null && (wire.IsReceiving || !TryParseHead()))
        {
            if (await Receive<TMode>(default).ConfigureAwait(false) == 0)
                session.ReceiveEof(wire.EndedCleanly, wire.Break ?? _sendFailure);
        }

        return _head!;
    }

    public override ValueTask<int> ReadBody<TMode>(Memory<byte> destination) => ReadOwnBody<TMode>(destination);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<int> ReadOwnBody<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            if (wire.Unread.IsEmpty && DirectRoom(destination.Length) is > 0 and int room)
            {
                int received = await ReceiveOfBody<TMode>(destination[..room]).ConfigureAwait(false);
                if (received == 0)
                    session.ReceiveEof(wire.EndedCleanly, wire.Break);
                session.TookDirect(received);
                return received;
            }

            BodyResult result = session.ReceiveBody(wire.Unread, destination.Span, out int consumed, out int written);
            wire.Consume(consumed);
            if (written > 0 || result == BodyResult.End)
                return written;
            if (await ReceiveOfBody<TMode>(default).ConfigureAwait(false) == 0)
                session.ReceiveEof(wire.EndedCleanly, wire.Break ?? _sendFailure);
        }
    }

    // What is known to be longer, or to end only with the connection, is not worth a byte.
    public override bool IsWorthDraining(int most) =>
        !_isSwitched && session.IsRequestComplete && _head is { KeepAlive: true } && session.DirectBytes <= most;

    public override Stream TakeOver() => new UpgradedStream(this, wire);

    public override void Abort() => wire.Cut(WireEnd.Closed);

    public override void Finish()
    {
        if (IsFinished || Interlocked.Exchange(ref _isFinishing, true))
            return;
        // A body that breaks off ends the exchange before anybody asks whether the request may be sent again.
        _lastProgress = Progress;
        _lastStamp = connection.Stamp();
        _isOver = true;
        // Waits for a cancellation that is just being carried out, so that it cannot hit the next exchange.
        _stop.Dispose();
        // An idle connection holds nothing of the call it has served: neither its head nor its callbacks.
        _terms = default;
        _head = null;
        _lease.Release(connection.End());
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
                _isSwitched = result == HeadResult.Switching;
                connection.TakeHint(head!);
                return true;
            }

            _terms.OnInformational?.Invoke(new InformationalResponse(head!.Status, head.Headers.Freeze()));
        }
    }

    // Into the wire's buffer when no destination is given.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> Receive<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        try
        {
            int received = destination.IsEmpty
                ? await wire.Fill<TMode>().ConfigureAwait(false)
                : await wire.ReadInto<TMode>(destination).ConfigureAwait(false);
            if (_isStreamed)
                wire.Pause();
            return received;
        }
        catch (Exception e) when (wire.Explain(e, _stoppedBy) is { } own)
        {
            throw own;
        }
    }

    private ValueTask<int> ReceiveOfBody<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        if (_meter is { } meter)
            return ReceiveMetered<TMode>(meter, destination);
        wire.Await(HttpPhase.Body, _terms.Timeout.Read, _terms.Total);
        return Receive<TMode>(destination);
    }

    private async ValueTask<int> ReceiveMetered<TMode>(ThroughputMeter meter, Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        TimeSpan limit = _terms.Timeout.Read;
        TimeSpan patience = meter.Patience;
        bool isMetered = limit == Timeout.InfiniteTimeSpan || patience < limit;
        wire.Await(HttpPhase.Body, isMetered ? patience : limit, _terms.Total);
        long start = connection.Clock.GetTimestamp();
        try
        {
            int received = await Receive<TMode>(destination).ConfigureAwait(false);
            meter.Count(received, connection.Clock.GetElapsedTime(start));
            return received;
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
        int room = (int)Math.Min(session.DirectBytes, length);
        return wire.Tls is null || room >= LeastDirectRead ? room : 0;
    }

    // Expect: 100-continue (RFC 9110, section 10.1.1): the body waits for a word of the server, but not for ever.
    private async ValueTask<bool> MaySendBody<TMode>()
        where TMode : struct, IWaitMode
    {
        if (!session.AwaitsContinue)
            return true;
        await Flush<TMode>().ConfigureAwait(false);
        Deadline by = Deadline.In(_terms.Timeout.Continue, connection.Clock);
        while (session.AwaitsContinue && _sendFailure is null && await HasAnswer<TMode>(by.Remaining).ConfigureAwait(false))
        {
        }

        return _head is null && _sendFailure is null;
    }

    /// <summary>Whether something of the response came within the time; what came is parsed.</summary>
    private async ValueTask<bool> HasAnswer<TMode>(TimeSpan limit)
        where TMode : struct, IWaitMode
    {
        int? received;
        try
        {
            received = await wire.TryFill<TMode>(limit).ConfigureAwait(false);
        }
        catch (Exception e) when (wire.Explain(e, _stoppedBy) is { } own)
        {
            throw own;
        }

        if (received is null)
            return false;
        if (received == 0)
            _sendFailure ??= wire.Break ?? new EndOfStreamException("The server closed the connection while the request was being sent.");
        else
            TryParseHead();
        return true;
    }

    private async ValueTask SendBody<TMode>(RequestBody body)
        where TMode : struct, IWaitMode
    {
        if (body.InMemory is { } bytes)
        {
            // A large one in parts, so that a refusal is heard before all of it is on its way.
            for (; bytes.Length > UploadBufferLength; bytes = bytes[UploadBufferLength..])
            {
                await SendPart<TMode>(bytes[..UploadBufferLength], body.Length).ConfigureAwait(false);
                if (_sendFailure is not null || await IsRefused<TMode>().ConfigureAwait(false))
                    return;
            }

            await SendPart<TMode>(bytes, body.Length).ConfigureAwait(false);
            if (_sendFailure is null)
                session.EndRequest(null, wire);
            return;
        }

        if (body is PushedBody pushed)
        {
            await PushBody<TMode>(pushed).ConfigureAwait(false);
            return;
        }

        _hasOpenedBody = true;
        Stream source = body.Open();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(UploadBufferLength);
        try
        {
            while (true)
            {
                AwaitSource();
                int count = await TMode.Read(source, buffer, _stoppedBy).ConfigureAwait(false);
                AwaitNetwork();
                if (count == 0)
                    break;
                await SendPart<TMode>(buffer.AsMemory(0, count), body.Length).ConfigureAwait(false);
                await Flush<TMode>().ConfigureAwait(false);
                if (_sendFailure is not null || await IsRefused<TMode>().ConfigureAwait(false))
                    return;
            }

            session.EndRequest(body.GetTrailers(), wire);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await TMode.Dispose(source).ConfigureAwait(false);
        }
    }

    // RFC 9112, section 9.5: a server that answers early with a refusal does not want the rest of the body.
    private async ValueTask<bool> IsRefused<TMode>()
        where TMode : struct, IWaitMode
    {
        if (_head is null)
            await HasAnswer<TMode>(TimeSpan.Zero).ConfigureAwait(false);
        return _sendFailure is not null || _head is { Status: >= 300 };
    }

    private async ValueTask SendPart<TMode>(ReadOnlyMemory<byte> data, long? length)
        where TMode : struct, IWaitMode
    {
        session.BeginData(data.Length, wire);
        _bodySent += data.Length;
        await Guarded(wire.Write<TMode>(data)).ConfigureAwait(false);
        session.EndData(wire);
        _terms.UploadProgress?.Report(new TransferProgress(_bodySent, length));
    }

    private ValueTask Flush<TMode>()
        where TMode : struct, IWaitMode => Guarded(wire.Flush<TMode>());

    // A write that fails is remembered, not thrown: the server may have answered before it closed, and its answer is worth more than
    // a broken pipe.
    private async ValueTask Guarded(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (wire.Explain(e, _stoppedBy) is { } own)
        {
            throw own;
        }
        catch (Exception e) when (WireFailures.IsBreak(e))
        {
            _sendFailure = e;
        }
    }
}
