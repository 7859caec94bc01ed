using System.Security.Cryptography.X509Certificates;

namespace Urllib4;

/// <summary>
/// How the other side of a TLS connection is trusted. Part of the pool key by value: connections are shared only under equal options.
/// </summary>
/// <remarks>
/// Immutable, so safe to share between threads. Names are always checked against subject alternative names only (RFC 9525).
/// </remarks>
public sealed record TlsOptions
{
    /// <summary>The defaults: the system's roots, every check on.</summary>
    public static TlsOptions Default { get; } = new();

    /// <summary>
    /// The only roots to trust, in place of the system's (urllib3's <c>ca_certs</c>), or empty for the system's. Default empty.
    /// </summary>
    public CertificateSet CaCerts { get; init; } = CertificateSet.Empty;

    /// <summary>Reads the certificates of a PEM file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The certificates, for <see cref="CaCerts"/>.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The file holds no certificate in PEM form.</exception>
    public static CertificateSet ReadPem(string path) => CertificateSet.ReadPem(path);
}
