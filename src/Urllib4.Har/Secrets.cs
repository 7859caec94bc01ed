namespace Urllib4.Har;

/// <summary>Which values are not written down.</summary>
internal static class Secrets
{
    public const string Hidden = "[redacted]";

    private static readonly string[] _headers = ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Cookie2", "Set-Cookie2"];

    // A list of known names would miss what is invented tomorrow; these words are what people call their secrets.
    private static readonly string[] _words =
        ["token", "secret", "password", "passwd", "apikey", "api-key", "api_key", "signature", "credential", "access-key", "access_key"];

    /// <summary>The headers that hold URLs, whose user information may be secret.</summary>
    private static readonly string[] _places = ["Location", "Content-Location", "Referer"];

    public static bool IsSecretHeader(string name) => _headers.Contains(name, StringComparer.OrdinalIgnoreCase) || IsSecretName(name);

    public static bool IsSecretName(string name)
    {
        foreach (string word in _words)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    public static string Header(string name, string value) =>
        IsSecretHeader(name) ? Hidden : _places.Contains(name, StringComparer.OrdinalIgnoreCase) ? Place(value) : value;

    /// <summary>A URL without user information and fragment, and without the values of secret parameters.</summary>
    public static string Place(string url)
    {
        int hash = url.IndexOf('#', StringComparison.Ordinal);
        string whole = hash < 0 ? url : url[..hash];
        int mark = whole.IndexOf('?', StringComparison.Ordinal);
        string start = WithoutUser(mark < 0 ? whole : whole[..mark]);
        return mark < 0 ? start : $"{start}?{string.Join('&', whole[(mark + 1)..].Split('&').Select(Parameter))}";
    }

    private static string Parameter(string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals >= 0 && IsSecretName(Uri.UnescapeDataString(pair[..equals])) ? $"{pair[..equals]}={Hidden}" : pair;
    }

    private static string WithoutUser(string url)
    {
        int authority = url.IndexOf("//", StringComparison.Ordinal);
        if (authority < 0)
            return url;
        int end = url.IndexOf('/', authority + 2);
        int at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at < authority ? url : string.Concat(url.AsSpan(0, authority + 2), url.AsSpan(at + 1));
    }
}
