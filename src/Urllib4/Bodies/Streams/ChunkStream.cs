namespace Urllib4.Bodies;

/// <summary>Reads a sequence of chunks; one read gives bytes of one chunk, so that the sender's framing keeps their borders.</summary>
internal sealed class ChunkStream(IEnumerable<ReadOnlyMemory<byte>> chunks) : ForwardStream
{
    private IEnumerator<ReadOnlyMemory<byte>>? _enumerator;
    private ReadOnlyMemory<byte> _left;

    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        if (buffer.IsEmpty)
            return 0;
        _enumerator ??= chunks.GetEnumerator();
        while (_left.IsEmpty)
        {
            if (!_enumerator.MoveNext())
                return 0;
            _left = _enumerator.Current;
        }

        int count = int.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    protected override ValueTask Release<TMode>()
    {
        _enumerator?.Dispose();
        return default;
    }
}
