using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// A response's body for whatever reads streams. Holds nothing of its own, so several may be made; they share one position.
/// </summary>
internal sealed class ResponseStream(UrllibResponse response) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        ThrowIfReleased();
        return response.Read(buffer);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfReleased();
        return response.ReadAsync(buffer, cancellationToken);
    }

    protected override ValueTask Release<TMode>()
    {
        if (!TMode.IsBlocking)
            return response.DisposeAsync();
        response.Dispose();
        return default;
    }
}
