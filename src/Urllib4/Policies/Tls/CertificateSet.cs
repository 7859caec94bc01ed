using System.Collections;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Urllib4;

/// <summary>An unchanging set of certificates that compares by what is in it, so that options which hold one compare by value.</summary>
/// <remarks>
/// Immutable, so safe to share between threads. The certificates stay the caller's; dispose them only after the last use.
/// </remarks>
public sealed class CertificateSet : IReadOnlyCollection<X509Certificate2>, IEquatable<CertificateSet>
{
    private readonly X509Certificate2[] _certificates;
    private readonly string[] _thumbprints; // in order

    /// <summary>Makes a set of certificates; doubles count once.</summary>
    /// <param name="certificates">The certificates.</param>
    public CertificateSet(IEnumerable<X509Certificate2> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        _certificates = [.. certificates.DistinctBy(Thumbprint)];
        _thumbprints = [.. _certificates.Select(Thumbprint).Order(StringComparer.Ordinal)];
    }

    private CertificateSet() => (_certificates, _thumbprints) = ([], []);

    /// <summary>The set with nothing in it.</summary>
    public static CertificateSet Empty { get; } = new();

    /// <summary>How many certificates are in the set.</summary>
    public int Count => _certificates.Length;

    /// <summary>Reads certificates from a file in PEM, which may hold many, or in DER, which holds one.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The certificates found in it.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    public static CertificateSet Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        // DER begins with the tag of a sequence and a long length, which is not ASCII and so no PEM.
        return bytes is [0x30, >= 0x80, ..]
            ? new CertificateSet([X509CertificateLoader.LoadCertificate(bytes)])
            : Import(Encoding.Latin1.GetString(bytes), $"'{path}'");
    }

    /// <summary>Reads certificates from text in PEM; urllib3's <c>ca_cert_data</c>.</summary>
    /// <param name="pem">The text; what stands between the certificates is passed over.</param>
    /// <returns>The certificates found in it.</returns>
    /// <exception cref="CryptographicException">The text holds no certificate.</exception>
    public static CertificateSet FromPem(string pem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        return Import(pem, "The text");
    }

    /// <inheritdoc/>
    public bool Equals(CertificateSet? other) => other is not null && _thumbprints.AsSpan().SequenceEqual(other._thumbprints);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CertificateSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Count;
        foreach (string thumbprint in _thumbprints)
            hash ^= thumbprint.GetHashCode(StringComparison.Ordinal);
        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<X509Certificate2> GetEnumerator() => ((IEnumerable<X509Certificate2>)_certificates).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How many there are; the certificates themselves are not spelled out.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => Count == 0 ? "none" : $"{Count} certificates";

    internal static bool AreSame(X509Certificate2 one, X509Certificate2 other) =>
        one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);

    private static CertificateSet Import(string pem, string where)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(pem);
        return found.Count > 0 ? new CertificateSet(found) : throw new CryptographicException($"{where} holds no certificate.");
    }

    private static string Thumbprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
