namespace Urllib4.Policies.Auth;

/// <summary>When and how a password may leave this side.</summary>
internal enum PasswordUse
{
    /// <summary>
    /// <c>Basic</c> without being asked, which saves a round trip, and also shows the password to a server that would have been content
    /// with less; <c>Digest</c> when that is asked for.
    /// </summary>
    BasicAtOnce,

    /// <summary>When asked: <c>Digest</c> if that is offered, else <c>Basic</c>.</summary>
    WhenAsked,

    /// <summary>Never; only its proof by <c>Digest</c>, when asked.</summary>
    DigestOnly,
}
