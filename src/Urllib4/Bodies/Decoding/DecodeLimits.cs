using System.Runtime.CompilerServices;

namespace Urllib4;

/// <summary>
/// How much of a response body is held in memory. A few hundred coded bytes can decode to gigabytes, and a body that is not coded can be
/// endless. Passing a limit ends in a <see cref="DecodeLimitException"/> for a body that is decoded, and in a
/// <see cref="LimitExceededException"/> for one that is not; both name the limit.
/// </summary>
/// <remarks>
/// They guard bodies that are read as a whole. A body that is read as a stream is decoded piece by piece in bounded memory, so there they
/// apply only where they are asked for. A limit that is not set reads as its default; in <see cref="RequestOptions.DecodeLimits"/> it is
/// the manager's that holds instead. Immutable, so safe to share between threads. Two values are equal when they set the same limits to the
/// same numbers.
/// </remarks>
public sealed record DecodeLimits
{
    private const long DefaultMaxDecodedBytes = 100L * 1024 * 1024;
    private const int DefaultMaxRatio = 1000;

    // Null where nobody has set a limit; a limit of null, which is none, is kept as Unlimited.
    private const int Unlimited = -1;
    private readonly long? _decodedBytes;
    private readonly int? _ratio;

    /// <summary>Makes limits of which none is set.</summary>
    public DecodeLimits()
    {
    }

    private DecodeLimits(DecodeLimits over, DecodeLimits below)
    {
        _decodedBytes = over._decodedBytes ?? below._decodedBytes;
        _ratio = over._ratio ?? below._ratio;
    }

    /// <summary>Decoded bytes from which on <see cref="MaxRatio"/> counts: small bodies have wild ratios, which harm nobody.</summary>
    internal const long RatioGrace = 1024 * 1024;

    /// <summary>The defaults.</summary>
    public static DecodeLimits Default { get; } = new();

    /// <summary>No limit at all: for servers that are trusted with this process's memory.</summary>
    public static DecodeLimits None { get; } = new() { MaxDecodedBytes = null, MaxRatio = null };

    /// <summary>
    /// Bytes of one body as the caller gets it, after decoding if it is coded; null for no limit. Default 104,857,600 (100 MB): above
    /// what is sensibly held in memory as one piece, below what brings a process down; larger bodies are for streams.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public long? MaxDecodedBytes
    {
        get => (_decodedBytes ?? DefaultMaxDecodedBytes) is >= 0 and var limit ? limit : null;
        init => _decodedBytes = Checked(value) ?? Unlimited;
    }

    /// <summary>
    /// Decoded bytes for each byte received, or null for no limit; looked at once the body has passed 1 MB. Default 1,000: real bodies
    /// stay below 100, and deflate cannot pass 1,032, so what gets there is a body made of one byte, or a bomb.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int? MaxRatio
    {
        get => (_ratio ?? DefaultMaxRatio) is >= 0 and var limit ? limit : null;
        init => _ratio = (int?)Checked(value) ?? Unlimited;
    }

    /// <summary>These limits where they are set, and those of a manager where they are not.</summary>
    internal DecodeLimits Over(DecodeLimits below) =>
        ReferenceEquals(this, below) || ReferenceEquals(below, Default) ? this : new DecodeLimits(this, below);

    private static long? Checked(long? limit, [CallerMemberName] string? name = null)
    {
        if (limit is { } value)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return limit;
    }
}
