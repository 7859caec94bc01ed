using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Urllib4.Policies;

/// <summary>
/// A <c>Location</c> with bytes above 7F. No standard allows them, and servers send them: as a path in UTF-8 or in some other coding. They
/// are escaped as the bytes they are (RFC 3986, section 2.5), so the server gets back what it sent.
/// </summary>
internal static class LocationBytes
{
    /// <summary>Makes a text without such bytes.</summary>
    /// <param name="location">The field, a character for each byte.</param>
    /// <returns>The text; null when a host in it is not UTF-8, so that nobody can tell which one is meant.</returns>
    public static string? Escape(string location)
    {
        if (!location.AsSpan().ContainsAnyExceptInRange('\0', '\x7F'))
            return location;
        (int start, int end) = Host(location);
        if (HostIn(location.AsSpan(start, end - start)) is not { } host)
            return null;
        var text = new StringBuilder(location.Length + 32);
        Append(text, location.AsSpan(0, start));
        text.Append(host);
        Append(text, location.AsSpan(end));
        return text.ToString();
    }

    // Between the slashes, or the user information, and the port or the path; the URL is taken apart and judged elsewhere.
    private static (int Start, int End) Host(ReadOnlySpan<char> location)
    {
        int scheme = location.IndexOfAny(":/?#");
        int slashes = scheme > 0 && location[scheme] == ':' ? scheme + 1 : 0;
        if (!location[slashes..].StartsWith("//"))
            return (0, 0);
        int start = slashes + 2;
        int length = location[start..].IndexOfAny("/?#");
        int end = length < 0 ? location.Length : start + length;
        return (start + location[start..end].LastIndexOf('@') + 1, end);
    }

    private static string? HostIn(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[text.Length];
        Encoding.Latin1.GetBytes(text, bytes);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static void Append(StringBuilder text, ReadOnlySpan<char> part)
    {
        foreach (char c in part)
        {
            if (c <= '\x7F')
                text.Append(c);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
        }
    }
}
