namespace Urllib4;

/// <summary>What a <see cref="HarRecorder"/> keeps.</summary>
/// <remarks>Immutable, so one value can serve many recorders.</remarks>
public sealed record HarOptions
{
    /// <summary>The defaults.</summary>
    public static HarOptions Default { get; } = new();

    /// <summary>
    /// The most bytes that are kept of each body; what is longer is cut and marked with a comment. 0 keeps no bodies. Default 64 KB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxBodyBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxBodyBytes));
            field = value;
        }
    } = 64 * 1024;

    /// <summary>The most entries that are kept; then the oldest go. Default 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxEntries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxEntries));
            field = value;
        }
    } = 10_000;

    /// <summary>
    /// Keeps passwords, tokens and cookies as they are. False by default: the values of <c>Authorization</c>,
    /// <c>Proxy-Authorization</c>, <c>Cookie</c> and <c>Set-Cookie</c>, those of headers and parameters whose names speak of tokens, keys,
    /// passwords or signatures, and the user information of URLs are replaced. Bodies other than forms are kept as they are in both cases.
    /// </summary>
    public bool DangerousKeepSecrets { get; init; }

    /// <summary>Tells when an attempt began. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
