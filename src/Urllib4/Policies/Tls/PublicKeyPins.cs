using System.Collections;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4;

/// <summary>
/// Public keys of which one has to be in the chain of the server: that of its own certificate, of an intermediate, or of the root.
/// </summary>
/// <remarks>
/// A pin is the SHA-256 of the SubjectPublicKeyInfo in base64, as in RFC 7469, so it outlives a certificate that is renewed with the same
/// key. At least two are needed, the second being a backup: with one alone, the loss of a key locks every client out.
/// Immutable, so safe to share between threads. Compared by content.
/// </remarks>
public sealed class PublicKeyPins : IReadOnlyCollection<string>, IEquatable<PublicKeyPins>
{
    private const string Prefix = "sha256/";
    private readonly ImmutableHashSet<string> _pins;

    /// <summary>Makes a set of pins; doubles count once.</summary>
    /// <param name="pins">Each the base64 of a SHA-256, with or without <c>sha256/</c> before it.</param>
    /// <exception cref="ArgumentException">One is not such a pin, or there are fewer than two.</exception>
    public PublicKeyPins(params IEnumerable<string> pins)
    {
        ArgumentNullException.ThrowIfNull(pins);
        _pins = [.. pins.Select(Checked)];
        if (_pins.Count < 2)
            throw new ArgumentException("A backup is needed: give two different pins at least.", nameof(pins));
    }

    /// <summary>How many pins there are.</summary>
    public int Count => _pins.Count;

    /// <summary>The pin of a certificate's key.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns><c>sha256/</c> and the base64 of the SHA-256 of its SubjectPublicKeyInfo.</returns>
    public static string Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Prefix + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <inheritdoc/>
    public bool Equals(PublicKeyPins? other) => other is not null && _pins.SetEquals(other._pins);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKeyPins);

    /// <inheritdoc/>
    public override int GetHashCode() => _pins.Aggregate(Count, static (hash, pin) => hash ^ pin.GetHashCode(StringComparison.Ordinal));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _pins.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The pins, which are no secrets.</summary>
    /// <returns>A text for people.</returns>
    public override string ToString() => string.Join(", ", _pins.Order(StringComparer.Ordinal));

    internal bool Contain(X509Certificate2 certificate) => _pins.Contains(Of(certificate));

    private static string Checked(string pin)
    {
        string digest = pin.StartsWith(Prefix, StringComparison.Ordinal) ? pin[Prefix.Length..] : pin;
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        // Encoded again, since base64 may be written in more than one way.
        return Convert.TryFromBase64String(digest, bytes, out int length) && length == bytes.Length
            ? Prefix + Convert.ToBase64String(bytes)
            : throw new ArgumentException($"'{pin}' is not the base64 of a SHA-256.", nameof(pin));
    }
}
