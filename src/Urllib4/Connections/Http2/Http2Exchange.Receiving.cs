using System.Runtime.CompilerServices;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>
/// The response: what the reader of the connection brings, and what the caller takes. Bytes of the body go into the memory of a caller who
/// waits for them; only what nobody waits for lies here, in memory of the shared pool.
/// </content>
internal sealed partial class Http2Exchange
{
    private ResponseHead? _head; // what it says may be another's as soon as the response is handed over
    private Queue<ResponseHead>? _informational;
    private bool _hasInformed;
    private PooledBuffer _body; // guarded by the gate, as its pool is
    private Memory<byte> _destination; // of a caller who waits
    private int _delivered; // what went there
    private bool _hasEnded;
    private HttpHeaderDict? _trailers;
    private HttpException? _failure;
    private long _bodyRead;
    private long _bytesRead;
    private ThroughputMeter? _meter; // only while a least rate is asked for

    /// <summary>Whether the final head has come.</summary>
    public bool HasHead { get; private set; }

    /// <summary>The length that the server announced for the body.</summary>
    public long? Announced { get; private set; }

    public override bool IsComplete => _hasEnded && _body.Held.IsEmpty;

    public override long BodyBytesReceived => _bodyRead;

    public override HttpHeaderDict? Trailers => IsComplete ? _trailers : null;

    public override int? RestAtHand
    {
        get
        {
            lock (_connection.Gate)
                return _hasEnded && _trailers is null ? _body.Held.Length : null;
        }
    }

    public override ValueTask<ResponseHead> ReadHead(bool isBlocking) =>
        isBlocking ? ReadHeadAs<Blocking>() : ReadHeadAs<Asynchronous>();

    public override ValueTask<int> ReadBody(bool isBlocking, Memory<byte> destination) =>
        isBlocking ? ReadBodyAs<Blocking>(destination) : ReadBodyAs<Asynchronous>(destination);

    // To reset a stream costs nothing, so nothing is worth waiting for.
    public override bool IsWorthDraining(int most) => _hasEnded;

    public override void TakeRest(Span<byte> destination)
    {
        bool hasToSay;
        lock (_connection.Gate)
            Deliver(destination, out hasToSay);
        if (hasToSay)
            _connection.Submit(IsBlocking);
    }

    /// <summary>A 1xx head came. Under the gate, as all that follow.</summary>
    public void TakeInformational(ResponseHead head)
    {
        _hasInformed = true;
        if (_terms.OnInformational is not null)
            (_informational ??= new Queue<ResponseHead>()).Enqueue(head);
        Unpark();
    }

    /// <summary>The final head came.</summary>
    public void TakeHead(ResponseHead head, bool isEnd)
    {
        _head = head;
        HasHead = true;
        Announced = head.ContentLength;
        _hasEnded = isEnd;
        _bytesRead += head.Capacity;
        Unpark();
    }

    /// <summary>A part of the body came.</summary>
    public void TakeData(ReadOnlySpan<byte> data, bool isEnd)
    {
        _bytesRead += data.Length;
        int count = Math.Min(data.Length, _destination.Length);
        if (count > 0)
        {
            data[..count].CopyTo(_destination.Span);
            _destination = _destination[count..];
            _delivered += count;
            data = data[count..];
            _connection.Session.Consume(Stream, count, _connection.Frames);
        }

        if (!data.IsEmpty)
            _body.Append(data, RecentBuffers.Length);

        _hasEnded |= isEnd;
        if (!_isParkedUpload)
            Unpark();
    }

    /// <summary>The body ended with trailers, or without.</summary>
    public void TakeTrailers(HttpHeaderDict? trailers)
    {
        _trailers = trailers;
        _hasEnded = true;
        Unpark();
    }

    /// <summary>The stream ended before the response did.</summary>
    public void Fail(ProtocolException error)
    {
        _failure = error;
        _isUnprocessed = !error.ServerMayHaveActed;
        Unpark();
    }

    private void StartReceiving()
    {
        _head = null;
        HasHead = _hasInformed = _hasEnded = false;
        Announced = null;
        _trailers = null;
        _failure = null;
        _bodyRead = _bytesRead = 0;
        _delivered = 0;
        HttpTimeout timeout = _terms.Timeout;
        _meter = timeout.MinimumBytesPerSecond > 0 && timeout.ThroughputWindow != Timeout.InfiniteTimeSpan
            ? new ThroughputMeter(timeout.MinimumBytesPerSecond, timeout.ThroughputWindow)
            : null;
    }

    // What belongs to the call. Under the gate.
    private void Forget()
    {
        _head = null;
        _informational = null;
        _destination = default;
        _body.GiveBack();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseHead> ReadHeadAs<TMode>()
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            ResponseHead? informational;
            lock (_connection.Gate)
            {
                ThrowIfStopped();
                ThrowIfExpired();
                informational = _informational is { Count: > 0 } queue ? queue.Dequeue() : null;
                if (informational is null)
                {
                    if (_head is { } head)
                        return head;
                    ThrowIfFailed();
                    Park<TMode>(HttpPhase.Head, _terms.Timeout.EffectiveHead);
                }
            }

            if (informational is null)
                await Parked().ConfigureAwait(false);
            else
                _terms.OnInformational?.Invoke(new InformationalResponse(informational.Status, informational.Headers.Freeze()));
        }
    }

    private ValueTask<int> ReadBodyAs<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        // Mostly it is here already, since it came together with its head.
        int count = TryRead<TMode>(destination);
        return count >= 0 ? new ValueTask<int>(count) : AwaitBody<TMode>(destination);
    }

    private async ValueTask<int> AwaitBody<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        int count;
        do
            await Parked().ConfigureAwait(false);
        while ((count = TryRead<TMode>(destination)) < 0);
        return count;
    }

    // Negative when the caller has to wait.
    private int TryRead<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        int count;
        bool hasToSay;
        lock (_connection.Gate)
        {
            count = _delivered;
            _delivered = 0;
            _destination = default;
            ThrowIfStopped();
            if (count > 0)
            {
                Measure(count);
                _hasExpired = false;
                _bodyRead += count;
                return count;
            }

            count = Deliver(destination.Span, out hasToSay);
            if (count == 0 && !_hasEnded && _body.Held.IsEmpty) // who has no room for it only waits for it
            {
                ThrowIfExpired();
                ThrowIfFailed();
                Await<TMode>(destination);
                return -1;
            }
        }

        if (hasToSay)
            _connection.Submit(TMode.IsBlocking);
        return count;
    }

    private int Deliver(Span<byte> destination, out bool hasToSay)
    {
        int count = Math.Min(destination.Length, _body.Held.Length);
        hasToSay = false;
        if (count == 0)
            return 0;
        _body.Held.Span[..count].CopyTo(destination);
        _body.Use(count);
        if (_body.Held.IsEmpty)
            _body.GiveBack();
        _bodyRead += count;
        _connection.Session.Consume(Stream, count, _connection.Frames);
        hasToSay = !_connection.Frames.IsEmpty;
        return count;
    }

    private void Await<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        _destination = destination;
        TimeSpan limit = _terms.Timeout.Read;
        if (_meter is { } meter && (limit == Timeout.InfiniteTimeSpan || meter.Patience < limit))
            limit = meter.Patience;
        Park<TMode>(HttpPhase.Body, limit);
    }

    // Null when what ended the wait is the limit of a phase, or the end of the call, and not the least rate.
    private ThroughputMeter? MeterOfWait =>
        _phase == HttpPhase.Body && _limit != _terms.Timeout.Read && !_terms.Total.HasPassed ? _meter : null;

    private void Measure(int count)
    {
        if (_meter?.Count(count, _connection.Clock.GetElapsedTime(_parkedAt)) == false && MeterOfWait is { } meter)
            throw meter.TooSlow(default);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw failure;
        if (_connection.HasEnded)
            throw _connection.FailureFor(this);
    }
}
