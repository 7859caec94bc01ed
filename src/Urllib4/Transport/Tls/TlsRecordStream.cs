using System.Buffers;
using System.Buffers.Binary;

namespace Urllib4.Transport;

/// <summary>
/// Stands between the network and TLS, reads ahead, and hands on one TLS record at a time. Two things follow: a small record costs one
/// receive instead of two, and no byte that came from the server hides inside the TLS engine. What lies beyond the current record lies
/// here, where the idle check can see it without guessing (a readable socket alone proves nothing: session tickets come unasked).
/// It also tells an end of the TCP stream from a proper end of TLS, which the engine reports alike.
/// </summary>
/// <param name="below">What the records come from.</param>
/// <param name="source">Who knows whether something waits there; null when nobody does.</param>
internal sealed class TlsRecordStream(Stream below, NetworkedStream? source) : NetworkedStream
{
    // RFC 8446, section 5.1: type, version, length.
    private const int HeaderLength = 5;

    // Large enough that a download takes several records with one receive; given back whenever it is empty.
    private const int ReadAheadLength = 64 * 1024;

    private byte[]? _header; // there once a header came in pieces
    private int _headerSeen; // bytes of such a header
    private byte[]? _buffer; // there while something is read ahead and no read is under way
    private volatile bool _isDisposed;
    private int _start;
    private int _end;
    private int _recordLeft; // bytes of the current record that were not handed on yet

    /// <summary>Whether the stream below has ended.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>Whether a record was begun whose rest has not come yet.</summary>
    public bool IsMidRecord => _recordLeft > 0 || _headerSeen > 0;

    /// <summary>While set, a read that would have to wait throws <see cref="WouldWaitException"/> instead.</summary>
    public bool NeverWaits { get; set; }

    /// <summary>
    /// Whether a read of no bytes waits until something has come. The engine makes one before each of its own, to wait without a buffer.
    /// For a caller who wants bytes that would only be one more receive, and it could wait although nobody may.
    /// </summary>
    public bool PassesEmptyReads { get; set; }

    /// <summary>Reads along while a handshake is under way; null before and after it.</summary>
    public ServerHelloReader? Hello { get; set; }

    public override bool IsReadable => HasReadAhead || source?.IsReadable == true;

    private bool HasReadAhead => _end > _start;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return !PassesEmptyReads || HasReadAhead || SawEnd ? 0 : below.Read(buffer);
        byte[]? held = TakeBuffer();
        while (!HasReadAhead)
        {
            if (SawEnd)
                return 0;
            if (NeverWaits && source?.IsReadable != true)
                throw new WouldWaitException();
            held ??= ArrayPool<byte>.Shared.Rent(ReadAheadLength);
            Received(below.Read(held), ref held);
        }

        return HandOn(held!, buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return !PassesEmptyReads || HasReadAhead || SawEnd ? 0 : await below.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        byte[]? held = TakeBuffer();
        while (!HasReadAhead)
        {
            if (SawEnd)
                return 0;
            held ??= ArrayPool<byte>.Shared.Rent(ReadAheadLength);
            Received(await below.ReadAsync(held, cancellationToken).ConfigureAwait(false), ref held);
        }

        return HandOn(held!, buffer.Span);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => below.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        below.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            below.Dispose();
            _isDisposed = true;
            if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
                ArrayPool<byte>.Shared.Return(buffer);
        }

        base.Dispose(disposing);
    }

    // A read owns the buffer while it works with it: if it is disposed of meanwhile, it is the read that gives the buffer back, and if the
    // read fails, nobody does. So no array is ever in the pool that something still writes into.
    private byte[]? TakeBuffer()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        ObjectDisposedException.ThrowIf(buffer is null && HasReadAhead, this);
        return buffer;
    }

    private void LeaveBuffer(byte[] buffer)
    {
        if (HasReadAhead && !_isDisposed)
        {
            // A full fence, as in Dispose: else each of the two could miss what the other has just written.
            Interlocked.Exchange(ref _buffer, buffer);
            if (!_isDisposed || Interlocked.Exchange(ref _buffer, null) is null)
                return;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Received(int count, ref byte[]? buffer)
    {
        _start = 0;
        _end = count;
        if (count > 0)
        {
            Hello?.Begin(buffer.AsSpan(0, count));
            return;
        }

        SawEnd = true;
        ArrayPool<byte>.Shared.Return(buffer!);
        buffer = null;
    }

    private int HandOn(byte[] buffer, Span<byte> destination)
    {
        int count = Math.Min(destination.Length, Math.Min(_end - _start, LeftOfRecord(buffer)));
        buffer.AsSpan(_start, count).CopyTo(destination);
        Hello?.Observe(destination[..count]);
        _start += count;
        _recordLeft -= count;
        LeaveBuffer(buffer);
        return count;
    }

    // A header that came in pieces is handed on byte by byte: the engine asks for the rest of it, and once the last byte has passed
    // the length of the record is known.
    private int LeftOfRecord(byte[] buffer)
    {
        if (_recordLeft > 0)
            return _recordLeft;
        if (_headerSeen == 0 && _end - _start >= HeaderLength)
            return _recordLeft = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(_start + 3));
        (_header ??= new byte[HeaderLength])[_headerSeen++] = buffer[_start];
        _recordLeft = 1;
        if (_headerSeen == HeaderLength)
        {
            _headerSeen = 0;
            _recordLeft += BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
        }

        return 1;
    }
}
