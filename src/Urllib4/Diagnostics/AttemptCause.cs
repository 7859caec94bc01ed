namespace Urllib4;

/// <summary>Why a call makes an attempt.</summary>
public enum AttemptCause
{
    /// <summary>It is the first one.</summary>
    Call,

    /// <summary>The one before failed or got a status that may be better later, and a <see cref="Retry"/> was spent on another.</summary>
    Retry,

    /// <summary>The one before was answered with a redirect, which is followed.</summary>
    Redirect,

    /// <summary>The one before was swallowed by a connection that had been closed, and is sent again at no cost.</summary>
    Replay,

    /// <summary>
    /// The server or a proxy refused the one before for how it was put, so it is sent again with other headers: with credentials, perhaps.
    /// </summary>
    Amended,

    /// <summary>The proxy of the one before could not be used, so the next one is tried.</summary>
    Rerouted,
}
