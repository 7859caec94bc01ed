using Urllib4.Primitives;

namespace Urllib4.Managers;

/// <summary>What a caller may give as the URL of a request.</summary>
internal static class RequestUrl
{
    /// <summary>For a manager: an absolute http or https URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url Absolute(string text) => Web(Url.Parse(text));

    /// <summary>The same, with escapes left to the letter.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url AsWritten(string text) => Web(Url.ParseAsWritten(text));

    /// <summary>For a one-host pool: a path on its origin, even one that begins with two slashes, or an absolute URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url On(Origin origin, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text is ['/', ..] ? Url.Parse(string.Concat(origin.ToString(), text)) : Absolute(text);
    }

    private static Url Web(Url url)
    {
        if (url.Scheme is null)
            throw new LocationValueException($"'{FactText.Of(url)}' has no scheme; write http:// or https:// before it.");
        if (url.Scheme is not ("http" or "https"))
            throw new UrlSchemeUnknownException(url.Scheme);
        return url.Host is not null ? url : throw new LocationValueException($"'{FactText.Of(url)}' has no host.");
    }
}
