namespace Urllib4.Policies;

/// <summary>Which counter of <see cref="Retry"/> a failure takes from.</summary>
internal enum FailureKind
{
    /// <summary>None: trying again cannot help, or is not ours to decide.</summary>
    Final,

    /// <summary>The way to the server could not be opened; nothing of the request had been sent.</summary>
    Connect,

    /// <summary>The exchange broke after sending may have begun.</summary>
    Read,

    /// <summary>TLS or the proxy failed in a way that may pass.</summary>
    Other,
}

/// <summary>Sorts the error tree into the counters.</summary>
internal static class FailureKinds
{
    /// <summary>The counter for a failure.</summary>
    public static FailureKind Of(HttpException error) => error switch
    {
        NewConnectionException or ConnectTimeoutException or NameResolutionTimeoutException => FailureKind.Connect,

        // The handshake and the tunnel come before the first byte of the request, so any method may try again.
        TlsTimeoutException or ProxyTimeoutException => FailureKind.Connect,

        // The same answer would pass the same limit again.
        LimitExceededException => FailureKind.Final,

        ReadTimeoutException or SendTimeoutException or ProtocolException => FailureKind.Read,

        // A proxy that cannot be reached is like a server that cannot.
        ProxyException { InnerException: HttpException inner } when Of(inner) == FailureKind.Connect => FailureKind.Connect,

        // A refused certificate or a proxy's 403 stays refused: only what is marked as passing is tried again.
        TlsException or ProxyException => error.IsTransient ? FailureKind.Other : FailureKind.Final,

        _ => FailureKind.Final,
    };
}
