using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What a certificate says, apart from whether it is to be believed. Holds no handle, so there is nothing to dispose.</summary>
/// <remarks>Immutable, so safe to read from any thread. Two values are equal when they are of the same certificate.</remarks>
public sealed record CertificateFacts
{
    // A message that lists more names than these is not read any more.
    private const int NamesShown = 8;

    private readonly Reading _reading;

    private CertificateFacts(ReadOnlyMemory<byte> der) => _reading = new Reading(Der = der);

    /// <summary>Whom it is about, for example <c>CN=example.com</c>. Not used to identify anybody.</summary>
    public string Subject => _reading.Text.Subject;

    /// <summary>Who signed it.</summary>
    public string Issuer => _reading.Text.Issuer;

    /// <summary>The number its issuer gave it, in hexadecimal.</summary>
    public string SerialNumber => _reading.Text.SerialNumber;

    /// <summary>The first moment of its validity.</summary>
    public DateTimeOffset NotBefore => _reading.Text.NotBefore;

    /// <summary>The last moment of its validity.</summary>
    public DateTimeOffset NotAfter => _reading.Text.NotAfter;

    /// <summary>Its subject alternative names: DNS names as they are written there, then addresses.</summary>
    public ImmutableArray<string> Names => _reading.Text.Names;

    /// <summary>The SHA-256 of the whole certificate in hexadecimal, as <c>TlsOptions.AssertFingerprint</c> takes it.</summary>
    public string Fingerprint => _reading.Fingerprint;

    /// <summary>The certificate itself in DER; <see cref="X509CertificateLoader"/> reads it.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <inheritdoc/>
    public bool Equals(CertificateFacts? other) => other is not null && Fingerprint == other.Fingerprint;

    /// <inheritdoc/>
    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    /// <summary>Subject, issuer, dates and names in one line, escaped and cut where they are long.</summary>
    /// <returns>A text for people.</returns>
    public override string ToString()
    {
        string names = Names.IsEmpty ? "none" : string.Join(", ", Names.Take(NamesShown).Select(static name => Escaping.Show(name)));
        int hidden = Names.Length - NamesShown;
        string more = hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {hidden} more") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"subject '{Escaping.Show(Subject)}', issuer '{Escaping.Show(Issuer)}', "
            + $"valid {NotBefore.UtcDateTime:u} to {NotAfter.UtcDateTime:u}, names {names}{more}");
    }

    internal static CertificateFacts Of(X509Certificate2 certificate) => new(certificate.RawDataMemory);

    // Most connections are never asked, and reading costs what a tenth of a resumed handshake does. Two threads at once read the same.
    private sealed class Reading(ReadOnlyMemory<byte> der)
    {
        private Text? _text;
        private string? _fingerprint;

        public Text Text => _text ?? Read();

        public string Fingerprint => _fingerprint ??= Convert.ToHexString(SHA256.HashData(der.Span));

        private Text Read()
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return _text = new Text(
                certificate.Subject,
                certificate.Issuer,
                certificate.SerialNumber,
                certificate.NotBefore,
                certificate.NotAfter,
                SubjectNames.Of(der.Span));
        }
    }

    private sealed record Text(
        string Subject,
        string Issuer,
        string SerialNumber,
        DateTimeOffset NotBefore,
        DateTimeOffset NotAfter,
        ImmutableArray<string> Names);
}
