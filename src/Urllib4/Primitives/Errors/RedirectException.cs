using Urllib4.Primitives;

namespace Urllib4;

/// <summary>A redirect was refused, by a rule or because its <c>Location</c> is no URL. Nothing was sent to where it points.</summary>
/// <remarks>Too many redirects end in <see cref="MaxRetryException"/>. urllib3 has no such error.</remarks>
public sealed class RedirectException : HttpException
{
    /// <summary>Creates the error.</summary>
    /// <param name="from">The URL whose response was the redirect.</param>
    /// <param name="location">The <c>Location</c> as the server wrote it.</param>
    /// <param name="rule">The rule that forbids to follow it.</param>
    /// <param name="innerException">What was wrong with the location, if it is no URL.</param>
    public RedirectException(Url from, string location, RedirectRule rule, Exception? innerException = null)
        : base(
            $"The redirect to '{Escaping.ShowUrl(location)}' was not followed: {Reason(rule, innerException)}.",
            HttpPhase.Follow,
            Initiator.Server,
            innerException)
    {
        ArgumentNullException.ThrowIfNull(from);
        Url = from;
        From = from;
        Location = Escaping.ShowUrl(location);
        Rule = rule;
        ServerMayHaveActed = true;
    }

    /// <summary>The URL whose response was the redirect.</summary>
    public Url From { get; }

    /// <summary>The <c>Location</c>, safe to print: user information and query left out, control characters escaped, cut short.</summary>
    public string Location { get; }

    /// <summary>The rule that forbids to follow it.</summary>
    public RedirectRule Rule { get; }

    private static string Reason(RedirectRule rule, Exception? cause) => rule switch
    {
        RedirectRule.UnsupportedScheme => "only http and https can be requested",
        RedirectRule.HttpsToHttp => "it leads from https to http, where anybody on the way can read it; "
            + "RedirectOptions.AllowHttpsToHttp allows that",
        RedirectRule.Loop => "the call goes in a circle, and has made the same request before",
        _ => (cause as LocationParseException)?.Rule ?? cause?.Message.TrimEnd('.') ?? "it has no host",
    };
}

/// <summary>Why a redirect was refused.</summary>
public enum RedirectRule
{
    /// <summary>The <c>Location</c> is not a URL with a host.</summary>
    UnusableLocation,

    /// <summary>It points to something other than http or https.</summary>
    UnsupportedScheme,

    /// <summary>It leads from https to http, and <see cref="RedirectOptions.AllowHttpsToHttp"/> is not set.</summary>
    HttpsToHttp,

    /// <summary>
    /// The call goes in a circle: the count of redirects is used up, and the call has made the same request before, with the same headers.
    /// Without a count it ends when the same request was sent 20 times.
    /// </summary>
    Loop,
}
