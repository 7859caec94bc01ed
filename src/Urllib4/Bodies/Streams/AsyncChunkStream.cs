namespace Urllib4.Bodies;

/// <summary>Reads an awaited sequence of chunks; one read gives bytes of one chunk. It cannot be read by a blocking call.</summary>
internal sealed class AsyncChunkStream(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks) : ForwardStream
{
    // An enumerator takes its token once, a read brings its own each time; this one carries the reads' cancellation over.
#pragma warning disable CA2213 // Release disposes it, where the rule does not look
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213
    private IAsyncEnumerator<ReadOnlyMemory<byte>>? _enumerator;
    private ReadOnlyMemory<byte> _left;

    public override int Read(Span<byte> buffer) => throw new InvalidRequestException(
        "The body comes from an asynchronous sequence, which a blocking call cannot send; use the Async method, or a plain sequence.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfReleased();
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty)
            return 0;
        while (_left.IsEmpty)
        {
            if (!await MoveNext(cancellationToken).ConfigureAwait(false))
                return 0;
            _left = _enumerator!.Current;
        }

        int count = int.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer.Span);
        _left = _left[count..];
        return count;
    }

    protected override ValueTask Release<TMode>()
    {
        _stop.Dispose();
        if (_enumerator is null)
            return default;
        ValueTask disposal = _enumerator.DisposeAsync();
        // A blocking caller cannot wait for it, and need not: only asynchronous reads can have begun the sequence.
        return TMode.IsBlocking && !disposal.IsCompleted ? default : disposal;
    }

    private async ValueTask<bool> MoveNext(CancellationToken cancellationToken)
    {
        _enumerator ??= chunks.GetAsyncEnumerator(_stop.Token);
        using (cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop))
        {
            try
            {
                return await _enumerator.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            }
        }
    }
}
