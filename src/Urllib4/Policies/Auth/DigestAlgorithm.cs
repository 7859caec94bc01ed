using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Urllib4.Policies.Auth;

/// <summary>A hash that Digest may use. SHA-512-256 is missing because the platform has none.</summary>
/// <param name="Name">As the server wrote it, to be sent back; null when it wrote none, which means MD5.</param>
/// <param name="Strength">The greater, the better; 0 is left for Basic, which shows the password.</param>
/// <param name="IsSession">Whether the key is made once for all requests under one nonce.</param>
internal sealed record DigestAlgorithm(string? Name, int Strength, bool IsSession)
{
    private const int Md5 = 1;
    private const int Sha256 = 2;

    /// <summary>The algorithm of that name, or null when it is unknown.</summary>
    public static DigestAlgorithm? Find(string? name) => name?.ToUpperInvariant() switch
    {
        null or "MD5" => new DigestAlgorithm(name, Md5, false),
        "MD5-SESS" => new DigestAlgorithm(name, Md5, true),
        "SHA-256" => new DigestAlgorithm(name, Sha256, false),
        "SHA-256-SESS" => new DigestAlgorithm(name, Sha256, true),
        _ => null,
    };

    /// <summary>The hash in lower-case hexadecimal digits.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "Many servers know no other.")]
    public string Hash(ReadOnlySpan<byte> data) =>
        Convert.ToHexStringLower(Strength == Sha256 ? SHA256.HashData(data) : MD5.HashData(data));
}
