using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Puts TLS on a wire. Made once for a configuration and a host, and used for each handshake.</summary>
internal sealed class TlsUpgrade
{
#pragma warning disable CA5398 // a limit has to name a version
    private const SslProtocols LeastVersion = SslProtocols.Tls12;
#pragma warning restore CA5398

    private readonly TlsOptions _options;
    private readonly SslClientAuthenticationOptions? _own;
    private readonly TlsFailures _failures;
    private readonly string _serverName; // empty when none is sent
    private readonly CertificateCheck _check;
    private readonly bool _sameName;
    private readonly string _host;
    private readonly HttpVersions _versions;
    private volatile SslClientAuthenticationOptions _handshake;
    private volatile CertificateFacts? _facts; // of the last certificate

    /// <param name="options">How to speak, and whom to trust.</param>
    /// <param name="host">The host of the connection: ASCII, without trailing dot or brackets.</param>
    /// <param name="own">What a program has said in the platform's words; null for nothing.</param>
    /// <param name="proxy">What messages call the other side when it is a proxy.</param>
    /// <param name="versions">Which versions of HTTP are offered.</param>
    public TlsUpgrade(
        TlsOptions options,
        string host,
        SslClientAuthenticationOptions? own = null,
        string? proxy = null,
        HttpVersions versions = HttpVersions.Http11)
    {
        _options = options;
        _host = host;
        _own = own;
        _failures = new TlsFailures(options, host, proxy)
        {
            MayRenegotiate = options.AllowRenegotiation ? versions != HttpVersions.Http2
                // On by default there, so that nobody has asked for it.
                : own?.AllowRenegotiation == true && versions == HttpVersions.Http11,
        };
        // HTTP/2 forbids it (RFC 9113, section 9.2.1), and whoever allows it has a server that needs it.
        _versions = _failures.MayRenegotiate ? HttpVersions.Http11 : versions;
        // The platform sends no name for an address, and none for an empty text.
        _serverName = options.SendServerName ? options.ServerHostname ?? host : "";
        _check = new CertificateCheck(options, host, own?.CertificateChainPolicy);
        _sameName = _check.Name == _serverName;
        // A session of one connection may be taken up by another with other options: by one to the same name at least, and only where
        // the server had to prove itself (Go CVE-2025-68121).
        _handshake = Terms(options.AllowTlsResume && _sameName && !options.DangerousAcceptAnyCertificate
            && own is null or { AllowTlsResume: true, RemoteCertificateValidationCallback: null });
    }

    /// <summary>The same, with other versions of HTTP offered.</summary>
    public TlsUpgrade With(HttpVersions versions) => new(_options, _host, _own, versions: versions);

    /// <summary>Does the handshake, within the limit that the wire has been given.</summary>
    /// <exception cref="CertificateException">The certificate was refused.</exception>
    /// <exception cref="TlsException">The handshake failed otherwise.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask Handshake<TMode>(Wire wire)
        where TMode : struct, IWaitMode
    {
        TlsRecordStream records = wire.NewRecordStream();
        var hello = new ServerHelloReader();
        records.Hello = hello;
        var stream = new CheckedSslStream(records);
        try
        {
            if (TMode.IsBlocking)
                stream.AuthenticateAsClient(_handshake);
            else
                await stream.AuthenticateAsClientAsync(_handshake, CancellationToken.None).ConfigureAwait(false);
            records.Hello = null;
            wire.Upgrade(new TlsLayer(_failures, stream, records, Describe(stream, hello.IsResumed)));
        }
        catch (Exception e)
        {
            Exception error = wire.Explain(e) ?? stream.Refusal ?? _failures.OfHandshake(e, hello.OtherProtocol);
            // What is below goes with it, and if that is TLS with a proxy, it can say no farewell any more.
            wire.Cut(WireEnd.Closed);
            // The engine holds memory that the collector does not see (TL-13).
            await stream.DisposeAsync().ConfigureAwait(false);
            throw error;
        }
    }

    private SslClientAuthenticationOptions Terms(bool resumes)
    {
        var terms = new SslClientAuthenticationOptions
        {
            TargetHost = _serverName,
            AllowRenegotiation = _failures.MayRenegotiate,
            AllowTlsResume = resumes,
            ApplicationProtocols = _options.OfferAlpn ? Offer() : null,
            CertificateChainPolicy = _check.ChainPolicy(),
            CertificateRevocationCheckMode = _options.RevocationMode,
            ClientCertificateContext = _options.ClientCertificate?.Context,
            EnabledSslProtocols = Versions(),
            RemoteCertificateValidationCallback = Validate,
        };
        if (_options.CipherSuites is { } suites)
            terms.CipherSuitesPolicy = suites.Policy;
        if (_own is not null)
            Take(_own, terms);
        return terms;
    }

    // The one wanted more comes first (RFC 7301, section 3.1).
    private List<SslApplicationProtocol> Offer()
    {
        List<SslApplicationProtocol> offer = [];
        if (_versions.HasFlag(HttpVersions.Http2))
            offer.Add(SslApplicationProtocol.Http2);
        if (_versions.HasFlag(HttpVersions.Http11))
            offer.Add(SslApplicationProtocol.Http11);
        return offer;
    }

    // Whom to ask for, what is spoken inside, and who judges certificates, is not the program's to say.
    private static void Take(SslClientAuthenticationOptions own, SslClientAuthenticationOptions terms)
    {
        terms.CertificateRevocationCheckMode = own.CertificateRevocationCheckMode;
        terms.CipherSuitesPolicy = own.CipherSuitesPolicy ?? terms.CipherSuitesPolicy;
        terms.ClientCertificateContext = own.ClientCertificateContext ?? terms.ClientCertificateContext;
        terms.ClientCertificates = own.ClientCertificates;
        terms.EncryptionPolicy = own.EncryptionPolicy;
        terms.LocalCertificateSelectionCallback = own.LocalCertificateSelectionCallback;
        if (own.EnabledSslProtocols != SslProtocols.None)
            terms.EnabledSslProtocols = own.EnabledSslProtocols;
    }

#pragma warning disable CA5398 // the caller asked for this one
    // The system's own policy chooses as long as nothing narrower is said; the floor is checked afterwards.
    private SslProtocols Versions() => (_options.SslMinimumVersion, _options.SslMaximumVersion) switch
    {
        (TlsVersion.Tls13, _) => SslProtocols.Tls13,
        (_, TlsVersion.Tls12) => SslProtocols.Tls12,
        _ => SslProtocols.None,
    };
#pragma warning restore CA5398

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            if (_own?.RemoteCertificateValidationCallback is { } callback)
            {
                ((CheckedSslStream)sender).IsOverruled = errors != SslPolicyErrors.None;
                _check.Ask(callback, sender, certificate as X509Certificate2, chain, errors);
            }
            else
            {
                _check.Verify(certificate as X509Certificate2, chain, errors);
            }

            return true;
        }
        catch (CertificateException refusal)
        {
            ((CheckedSslStream)sender).Refusal = refusal;
            // The platform may have kept the session already (curl CVE-2024-0853).
            if (_handshake.AllowTlsResume)
                _handshake = Terms(resumes: false);
            return false;
        }
    }

    private TlsConnectionInfo Describe(CheckedSslStream stream, bool? isResumed)
    {
        if (stream.SslProtocol < LeastVersion)
            throw new TlsException($"{_failures.Peer} speaks {stream.SslProtocol} only; the least version accepted is TLS 1.2.");
        SslApplicationProtocol protocol = stream.NegotiatedApplicationProtocol;
        if (protocol == SslApplicationProtocol.Http2)
            Http2Ciphers.Check(stream, _failures.Peer);
        else if (_versions == HttpVersions.Http2)
            throw new TlsException($"{_failures.Peer} did not agree to HTTP/2 in the TLS handshake (ALPN), and nothing else is allowed.")
            {
                IsAboutVersion = true,
            };
        return new TlsConnectionInfo
        {
            Version = stream.SslProtocol == LeastVersion ? TlsVersion.Tls12 : TlsVersion.Tls13,
            CipherSuite = stream.NegotiatedCipherSuite,
            ApplicationProtocol = protocol == SslApplicationProtocol.Http11 ? "http/1.1"
                : protocol.Protocol.IsEmpty ? null : protocol.ToString(),
            ServerName = HasServerName ? _serverName : null,
            PeerCertificate = FactsOf((X509Certificate2)stream.RemoteCertificate!),
            IsVerified = _check.Proves && !stream.IsOverruled,
            IsResumed = isResumed,
        };
    }

    // A server shows one certificate for years: its connections share what is known of it.
    private CertificateFacts FactsOf(X509Certificate2 certificate) =>
        _facts is { } known && known.Der.Span.SequenceEqual(certificate.RawDataMemory.Span)
            ? known
            : _facts = CertificateFacts.Of(certificate);

    private bool HasServerName => _serverName.Length > 0 && !IpLiteral.IsIPv4(_serverName) && !IpLiteral.IsIPv6(_serverName);

    /// <summary>Carries the verdict of its own handshake; the options are shared by all.</summary>
    private sealed class CheckedSslStream(Stream inner) : SslStream(inner, leaveInnerStreamOpen: false)
    {
        public CertificateException? Refusal { get; set; }

        /// <summary>Whether the program has accepted what the platform found fault with.</summary>
        public bool IsOverruled { get; set; }
    }
}
