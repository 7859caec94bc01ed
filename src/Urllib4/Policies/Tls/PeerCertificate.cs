using System.Security.Cryptography.X509Certificates;

namespace Urllib4;

/// <summary>A certificate that has passed every check, as <see cref="TlsOptions.AdditionalCheck"/> is shown it.</summary>
/// <remarks>The certificates live as long as the check; keep <see cref="CertificateFacts.Der"/> for later.</remarks>
/// <param name="host">The host of the connection.</param>
/// <param name="certificate">The certificate.</param>
/// <param name="chain">The chain that was built.</param>
public sealed class PeerCertificate(string host, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> chain)
{
    /// <summary>The host of the connection: ASCII, without final dot or brackets.</summary>
    public string Host { get; } = host;

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>
    /// The chain that was built here, from the certificate itself to the root. Not verified under
    /// <see cref="TlsOptions.DangerousAcceptAnyCertificate"/>.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Chain { get; } = chain;
}
