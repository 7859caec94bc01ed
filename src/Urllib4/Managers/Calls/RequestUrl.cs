using Urllib4.Primitives;

namespace Urllib4.Managers;

/// <summary>What a caller may give as the URL of a request.</summary>
internal static class RequestUrl
{
    /// <summary>For a manager: an absolute http or https URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url Absolute(string text) => Web(text, Url.Parse(text));

    /// <summary>The same, with escapes left to the letter.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url AsWritten(string text) => Web(text, Url.ParseAsWritten(text));

    /// <summary>For a one-host pool: a path on its origin, even one that begins with two slashes, or an absolute URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    public static Url On(Origin origin, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text is ['/', ..] ? Url.Parse(string.Concat(origin.ToString(), text)) : Absolute(text);
    }

    private static Url Web(string text, Url url) => url is { Scheme: "http" or "https", Host: not null } ? url : throw Refusal(text, url);

    // Says what the caller may have meant: most of these texts are what a browser would take.
    private static LocationValueException Refusal(string text, Url url)
    {
        string shown = Escaping.ShowUrl(text);
        if (text.Length == 0)
            return new LocationValueException("The URL is empty; write an absolute one, such as 'http://example.com/'.");
        if (url.Host is null && url.Scheme is null)
            return new LocationValueException($"'{shown}' has no host; a manager needs an absolute URL, such as 'http://example.com/'.");
        if (url.Scheme is not null)
            return UrlSchemeUnknownException.Of(text, url.Scheme);
        string rest = Escaping.ShowUrl(url.Href); // begins with its two slashes, whether the text did or not
        return new LocationValueException($"'{shown}' has no scheme; write 'http:{rest}' or 'https:{rest}'.");
    }
}
