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
/// <para>A member that is not set reads as its default. In <see cref="RequestOptions.Tls"/> it is what the manager says that holds instead:
/// a request replaces only the members that it sets, and a null sets nothing. <see cref="AdditionalCheck"/> is added to that of the
/// manager. The dangers hold only where they are said: a request that has a value of its own here does not inherit them.</para>
/// <para>Immutable, so safe to share between threads; derive another with <c>with</c>. Two values are equal when they set the same members
/// to the same values. Certificates and private keys stay the caller's, and must not be disposed while the options are in use.</para>
/// </remarks>
public sealed record TlsOptions
{
    // Null where nobody has set a member, so that it can be told from one that was set to its default.
    private readonly CertificateSet? _intermediates;
    private readonly TlsVersion? _minimum;
    private readonly X509RevocationMode? _revocation;
    private readonly bool? _sendServerName, _offerAlpn, _allowTlsResume, _allowRenegotiation;

    /// <summary>Makes options that set nothing.</summary>
    public TlsOptions()
    {
    }

    private TlsOptions(TlsOptions over, TlsOptions below)
    {
        CaCerts = over.CaCerts ?? below.CaCerts;
        _intermediates = over._intermediates ?? below._intermediates;
        ClientCertificate = over.ClientCertificate ?? below.ClientCertificate;
        ServerHostname = over.ServerHostname ?? below.ServerHostname;
        _sendServerName = over._sendServerName ?? below._sendServerName;
        AssertHostname = over.AssertHostname ?? below.AssertHostname;
        AssertFingerprint = over.AssertFingerprint ?? below.AssertFingerprint;
        Pins = over.Pins ?? below.Pins;
        AdditionalCheck = below.AdditionalCheck;
        if (over.AdditionalCheck != below.AdditionalCheck)
            AdditionalCheck += over.AdditionalCheck;
        DangerousAcceptAnyCertificate = over.DangerousAcceptAnyCertificate;
        DangerousAcceptAnyHostname = over.DangerousAcceptAnyHostname;
        _minimum = over._minimum ?? below._minimum;
        TlsVersion? maximum = over.SslMaximumVersion ?? below.SslMaximumVersion;
        if (maximum < SslMinimumVersion)
            throw new InvalidRequestException(
                "The TLS options of the request and those of its manager leave no version of TLS: "
                + $"{nameof(SslMinimumVersion)} is {SslMinimumVersion} and {nameof(SslMaximumVersion)} {maximum}. "
                + "Set both in the request.");
        SslMaximumVersion = maximum;
        _offerAlpn = over._offerAlpn ?? below._offerAlpn;
        CipherSuites = over.CipherSuites ?? below.CipherSuites;
        _allowTlsResume = over._allowTlsResume ?? below._allowTlsResume;
        _allowRenegotiation = over._allowRenegotiation ?? below._allowRenegotiation;
        _revocation = over._revocation ?? below._revocation;
    }

    /// <summary>The defaults: the system's roots, every check on.</summary>
    public static TlsOptions Default { get; } = new();

    /// <summary>
    /// The only roots to trust, in place of the system's; urllib3's <c>ca_certs</c>, <c>ca_cert_dir</c> and <c>ca_cert_data</c>. An empty
    /// set trusts nobody. A chain has to end in a self-signed one; others only help to build it. Default null: the system's roots.
    /// </summary>
    public CertificateSet? CaCerts { get; init; }

    /// <summary>
    /// Intermediate certificates that help to build a chain where a server does not send its own. They are not trusted, and none is ever
    /// downloaded: the address would be the server's choice. Default empty; an empty set sets nothing.
    /// </summary>
    public CertificateSet Intermediates
    {
        get => _intermediates ?? CertificateSet.Empty;
        init => _intermediates = value is { Count: 0 } ? null : value;
    }

    /// <summary>The certificate to show to a server that asks for one; urllib3's <c>cert_file</c>. Default null: none.</summary>
    public ClientCertificate? ClientCertificate { get; init; }

    /// <summary>
    /// The name to ask the server for (SNI), and to find in its certificate unless <see cref="AssertHostname"/> is given; urllib3's
    /// <c>server_hostname</c>. Default null: the host of the URL.
    /// </summary>
    /// <exception cref="LocationValueException">The value is not a host.</exception>
    public string? ServerHostname { get; init => field = Name(value); }

    /// <summary>Whether the server is told by name whom it is asked for (SNI, RFC 6066). Default true; addresses are never sent.</summary>
    public bool SendServerName
    {
        get => _sendServerName ?? true;
        init => _sendServerName = value;
    }

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
    /// never accept what a check has refused. Of several that were added to each other (<c>+</c>) all have to accept. Runs during each
    /// handshake, resumed ones too, on the thread that does it; what it throws refuses as well. Default null.
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
        get => _minimum ?? TlsVersion.Tls12;
        init => _minimum = value <= (SslMaximumVersion ?? TlsVersion.Tls13) ? value : throw NoVersion(nameof(SslMinimumVersion), value);
    }

    /// <summary>The greatest version to speak; urllib3's <c>ssl_maximum_version</c>. Default null: the greatest the system has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than <see cref="SslMinimumVersion"/>.</exception>
    public TlsVersion? SslMaximumVersion
    {
        get;
        init => field = value is null || value >= SslMinimumVersion ? value : throw NoVersion(nameof(SslMaximumVersion), value.Value);
    }

    /// <summary>Whether the protocols that are spoken are offered to the server (ALPN, RFC 7301). Default true.</summary>
    public bool OfferAlpn
    {
        get => _offerAlpn ?? true;
        init => _offerAlpn = value;
    }

    /// <summary>The only cipher suites to offer, where the system allows a choice. Default null: the system's policy.</summary>
    public CipherSuites? CipherSuites { get; init; }

    /// <summary>
    /// Whether a later connection may take up the session of an earlier one. Default true. Sessions are kept by the platform, apart for
    /// each client certificate, and the certificate of a resumed session is judged anew. Never used while the server is asked for one name
    /// and verified by another, nor by a pool that has refused a certificate.
    /// </summary>
    public bool AllowTlsResume
    {
        get => _allowTlsResume ?? true;
        init => _allowTlsResume = value;
    }

    /// <summary>
    /// Whether the server may negotiate anew after the handshake, with TLS 1.2 only: servers do so that ask for a certificate for some
    /// paths only, such as IIS. Default false: it ends in a <see cref="TlsException"/>. Its certificate is judged anew each time. A
    /// connection on which the server has said anything at all while it lay idle is then not used again.
    /// </summary>
    public bool AllowRenegotiation
    {
        get => _allowRenegotiation ?? false;
        init => _allowRenegotiation = value;
    }

    /// <summary>
    /// Whether certificates are looked up in revocation lists: not at all, in lists that are on this machine, or in lists that are
    /// downloaded, up to 5 seconds each, within the time of the handshake. An unknown status refuses. Default
    /// <see cref="X509RevocationMode.NoCheck"/>.
    /// </summary>
    public X509RevocationMode RevocationMode
    {
        get => _revocation ?? X509RevocationMode.NoCheck;
        init => _revocation = value;
    }

    /// <summary>These options where they are set, and those of a manager where they are not.</summary>
    /// <exception cref="InvalidRequestException">Together they leave no version of TLS.</exception>
    internal TlsOptions Over(TlsOptions below) =>
        ReferenceEquals(this, below) || below == Default ? this : new TlsOptions(this, below);

    private static string? Name(string? host) => host is null ? null : HostName.Parse(host).Name;

    private static ArgumentOutOfRangeException NoVersion(string member, TlsVersion value) =>
        new(member, value, $"No version is left between {nameof(SslMinimumVersion)} and {nameof(SslMaximumVersion)}.");
}
