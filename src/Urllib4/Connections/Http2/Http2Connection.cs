using System.Diagnostics.CodeAnalysis;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http2;
using Urllib4.Transport;

namespace Urllib4.Connections;

/// <summary>
/// A wire that speaks HTTP/2: many exchanges at once, of blocking and of asynchronous callers. The session knows the protocol; this adds
/// the lock around it, who reads, who writes, and who is woken.
/// </summary>
/// <remarks>
/// <para>
/// Callers never read the wire. While there are streams, one thread of the connection does, with blocking receives; some time after the
/// last stream it ends, and then whoever looks at the idle connection lets the session take what has come.
/// </para>
/// <para>
/// The gate is held for a step of the session, and never while something is read, written, waited for or woken.
/// </para>
/// </remarks>
internal sealed partial class Http2Connection : HttpConnection
{
    // What a server may ask for nothing is counted anew then.
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Wire _wire;
    private readonly Http2Session _session; // guarded by _gate, as are all fields that change
    private readonly FrameQueue _frames = new();
    private readonly ResumeQueue _resumed;
    private readonly RecentBuffers _buffers = new();
    private readonly HttpConnectionInfo _identity;
    private readonly Action? _onHttp11Required;
    private readonly StreamLimit _limit;
    private readonly Stack<Http2Exchange> _spare = new();
    private readonly LinkedList<Http2Exchange> _unopened = new(); // wait until the server allows another stream
    private Http2Exchange? _woken; // blocking callers to be woken when the gate is open again
    private Exception? _end; // what ended the connection
    private GoAwayFrame? _goAway;
    private bool _isClosed;
    private bool _isReleased;
    private bool _needsHttp11;
    private ulong _pings;
    private bool _isSuspect; // a stream has timed out, and the PING sent then has not come back
    private long _periodStart;
    private bool _hasChanged; // what the pool has to be told
    private int _capacity; // these three are read without the gate
    private bool _acceptsMore = true;
    private volatile bool _isOver;

    /// <param name="wire">The wire, with nothing read or written yet; owned from now on.</param>
    /// <param name="identity">Its figures.</param>
    /// <param name="scheme">The scheme of all requests.</param>
    /// <param name="options">What holds for the pool.</param>
    /// <param name="isBlocking">Whether it was dialed by a blocking caller.</param>
    /// <param name="limit">What the server said on the connection before.</param>
    /// <param name="onHttp11Required">Told when the server wants HTTP/1.1.</param>
    public Http2Connection(
        Wire wire,
        HttpConnectionInfo identity,
        string scheme,
        PoolOptions options,
        bool isBlocking,
        StreamLimit limit,
        Action? onHttp11Required = null)
        : base(identity.Id, options.Clock, isBlocking)
    {
        _wire = wire;
        _identity = identity;
        _onHttp11Required = onHttp11Required;
        _limit = limit;
        _session = new Http2Session(new Http2SessionOptions { Scheme = scheme, Limits = options.Limits, ExpectedStreams = limit.Value });
        _resumed = new ResumeQueue(Flush);
        _periodStart = Clock.GetTimestamp();
        // The limits are those of the streams; the wire itself may be silent for as long as it likes.
        wire.Await(HttpPhase.Head, Timeout.InfiniteTimeSpan, Deadline.None);
        _session.Start(_frames); // leaves together with the first request
        Publish();
    }

    public override int Capacity => Volatile.Read(ref _capacity);

    public override bool AcceptsMore => Volatile.Read(ref _acceptsMore);

    public override bool IsOver => _isOver;

    /// <summary>Whom it leads to, for messages.</summary>
    public string Peer => _wire.Peer;

    /// <summary>Where bytes of bodies lie for which nobody waits yet. Under the gate.</summary>
    public RecentBuffers Buffers => _buffers;

    /// <summary>One step at a time.</summary>
    public Lock Gate => _gate;

    public override bool HasNews
    {
        get
        {
            lock (_gate)
            {
                if (_isReading || _isOver)
                    return _isOver;
            }

            return _wire.HasNews;
        }
    }

    public override bool IsAlive(bool isBlocking)
    {
        if (HasNews)
            TakeNews();
        return !_isOver && AcceptsMore && Capacity > 0;
    }

    public override ExchangeHandle Begin(Lease lease, in ExchangeTerms terms)
    {
        Http2Exchange? exchange;
        int served;
        lock (_gate)
        {
            _spare.TryPop(out exchange);
            served = RequestsServed;
        }

        return (exchange ?? new Http2Exchange(this)).Start(lease, terms, new ConnectionFigures(
            _identity, Clock.GetCoarseTime() - OpenedAt, IdleTime, served, 0, 0));
    }

    public override ConnectionFigures Stamp() => new(
        _identity, Clock.GetCoarseTime() - OpenedAt, IdleTime, RequestsServed, _wire.BytesWritten, _wire.BytesRead);

    private TimeSpan IdleTime => TakenAt > IdleSince ? TakenAt - IdleSince : TimeSpan.Zero;

    public override void Close()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            if (_end is null)
                _session.GoAway(Http2ErrorCode.NoError, _frames);
            EndAll(new ClosedPoolException("The pool of this connection"));
        }

        Settle();
        Flush();
        bool isInUse;
        lock (_gate)
            isInUse = (_isReading || _isWriting) && _partsBy == long.MaxValue;
        if (isInUse)
            _wire.Cut(WireEnd.Closed); // who reads or writes clears the rest away
        Release();
    }

    /// <summary>Ends an exchange for good; it may serve another request.</summary>
    public bool End(Http2Exchange exchange)
    {
        bool isFit;
        lock (_gate)
        {
            Forget(exchange);
            RequestsServed++;
            isFit = !_isOver;
            if (_spare.Count < Http2Settings.StreamsBeforeSettings)
                _spare.Push(exchange);
        }

        Settle();
        Submit(isBlocking: exchange.IsBlocking);
        return isFit;
    }

    /// <summary>Ends a stream at once. Under the gate.</summary>
    public void Reset(Http2Exchange exchange, Http2ErrorCode code)
    {
        _session.Reset(exchange.Stream, code, _frames);
        ServeUnopened();
    }

    /// <summary>A stream has timed out: until a PING came back, nobody else gets onto this connection. Under the gate.</summary>
    public void Suspect()
    {
        if (_end is not null)
            return;
        _isSuspect = true;
        _session.Ping(++_pings, _frames);
        Publish();
    }

    /// <summary>The error for an exchange that the end of the connection has cut off. Each gets one of its own. Under the gate.</summary>
    public HttpException FailureFor(Http2Exchange exchange)
    {
        HttpPhase phase = exchange.Phase;
        switch (_end)
        {
            case ClosedPoolException:
                return new ClosedPoolException("The pool of this connection") { Phase = phase };
            case Http2Exception e:
                return new Http2Exception(e.Sentence, e.ErrorCode, 0, phase, e.InnerException);
        }

        Exception? cause = _end is EndOfStreamException ? null : _end;
        string what = (_goAway, cause) switch
        {
            ({ } goAway, _) => $"The server closed the connection after a GOAWAY with {goAway.Code}",
            (_, null) => "The server closed the connection",
            _ => "The connection broke",
        };
        return exchange.HasHead
            ? new IncompleteReadException(exchange.BodyBytesReceived, exchange.Announced, null, cause)
            : new ConnectionClosedException($"{what} before the first byte of a response.", phase, cause);
    }

    /// <summary>What changed by a step of the session becomes known to the pool. Under the gate.</summary>
    private void Publish()
    {
        bool accepts = !_session.IsClosing && _end is null && !_needsHttp11 && _sendFailure is null;
        int capacity = _isSuspect ? 0 : _session.MaxStreams;
        if (accepts == _acceptsMore && capacity == _capacity && _isOver == _end is not null)
            return;
        Volatile.Write(ref _acceptsMore, accepts);
        Volatile.Write(ref _capacity, capacity);
        _isOver = _end is not null;
        _hasChanged = true;
    }

    /// <summary>What has to be done after each step, when the gate is open again: the pool is told, and callers are woken.</summary>
    private void Settle()
    {
        Announce();
        _resumed.Start();
    }

    // All of it but that asynchronous callers go on.
    private void Announce()
    {
        Http2Exchange? woken;
        bool hasChanged;
        lock (_gate)
        {
            (woken, _woken) = (_woken, null);
            (hasChanged, _hasChanged) = (_hasChanged, false);
        }

        if (hasChanged)
            Changed?.Invoke(this);
        while (woken is not null)
        {
            Http2Exchange? next = woken.NextWoken; // before he is woken: then it is his again
            woken.NextWoken = null;
            woken.Signal.Set();
            woken = next;
        }
    }

    /// <summary>Ends the connection and all that is on it. Under the gate.</summary>
    private void EndAll(Exception reason)
    {
        if (_end is not null)
            return;
        _end = reason;
        foreach (Http2Stream stream in _session.Streams)
            ((Http2Exchange)stream.Owner!).Unpark();
        foreach (Http2Exchange exchange in _unopened)
            exchange.Unpark();
        _unopened.Clear();
        Publish();
    }

    /// <summary>Whether the connection has ended, so that nothing more comes. Under the gate.</summary>
    public bool HasEnded => _end is not null;

    // The last one who reads or writes clears away; so nothing is given back that somebody still uses.
    [SuppressMessage("Reliability", "CA2000", Justification = "closed here")]
    private void Release()
    {
        bool isLast, hasToPart;
        lock (_gate)
        {
            hasToPart = _partsBy != long.MaxValue && !_isWriting; // it was left to who wrote
            isLast = _isClosed && !_isReading && !_isWriting && !_isReleased;
            if (isLast)
            {
                _isReleased = true;
                _frames.Clear();
                _timer?.Dispose();
            }
        }

        if (hasToPart)
            _wire.Cut(WireEnd.Closed);
        if (!isLast)
            return;
        _wire.Rest();
        _wire.Close();
    }
}
