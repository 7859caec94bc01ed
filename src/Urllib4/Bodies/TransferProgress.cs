namespace Urllib4;

/// <summary>How far a body has been sent or received, in one attempt.</summary>
/// <param name="Bytes">The body bytes so far, without framing.</param>
/// <param name="Total">The body bytes in all, or null when that is not known beforehand.</param>
public readonly record struct TransferProgress(long Bytes, long? Total);
