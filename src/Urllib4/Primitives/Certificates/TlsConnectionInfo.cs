using System.Net.Security;

namespace Urllib4;

/// <summary>What a TLS handshake came to.</summary>
/// <remarks>Immutable, so safe to read from any thread.</remarks>
public sealed record TlsConnectionInfo
{
    /// <summary>The version that was agreed on.</summary>
    public required TlsVersion Version { get; init; }

    /// <summary>The cipher suite that was agreed on.</summary>
    public required TlsCipherSuite CipherSuite { get; init; }

    /// <summary>The protocol agreed on by ALPN (RFC 7301), for example <c>http/1.1</c>, or null when the server chose none.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>The name that the server was asked for (SNI, RFC 6066, section 3), or null when none was sent, as for an address.</summary>
    public string? ServerName { get; init; }

    /// <summary>What the certificate of the server says.</summary>
    public required CertificateFacts PeerCertificate { get; init; }

    /// <summary>
    /// Whether anything proved who the server is: a chain to a trusted root, or its fingerprint or pin; urllib3's <c>is_verified</c>.
    /// False only under <c>TlsOptions.DangerousAcceptAnyCertificate</c>.
    /// </summary>
    public required bool IsVerified { get; init; }

    /// <summary>
    /// Whether the server took up an earlier session instead of proving itself anew, as read off its part of the handshake. Null when
    /// that could not be read.
    /// </summary>
    public bool? IsResumed { get; init; }
}
