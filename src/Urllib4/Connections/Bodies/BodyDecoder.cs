using System.Buffers;
using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// Reads a coded body from its exchange and gives it decoded, in pieces of the caller's size and in memory of a fixed one.
/// </summary>
internal sealed class BodyDecoder(ContentDecoder decoder, DecodeLimits limits) : IDisposable
{
    // Enough for a good rate of decoding and few receives; rented only while a coded body is being read.
    private const int BufferLength = 64 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _isFull; // it has more to give than there was room for
    private DecodeBudget? _budget;

    /// <summary>From here on the limits hold: for a body that is gathered in memory, or on request.</summary>
    public void Limit() => _budget ??= new DecodeBudget(limits);

    /// <summary>Gives some decoded bytes, waiting only for the first; 0 at the end of both the body and its coding.</summary>
    /// <exception cref="DecodeException">The coded data is corrupt or incomplete, or a limit was passed.</exception>
    public async ValueTask<int> Read<TMode>(ExchangeHandle exchange, Memory<byte> destination)
        where TMode : struct, IWaitMode
    {
        if (destination.IsEmpty)
            return _isFull || _start < _end ? 0 : await exchange.ReadBody<TMode>(destination).ConfigureAwait(false);
        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferLength);
        while (true)
        {
            DecodeStatus status = decoder.Decode(
                _buffer.AsSpan(_start, _end - _start), destination.Span, out int consumed, out int written);
            _start += consumed;
            _budget?.Count(consumed, written);
            _isFull = status == DecodeStatus.NeedOutput;
            if (written > 0)
                return written;
            if (status == DecodeStatus.NeedOutput)
                continue;
            _start = 0;
            _end = await exchange.ReadBody<TMode>(_buffer).ConfigureAwait(false);
            if (_end == 0)
            {
                decoder.Finish();
                return 0;
            }
        }
    }

    public void Dispose()
    {
        decoder.Dispose();
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
