using System.Text;

namespace Urllib4.Managers;

/// <summary>
/// The charset of a text, by the <c>Content-Type</c> of its response (RFC 9110, section 8.3.2). A server's mistake in it must not cost the
/// text, so whatever is not a charset that the platform can read is taken for UTF-8, which most texts are.
/// </summary>
internal static class BodyCharset
{
    private const string Parameter = "charset";

    /// <summary>How to read a text.</summary>
    /// <param name="contentType">The field; null when there is none.</param>
    public static Encoding Of(string? contentType) =>
        contentType is not null && NameIn(contentType) is { Length: > 0 } name ? Named(name) ?? Encoding.UTF8 : Encoding.UTF8;

    // The first one counts. Quotes of both kinds are taken off, since servers write both.
    private static string? NameIn(string contentType)
    {
        ReadOnlySpan<char> rest = contentType;
        while (rest.IndexOf(';') is >= 0 and var start)
        {
            rest = rest[(start + 1)..].TrimStart(" \t");
            if (!rest.StartsWith(Parameter, StringComparison.OrdinalIgnoreCase))
                continue;
            ReadOnlySpan<char> value = rest[Parameter.Length..].TrimStart(" \t");
            if (!value.StartsWith('='))
                continue;
            int end = value.IndexOfAny(";,");
            return value[1..(end < 0 ? value.Length : end)].Trim(" \t\"'\\").ToString();
        }

        return null;
    }

    // The code pages of the platform are asked for here, since registering them would change what others in the process get.
    private static Encoding? Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null; // also UTF-7, in which text can hide from filters
        }
    }
}
