using System.Buffers;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// The body of one response while it is on its way: reads it, undoes its content coding, and ends the exchange as soon as the last byte
/// has come. Owns the exchange, and with it the connection, until then.
/// </summary>
/// <remarks>After its end the exchange may serve somebody else already, so nothing here touches it any more.</remarks>
internal sealed class ResponseBody
{
    // What a connection is worth: reading more than this to save it costs more than opening another.
    private const int DrainLimit = 64 * 1024;

    private const int DrainBufferLength = 16 * 1024;

    /// <summary>How long the rest of a body may take that nobody waits for.</summary>
    private static readonly TimeSpan _drainTime = TimeSpan.FromMilliseconds(50);

    private readonly ExchangeHandle _exchange;
    private readonly IBodyObserver _caller;
    private readonly TimeProvider _clock;
    private readonly BodyDecoder? _decoder;
    private readonly bool _isSwitched;
    private ReadGate _gate;
    private bool _isAtEnd;
    private Exception? _failure;
    private long _received;
    private LeakGuard? _guard;

    public ResponseBody(ExchangeHandle exchange, IBodyObserver caller, TimeProvider clock, BodyDecoder? decoder = null)
    {
        _exchange = exchange;
        _caller = caller;
        _clock = clock;
        _decoder = decoder;
        _isSwitched = exchange.IsSwitched;
        if (!exchange.IsComplete)
        {
            caller.BodyBegan();
            return;
        }

        _isAtEnd = true;
        Conclude();
    }

    /// <summary>The first content coding that could not be undone, so that none was; null when that is not why.</summary>
    public string? UnknownCoding { get; init; }

    /// <inheritdoc cref="IBodyObserver.Report"/>
    public ExchangeReport? Report => _caller.Report;

    /// <summary>The most bytes that are collected of a body that is not coded; a decoder has limits of its own.</summary>
    public int MaxCollected { get; init; } = Array.MaxLength;

    /// <summary>Whether what is read has been decoded.</summary>
    public bool IsDecoded => _decoder is not null;

    /// <summary>Whether there is no body but a connection to take over.</summary>
    public bool IsSwitched => _isSwitched;

    /// <summary>Whether the body was read to its end.</summary>
    public bool IsAtEnd => _isAtEnd;

    /// <summary>Bytes of the body that came so far: without framing, before decoding.</summary>
    public long Received
    {
        get
        {
            long soFar = _exchange.BodyBytesReceived; // before the gate is asked, since it may close in between
            return _gate.IsOver ? _received : soFar;
        }
    }

    public HttpHeaderDict? Trailers { get; private set; }

    /// <summary>Reads and drops the body of a response that nobody wants, within the limits of what its connection is worth.</summary>
    public static ValueTask Drop<TMode>(ExchangeHandle exchange, IBodyObserver caller, TimeProvider clock)
        where TMode : struct, IWaitMode => new ResponseBody(exchange, caller, clock).Discard<TMode>();

    /// <summary>Hands the body to a caller who may forget it: a forgotten one gives its connection up when it is collected.</summary>
    public ResponseBody Guarded()
    {
        if (_gate.IsOver)
            return this;
        _guard = new LeakGuard(_exchange);
        _exchange.ReleaseCaller();
        return this;
    }

    /// <summary>
    /// Reads some of the body, waiting only for its first byte; 0 at its end. A failure ends the body and is thrown again when asked again.
    /// Without room for a byte it waits until there is one or the end.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="ObjectDisposedException">The body was given up before its end: that is no end.</exception>
    public async ValueTask<int> Read<TMode>(Memory<byte> destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Enter())
            return 0;
        int count;
        try
        {
            // Undone before the exchange ends: a cancellation must not hit the next request on the connection.
            using CancellationTokenRegistration stop = cancellationToken.CanBeCanceled ? _exchange.StopOn(cancellationToken) : default;
            count = _decoder is null
                ? await _exchange.ReadBody<TMode>(destination).ConfigureAwait(false)
                : await _decoder.Read<TMode>(_exchange, destination).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(_gate.IsGivenUp ? new ObjectDisposedException("The response was given up while its body was being read.", e) : e);
            if (_failure != e)
                throw _failure!;
            throw;
        }

        if (count > 0)
            _caller.BodyRead(destination.Span[..count]);
        _isAtEnd = (count == 0 && !destination.IsEmpty) || (_decoder is null && _exchange.IsComplete);
        if (_isAtEnd || !_gate.TryLeave())
            Conclude();
        return count;
    }

    /// <summary>Reads the rest of the body into one array.</summary>
    /// <param name="announced">The length the server announced for what is still to be read, if it did.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <exception cref="IncompleteReadException">The body ended early; the error holds what came.</exception>
    /// <exception cref="LimitExceededException">It is longer than <see cref="MaxCollected"/>.</exception>
    public async ValueTask<byte[]> ReadAll<TMode>(long? announced, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (_isAtEnd)
            return [];
        _decoder?.Limit();
        return await WholeBody.Read<TMode, Parts>(new Parts(this, cancellationToken), announced, MaxCollected).ConfigureAwait(false);
    }

    /// <summary>Reads the rest of the body into an array of the caller's, or into a larger one in its place.</summary>
    /// <inheritdoc cref="WholeBody.ReadInto"/>
    public async ValueTask<ArraySegment<byte>> ReadInto<TMode>(byte[] room, long? announced)
        where TMode : struct, IWaitMode
    {
        if (_isAtEnd)
            return new(room, 0, 0);
        _decoder?.Limit();
        var parts = new Parts(this, CancellationToken.None);
        return await WholeBody.ReadInto<TMode, Parts>(parts, room, announced, MaxCollected).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads and drops what is left, without decoding it; false when that was more than the connection is worth and it was closed instead.
    /// </summary>
    public async ValueTask<bool> Drain<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_gate.TryEnd(out bool isBeingRead))
            return isBeingRead ? throw Busy() : _isAtEnd;
        try
        {
            await DrainRest<TMode>(DrainLimit, cancellationToken).ConfigureAwait(false);
            return _exchange.IsComplete;
        }
        catch (HttpException)
        {
            return false; // nobody wanted what is missing
        }
        finally
        {
            Conclude();
        }
    }

    /// <summary>
    /// As <see cref="Drain"/>, for whoever does not want to wait: for a moment at the most. Never fails, whatever the server does.
    /// </summary>
    public ValueTask Discard<TMode>()
        where TMode : struct, IWaitMode => Discard<TMode>(DrainLimit, _drainTime);

    /// <inheritdoc cref="Discard{TMode}()"/>
    /// <param name="most">How many bytes the connection is worth.</param>
    /// <param name="time">How long that may take.</param>
    public async ValueTask Discard<TMode>(int most, TimeSpan time)
        where TMode : struct, IWaitMode
    {
        if (!_gate.TryEnd(out _))
        {
            GiveUp();
            return;
        }

        try
        {
            _exchange.EndBy(Deadline.In(time, _clock));
            await DrainRest<TMode>(most, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The connection is closed, and nobody waits for this body; a cancellation is noticed before the next attempt.
        }
        finally
        {
            Conclude();
        }
    }

    /// <summary>
    /// Gives the body up at once, from any thread: the connection is closed unless the end has come. Whoever is just reading fails.
    /// </summary>
    public void GiveUp()
    {
        if (!_gate.TryGiveUp(out bool isBeingRead))
            return;
        if (isBeingRead)
            _exchange.Abort();
        else
            Conclude();
    }

    /// <summary>
    /// The raw connection after a switch of protocols, which the stream owns from now on; null when there is none to be had.
    /// </summary>
    public Stream? TakeOver()
    {
        if (!_isSwitched || !_gate.TryEnter(out _))
            return null;
        _guard?.Disarm();
        _gate.Close();
        return _exchange.TakeOver();
    }

    /// <summary>What a second reader at the same time gets.</summary>
    public static InvalidOperationException Busy() => new("The body is being read already; it has one reader at a time.");

    /// <summary>What who reads a body gets that was given up: its end was not reached.</summary>
    public static ObjectDisposedException GivenUp() => new(null, "The body was given up before its end.");

    // False at the end of the body.
    private bool Enter()
    {
        if (_gate.TryEnter(out bool isBeingRead))
            return true;
        if (isBeingRead)
            throw Busy();
        if (_failure is { } failure)
            throw failure;
        return _isAtEnd ? false : throw GivenUp();
    }

    private async ValueTask DrainRest<TMode>(int most, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (!_exchange.IsWorthDraining(most))
            return;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DrainBufferLength);
        try
        {
            using CancellationTokenRegistration stop = cancellationToken.CanBeCanceled ? _exchange.StopOn(cancellationToken) : default;
            for (int left = most; left > 0 && !_exchange.IsComplete;)
                left -= await _exchange.ReadBody<TMode>(buffer.AsMemory(0, Math.Min(left, buffer.Length))).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fail(Exception e)
    {
        _failure = e;
        _isAtEnd = false;
        if (e is HttpException error)
            _caller.BodyFailed(error, _exchange);
        if (_gate.IsOver)
            return; // the part that was too much was the last one, and the connection is back already

        // Even when all of it came and only its coding is broken: the call that failed may still ask the exchange how far it got, so
        // nobody else must get it. And who sends broken data may as well have framed it wrongly.
        _exchange.Abort();
        Conclude();
    }

    private void Conclude()
    {
        Trailers = _exchange.Trailers;
        _received = _exchange.BodyBytesReceived;
        // Whoever gave it up cuts the wire, perhaps only after this: so the connection must not be used again.
        if (_gate.Close())
            _exchange.Abort();
        _guard?.Disarm();
        _decoder?.Dispose();
        _caller.BodyEnded(_exchange);
        _exchange.Finish();
    }

    /// <summary>What is left of the body, part by part, for one reader.</summary>
    private readonly struct Parts(ResponseBody body, CancellationToken cancellationToken) : IBodyParts
    {
        public bool IsAtEnd => body._isAtEnd;

        public ValueTask<int> Read<TMode>(Memory<byte> destination)
            where TMode : struct, IWaitMode => body.Read<TMode>(destination, cancellationToken);

        public void Fail(HttpException error) => body.Fail(error);
    }
}
