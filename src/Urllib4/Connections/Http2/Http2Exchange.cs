using System.Diagnostics.CodeAnalysis;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http2;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// One request and its response on an HTTP/2 connection: a stream. Its caller waits here for what the reader of the connection brings. All
/// that both touch is guarded by the gate of the connection.
/// </summary>
internal sealed partial class Http2Exchange : Exchange
{
    private readonly Http2Connection _connection;
    private Lease _lease;
    private ExchangeTerms _terms;
    private ConnectionFigures _figures;
    private CancellationTokenRegistration _stop;
    private CancellationToken _stoppedBy;
    private bool _isStopped; // the caller has cancelled
    private bool _isAborted;
    private bool _isOver;
    private SendProgress _lastProgress;

    private bool _isParked; // somebody waits for the signal
    private bool _isParkedUpload; // and also wants to know when more of the body can go out
    private bool _hasExpired;
    private HttpPhase _phase;
    private TimeSpan _limit;
    private long _parkedAt;
    private long _waitBy;

    public Http2Exchange(Http2Connection connection)
    {
        _connection = connection;
        Stream = new Http2Stream(this);
        _body = new PooledBuffer(connection.Buffers);
    }

    /// <summary>What the session knows of it.</summary>
    public Http2Stream Stream { get; private set; }

    /// <summary>What the caller waits for.</summary>
    public StreamSignal Signal { get; } = new();

    /// <summary>The next one that is woken in the same step.</summary>
    public Http2Exchange? NextWoken { get; set; }

    /// <summary>Whether the caller holds his thread while he waits.</summary>
    public bool IsBlocking { get; private set; }

    /// <summary>How far the caller is.</summary>
    public HttpPhase Phase => HasHead ? HttpPhase.Body : _isSent ? HttpPhase.Head : HttpPhase.Send;

    public override SendProgress Progress => _isOver ? _lastProgress
        : HasHead || _hasInformed ? SendProgress.HeadStarted
        : _isUnprocessed || Stream.Id == 0 || !_isOpened || _connection.Frames.Taken <= _headStart ? SendProgress.NothingWritten
        : _isSent ? SendProgress.AllWritten : SendProgress.SomeWritten;

    public override ConnectionFigures Stamp => _figures with { BytesWritten = _bytesWritten, BytesRead = _bytesRead };

    public override bool IsSwitched => false;

    public override bool IsStream => true;

    public ExchangeHandle Start(Lease lease, in ExchangeTerms terms, in ConnectionFigures figures)
    {
        _lease = lease;
        _terms = terms;
        _figures = figures;
        _isStopped = _isAborted = _isOver = _hasExpired = false;
        StartSending();
        StartReceiving();
        Stream.Target = terms.Head;
        _stop = StopOn(terms.CancellationToken);
        return new ExchangeHandle(this, NextUse());
    }

    public override CancellationTokenRegistration StopOn(CancellationToken cancellationToken)
    {
        _stoppedBy = cancellationToken;
        return cancellationToken.UnsafeRegister(static self => ((Http2Exchange)self!).Stop(), this);
    }

    public override void EndBy(Deadline total) => _terms = _terms with { Total = total };

    public override void ReleaseCaller() => _stop.Dispose();

    public override void Abort() => _connection.Step(this, static self =>
    {
        self._isAborted = true;
        self.Unpark();
    });

    public override Stream TakeOver() => throw new NotSupportedException("HTTP/2 switches to no other protocol.");

    /// <summary>Ends the wait of the caller, if he waits. Under the gate.</summary>
    public void Unpark()
    {
        if (!_isParked)
            return;
        _isParked = _isParkedUpload = false;
        _connection.Wake(this);
    }

    /// <summary>Ends his wait if it is about his upload. Under the gate.</summary>
    public void UnparkUpload()
    {
        if (_isParkedUpload)
            Unpark();
    }

    /// <summary>Ends his wait if its time is over; else says when that is. Under the gate.</summary>
    public long Expire(long now)
    {
        if (!_isParked)
            return long.MaxValue;
        if (now < _waitBy)
            return _waitBy;
        _hasExpired = true;
        Unpark();
        return long.MaxValue;
    }

    protected override void End()
    {
        // Waits for a cancellation that is just being carried out, so that it cannot hit the next exchange.
        _stop.Dispose();
        _stop = default;
        Lease lease = _lease;
        lock (_connection.Gate)
        {
            _lastProgress = Progress;
            _isOver = true;
            _terms = default;
            _lease = default;
            _stoppedBy = default;
            // In this order and in one step: what came in between would be found by the next request. Also when the stream is closed: what
            // its caller did not read is free again then.
            if (Stream.Id != 0)
                _connection.Reset(this, Http2ErrorCode.Cancel);
            Forget();
        }

        lease.Release(_connection.End(this));
    }

    private void Stop() => _connection.Step(this, static self =>
    {
        self._isStopped = true;
        self.Unpark();
    });

    /// <summary>Begins a wait. Under the gate; then <see cref="Parked"/>, without it.</summary>
    private void Park<TMode>(HttpPhase phase, TimeSpan limit, bool isUpload = false)
        where TMode : struct, IWaitMode
    {
        IsBlocking = TMode.IsBlocking;
        Signal.Reset(IsBlocking);
        _isParked = true;
        _isParkedUpload = isUpload;
        _phase = phase;
        _limit = limit;
        TimeSpan left = _terms.Total.Cap(limit);
        TimeProvider clock = _connection.Clock;
        _parkedAt = clock.GetTimestamp();
        double ticks = Math.Ceiling(left.TotalSeconds * clock.TimestampFrequency);
        bool isEndless = left == Timeout.InfiniteTimeSpan || ticks >= long.MaxValue - _parkedAt;
        _waitBy = isEndless ? long.MaxValue : _parkedAt + (long)ticks;
        _connection.LookAt(_waitBy);
    }

    private ValueTask Parked() => Signal.Wait();

    /// <summary>Throws what ended the exchange from this side. Under the gate.</summary>
    private void ThrowIfStopped()
    {
        if (_isStopped)
            throw new OperationCanceledException(_stoppedBy);
        if (_isAborted)
            throw new ClosedPoolException("The pool of this connection") { Phase = Phase };
    }

    /// <summary>Throws when the wait that is over was too long. Under the gate.</summary>
    private void ThrowIfExpired()
    {
        if (!_hasExpired)
            return;
        _hasExpired = false;
        TimeSpan waited = _connection.Clock.GetElapsedTime(_parkedAt);
        HttpTimeoutException error = MeterOfWait?.TooSlow(waited)
            ?? WireTimeouts.Create(_phase, _limit, waited, _terms.Total, _connection.Peer);
        // The others are not harmed; but who sends nothing on one stream may be dead as a whole.
        if (Stream.Id != 0 && _isOpened)
        {
            _connection.Reset(this, Http2ErrorCode.Cancel);
            _connection.Suspect();
        }

        throw error;
    }
}
