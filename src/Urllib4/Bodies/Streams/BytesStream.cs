namespace Urllib4.Bodies;

/// <summary>Reads bytes in memory without copying them first.</summary>
internal sealed class BytesStream(ReadOnlyMemory<byte> bytes) : ForwardStream
{
    private ReadOnlyMemory<byte> _left = bytes;

    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        int count = int.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

    protected override ValueTask Release<TMode>()
    {
        _left = default;
        return default;
    }
}
