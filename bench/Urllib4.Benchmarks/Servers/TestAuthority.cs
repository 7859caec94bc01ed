using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.Benchmarks;

/// <summary>
/// A certification authority for one run, and the certificate of the server. Client processes are told by their environment to trust
/// nobody else, so that every client verifies as it is shipped.
/// </summary>
internal sealed class TestAuthority
{
    private TestAuthority(DirectoryInfo folder)
    {
        CertificateFile = Path.Combine(folder.FullName, "server.pem");
        KeyFile = Path.Combine(folder.FullName, "server.key");
        AuthorityFile = Path.Combine(folder.FullName, "authority.pem");
        TrustingEnvironment = new Dictionary<string, string> { ["SSL_CERT_FILE"] = AuthorityFile, ["SSL_CERT_DIR"] = "/nonexistent" };
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public string AuthorityFile { get; }

    /// <summary>What makes a client process trust this authority.</summary>
    public IReadOnlyDictionary<string, string> TrustingEnvironment { get; }

    /// <summary>Makes both and writes them into a folder.</summary>
    public static TestAuthority Create(DirectoryInfo folder)
    {
        var authority = new TestAuthority(folder);
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1);
        DateTimeOffset to = from.AddDays(3);

        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Urllib4 benchmark authority", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 rootCertificate = root.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using X509Certificate2 certificate = server.Create(rootCertificate, from, to, RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(authority.AuthorityFile, rootCertificate.ExportCertificatePem());
        File.WriteAllText(authority.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(authority.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return authority;
    }
}
