namespace Urllib4;

/// <summary>How far a transfer has got.</summary>
/// <param name="Bytes">Bytes of the body so far, without framing.</param>
/// <param name="Total">Bytes of the body in all, or null when that is not known.</param>
public readonly record struct TransferProgress(long Bytes, long? Total);
