using Urllib4.Primitives;

namespace Urllib4;

/// <summary>A URL has no host, or cannot be used for a request; urllib3's <c>LocationValueError</c>.</summary>
public class LocationValueException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The rule that was broken.</param>
    public LocationValueException(string message)
        : base(message, HttpPhase.Prepare, Initiator.Us, null)
    {
    }
}

/// <summary>A text is not a URL; urllib3's <c>LocationParseError</c>. Names the position and the rule.</summary>
public sealed class LocationParseException : LocationValueException
{
    /// <summary>Creates the error.</summary>
    /// <param name="location">The text, with its user information left out, escaped and cut short for display.</param>
    /// <param name="position">Index of the offending character in the text, or -1 when the text as a whole is at fault.</param>
    /// <param name="rule">The rule that was broken, as a sentence without its full stop.</param>
    public LocationParseException(string location, int position, string rule)
        : this(location, position, rule, "URL")
    {
    }

    private LocationParseException(string location, int position, string rule, string kind)
        : base($"Cannot parse '{location}' as a {kind}: {rule}{(position < 0 ? "" : $" (at index {position})")}.")
    {
        Location = location;
        Position = position;
        Rule = rule;
    }

    /// <summary>The same for a text that was given as a host.</summary>
    internal static LocationParseException OfHost(string host, int position, string rule) => new(host, position, rule, "host");

    /// <summary>The text that was refused, safe to print: user information left out, control characters escaped, cut short.</summary>
    public string Location { get; }

    /// <summary>Index of the offending character, or -1 when the text as a whole is at fault.</summary>
    public int Position { get; }

    /// <summary>The rule that was broken, as a sentence without its full stop.</summary>
    internal string Rule { get; }
}

/// <summary>The scheme of a URL is not one that can be requested; urllib3's <c>URLSchemeUnknown</c>.</summary>
public sealed class UrlSchemeUnknownException : LocationValueException
{
    /// <summary>Creates the error.</summary>
    /// <param name="scheme">The scheme, as it was written.</param>
    public UrlSchemeUnknownException(string scheme)
        : this(scheme, $"The URL scheme '{scheme}' is not supported; only http and https are.")
    {
    }

    private UrlSchemeUnknownException(string scheme, string message)
        : base(message) => Scheme = scheme;

    /// <summary>For a text whose beginning was read as a scheme, although it may be a host with its port.</summary>
    internal static UrlSchemeUnknownException Of(string text, string scheme) =>
        Url.TryParse("http://" + text, out Url? meant) && meant.Port is not null && !meant.HasAuth
            ? new(scheme, $"The URL scheme '{scheme}' is not supported; if it is a host, write '{FactText.Of(meant)}'.")
            : new(scheme);

    /// <summary>The scheme that was refused.</summary>
    public string Scheme { get; }
}
