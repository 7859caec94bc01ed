using System.Security.Cryptography.X509Certificates;

namespace Urllib4;

/// <summary>The keys below <c>Tls</c>. What is null stays as it was.</summary>
public sealed class TlsSettings
{
    /// <summary>See <see cref="TlsOptions.SslMinimumVersion"/>.</summary>
    public TlsVersion? SslMinimumVersion { get; set; }

    /// <summary>See <see cref="TlsOptions.SslMaximumVersion"/>.</summary>
    public TlsVersion? SslMaximumVersion { get; set; }

    /// <summary>The path of a file that <see cref="TlsOptions.CaCerts"/> are read from, PEM or DER.</summary>
    public string? CaCerts { get; set; }

    /// <summary>See <see cref="TlsOptions.AssertFingerprint"/>.</summary>
    public string? AssertFingerprint { get; set; }

    /// <summary>See <see cref="TlsOptions.RevocationMode"/>.</summary>
    public X509RevocationMode? RevocationMode { get; set; }
}
