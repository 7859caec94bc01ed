using System.Security.Cryptography;

namespace Urllib4.Policies;

/// <summary>The SHA-256 of a certificate as people write it: hexadecimal in any case, with or without colons.</summary>
internal static class Fingerprint
{
    /// <summary>The digits in upper case without colons, as the platform writes them.</summary>
    /// <exception cref="ArgumentException">The text is no SHA-256; the message says what it is.</exception>
    public static string Normalized(string text, string parameter)
    {
        string digits = text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        if (digits.Length == SHA256.HashSizeInBytes * 2 && digits.All(char.IsAsciiHexDigit))
            return digits;
        string reason = digits.Length switch
        {
            MD5.HashSizeInBytes * 2 => "this has the length of an MD5, for which a second certificate can be made; give the SHA-256",
            SHA1.HashSizeInBytes * 2 => "this has the length of a SHA-1, for which a second certificate can be made; give the SHA-256",
            _ => "64 hexadecimal digits are needed, with or without colons",
        };
        throw new ArgumentException($"The fingerprint is not a SHA-256: {reason}.", parameter);
    }
}
