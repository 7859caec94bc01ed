namespace Urllib4.Transport;

/// <summary>Why a wire was cut from this side.</summary>
internal enum WireEnd
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>It was closed: by its pool, or because the exchange on it was over.</summary>
    Closed,

    /// <summary>A limit of time ran out.</summary>
    Expired,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
