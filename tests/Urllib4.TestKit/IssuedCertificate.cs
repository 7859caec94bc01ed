using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.TestKit;

/// <summary>A certificate with its private key, and the intermediates a server sends along.</summary>
/// <param name="certificate">The certificate; it has its private key.</param>
/// <param name="intermediates">The authorities between it and the root, without the root.</param>
public sealed class IssuedCertificate(X509Certificate2 certificate, X509Certificate2Collection intermediates) : IDisposable
{
    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>The authorities between it and the root; the root itself is not among them.</summary>
    public X509Certificate2Collection Intermediates { get; } = intermediates;

    /// <summary>The certificate in PEM.</summary>
    public string CertificatePem => Certificate.ExportCertificatePem();

    /// <summary>The certificate and its intermediates in PEM, in the order in which TLS sends them.</summary>
    public string ChainPem => string.Join('\n', Intermediates.Prepend(Certificate).Select(static c => c.ExportCertificatePem())) + '\n';

    /// <summary>The private key in PEM.</summary>
    public string KeyPem => Key().ExportPkcs8PrivateKeyPem();

    /// <summary>The same certificate as a careless administrator installs it: without its intermediates.</summary>
    public IssuedCertificate WithoutIntermediates() => new(Certificate, []);

    /// <summary>The private key in PEM, encrypted with a password.</summary>
    public string EncryptedKeyPem(string password) =>
        Key().ExportEncryptedPkcs8PrivateKeyPem(
            password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    /// <summary>What a TLS server needs to present this certificate; nothing is fetched from a network.</summary>
    public SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Certificate, Intermediates, offline: true),
    };

    /// <summary>Writes <c>cert.pem</c> (with intermediates), <c>key.pem</c> and <c>combined.pem</c> into a directory.</summary>
    public void WriteTo(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "cert.pem"), ChainPem);
        File.WriteAllText(Path.Combine(directory, "key.pem"), KeyPem + '\n');
        File.WriteAllText(Path.Combine(directory, "combined.pem"), ChainPem + KeyPem + '\n');
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private AsymmetricAlgorithm Key() =>
        Certificate.GetECDsaPrivateKey() ?? (AsymmetricAlgorithm?)Certificate.GetRSAPrivateKey()
        ?? throw new InvalidOperationException("The certificate has no private key.");
}
