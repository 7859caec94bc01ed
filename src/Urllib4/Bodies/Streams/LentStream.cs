using Urllib4.Waiting;

namespace Urllib4.Bodies;

/// <summary>Reads a stream that belongs to the caller; disposing gives it back instead of disposing it.</summary>
internal sealed class LentStream(Stream lent, Action giveBack) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        return lent.Read(buffer);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfReleased();
        return lent.ReadAsync(buffer, cancellationToken);
    }

    protected override ValueTask Release<TMode>()
    {
        giveBack();
        return default;
    }
}
