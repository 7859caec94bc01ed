namespace Urllib4;

/// <summary>The stage of a call in which something went wrong, in the order in which a call passes them.</summary>
public enum HttpPhase
{
    /// <summary>Before anything moved: the URL, the options, the headers or the body were being checked.</summary>
    Prepare,

    /// <summary>Waiting for a free slot of a pool that blocks.</summary>
    PoolWait,

    /// <summary>Asking the resolver for the addresses of a host.</summary>
    Resolve,

    /// <summary>Opening the TCP connection.</summary>
    Connect,

    /// <summary>Talking to the proxy: CONNECT, SOCKS, or its authentication.</summary>
    Proxy,

    /// <summary>The TLS handshake and the checks of the certificate.</summary>
    Tls,

    /// <summary>Writing the request head or body.</summary>
    Send,

    /// <summary>Waiting for, or reading, the response head.</summary>
    Head,

    /// <summary>Reading the response body or its trailers.</summary>
    Body,

    /// <summary>Undoing the content encoding of the body.</summary>
    Decode,

    /// <summary>Deciding about the next request: a redirect or a retry.</summary>
    Follow,
}
