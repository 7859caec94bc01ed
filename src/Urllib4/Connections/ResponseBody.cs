using System.Buffers;
using Urllib4.Bodies;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// The body of one response while it is on its way: reads it, undoes its content coding, and ends the exchange as soon as the last byte
/// has come. Owns the exchange, and with it the connection.
/// </summary>
internal sealed class ResponseBody
{
    // Enough for a good rate of decoding; rented only while a coded body is being read.
    private const int CodedBufferLength = 16 * 1024;

    // What a connection is worth: reading more than this to save it costs more than opening another.
    private const int DrainLimit = 64 * 1024;

    private static readonly TimeSpan _drainTime = TimeSpan.FromMilliseconds(50);

    private readonly Exchange _exchange;
    private readonly ICaller _caller;
    private readonly ContentDecoder? _decoder;
    private readonly DecodeBudget? _budget;
    private byte[]? _coded;
    private int _codedStart;
    private int _codedEnd;
    private readonly Lock _gate = new();
    private bool _isReading; // guarded by _gate
    private bool _isAtEnd; // written under _gate
    private Exception? _failure;
    private ForgottenBody? _guard;

    public ResponseBody(Exchange exchange, ICaller caller, ContentDecoder? decoder = null, DecodeBudget? budget = null)
    {
        _exchange = exchange;
        _caller = caller;
        _decoder = decoder;
        _budget = budget;
        if (exchange.IsComplete)
            End();
        else
            caller.BodyBegan();
    }

    /// <summary>Whether the end has been reached, or the body was given up.</summary>
    public bool IsAtEnd => _isAtEnd;

    /// <summary>Whether what is read has been decoded.</summary>
    public bool IsDecoded => _decoder is not null;

    public HttpHeaderDict? Trailers { get; private set; }

    /// <summary>
    /// Reads some of the body, waiting only for its first byte; 0 at its end. A failure ends the body and is thrown again when asked again.
    /// </summary>
    public async ValueTask<int> Read<TMode>(Memory<byte> destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (_failure is not null)
            throw _failure;
        if (destination.IsEmpty || !TryBeginReading())
            return 0;
        bool isLast = true;
        try
        {
            // Undone before the exchange ends: a cancellation must not hit the next request on the connection.
            using CancellationTokenRegistration stop = cancellationToken.CanBeCanceled ? _exchange.StopOn(cancellationToken) : default;
            int count = _decoder is null
                ? await _exchange.ReadBody<TMode>(destination).ConfigureAwait(false)
                : await ReadDecoded<TMode>(_decoder, destination).ConfigureAwait(false);
            isLast = count == 0 || (_decoder is null && _exchange.IsComplete);
            return count;
        }
        catch (Exception e)
        {
            _failure = e;
            if (e is HttpException error)
                _caller.BodyFailed(error, _exchange);
            throw;
        }
        finally
        {
            EndReading(isLast);
        }
    }

    /// <summary>Reads and drops the body of a response that nobody wants, within the limits of what its connection is worth.</summary>
    public static async ValueTask Drop<TMode>(Exchange exchange, ICaller caller, TimeProvider clock)
        where TMode : struct, IWaitMode
    {
        var body = new ResponseBody(exchange, caller);
        if (body.IsAtEnd)
            return;
        exchange.EndBy(Deadline.In(_drainTime, clock));
        try
        {
            await body.Discard<TMode>(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpException or OperationCanceledException)
        {
            // The connection is closed, and nobody waits for this body; a cancellation is noticed before the next attempt.
        }
    }

    /// <summary>Hands the body to a caller who may forget it: a forgotten one gives its connection up when it is collected.</summary>
    public ResponseBody Guarded()
    {
        if (!_isAtEnd)
            _guard = new ForgottenBody(_exchange);
        _exchange.ReleaseCaller();
        return this;
    }

    /// <summary>
    /// Reads and drops what is left, without decoding it; false when that was more than the connection is worth and it was closed instead.
    /// </summary>
    public async ValueTask<bool> Drain<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        try
        {
            return await Discard<TMode>(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpException e)
        {
            _caller.BodyFailed(e, _exchange);
            throw;
        }
    }

    /// <summary>
    /// Gives the body up: the connection is closed unless the end has come. When somebody is just reading, the connection is cut and the
    /// reader clears up: the buffers are in use until it notices.
    /// </summary>
    public void End()
    {
        lock (_gate)
        {
            if (_isAtEnd)
                return;
            if (_isReading)
            {
                _exchange.Abort();
                return;
            }

            GiveBack();
        }
    }

    private async ValueTask<bool> Discard<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (!TryBeginReading())
            return true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CodedBufferLength);
        try
        {
            using CancellationTokenRegistration stop = cancellationToken.CanBeCanceled ? _exchange.StopOn(cancellationToken) : default;
            for (int left = DrainLimit; left > 0 && !_exchange.IsComplete;)
            {
                int count = await _exchange.ReadBody<TMode>(buffer.AsMemory(0, Math.Min(left, buffer.Length))).ConfigureAwait(false);
                if (count == 0)
                    break;
                left -= count;
            }

            return _exchange.IsComplete;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            EndReading(isLast: true);
        }
    }

    private bool TryBeginReading()
    {
        lock (_gate)
        {
            if (_isReading)
                throw new InvalidOperationException("The body is being read already; it has one reader at a time.");
            return _isReading = !_isAtEnd;
        }
    }

    private void EndReading(bool isLast)
    {
        lock (_gate)
        {
            _isReading = false;
            if (isLast)
                GiveBack();
        }
    }

    private void GiveBack()
    {
        _isAtEnd = true;
        Trailers = _exchange.Trailers;
        _caller.BodyEnded(_exchange);
        _decoder?.Dispose();
        if (_coded is { } coded)
        {
            _coded = null;
            ArrayPool<byte>.Shared.Return(coded);
        }

        _exchange.Finish();
        _guard?.Disarm();
    }

    private async ValueTask<int> ReadDecoded<TMode>(ContentDecoder decoder, Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        _coded ??= ArrayPool<byte>.Shared.Rent(CodedBufferLength);
        while (true)
        {
            DecodeStatus status = decoder.Decode(
                _coded.AsSpan(_codedStart, _codedEnd - _codedStart), destination.Span, out int consumed, out int written);
            _codedStart += consumed;
            _budget?.Count(consumed, written);
            if (written > 0)
                return written;
            if (status == DecodeStatus.NeedOutput)
                continue;
            _codedStart = 0;
            _codedEnd = await _exchange.ReadBody<TMode>(_coded).ConfigureAwait(false);
            if (_codedEnd == 0)
            {
                decoder.Finish();
                return 0;
            }
        }
    }
}
