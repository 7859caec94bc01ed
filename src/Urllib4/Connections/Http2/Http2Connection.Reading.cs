using Urllib4.Primitives;
using Urllib4.Protocol.Http2;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <content>
/// What comes from the server. A socket is read by a thread of the connection: it costs less than the platform's way from 1 stream on, it
/// answers the server when no caller waits, and blocking callers never depend on the thread pool. There is one such thread for a connection
/// that has streams, and none for one that has been idle for a moment. A stream of somebody's own dialer is read asynchronously, since
/// nobody can ask it whether a read would wait.
/// <para>
/// The thread also lets asynchronous callers go on, which saves waking another one. If the code of one of them does not come back soon,
/// another thread reads on, and for a while callers go on in the thread pool.
/// </para>
/// </content>
internal sealed partial class Http2Connection
{
    // How long the thread waits for the next request before it ends, and at the most until it looks whether it is wanted.
    private static readonly TimeSpan _linger = TimeSpan.FromMilliseconds(100);

    // How long callers go on in the pool after one of them has held up the reader. That may have been the compiler, once.
    private static readonly TimeSpan _distrust = TimeSpan.FromSeconds(1);

    private bool _isReading;
    private long _trustedFrom; // callers go on in the pool until then, in milliseconds of the system

    /// <summary>Sees to it that somebody reads, once there is a stream. Not under the gate.</summary>
    public void StartReading()
    {
        lock (_gate)
        {
            if (_isReading || _end is not null)
                return;
            _isReading = true;
        }

        BeginReading();
    }

    private void BeginReading()
    {
        if (_wire.Listener.CanPoll)
        {
            var reader = new Thread(static self => ((Http2Connection)self!).ReadOnThisThread())
            {
                IsBackground = true,
                Name = "Urllib4 HTTP/2",
            };
            reader.UnsafeStart(this);
        }
        else
        {
            Detach(static self => self.Read<Asynchronous>(null));
        }
    }

    private void ReadOnThisThread()
    {
        var self = new ReaderWatch.Reader(ReaderWatch.Shared, ReadElsewhere);
        ReaderWatch.Shared.Add(self);
        Blocking.Result(Read<Blocking>(self));
        ReaderWatch.Shared.Remove(self);
    }

    // The code of a caller holds up the thread that reads.
    private void ReadElsewhere()
    {
        Volatile.Write(ref _trustedFrom, Environment.TickCount64 + (long)_distrust.TotalMilliseconds);
        BeginReading();
        _resumed.Start();
    }

    private async ValueTask Read<TMode>(ReaderWatch.Reader? self)
        where TMode : struct, IWaitMode
    {
        try
        {
            bool wasQuiet = false;
            while (true)
            {
                int? received = TMode.IsBlocking
                    ? await _wire.Listener.TryFill<TMode>(_linger).ConfigureAwait(false)
                    : await _wire.Fill<TMode>().ConfigureAwait(false);
                if (received is { } count && !Take(count, self))
                    return;
                wasQuiet = MayRest(received is null, wasQuiet, out bool isOver);
                if (isOver)
                    break;
            }
        }
        catch (Exception e) when (e is HttpException or OperationCanceledException || WireFailures.IsBreak(e))
        {
            // Only a close of ours is explained as an error; all that comes from outside is the end of the stream.
            Break(e);
        }

        Release();
    }

    /// <summary>Says whether the reader may go; from then on he is none.</summary>
    private bool MayRest(bool isQuiet, bool wasQuiet, out bool isOver)
    {
        lock (_gate)
        {
            bool isIdle = _session.ActiveStreams == 0 && _unopened.Count == 0;
            isOver = _end is not null || (isIdle && isQuiet && wasQuiet);
            if (isOver)
                StopReading();
            return isIdle && isQuiet;
        }
    }

    // An idle connection holds no buffers. Under the gate.
    private void StopReading()
    {
        _isReading = false;
        _session.Trim();
        _buffers.Clear();
        if (!_isWriting)
            _wire.Rest();
    }

    // The context of the first request must not become that of all that follow.
    private void Detach(Func<Http2Connection, ValueTask> run)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            run(this).AsTask().Forget();
            return;
        }

        using (ExecutionContext.SuppressFlow())
            run(this).AsTask().Forget();
    }

    /// <summary>Lets the session take what has come on a connection that nobody reads. Never waits.</summary>
    private void TakeNews()
    {
        lock (_gate)
        {
            if (_isReading || _isOver)
                return;
            _isReading = true;
        }

        try
        {
            while (!_isOver && Blocking.Result(_wire.Listener.TryFill<Blocking>(TimeSpan.Zero)) is { } count)
                Take(count, null);
        }
        catch (Exception e) when (e is HttpException or OperationCanceledException || WireFailures.IsBreak(e))
        {
            Break(e);
        }

        bool isWanted;
        lock (_gate)
        {
            isWanted = _end is null && (_session.ActiveStreams > 0 || _unopened.Count > 0);
            if (!isWanted)
                StopReading();
        }

        if (isWanted)
            BeginReading(); // somebody has opened a stream meanwhile, and relies on us
        Release();
    }

    // Takes what was received; 0 is the end. False when somebody else reads on.
    private bool Take(int count, ReaderWatch.Reader? reader)
    {
        if (count == 0)
        {
            Break(_wire.Break ?? new EndOfStreamException());
            return true;
        }

        Http2Exception? fault = null;
        lock (_gate)
        {
            if (_end is not null)
                return true;
            CountPeriod();
            try
            {
                TakeEvents(_wire.Unread);
            }
            catch (Http2Exception e)
            {
                fault = e;
                EndAll(e);
                _partsBy = Clock.GetTimestamp() + (long)(_farewell.TotalSeconds * Clock.TimestampFrequency);
            }

            _wire.Consume(_wire.Unread.Length);
            Publish();
        }

        // The GOAWAY that says why leaves before anybody hears of the end: who does closes the connection.
        if (fault is not null)
            Part();
        if (reader is null || Environment.TickCount64 < Volatile.Read(ref _trustedFrom))
        {
            Settle();
            Flush();
            return true;
        }

        Announce();
        Flush(); // what the session has to say waits for nobody
        return reader.Run(_resumed);
    }

    private void Break(Exception reason)
    {
        lock (_gate)
        {
            EndAll(reason);
            _isReading = false;
        }

        _wire.Cut(WireEnd.Closed);
        Settle();
    }

    private void CountPeriod()
    {
        long now = Clock.GetTimestamp();
        if (Clock.GetElapsedTime(_periodStart, now) < _period)
            return;
        _periodStart = now;
        _session.BeginPeriod();
    }

    private void TakeEvents(ReadOnlySpan<byte> input)
    {
        while (true)
        {
            Http2Event found = _session.Receive(ref input, _frames);
            if (found.Kind is Http2EventKind.None)
                return;
            var exchange = (Http2Exchange?)found.Stream?.Owner;
            switch (found.Kind)
            {
                case Http2EventKind.Informational:
                    exchange!.TakeInformational(found.Head);
                    break;
                case Http2EventKind.Head:
                    exchange!.TakeHead(found.Head, found.IsEnd);
                    break;
                case Http2EventKind.Data:
                    exchange!.TakeData(found.Data, found.IsEnd);
                    break;
                case Http2EventKind.Trailers:
                    exchange!.TakeTrailers(found.Trailers);
                    break;
                case Http2EventKind.Reset:
                    TakeReset(exchange!, found.Error);
                    break;
                case Http2EventKind.UploadStopped:
                    exchange!.StopUpload();
                    break;
                default:
                    TakeOwn(found, exchange);
                    break;
            }

            if (found.Stream is { State: StreamState.Closed })
                ServeUnopened();
        }
    }

    // What concerns the connection.
    private void TakeOwn(Http2Event found, Http2Exchange? exchange)
    {
        switch (found.Kind)
        {
            case Http2EventKind.WindowOpened when exchange is not null:
                exchange.UnparkUpload();
                break;
            case Http2EventKind.WindowOpened or Http2EventKind.SettingsChanged:
                if (_session.HasSettings)
                    _limit.Value = _session.MaxStreams;
                foreach (Http2Stream stream in _session.Streams)
                    ((Http2Exchange)stream.Owner!).UnparkUpload();
                ServeUnopened();
                break;
            case Http2EventKind.PingAcknowledged when found.Ping == _pings:
                _isSuspect = false;
                break;
            case Http2EventKind.GoAway:
                _goAway = found.GoAway;
                ServeUnopened();
                break;
        }
    }

    private void TakeReset(Http2Exchange exchange, ProtocolException error)
    {
        if (error is Http2Exception { ErrorCode: Http2ErrorCode.Http11Required })
        {
            _needsHttp11 = true;
            _onHttp11Required?.Invoke();
        }

        exchange.Fail(error);
    }
}
