using System.Security.Cryptography.X509Certificates;
using Urllib4.Policies;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// How TLS is spoken, whom it trusts and as whom it appears. Part of the pool key by value: connections are shared only under equal
/// options.
/// </summary>
/// <remarks>
/// <para>Every check is on by default. Those that can be taken away are the members that begin with <c>Dangerous</c>; all others only
/// add to what a server has to fulfil.</para>
/// <para>Immutable, so safe to share between threads; derive another with <c>with</c>. Certificates and private keys stay the caller's, and
/// must not be disposed while the options are in use.</para>
/// </remarks>
public sealed record TlsOptions
{
    /// <summary>The defaults: the system's roots, every check on.</summary>
    public static TlsOptions Default { get; } = new();

    /// <summary>
    /// The only roots to trust, in place of the system's; urllib3's <c>ca_certs</c>, <c>ca_cert_dir</c> and <c>ca_cert_data</c>. An empty
    /// set trusts nobody. A chain has to end in a self-signed one; others only help to build it. Default null: the system's roots.
    /// </summary>
    public CertificateSet? CaCerts { get; init; }

    /// <summary>
    /// Intermediate certificates that help to build a chain where a server does not send its own. They are not trusted, and none is ever
    /// downloaded: the address would be the server's choice. Default empty.
    /// </summary>
    public CertificateSet Intermediates { get; init; } = CertificateSet.Empty;

    /// <summary>The certificate to show to a server that asks for one; urllib3's <c>cert_file</c>. Default null: none.</summary>
    public ClientCertificate? ClientCertificate { get; init; }

    /// <summary>
    /// The name to ask the server for (SNI), and to find in its certificate unless <see cref="AssertHostname"/> is given; urllib3's
    /// <c>server_hostname</c>. Default null: the host of the URL.
    /// </summary>
    /// <exception cref="LocationValueException">The value is not a host.</exception>
    public string? ServerHostname { get; init => field = Name(value); }

    /// <summary>Whether the server is told by name whom it is asked for (SNI, RFC 6066). Default true; addresses are never sent.</summary>
    public bool SendServerName { get; init; } = true;

    /// <summary>
    /// The name, or address, to find in the certificate instead of the host of the URL; urllib3's <c>assert_hostname</c>. Default null:
    /// <see cref="ServerHostname"/>, or else the host of the URL.
    /// </summary>
    /// <exception cref="LocationValueException">The value is not a host.</exception>
    public string? AssertHostname { get; init => field = Name(value); }

    /// <summary>
    /// The SHA-256 of the one certificate that the server may show, in hexadecimal with or without colons; urllib3's
    /// <c>assert_fingerprint</c>. It stands in for the check of the name, as there, unless <see cref="AssertHostname"/> is given; the chain
    /// is still verified. Default null: any.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not a SHA-256; MD5 and SHA-1 are refused.</exception>
    public string? AssertFingerprint
    {
        get;
        init => field = value is null ? null : Fingerprint.Normalized(value, nameof(AssertFingerprint));
    }

    /// <summary>
    /// Public keys of which one has to be in the verified chain, as it was built here and not as the server sent it. Default null: any.
    /// </summary>
    public PublicKeyPins? Pins { get; init; }

    /// <summary>
    /// A condition of the caller's own, asked after every other check has passed: null accepts, a text says why not. It can refuse, and
    /// never accept what a check has refused. Runs during each handshake, resumed ones too, on the thread that does it; what it throws
    /// refuses as well. Default null.
    /// </summary>
    public Func<PeerCertificate, string?>? AdditionalCheck { get; init; }

    /// <summary>
    /// Accepts whatever certificate is shown, so that anybody on the way can be the server; urllib3's <c>cert_reqs='CERT_NONE'</c>.
    /// <see cref="AssertFingerprint"/>, <see cref="Pins"/> (of the server's own key only) and <see cref="AdditionalCheck"/> still hold.
    /// Default false. <see cref="TlsConnectionInfo.IsVerified"/> tells afterwards. Such sessions are never resumed.
    /// </summary>
    public bool DangerousAcceptAnyCertificate { get; init; }

    /// <summary>
    /// Accepts a trusted certificate whoever it is made out to, so that everybody who has one can be the server; urllib3's
    /// <c>assert_hostname=False</c>. Default false.
    /// </summary>
    public bool DangerousAcceptAnyHostname { get; init; }

    /// <summary>The least version to speak; urllib3's <c>ssl_minimum_version</c>. Default TLS 1.2, and there is nothing below.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is greater than <see cref="SslMaximumVersion"/>.</exception>
    public TlsVersion SslMinimumVersion
    {
        get;
        init => field = value <= (SslMaximumVersion ?? TlsVersion.Tls13) ? value : throw NoVersion(nameof(SslMinimumVersion), value);
    } = TlsVersion.Tls12;

    /// <summary>The greatest version to speak; urllib3's <c>ssl_maximum_version</c>. Default null: the greatest the system has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than <see cref="SslMinimumVersion"/>.</exception>
    public TlsVersion? SslMaximumVersion
    {
        get;
        init => field = value is null || value >= SslMinimumVersion ? value : throw NoVersion(nameof(SslMaximumVersion), value.Value);
    }

    /// <summary>Whether the protocols that are spoken are offered to the server (ALPN, RFC 7301). Default true.</summary>
    public bool OfferAlpn { get; init; } = true;

    /// <summary>The only cipher suites to offer, where the system allows a choice. Default null: the system's policy.</summary>
    public CipherSuites? CipherSuites { get; init; }

    /// <summary>
    /// Whether a later connection may take up the session of an earlier one. Default true. Sessions are kept by the platform, apart for
    /// each client certificate, and the certificate of a resumed session is judged anew. Never used while the server is asked for one name
    /// and verified by another, nor by a pool that has refused a certificate.
    /// </summary>
    public bool AllowTlsResume { get; init; } = true;

    /// <summary>
    /// Whether certificates are looked up in revocation lists: not at all, in lists that are on this machine, or in lists that are
    /// downloaded, up to 5 seconds each, within the time of the handshake. An unknown status refuses. Default
    /// <see cref="X509RevocationMode.NoCheck"/>.
    /// </summary>
    public X509RevocationMode RevocationMode { get; init; } = X509RevocationMode.NoCheck;

    private static string? Name(string? host) => host is null ? null : HostName.Parse(host).Name;

    private static ArgumentOutOfRangeException NoVersion(string member, TlsVersion value) =>
        new(member, value, $"No version is left between {nameof(SslMinimumVersion)} and {nameof(SslMaximumVersion)}.");
}
