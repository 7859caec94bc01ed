using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.Adapters;

/// <summary>The TLS options of a handler, as they are when its pools are made: what the caller changes afterwards means nothing.</summary>
internal static class HandlerTls
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>The options for every connection; null when the caller has said nothing of TLS.</summary>
    /// <param name="settings">What the handler was told.</param>
    /// <param name="request">The request that makes the calling thread open a connection.</param>
    public static SslClientAuthenticationOptions? OptionsOf(HandlerSettings settings, Func<HttpRequestMessage?> request)
    {
        bool isAutomatic = settings.ClientCertificateOptions == ClientCertificateOption.Automatic;
        if (settings.SslOptions is null && settings.ServerCertificateCallback is null && !isAutomatic)
            return null;
        SslClientAuthenticationOptions given = settings.SslOptions ?? new();
        return new SslClientAuthenticationOptions
        {
            AllowRenegotiation = given.AllowRenegotiation,
            AllowTlsResume = given.AllowTlsResume,
            CertificateChainPolicy = given.CertificateChainPolicy,
            CertificateRevocationCheckMode = given.CertificateRevocationCheckMode,
            CipherSuitesPolicy = given.CipherSuitesPolicy,
            ClientCertificateContext = given.ClientCertificateContext,
            ClientCertificates = given.ClientCertificates,
            EnabledSslProtocols = given.EnabledSslProtocols,
            EncryptionPolicy = given.EncryptionPolicy,
            LocalCertificateSelectionCallback = given.LocalCertificateSelectionCallback ?? (isAutomatic ? FromStore
                : given.ClientCertificates is { Count: > 0 } choice ? (_, _, _, _, _) => Fit(choice)! : null),
            RemoteCertificateValidationCallback = settings.ServerCertificateCallback is { } callback
                ? (_, certificate, chain, errors) => callback(request()!, certificate as X509Certificate2, chain, errors)
                : given.RemoteCertificateValidationCallback,
        };
    }

    private static X509Certificate2 FromStore(
        object sender, string host, X509CertificateCollection local, X509Certificate? remote, string[] issuers)
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.OpenExistingOnly);
        return Fit(store.Certificates)!;
    }

    // The platform takes none for an answer, although its type does not say so.
    private static X509Certificate2? Fit(X509CertificateCollection candidates)
    {
        foreach (X509Certificate candidate in candidates)
        {
            if (candidate is X509Certificate2 { HasPrivateKey: true } certificate && IsForClients(certificate))
                return certificate;
        }

        return null;
    }

    // What does not say what it is for is for everything (RFC 5280, sections 4.2.1.3 and 4.2.1.12).
    private static bool IsForClients(X509Certificate2 certificate)
    {
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension is X509EnhancedKeyUsageExtension purposes && purposes.EnhancedKeyUsages[ForClients] is null)
                return false;
            if (extension is X509KeyUsageExtension usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
                return false;
        }

        return true;
    }
}
