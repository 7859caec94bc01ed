using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.Transport;

/// <summary>
/// What a certificate has to be: of a trusted chain, in its time, and made out to the host by a subject alternative name.
/// </summary>
internal static class CertificateCheck
{
    /// <summary>
    /// The rules of chain building. Never the network: downloads of intermediates would follow an address the server chose, past every
    /// limit of the call.
    /// </summary>
    public static X509ChainPolicy ChainPolicy(TlsOptions options)
    {
        // The default of this class is to ask for revocation online, which a private root without a list can never answer.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (options.CaCerts.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            foreach (X509Certificate2 root in options.CaCerts)
                policy.CustomTrustStore.Add(root);
        }

        return policy;
    }

    /// <summary>Why the certificate is refused, as a sentence, or null when it is accepted.</summary>
    public static string? Refusal(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return $"'{host}' showed no certificate.";
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return $"The certificate of '{host}' is not trusted: {ChainFaults(chain)} ({Describe(certificate)}).";
        // The platform falls back to the common name when no alternative name fits; RFC 9525 does not.
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0
            || !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
        {
            return $"The certificate is not made out to '{host}' ({Describe(certificate)}).";
        }

        return errors == SslPolicyErrors.None ? null : $"The certificate of '{host}' is refused: {errors} ({Describe(certificate)}).";
    }

    private static string ChainFaults(X509Chain? chain)
    {
        if (chain is null || chain.ChainStatus.Length == 0)
            return "no chain to a trusted root could be built";
        return string.Join(", ", chain.ChainStatus.Select(status => status.Status switch
        {
            X509ChainStatusFlags.UntrustedRoot => "its root is not among those trusted",
            X509ChainStatusFlags.PartialChain => "no chain to a trusted root could be built, an intermediate may be missing",
            X509ChainStatusFlags.NotTimeValid => "it, or one above it, is expired or not yet valid",
            X509ChainStatusFlags.NotValidForUsage => "it is not meant for servers",
            X509ChainStatusFlags.NotSignatureValid => "a signature does not fit",
            _ => status.Status.ToString(),
        }).Distinct());
    }

    private static string Describe(X509Certificate2 certificate)
    {
        string names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } alternative
            ? string.Join(
                ", ",
                alternative.EnumerateDnsNames().Concat(alternative.EnumerateIPAddresses().Select(ip => ip.ToString())).Take(8))
            : "none";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"subject '{certificate.Subject}', issuer '{certificate.Issuer}', "
            + $"valid {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, names {names}");
    }
}
