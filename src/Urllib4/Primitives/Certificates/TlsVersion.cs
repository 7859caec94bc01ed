namespace Urllib4;

/// <summary>The versions of TLS that are spoken. What is older than these is refused, whatever the system would allow (RFC 8996).</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2, RFC 5246.</summary>
    Tls12,

    /// <summary>TLS 1.3, RFC 8446.</summary>
    Tls13,
}
