namespace Urllib4;

/// <summary>Which check a certificate did not pass.</summary>
public enum CertificateFailure
{
    /// <summary>There is no chain to a trusted root: an unknown root, a missing intermediate, a bad signature, or no certificate.</summary>
    Chain,

    /// <summary>It, or one above it in the chain, is expired or not valid yet, and that is all that is wrong with the chain.</summary>
    Date,

    /// <summary>It is not meant for servers.</summary>
    Usage,

    /// <summary>It was revoked, or whether it was could not be found out although that was asked for.</summary>
    Revocation,

    /// <summary>A key in the chain is too short.</summary>
    Key,

    /// <summary>It is made out to other names.</summary>
    Name,

    /// <summary>It is not the one with the fingerprint that was asked for.</summary>
    Fingerprint,

    /// <summary>No key of the chain is among those pinned.</summary>
    Pin,

    /// <summary>The caller's own check said no.</summary>
    Condition,
}
