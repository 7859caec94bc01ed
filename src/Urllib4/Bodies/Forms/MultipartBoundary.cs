using System.Buffers;
using System.Security.Cryptography;
using Urllib4.Primitives;

namespace Urllib4.Bodies;

/// <summary>The line between parts (RFC 2046, section 5.1.1).</summary>
internal static class MultipartBoundary
{
    private const int MaxLength = 70;

    private static readonly SearchValues<char> _legal =
        SearchValues.Create(" '()+_,-./:=?0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>128 random bits: whoever chooses the content of a part cannot guess it and forge another part (MP-01).</summary>
    public static string Choose() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Refuses a boundary that is against the grammar, which could otherwise end the header or a part early.</summary>
    /// <exception cref="InvalidRequestException">It is empty, too long, ends in a blank, or has an illegal character.</exception>
    public static void Check(string boundary)
    {
        if (boundary.Length is 0 or > MaxLength)
            throw new InvalidRequestException($"The multipart boundary has {boundary.Length} characters; 1 to {MaxLength} are allowed.");
        if (boundary.AsSpan().IndexOfAnyExcept(_legal) is var at and >= 0)
        {
            throw new InvalidRequestException($"The multipart boundary '{Escaping.Show(boundary)}' cannot be used: it must be of "
                + $"letters, digits, blanks and '()+_,-./:=? (at index {at}).");
        }

        if (boundary[^1] == ' ')
            throw new InvalidRequestException("The multipart boundary ends in a blank.");
    }

    /// <summary>The media type of a body with this boundary, quoted only where needed: some servers take the quotes as part.</summary>
    public static string ContentType(string boundary) =>
        "multipart/form-data; boundary=" + (HeaderRules.IsToken(boundary) ? boundary : $"\"{boundary}\"");
}
