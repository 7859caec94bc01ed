using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// A stream with a read buffer, a write buffer, a limit on every wait, an idle check and one way to cut it: the only owner of a socket.
/// It carries one exchange at a time; between exchanges it holds no buffers.
/// </summary>
/// <remarks>
/// No token of a caller ever reaches a read or a write: a cancelled write would tear a TLS record in two. A cancelled call cuts the whole
/// wire instead, and so does a limit that runs out.
/// </remarks>
internal sealed partial class Wire : IBufferWriter<byte>, IDisposable
{
    // One TLS record of plain text, so that whatever a record held is seen here and never left in the engine.
    public const int ReadBufferLength = 16 * 1024;

    // Many small chunks with one receive; only for a body that comes faster than the buffer above holds.
    private const int LargeReadBufferLength = 128 * 1024;

    private const int WriteBufferLength = 4 * 1024;

    private readonly TimeProvider _clock;
#pragma warning disable CA2213 // Cut disposes it: the rule sees Dispose only
    private readonly SocketStream? _socket;
#pragma warning restore CA2213
    private WireWatch? _watch;
    private Stream _stream;
    private PooledBuffer _received;
    private PooledBuffer _written;
    private bool _isFlowing; // the last receive brought all that there was room for
    private int _end; // a WireEnd; the first reason stays
    private HttpPhase _phase;
    private TimeSpan _limit;
    private long _waitingSince;
    private long _waitBy = long.MaxValue;
    private Deadline _total;
    private bool _isResting;
    private bool _isSpoiled; // something came that nobody had asked for
    private ValueTask<int>? _early; // a receive that was begun before the request was sent
    private CancellationToken _stoppedBy;

    /// <param name="stream">What the bytes travel on; owned from now on.</param>
    /// <param name="clock">The clock of every limit.</param>
    /// <param name="isBlocking">Whether it is going to be used by blocking callers.</param>
    /// <param name="peer">Whom it leads to, for messages: host and port.</param>
    public Wire(Stream stream, TimeProvider clock, bool isBlocking, string peer)
    {
        Peer = peer;
        _stream = stream;
        _clock = clock;
        _socket = stream as SocketStream;
        LocalEndPoint = _socket?.Socket.LocalEndPoint;
        RemoteEndPoint = _socket?.Socket.RemoteEndPoint;
        // A blocking socket watches its own time; anything else is cut from outside.
        if (!isBlocking || _socket is null)
            _watch = NewWatch();
    }

    /// <summary>Whom it leads to, for messages: host and port.</summary>
    public string Peer { get; set; }

    /// <summary>Bytes handed to the network since the counters were last reset.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes received since the counters were last reset.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What was received and not consumed yet.</summary>
    public ReadOnlySpan<byte> Unread => _received.Held.Span;

    /// <summary>
    /// Whether a receive that <see cref="IsQuiet"/> or <see cref="TryFill"/> began is under way, so that the buffer is not to be looked at.
    /// </summary>
    public bool IsReceiving => _early is not null;

    /// <summary>The layer of TLS on top, if there is one.</summary>
    public TlsLayer? Tls { get; private set; }

    /// <summary>Whether it was cut, and why.</summary>
    public WireEnd End => (WireEnd)Volatile.Read(ref _end);

    /// <summary>The failure that ended the stream from the other side, when the end was not a clean one.</summary>
    public Exception? Break { get; private set; }

    /// <summary>
    /// Whether the end of the stream was a proper one: over TLS, a FIN without close_notify is not (RFC 9112, section 9.8).
    /// </summary>
    public bool EndedCleanly => Break is null && Tls?.Records.SawEnd != true;

    public EndPoint? LocalEndPoint { get; }

    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The stream at the top, for whoever takes the connection over after an upgrade.</summary>
    public Stream Stream => _stream;

    /// <summary>Puts a layer of TLS on top.</summary>
    public void Upgrade(TlsLayer tls)
    {
        Tls = tls;
        _stream = tls.Stream;
    }

    /// <summary>A layer of TLS to be put on top, over what is on top now.</summary>
    // What is on top later includes this very layer, so it has to ask the one below by itself.
    public TlsRecordStream NewRecordStream() => new(_stream, Tls is { } below ? below.Records : _socket);

    /// <summary>Begins a wait: it may last as long as the phase allows, and never past the end of the call.</summary>
    public void Await(HttpPhase phase, TimeSpan limit, Deadline total)
    {
        _isResting = false;
        _phase = phase;
        _limit = limit;
        _total = total;
        TimeSpan left = total.Cap(limit);
        // Read after the deadline was: a wait that ends by the deadline must not end before it has passed, or it would pass for the
        // limit of the phase.
        _waitingSince = _clock.GetTimestamp();
        double ticks = Math.Ceiling(left.TotalSeconds * _clock.TimestampFrequency);
        bool isEndless = left == Timeout.InfiniteTimeSpan || ticks >= long.MaxValue - _waitingSince;
        WaitBy(isEndless ? long.MaxValue : _waitingSince + (long)ticks, _waitingSince);
    }

    /// <summary>Ends the last wait without a new one: it is the caller now who takes his time.</summary>
    public void Pause() => WaitBy(long.MaxValue);

    /// <summary>Ends the last wait and gives the buffers back: nothing is under way on the wire.</summary>
    public void Rest()
    {
        _isResting = true;
        WaitBy(long.MaxValue);
        _stoppedBy = default; // it holds on to whatever its owner registered with it
        BytesRead = BytesWritten = 0;
        ForgetEarly();
        _received.GiveBack();
        _written.GiveBack();
        _isFlowing = false;
    }

    /// <summary>Marks bytes of <see cref="Unread"/> as used.</summary>
    public void Consume(int count) => _received.Use(count);

    /// <summary>Receives more into the buffer behind what is unread; 0 at the end, whether it was a clean one or not.</summary>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<int> Fill<TMode>()
        where TMode : struct, IWaitMode
    {
        if (_early is not { } early)
            return Receive<TMode>(default);
        _early = null;
        return early;
    }

    /// <summary>Receives past the buffer, straight into the caller's. Only while nothing is unread.</summary>
    /// <inheritdoc cref="Fill"/>
    public ValueTask<int> ReadInto<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode => Receive<TMode>(destination);

    /// <summary>Hands what was written to the network.</summary>
    public ValueTask Flush<TMode>()
        where TMode : struct, IWaitMode
    {
        Memory<byte> data = _written.Held;
        _written.Use(data.Length);
        return data.IsEmpty ? default : Send<TMode>(data);
    }

    /// <summary>Hands bytes to the network, after what was written before them; a small piece travels together with it.</summary>
    public async ValueTask Write<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        if (data.Length <= WriteBufferLength)
        {
            data.Span.CopyTo(GetSpan(data.Length));
            Advance(data.Length);
            return;
        }

        await Flush<TMode>().ConfigureAwait(false);
        await Send<TMode>(data).ConfigureAwait(false);
    }

    public void Advance(int count) => _written.Add(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _written.Room(Math.Max(sizeHint, 1), WriteBufferLength);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>
    /// Cuts the wire when a token is cancelled, which is then what errors name; undone by disposing. One token at a time.
    /// </summary>
    public CancellationTokenRegistration StopOn(CancellationToken cancellationToken)
    {
        _stoppedBy = cancellationToken;
        return cancellationToken.UnsafeRegister(static self => ((Wire)self!).Cut(WireEnd.Cancelled), this);
    }

    /// <summary>
    /// Whether nothing at all has come since the last response ended. A byte would belong to no request, and an end means that the other
    /// side has gone. Does not wait.
    /// </summary>
    /// <param name="isBlocking">
    /// How the next request is going to wait. An asynchronous one has to begin a receive anyway, which answers the question as well.
    /// </param>
    public bool IsQuiet(bool isBlocking)
    {
        if (_isSpoiled || End != WireEnd.None || !Unread.IsEmpty || IsReceiving)
            return false;
        if (!isBlocking && _socket is not null && Tls is null)
        {
#pragma warning disable CA2012 // whoever takes it out of the field leaves none there
            _early = Receive<Asynchronous>(default);
#pragma warning restore CA2012
            if (!_early.Value.IsCompleted)
                return true;
            ForgetEarly();
            return false;
        }

        if (!IsReadable())
            return true;
        // Looking takes the byte away, so a second look would find nothing.
        _isSpoiled = Tls is not { } tls || !tls.HoldsNoData();
        return !_isSpoiled;
    }

    /// <summary>
    /// Cuts the wire: a wait on it ends at once. Safe from any thread; the first reason is the one that counts. What lies above the
    /// socket is not touched, since an operation may be inside of it; <see cref="Close"/> clears that away.
    /// </summary>
    public void Cut(WireEnd reason)
    {
        if (Interlocked.CompareExchange(ref _end, (int)reason, (int)WireEnd.None) != (int)WireEnd.None)
            return;
        _watch?.Dispose();
        if (_socket is { } socket)
            socket.Dispose();
        else
            _stream.Dispose();
    }

    /// <summary>Cuts the wire, with a word of farewell over TLS, and clears everything away if nothing is under way on it.</summary>
    public void Close()
    {
        if (_isResting && End == WireEnd.None && Break is null && Tls is { } tls)
        {
            _socket?.NeverWaits = true;
            tls.SayFarewell();
        }

        Cut(WireEnd.Closed);
        if (_isResting)
            _stream.Dispose();
    }

    /// <summary>
    /// The error that stands for a failed operation: a limit, a cancellation or a close of ours when that is what ended it, or null when
    /// the failure came from outside.
    /// </summary>
    public Exception? Explain(Exception failure)
    {
        TimeSpan waited = _clock.GetElapsedTime(_waitingSince);
        return End switch
        {
            WireEnd.Cancelled => new OperationCanceledException(_stoppedBy),
            WireEnd.Closed => new ClosedPoolException("The pool of this connection") { Phase = _phase },
            WireEnd.Expired => WireTimeouts.Create(_phase, _limit, waited, _total, Peer, failure),
            _ when WireTimeouts.IsTimeout(failure) => WireTimeouts.Create(_phase, _limit, waited, _total, Peer, failure),
            _ => null,
        };
    }

    void IDisposable.Dispose() => Close();

    /// <summary>
    /// Whether something has come, or the end. Takes nothing away and does not wait, so it may be asked from any thread at any time.
    /// </summary>
    public bool HasNews
    {
        get
        {
            try
            {
                return IsReadable();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    private bool IsReadable() => Tls is { } tls ? tls.Records.IsReadable : _socket?.IsReadable == true;

    private void WaitBy(long moment, long? now = null)
    {
        _waitBy = moment;
        if (_watch is { } watch)
            watch.Set(moment);
        else
            _socket!.Await(moment, now);
    }

    // Dialed by a blocking caller, and used by an asynchronous one now.
    private void WatchFromNow()
    {
        _socket!.Await(long.MaxValue, null);
        _watch = NewWatch();
        _watch.Set(_waitBy);
    }

    private WireWatch NewWatch() => new(_clock, () => Cut(WireEnd.Expired));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> Receive<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        bool isBuffered = destination.IsEmpty;
        if (isBuffered)
            destination = _received.Room(ReadBufferLength, _isFlowing ? LargeReadBufferLength : ReadBufferLength);

        try
        {
            if (!TMode.IsBlocking && _watch is null)
                WatchFromNow();
            int received = await TMode.Read(_stream, destination, CancellationToken.None).ConfigureAwait(false);
            BytesRead += received;
            if (isBuffered)
            {
                _received.Add(received);
                // A read of TLS gives one record, however much room there is.
                _isFlowing = Tls is null && received == destination.Length;
            }

            return received;
        }
        catch (Exception e) when (Explain(e) is { } own)
        {
            throw own;
        }
        catch (Exception e) when (WireFailures.IsBreak(e))
        {
            Break = e;
            if (Tls?.Explain(e) is { } refusal)
                throw refusal;
            return 0;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Send<TMode>(ReadOnlyMemory<byte> data)
        where TMode : struct, IWaitMode
    {
        // Counted before it leaves: when a write fails, nobody can tell how much of it arrived.
        BytesWritten += data.Length;
        if (!TMode.IsBlocking && _watch is null)
            WatchFromNow();
        try
        {
            await TMode.Write(_stream, data, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (Explain(e) is { } own)
        {
            throw own;
        }
    }

    // It still writes into the buffer, which is left to the collector, and what it brings belongs to no request.
    private void ForgetEarly()
    {
        if (_early is not { } early)
            return;
        early.AsTask().Forget();
        _early = null;
        _isSpoiled = true;
        _received.Abandon();
    }
}
