using System.Diagnostics.CodeAnalysis;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// The URL of a request as its caller has it: a text, a <see cref="Uri"/> or a <see cref="Url"/>, each of which converts by itself.
/// </summary>
/// <remarks>
/// <para>Nothing is read before the request is made, so a URL that cannot be used fails there. A <see cref="Uri"/> is read by the text it
/// was made from, as <see cref="Url.From"/> does; for a one-host pool it may be a path. A <see cref="Url"/> goes out as it is: escapes in
/// the URL of a response stay as its server wrote them.</para>
/// <para>Immutable, so safe to share between threads.</para>
/// </remarks>
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The conversions are all it is for.")]
public readonly record struct RequestUrl
{
    private readonly object? _given;

    private RequestUrl(object? given) => _given = given;

    /// <summary>A text: an absolute http or https URL; for a one-host pool also a path.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator RequestUrl(string? text) => new(text);

    /// <summary>An absolute URI; for a one-host pool also a path.</summary>
    /// <param name="uri">The URI.</param>
    public static implicit operator RequestUrl(Uri? uri) => new(uri);

    /// <summary>A URL with its host; for a one-host pool also a path.</summary>
    /// <param name="url">The URL.</param>
    public static implicit operator RequestUrl(Url? url) => new(url);

    /// <summary>Whether there is none.</summary>
    internal bool IsNone => _given is null;

    /// <summary>The text that stands for it.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    /// <exception cref="LocationValueException">It names no host, and is no path.</exception>
    internal string Text => _given switch
    {
        string text => text,
        Uri uri => Of(uri),
        Url url => Of(url),
        _ => throw new ArgumentNullException("url"),
    };

    /// <summary>The URL, for who needs an absolute one.</summary>
    /// <exception cref="LocationValueException">It is something else.</exception>
    internal Url ToUrl() => Absolute(Text);

    /// <summary>The options of a request for it.</summary>
    internal RequestOptions? With(RequestOptions? options) =>
        _given is Url { IsAsWritten: true } ? (options ?? RequestOptions.Default) with { KeepsEscapes = true } : options;

    /// <summary>The URL for people: without user information, query and fragment.</summary>
    /// <returns>The text; empty for none.</returns>
    public override string ToString() => _given switch
    {
        string text => Escaping.ShowUrl(text),
        Uri uri => Escaping.ShowUrl(uri.OriginalString),
        Url url => FactText.Of(url),
        _ => "",
    };

    /// <summary>For a manager: an absolute http or https URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    internal static Url Absolute(string text) => Web(text, Url.Parse(text));

    /// <summary>The same, with escapes left to the letter.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    internal static Url AsWritten(string text) => Web(text, Url.ParseAsWritten(text));

    /// <summary>For a one-host pool: a path on its origin, even one that begins with two slashes, or an absolute URL.</summary>
    /// <exception cref="LocationValueException">The text is something else.</exception>
    internal static Url On(Origin origin, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text is ['/', ..] ? Url.Parse(string.Concat(origin.ToString(), text)) : Absolute(text);
    }

    // On some systems Uri takes a path for a file, so its text is asked first. Two slashes would name another host.
    private static string Of(Uri uri) => uri.OriginalString is "/" or ['/', not '/', ..] ? uri.OriginalString : Url.From(uri).Href;

    // Without its scheme the text of a URL is what a pool takes for a path.
    private static string Of(Url url) => url is { Host: not null, Scheme: null } ? throw Refusal(url.Href, url) : url.Href;

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
