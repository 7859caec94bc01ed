namespace Urllib4.Bodies;

/// <summary>Counts one body in and out, step by step of its decoder, and stops it at its <see cref="DecodeLimits"/>.</summary>
internal sealed class DecodeBudget(DecodeLimits limits)
{
    private long _received;
    private long _decoded;

    /// <summary>Adds a step: bytes the decoder took, and bytes it gave.</summary>
    /// <exception cref="DecodeLimitException">A limit is passed.</exception>
    public void Count(int received, int decoded)
    {
        _received = checked(_received + received);
        _decoded = checked(_decoded + decoded);
        if (limits.MaxDecodedBytes is { } most && _decoded > most)
            throw new DecodeLimitException(nameof(DecodeLimits.MaxDecodedBytes), most, _received, _decoded);
        if (limits.MaxRatio is { } ratio && _decoded > DecodeLimits.RatioGrace && _decoded / ratio > _received)
            throw new DecodeLimitException(nameof(DecodeLimits.MaxRatio), ratio, _received, _decoded);
    }
}
