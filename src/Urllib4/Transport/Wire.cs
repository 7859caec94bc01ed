using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// A stream with a read buffer, a write buffer, a limit on every wait, an idle check and one way to cut it. It owns what it travels on,
/// carries one exchange at a time, and holds no buffers between exchanges.
/// </summary>
/// <remarks>
/// No token of a caller ever reaches a read or a write: a cancelled write would tear a TLS record in two. A cancelled call cuts the whole
/// wire instead, and so does a limit that runs out.
/// </remarks>
internal sealed class Wire : IBufferWriter<byte>, IWatched, IDisposable
{
    // One TLS record of plain text, so that whatever a record held is seen here and never left in the engine.
    public const int ReadBufferLength = 16 * 1024;

    // Many small chunks with one receive; only for a body that comes faster than the buffer above holds.
    private const int LargeReadBufferLength = 128 * 1024;

    private const int WriteBufferLength = 4 * 1024;

    // A connection that was looked at so lately is not worth another system call.
    private static readonly TimeSpan _freshness = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _clock;
#pragma warning disable CA2213 // Sever disposes it: the rule sees Dispose only
    private readonly WireStream _network; // at the bottom
    private Stream _stream; // at the top
#pragma warning restore CA2213
    private WireWatch? _watch; // none while the network keeps the time by itself
    private PooledBuffer _received;
    private PooledBuffer _written;
    private EarlyReceive _early;
    private WireWait _wait;
    private bool _isWaiting; // a limit is set
    private int _end; // a WireEnd; the first reason stays
    private long _lookedAt; // when the network was asked whether an idle wire is quiet; 0 for not yet
    private bool _isResting;
    private bool _isFlowing; // the last receive brought all that there was room for
    private bool _isSpoiled; // something came that nobody had asked for
    private CancellationToken _stoppedBy;

    /// <param name="stream">What the bytes travel on; owned from now on.</param>
    /// <param name="clock">The clock of every limit.</param>
    /// <param name="isBlocking">Whether it is going to be used by blocking callers.</param>
    /// <param name="peer">Whom it leads to, for messages: host and port.</param>
    public Wire(Stream stream, TimeProvider clock, bool isBlocking, string peer)
    {
        Peer = peer;
        _clock = clock;
        IsSecured = stream is SslStream;
        _stream = _network = stream as WireStream ?? new ForeignStream(stream);
        if (!isBlocking || !_network.KeepsTime)
            _watch = new WireWatch(clock, this);
    }

    /// <summary>Whom it leads to, for messages: host and port.</summary>
    public string Peer { get; set; }

    /// <summary>Bytes handed to the network since the counters were last reset.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Bytes received since the counters were last reset.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What was received and not consumed yet. Not to be looked at while <see cref="IsReceiving"/>.</summary>
    public ReadOnlySpan<byte> Unread => _received.Held.Span;

    /// <summary>Whether a receive was begun that <see cref="Fill"/> has not taken yet.</summary>
    public bool IsReceiving => _early.IsBegun;

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

    public EndPoint? LocalEndPoint => _network.LocalEndPoint;

    public EndPoint? RemoteEndPoint => _network.RemoteEndPoint;

    /// <summary>For a request that is still being sent: hears what the server has to say.</summary>
    public WireListener Listener => new(this, _network, _clock);

    /// <summary>
    /// Whether something has come, or the end. Takes nothing away and does not wait, so it may be asked from any thread at any time.
    /// </summary>
    public bool HasNews => Tls is { } tls ? tls.Records.IsReadable : _network.IsReadable;

    long IWatched.Taken => _network.Taken;

    /// <summary>Whether whoever dialed has put TLS on it already.</summary>
    public bool IsSecured { get; }

    /// <summary>The stream at the top, for whoever puts another one on it.</summary>
    public Stream Top => _stream;

    /// <summary>Goes on with another stream, which stands on the present one or takes its place.</summary>
    public void Replace(Stream top) => _stream = top;

    /// <summary>Puts a layer of TLS on top.</summary>
    public void Upgrade(TlsLayer tls)
    {
        Tls = tls;
        _stream = tls.Stream;
    }

    /// <summary>A layer of TLS to be put on top, over what is on top now.</summary>
    // What is on top later includes this very layer, so it has to ask the one below by itself.
    public TlsRecordStream NewRecordStream() => Tls is { } below ? new(below.Stream, below.Records) : new(_network, _network);

    /// <summary>
    /// Begins a wait: it may last as long as the phase allows, and never past the end of the call. The limit of
    /// <see cref="HttpPhase.Send"/> begins anew whenever the other side takes something.
    /// </summary>
    public void Await(HttpPhase phase, TimeSpan limit, Deadline total)
    {
        _isResting = false;
        _wait = new WireWait(phase, limit, total, _clock);
        _isWaiting = true;
        LimitWaits(_wait.Since);
    }

    /// <summary>Ends the last wait without a new one: it is the caller now who takes his time.</summary>
    public void Pause()
    {
        _isWaiting = false;
        LimitWaits(null);
    }

    /// <summary>Ends the last wait and gives the buffers back: nothing is under way on the wire.</summary>
    public void Rest()
    {
        _isResting = true;
        Pause();
        _stoppedBy = default; // it holds on to whatever its owner registered with it
        BytesRead = BytesWritten = 0;
        ForgetEarly();
        _received.GiveBack();
        _written.GiveBack();
        _isFlowing = false;
        _lookedAt = 0;
    }

    /// <summary>Marks bytes of <see cref="Unread"/> as used.</summary>
    public void Consume(int count) => _received.Use(count);

    /// <summary>
    /// Receives more into the buffer behind what is unread; 0 at the end, whether it was a clean one or not. Takes the receive that is
    /// under way, if there is one.
    /// </summary>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<int> Fill<TMode>()
        where TMode : struct, IWaitMode => _early.IsBegun ? _early.Take() : Receive<TMode>(default, isBuffered: true);

    /// <summary>Begins a receive, or gives the one under way; <see cref="Fill"/> takes it.</summary>
    public Task<int> BeginFill<TMode>()
        where TMode : struct, IWaitMode
    {
        if (!_early.IsBegun)
            _early.Begin(Receive<TMode>(default, isBuffered: true));
        return _early.Share();
    }

    /// <summary>
    /// Receives past the buffer, straight into the caller's; one of no bytes waits until something has come, and takes no memory for it.
    /// Only while nothing is unread.
    /// </summary>
    /// <inheritdoc cref="Fill"/>
    public ValueTask<int> ReadInto<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode => Receive<TMode>(destination, isBuffered: false);

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
        if (isBlocking || Tls is not null || !_network.KeepsTime)
            return LooksQuiet();
        _early.Begin(Receive<Asynchronous>(default, isBuffered: true));
        return IsStillQuiet();
    }

    /// <summary>
    /// Asked once more right before the first byte of a request leaves: whether that which <see cref="IsQuiet"/> said still holds.
    /// </summary>
    public bool IsStillQuiet()
    {
        if (_early.HasEnded)
            ForgetEarly();
        bool isDated = _lookedAt != 0 && _clock.GetElapsedTime(_lookedAt, _wait.Since) > _freshness;
        return !_isSpoiled && End == WireEnd.None && (!isDated || LooksQuiet());
    }

    /// <summary>
    /// Cuts the wire: a wait on it ends at once. Safe from any thread; the first reason is the one that counts. What lies above the
    /// network is not touched, since an operation may be inside of it; <see cref="Close"/> clears that away.
    /// </summary>
    public void Cut(WireEnd reason)
    {
        if (TryEnd(reason))
            Sever();
    }

    /// <summary>Cuts the wire, with a word of farewell over TLS, and clears everything away if nothing is under way on it.</summary>
    public void Close()
    {
        if (_isResting && End == WireEnd.None && Break is null && Tls is { } tls)
        {
            _network.NeverWaits = true;
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
    public Exception? Explain(Exception failure) => _wait.Explain(End, failure, Peer, _clock, _stoppedBy);

    bool IWatched.TryExpire() => TryEnd(WireEnd.Expired);

    void IWatched.Sever() => Sever();

    void IDisposable.Dispose() => Close();

    private bool TryEnd(WireEnd reason) => Interlocked.CompareExchange(ref _end, (int)reason, (int)WireEnd.None) == (int)WireEnd.None;

    private void Sever()
    {
        _watch?.Dispose();
        _network.Dispose();
    }

    // Looking takes a byte of TLS away, so that a second look would find nothing.
    private bool LooksQuiet()
    {
        _lookedAt = _clock.GetTimestamp();
        _isSpoiled = HasNews && Tls?.HoldsNoData() != true;
        return !_isSpoiled;
    }

    private void LimitWaits(long? now)
    {
        WaitLimit writes = _isWaiting ? _wait.WriteBy(_clock) : WaitLimit.None;
        if (_watch is { } watch)
        {
            watch.Set(writes);
            return;
        }

        _network.LimitReads(_isWaiting ? _wait.ReadBy : long.MaxValue, now);
        _network.LimitWrites(writes, now);
    }

    // Dialed by a blocking caller, and used by an asynchronous one now.
    private void WatchFromNow()
    {
        _network.LimitReads(long.MaxValue, null);
        _network.LimitWrites(WaitLimit.None, null);
        _watch = new WireWatch(_clock, this);
        LimitWaits(null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> Receive<TMode>(Memory<byte> destination, bool isBuffered)
        where TMode : struct, IWaitMode
    {
        if (isBuffered)
            destination = _received.Room(ReadBufferLength, _isFlowing ? LargeReadBufferLength : ReadBufferLength);

        try
        {
            if (!TMode.IsBlocking && _watch is null)
                WatchFromNow();
            if (Tls is { } layer)
                layer.Records.PassesEmptyReads = destination.IsEmpty;
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
        try
        {
            if (!TMode.IsBlocking && _watch is null)
                WatchFromNow();
            if (TMode.IsBlocking)
                _watch?.Follow();
            ValueTask sending = TMode.Write(_stream, data, CancellationToken.None);
            if (!sending.IsCompleted)
                _watch!.Follow();
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (Explain(e) is { } own)
        {
            throw own;
        }
    }

    // It still writes into the buffer, which is left to the collector, and what it brings belongs to no request.
    private void ForgetEarly()
    {
        if (!_early.IsBegun)
            return;
        _early.Forget();
        _isSpoiled = true;
        _received.Abandon();
    }
}
