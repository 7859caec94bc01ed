using System.Buffers;
using System.Runtime.CompilerServices;
using Urllib4.Managers;
using Urllib4.Waiting;

namespace Urllib4;

/// <content>The body part by part.</content>
public sealed partial class UrllibResponse
{
    private const int ChunkLength = 128 * 1024;

#pragma warning disable CA2213 // it holds nothing between two reads
    private SpanMemory? _lent;
#pragma warning restore CA2213

    private int _dataRead; // how much of a body that is kept has been handed out part by part

    /// <summary>Reads some of the body, waiting only for the first byte; urllib3's <c>readinto</c>, without filling the buffer.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <returns>
    /// How many bytes; 0 at the end. Without room for a byte always 0: the call then waits for the next byte, or the end, and no more.
    /// </returns>
    /// <exception cref="HttpException">The body could not be read; asked again, the same again.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading it.</exception>
    /// <exception cref="ObjectDisposedException">The response was disposed before the end of the body.</exception>
    public int Read(Span<byte> buffer) => _data is null ? SpanMemory.Read(ref _lent, _body!, buffer) : TakeKept(buffer);

    /// <summary>Reads some of the body, waiting only for the first byte.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>
    /// How many bytes; 0 at the end. Without room for a byte always 0: the call then waits for the next byte, or the end, and no more.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReadSome<Asynchronous>(buffer, cancellationToken);

    /// <summary>Reads so many bytes of the body, holding the thread until they are there; urllib3's <c>read(amt)</c>.</summary>
    /// <param name="amount">How many bytes, after decoding.</param>
    /// <returns>Exactly so many bytes; fewer only at the end, and none behind it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="amount"/> is negative, or more than an array can hold; for everything there is <see cref="Data"/>.
    /// </exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public byte[] Read(int amount) => Blocking.Result(ReadExactly<Blocking>(amount, CancellationToken.None));

    /// <summary>Reads so many bytes of the body, waiting until they are there.</summary>
    /// <param name="amount">How many bytes, after decoding.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>Exactly so many bytes; fewer only at the end, and none behind it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <inheritdoc cref="Read(int)" path="/exception"/>
    public ValueTask<byte[]> ReadAsync(int amount, CancellationToken cancellationToken = default) =>
        ReadExactly<Asynchronous>(amount, cancellationToken);

    /// <summary>Reads what is there, waiting only for the first byte; urllib3's <c>read1</c>.</summary>
    /// <param name="amount">The most bytes to read, after decoding.</param>
    /// <returns>At least one byte, except at the end and when none was asked for.</returns>
    /// <inheritdoc cref="Read(int)" path="/exception"/>
    public byte[] ReadOne(int amount) => Blocking.Result(ReadPart<Blocking>(amount, CancellationToken.None));

    /// <summary>Reads what is there, waiting only for the first byte; urllib3's <c>read1</c>.</summary>
    /// <param name="amount">The most bytes to read, after decoding.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>At least one byte, except at the end and when none was asked for.</returns>
    /// <inheritdoc cref="ReadAsync(int, CancellationToken)" path="/exception"/>
    public ValueTask<byte[]> ReadOneAsync(int amount, CancellationToken cancellationToken = default) =>
        ReadPart<Asynchronous>(amount, cancellationToken);

    /// <summary>Reads the body part by part, holding the thread; urllib3's <c>stream</c>.</summary>
    /// <param name="chunkSize">The most bytes of one part. Default 128 KiB, the cheapest size in measurements.</param>
    /// <returns>The parts as they come, never empty; each is valid until the next one is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSize"/> is less than 1.</exception>
    /// <inheritdoc cref="Read(Span{byte})" path="/exception"/>
    public IEnumerable<ReadOnlyMemory<byte>> Stream(int chunkSize = ChunkLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        return Parts();

        IEnumerable<ReadOnlyMemory<byte>> Parts()
        {
            byte[] buffer = new byte[chunkSize];
            while (Blocking.Result(ReadSome<Blocking>(buffer, CancellationToken.None)) is > 0 and int count)
                yield return buffer.AsMemory(0, count);
        }
    }

    /// <summary>Reads the body part by part.</summary>
    /// <param name="chunkSize">The most bytes of one part. Default 128 KiB.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection with it.</param>
    /// <returns>The parts as they come, never empty; each is valid until the next one is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="chunkSize"/> is less than 1.</exception>
    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)" path="/exception"/>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> StreamAsync(int chunkSize = ChunkLength, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        return Parts(cancellationToken);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Parts([EnumeratorCancellation] CancellationToken token)
        {
            byte[] buffer = new byte[chunkSize];
            while (await ReadSome<Asynchronous>(buffer, token).ConfigureAwait(false) is > 0 and int count)
                yield return buffer.AsMemory(0, count);
        }
    }

    /// <summary>
    /// The body as a stream for whatever reads one: <see cref="StreamReader"/>, a parser, an archive. Only read, forwards, both ways of
    /// waiting. Disposing it disposes the response.
    /// </summary>
    /// <returns>A stream over what is left of the body; its reads end in the same exceptions as those of the response.</returns>
    public Stream AsStream() => new ResponseStream(this);

    internal ValueTask<int> ReadSome<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => _data is null ? _body!.Read<TMode>(buffer, cancellationToken) : new(TakeKept(buffer.Span));

    private int TakeKept(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _data!.Length - _dataRead);
        _data.AsSpan(_dataRead, count).CopyTo(buffer);
        _dataRead += count;
        return count;
    }

    private async ValueTask<byte[]> ReadPart<TMode>(int amount, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        cancellationToken.ThrowIfCancellationRequested();
        if (amount == 0)
            return [];
        byte[] part = new byte[Math.Min(amount, ChunkLength)];
        int count = await ReadSome<TMode>(part, cancellationToken).ConfigureAwait(false);
        return count == part.Length ? part : part[..count];
    }

    private async ValueTask<byte[]> ReadExactly<TMode>(int amount, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Array.MaxLength);
        cancellationToken.ThrowIfCancellationRequested();
        // Memory grows with what has come, not with what was asked for.
        byte[] data = new byte[Math.Min(amount, ChunkLength)];
        int end = 0;
        try
        {
            while (end < data.Length
                && await ReadSome<TMode>(data.AsMemory(end), cancellationToken).ConfigureAwait(false) is > 0 and int count)
            {
                end += count;
                if (end == data.Length && end < amount)
                    Array.Resize(ref data, (int)Math.Min(2L * end, amount));
            }
        }
        catch (IncompleteReadException e) when (end > 0)
        {
            e.Partial = data.AsMemory(0, end);
            throw;
        }

        return end == data.Length ? data : data[..end];
    }
}
