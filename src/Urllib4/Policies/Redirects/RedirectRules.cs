using System.Buffers;
using System.Collections.Immutable;

namespace Urllib4.Policies;

/// <summary>A response that may be a redirect, and the request it answers.</summary>
internal readonly record struct RedirectHop
{
    public required string Method { get; init; }

    public required Url Url { get; init; }

    /// <summary>The headers as they were sent on this hop, so already reduced by the redirects before it (RD-08).</summary>
    public required HttpHeaderDict Headers { get; init; }

    public required int Status { get; init; }

    /// <summary>The <c>Location</c> as written, or null.</summary>
    public required string? Location { get; init; }

    /// <summary>The headers of the response.</summary>
    public required HttpHeaderDict ResponseHeaders { get; init; }

    public bool HasBody { get; init; }

    /// <summary>Whether the body can be read again from its first byte.</summary>
    public bool BodyIsReplayable { get; init; }

    /// <summary>The call so far, this hop not included.</summary>
    public required ImmutableList<RequestHistory> History { get; init; }

    /// <summary><see cref="Retry.RemoveHeadersOnRedirect"/>.</summary>
    public required ImmutableHashSet<string> RemoveHeaders { get; init; }
}

/// <summary>The request that a redirect leads to.</summary>
internal sealed record RedirectStep(string Method, Url Url, HttpHeaderDict Headers, bool KeepsBody);

/// <summary>What a response means for the call: a next request, a refusal, or neither, and then the response is the result.</summary>
internal readonly record struct RedirectOutcome(RedirectStep? Next, HttpException? Refusal);

/// <summary>
/// What follows from a redirect (RFC 9110, section 15.4); pure but for the caller's own callback. Counts nothing: that is <see
/// cref="Retry"/>.
/// </summary>
internal static class RedirectRules
{
    /// <summary>
    /// A server may send a call back to where it was once, having set a state; the same request a third time is a circle.
    /// </summary>
    private const int MaxVisits = 2;

    private static readonly SearchValues<char> _endOfScheme = SearchValues.Create(":/?#");

    /// <summary>Decides about one response.</summary>
    public static RedirectOutcome Decide(in RedirectHop hop, RedirectOptions options)
    {
        string location = hop.Location?.Trim(' ', '\t') is { } text ? text : string.Empty;
        if (hop.Status is not (301 or 302 or 303 or 307 or 308) || location.Length == 0)
            return default;

        string method = NextMethod(hop.Method, hop.Status, options.KeepMethod);
        bool losesBody = hop.Status == 303 || method != hop.Method;
        if (Target(hop.Url, location, options, out Url? url) is { } refusal)
            return new(null, refusal);
        if (Visits(hop, method, url!) >= MaxVisits)
            return new(null, new RedirectException(hop.Url, location, RedirectRule.Loop));

        RedirectStep step = new(
            method,
            url!,
            RedirectHeaders.For(
                hop.Headers,
                losesBody,
                crossesOrigins: hop.Url.Origin != url!.Origin,
                keepsHost: IsRelative(location),
                options.KeepHeadersAcrossOrigins,
                hop.RemoveHeaders),
            KeepsBody: hop.HasBody && !losesBody);
        if (Ask(hop, step, options) == RedirectDecision.Stop)
            return default;
        return step.KeepsBody && !hop.BodyIsReplayable
            ? new(null, new UnrewindableBodyException(
                $"The redirect with status {hop.Status} wants the body of the {hop.Method} again, but it can be read only once."))
            : new(step, null);
    }

    /// <summary>303 asks for a GET; after 301 and 302 a POST becomes one, as everywhere but in urllib3. HEAD stays HEAD.</summary>
    private static string NextMethod(string method, int status, bool keepMethod) => status switch
    {
        303 => method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? method : "GET",
        301 or 302 when !keepMethod && method.Equals("POST", StringComparison.OrdinalIgnoreCase) => "GET",
        _ => method,
    };

    private static RedirectException? Target(Url from, string location, RedirectOptions options, out Url? url)
    {
        url = null;

        // Looked at in the text, so that "javascript:" and the like never reach a parser that could make a host of them (RD-10).
        if (Scheme(location) is { IsEmpty: false } scheme && !IsHttp(scheme))
            return new(from, location, RedirectRule.UnsupportedScheme);
        try
        {
            url = from.Resolve(location);
        }
        catch (LocationValueException e)
        {
            return new(from, location, RedirectRule.UnusableLocation, e);
        }

        if (string.IsNullOrEmpty(url.Host))
            return new(from, location, RedirectRule.UnusableLocation);
        if (!IsHttp(url.Scheme ?? "http"))
            return new(from, location, RedirectRule.UnsupportedScheme);
        return from.Scheme == "https" && url.Scheme == "http" && !options.AllowHttpsToHttp
            ? new(from, location, RedirectRule.HttpsToHttp)
            : null;
    }

    /// <summary>The scheme a reference begins with (RFC 3986, section 3.1), or nothing when it is relative.</summary>
    private static ReadOnlySpan<char> Scheme(string location)
    {
        int end = location.AsSpan().IndexOfAny(_endOfScheme);
        return end > 0 && location[end] == ':' ? location.AsSpan(0, end) : [];
    }

    private static bool IsHttp(ReadOnlySpan<char> scheme) =>
        scheme.Equals("http", StringComparison.OrdinalIgnoreCase) || scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a location leaves the host alone; then so is a <c>Host</c> header of the caller.</summary>
    private static bool IsRelative(string location) =>
        Scheme(location).IsEmpty && !location.StartsWith("//", StringComparison.Ordinal);

    private static int Visits(in RedirectHop hop, string method, Url url)
    {
        int visits = IsSame(hop.Method, hop.Url, method, url) ? 1 : 0;
        foreach (RequestHistory entry in hop.History)
        {
            if (entry.RedirectLocation is not null && IsSame(entry.Method, entry.Url, method, url))
                visits++;
        }

        return visits;
    }

    private static bool IsSame(string method, Url url, string otherMethod, Url otherUrl) =>
        method == otherMethod && url.Origin == otherUrl.Origin && url.RequestUri == otherUrl.RequestUri;

    private static RedirectDecision Ask(in RedirectHop hop, RedirectStep step, RedirectOptions options) =>
        options.OnRedirect is null ? RedirectDecision.Follow : options.OnRedirect(new()
        {
            From = hop.Url,
            To = step.Url,
            Status = hop.Status,
            ResponseHeaders = hop.ResponseHeaders.AsReadOnly(),
            Method = step.Method,
            Headers = step.Headers,
            KeepsBody = step.KeepsBody,
            History = hop.History,
        });
}
