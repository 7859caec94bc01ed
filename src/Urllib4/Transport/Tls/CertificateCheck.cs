using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;

namespace Urllib4.Transport;

/// <summary>
/// What a certificate has to be: of a trusted chain, in its time, made out to the host, and whatever else the options ask for. One check
/// after another, each with a sentence of its own.
/// </summary>
internal sealed class CertificateCheck
{
    // What a list of revoked certificates may cost a handshake, which it holds up.
    private static readonly TimeSpan DownloadLimit = TimeSpan.FromSeconds(5);

    private readonly TlsOptions _options;
    private readonly string _host;
    private readonly bool _isAnyName;
    private readonly X509ChainPolicy? _own;

    /// <param name="options">What is asked for.</param>
    /// <param name="host">The host of the connection: ASCII, without final dot or brackets.</param>
    /// <param name="own">The rules of chain building that a program has given in the platform's words; null for ours.</param>
    public CertificateCheck(TlsOptions options, string host, X509ChainPolicy? own = null)
    {
        _options = options;
        _host = host;
        _own = own;
        Name = options.AssertHostname ?? options.ServerHostname ?? host;
        _isAnyName = options.DangerousAcceptAnyCertificate || options.DangerousAcceptAnyHostname
            || (options.AssertFingerprint is not null && options.AssertHostname is null);
    }

    /// <summary>The name to find in the certificate.</summary>
    public string Name { get; }

    /// <summary>Whether what has passed is known to be the server.</summary>
    public bool Proves =>
        !_options.DangerousAcceptAnyCertificate || _options.AssertFingerprint is not null || _options.Pins is not null;

    /// <summary>
    /// The rules of chain building. Never the network: downloads of intermediates would follow an address the server chose, past every
    /// limit of the call.
    /// </summary>
    public X509ChainPolicy ChainPolicy()
    {
        if (_own is not null)
            return _own;
        // The default of this class is to ask for revocation online, which a private root without a list can never answer.
        var policy = new X509ChainPolicy
        {
            RevocationMode = _options.RevocationMode,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            UrlRetrievalTimeout = DownloadLimit,
            DisableCertificateDownloads = true,
        };
        policy.ExtraStore.AddRange(_options.Intermediates.ToArray());
        if (_options.CaCerts is not { } roots)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots.ToArray());
        return policy;
    }

    /// <summary>Judges a certificate.</summary>
    /// <param name="certificate">The certificate, or null when none was shown.</param>
    /// <param name="chain">The chain as the platform built it, by the rules above.</param>
    /// <param name="errors">The platform's own verdict; of the name it is not asked, since it knows fewer forms and takes more
    /// stars.</param>
    /// <exception cref="CertificateException">It is refused.</exception>
    public void Verify(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null)
            throw new CertificateException(CertificateFailure.Chain, $"'{_host}' showed no certificate.");
        if (!_options.DangerousAcceptAnyCertificate)
            VerifyChain(certificate, chain, errors);
        if (!_isAnyName && !SubjectNames.Match(certificate.RawDataMemory.Span, Name))
            throw Refused(CertificateFailure.Name, $"The certificate of '{_host}' is not made out to '{Name}'", certificate);
        VerifyIdentity(certificate, chain);
        if (_options.AdditionalCheck is { } check)
            VerifyCondition(check, certificate, chain);
    }

    /// <summary>
    /// Asks a program that has the last word on chain and name; what else the options ask for still holds.
    /// </summary>
    /// <inheritdoc cref="Verify"/>
    public void Ask(
        RemoteCertificateValidationCallback callback,
        object sender,
        X509Certificate2? certificate,
        X509Chain? chain,
        SslPolicyErrors errors)
    {
        string name = nameof(SslClientAuthenticationOptions.RemoteCertificateValidationCallback);
        bool accepts;
        try
        {
            accepts = callback(sender, certificate, chain, errors);
        }
        catch (Exception e)
        {
            string sentence = $"The program's {name} failed for the certificate of '{_host}': {e.Message}";
            throw new CertificateException(CertificateFailure.Condition, sentence, FactsOf(certificate), e);
        }

        if (!accepts)
        {
            string sentence = $"The certificate of '{_host}' is refused by the program's {name}; the platform says: {errors}";
            throw new CertificateException(CertificateFailure.Condition, sentence, FactsOf(certificate));
        }

        if (certificate is null || chain is null)
            return;
        VerifyIdentity(certificate, chain);
        if (_options.AdditionalCheck is { } check)
            VerifyCondition(check, certificate, chain);
    }

    private static CertificateFacts? FactsOf(X509Certificate2? certificate) =>
        certificate is null ? null : CertificateFacts.Of(certificate);

    private void VerifyChain(X509Certificate2 certificate, X509Chain chain, SslPolicyErrors errors)
    {
        // What the program's own rules let pass is a status all the same.
        bool hasFault = _own is null && chain.ChainStatus.Length > 0;
        if (hasFault || (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
        {
            CertificateFailure failure = ChainFaults.Describe(chain, out string reason);
            throw Refused(failure, $"The certificate of '{_host}' is refused: {reason}", certificate);
        }

        if (ChainFaults.WeakKey(chain) is { } weak)
            throw Refused(CertificateFailure.Key, $"The certificate of '{_host}' is refused: {weak}", certificate);
    }

    private void VerifyIdentity(X509Certificate2 certificate, X509Chain chain)
    {
        if (_options.AssertFingerprint is { } expected)
        {
            string actual = certificate.GetCertHashString(HashAlgorithmName.SHA256);
            if (actual != expected)
            {
                string difference = $"the fingerprint {expected} is asked for, and it has {actual}";
                throw Refused(CertificateFailure.Fingerprint, $"The certificate of '{_host}' is another one: {difference}", certificate);
            }
        }

        if (_options.Pins is { } pins && !pins.Contain(certificate))
            VerifyPins(pins, certificate, chain);
    }

    private void VerifyPins(PublicKeyPins pins, X509Certificate2 certificate, X509Chain chain)
    {
        // Who is above the certificate proves something only in a chain that ends in a trusted root.
        if (_options.DangerousAcceptAnyCertificate || !chain.ChainElements.Any(element => pins.Contain(element.Certificate)))
        {
            string shown = $"the certificate's own is {PublicKeyPins.Of(certificate)}";
            throw Refused(CertificateFailure.Pin, $"No key in the chain of '{_host}' is among those pinned; {shown}", certificate);
        }
    }

    private void VerifyCondition(Func<PeerCertificate, string?> check, X509Certificate2 certificate, X509Chain chain)
    {
        string? refusal;
        try
        {
            var shown = new PeerCertificate(_host, certificate, [.. chain.ChainElements.Select(static e => e.Certificate)]);
            // A request's own condition was added to that of its manager.
            refusal = check.GetInvocationList().Cast<Func<PeerCertificate, string?>>()
                .Select(one => one(shown)).FirstOrDefault(static reason => reason is not null);
        }
        catch (Exception e)
        {
            throw new CertificateException(
                CertificateFailure.Condition,
                $"{nameof(TlsOptions.AdditionalCheck)} failed for the certificate of '{_host}': {e.Message}",
                CertificateFacts.Of(certificate),
                e);
        }

        if (refusal is null)
            return;
        string sentence = $"The certificate of '{_host}' is refused by {nameof(TlsOptions.AdditionalCheck)}: {refusal}";
        throw Refused(CertificateFailure.Condition, sentence, certificate);
    }

    private static CertificateException Refused(CertificateFailure failure, string sentence, X509Certificate2 certificate) =>
        new(failure, sentence, CertificateFacts.Of(certificate));
}
