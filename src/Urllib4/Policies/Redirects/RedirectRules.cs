using System.Buffers;
using System.Collections.Immutable;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>A response that may be a redirect, and the request it answers.</summary>
internal readonly record struct RedirectHop
{
    public required string Method { get; init; }

    public required Url Url { get; init; }

    /// <summary>The headers as they were sent on this hop, so already reduced by the redirects before it (RD-08).</summary>
    public required HttpHeaderDict Headers { get; init; }

    public required int Status { get; init; }

    /// <summary>Whether 300 is followed like 302, where the response names the server's own choice.</summary>
    public bool FollowsChoices { get; init; }

    /// <summary>The <c>Location</c> as written, or null.</summary>
    public required string? Location { get; init; }

    public bool HasBody { get; init; }

    /// <summary><see cref="Retry.RemoveHeadersOnRedirect"/>.</summary>
    public required ImmutableHashSet<string> RemoveHeaders { get; init; }
}

/// <summary>The request that a redirect leads to. Its headers are its own: who is asked about it may change them.</summary>
internal sealed record RedirectStep(string Method, Url Url, HttpHeaderDict Headers, bool KeepsBody);

/// <summary>What a response means for the call: a next request, a refusal, or neither, and then the response is the result.</summary>
internal readonly record struct RedirectOutcome(RedirectStep? Next, HttpException? Refusal);

/// <summary>
/// What follows from a redirect (RFC 9110, section 15.4). Counts nothing: that is <see cref="Retry"/>.
/// </summary>
internal static class RedirectRules
{
    private static readonly SearchValues<char> _endOfScheme = SearchValues.Create(":/?#");

    /// <summary>Decides about one response.</summary>
    public static RedirectOutcome Decide(in RedirectHop hop, RedirectOptions options)
    {
        string location = hop.Location?.Trim(' ', '\t') is { } text ? text : string.Empty;
        bool isRedirect = hop.Status is 301 or 302 or 303 or 307 or 308 || (hop.Status == 300 && hop.FollowsChoices);
        if (!isRedirect || location.Length == 0)
            return default;

        string method = NextMethod(hop.Method, hop.Status, options.KeepMethod);
        bool losesBody = hop.Status == 303 || method != hop.Method;
        if (Target(hop.Url, location, options, out Url? url) is { } refusal)
            return new(null, refusal);
        return new(new RedirectStep(
            method,
            url!,
            RedirectHeaders.For(
                hop.Headers,
                losesBody,
                crossesOrigins: hop.Url.Origin != url!.Origin,
                keepsHost: IsRelative(location),
                options.KeepHeadersAcrossOrigins,
                hop.RemoveHeaders),
            KeepsBody: hop.HasBody && !losesBody), null);
    }

    /// <summary>303 asks for a GET; after 301 and 302 a POST becomes one, as everywhere but in urllib3. HEAD stays HEAD.</summary>
    private static string NextMethod(string method, int status, bool keepMethod) => status switch
    {
        303 => method.Equals("HEAD", StringComparison.OrdinalIgnoreCase) ? method : "GET",
        300 or 301 or 302 when !keepMethod && method.Equals("POST", StringComparison.OrdinalIgnoreCase) => "GET",
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
            if (LocationBytes.Escape(location) is not { } text)
                return new(from, location, RedirectRule.UnusableLocation);
            url = from.ResolveAsWritten(text);
            // A zone is a name of this machine: a server does not know by which one it was reached, and may not choose another.
            if (from.HasZone && url.HostSpan.SequenceEqual(HostName.Checked(from.Host!).HeaderName))
                url = url.AtHostOf(from);
            else if (url.HasZone && !url.HostSpan.SequenceEqual(from.HostSpan))
                return new(from, location, RedirectRule.UnusableLocation);
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
}
