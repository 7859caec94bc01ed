using System.Net;
using Urllib4.Policies;

namespace Urllib4.Adapters;

/// <summary>
/// What one call does between its hops, as <c>SocketsHttpHandler</c> does it: cookies are kept and given to each hop anew, and an
/// <c>Authorization</c> stays behind.
/// </summary>
/// <remarks>One for a call that brings a cookie of its own, which may have to be forgotten; the others may share one.</remarks>
/// <param name="cookies">Where cookies are kept; null when they are not.</param>
/// <param name="ownCookie">The <c>Cookie</c> header that the request itself has.</param>
/// <param name="next">Whom else to ask.</param>
internal sealed class RedirectTrail(
    CookieContainer? cookies, string? ownCookie, Func<RedirectContext, RedirectDecision>? next) : RedirectObserver
{
    private string? _ownCookie = ownCookie;

    /// <summary>The <c>Cookie</c> header for a URL, or null for none.</summary>
    public string? CookieFor(Uri uri)
    {
        string? kept = cookies is { Count: > 0 } ? cookies.GetCookieHeader(uri) : null;
        return string.IsNullOrEmpty(kept) ? _ownCookie : string.IsNullOrEmpty(_ownCookie) ? kept : $"{_ownCookie}; {kept}";
    }

    /// <summary>Keeps the cookies that a response sets; what is no cookie is passed over.</summary>
    public void Keep(Url from, HttpHeaderDict headers)
    {
        if (cookies is null || !headers.Contains("Set-Cookie"))
            return;
        var uri = new Uri(from.Href);
        foreach (string line in headers.GetAll("Set-Cookie"))
        {
            try
            {
                cookies.SetCookies(uri, line);
            }
            catch (CookieException)
            {
                // The server's mistake, and no reason to lose its answer.
            }
        }
    }

    /// <summary>Prepares the next hop.</summary>
    public override RedirectDecision OnRedirect(RedirectContext redirect)
    {
        Keep(redirect.From, redirect.ResponseHeaders);
        // What the caller wrote was for the first origin, and does not come back.
        if (_ownCookie is not null && (redirect.From.Scheme != redirect.To.Scheme || redirect.From.Authority != redirect.To.Authority))
            _ownCookie = null;
        redirect.Headers.Remove("Authorization");
        redirect.Headers["Cookie"] = CookieFor(new Uri(redirect.To.Href));
        return next?.Invoke(redirect) ?? RedirectDecision.Follow;
    }
}
