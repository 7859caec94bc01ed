using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4;

/// <summary>
/// The certificate by which this side proves who it is, with its private key and the intermediates that are sent along. It is shown only
/// to servers that ask for one.
/// </summary>
/// <remarks>
/// The private key stays the caller's: dispose <see cref="Certificate"/> after the last use. Immutable, so safe to share between threads.
/// Two values are equal when certificate and chain are the same; connections are never shared between two that are not, and TLS sessions
/// never between two certificates.
/// </remarks>
public sealed class ClientCertificate : IEquatable<ClientCertificate>
{
    /// <summary>Takes a certificate from wherever it comes, a store for instance.</summary>
    /// <param name="certificate">The certificate, with its private key.</param>
    /// <param name="chain">The intermediates to send along; null for none. Nothing is searched for and nothing is downloaded.</param>
    /// <exception cref="ArgumentException">The certificate has no private key.</exception>
    public ClientCertificate(X509Certificate2 certificate, CertificateSet? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
            throw new ArgumentException($"The certificate of '{certificate.Subject}' has no private key.", nameof(certificate));
        Certificate = certificate;
        Chain = chain ?? CertificateSet.Empty;
        // Built once: it is what costs the most of a handshake with a certificate of one's own.
        Context = SslStreamCertificateContext.Create(certificate, [.. Chain], offline: true);
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The intermediates that are sent along.</summary>
    public CertificateSet Chain { get; }

    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads a certificate, its intermediates and its private key from PEM files.</summary>
    /// <param name="certFile">The certificate first, its intermediates behind it; urllib3's <c>cert_file</c>.</param>
    /// <param name="keyFile">The private key; urllib3's <c>key_file</c>. Null when it is in the same file.</param>
    /// <param name="keyPassword">The password of an encrypted key; urllib3's <c>key_password</c>.</param>
    /// <returns>The certificate; its private key is in memory until <see cref="Certificate"/> is disposed.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">
    /// A file holds no certificate or no key in PEM form, the key does not fit, or it is encrypted and the password is wrong or missing.
    /// </exception>
    public static ClientCertificate ReadPem(string certFile, string? keyFile = null, string? keyPassword = null)
    {
        string key = File.ReadAllText(keyFile ?? certFile);
        if (keyPassword is null && key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal))
            throw new CryptographicException($"The private key in '{keyFile ?? certFile}' is encrypted: a password is required.");
        string text = File.ReadAllText(certFile);
        X509Certificate2 certificate = keyPassword is null
            ? X509Certificate2.CreateFromPem(text, key)
            : X509Certificate2.CreateFromEncryptedPem(text, key, keyPassword);
        var all = new X509Certificate2Collection();
        all.ImportFromPem(text);
        return With(Usable(certificate), all);
    }

    /// <summary>Reads a certificate, its intermediates and its private key from a PKCS #12 file.</summary>
    /// <param name="path">The file, usually <c>.pfx</c> or <c>.p12</c>.</param>
    /// <param name="password">Its password, or null when it has none.</param>
    /// <returns>The certificate; its private key is the caller's to dispose, with <see cref="Certificate"/>.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">It is no such file, it has no private key, or the password is wrong.</exception>
    public static ClientCertificate ReadPfx(string path, string? password = null)
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12Collection(File.ReadAllBytes(path), password);
        X509Certificate2 certificate = all.FirstOrDefault(static c => c.HasPrivateKey)
            ?? throw new CryptographicException($"'{path}' holds no private key.");
        return With(certificate, all);
    }

    /// <inheritdoc/>
    public bool Equals(ClientCertificate? other) =>
        other is not null && CertificateSet.AreSame(Certificate, other.Certificate) && Chain.Equals(other.Chain);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClientCertificate);

    /// <inheritdoc/>
    public override int GetHashCode() => Certificate.GetHashCode();

    /// <summary>Whom it is about.</summary>
    /// <returns>The subject.</returns>
    public override string ToString() => Certificate.Subject;

    private static ClientCertificate With(X509Certificate2 certificate, X509Certificate2Collection all) =>
        new(certificate, new CertificateSet(all.Where(other => !CertificateSet.AreSame(certificate, other))));

    // The TLS of Windows cannot use a key that was never in a key store; one that came out of a PKCS #12 file it can.
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
