using System.Text;

namespace Urllib4.Primitives;

/// <summary>The <c>Basic</c> scheme of RFC 7617, in UTF-8, for origins and proxies alike (AU-09, IN-11).</summary>
internal static class BasicCredentials
{
    // The lenient encoder would send a question mark for half a surrogate pair: another password, silently.
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes a user name and a password as the value of the header <paramref name="header"/>.</summary>
    /// <exception cref="InvalidHeaderException">
    /// The user name has a colon, or either has a control character or half a surrogate pair. The message shows neither.
    /// </exception>
    public static string Encode(string header, string user, string password)
    {
        if (user.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
            throw new InvalidHeaderException(header, colon, "the user name of Basic credentials cannot hold a colon");
        Check(header, user, "user name");
        Check(header, password, "password");
        return $"Basic {Convert.ToBase64String(_strict.GetBytes($"{user}:{password}"))}";
    }

    private static void Check(string header, string text, string part)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                throw new InvalidHeaderException(header, i, $"the {part} of Basic credentials cannot hold control characters");
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new InvalidHeaderException(header, i, $"the {part} of Basic credentials has half a surrogate pair");
        }
    }
}
