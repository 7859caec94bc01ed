using System.Text;

namespace Urllib4.Bodies;

/// <summary>UTF-8 that refuses what it cannot write, where the platform's would send replacement characters in its place (IN-08).</summary>
internal static class StrictUtf8
{
    private static readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">The text.</param>
    /// <param name="what">What the text is, as the beginning of a sentence.</param>
    /// <exception cref="InvalidRequestException">The text holds half of a surrogate pair.</exception>
    public static byte[] GetBytes(string text, string what)
    {
        try
        {
            return _encoding.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidRequestException($"{what} cannot be sent: it holds half of a surrogate pair (at index {e.Index}).", e);
        }
    }
}
