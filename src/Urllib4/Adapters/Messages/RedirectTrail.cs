using Urllib4.Policies;

namespace Urllib4.Adapters;

/// <summary>
/// What one call does between its hops, as <c>SocketsHttpHandler</c> does it: cookies are kept and given to each hop anew, and an
/// <c>Authorization</c> stays behind.
/// </summary>
/// <remarks>One for a call that brings a cookie or an encoding of its own; the others may share one.</remarks>
/// <param name="cookies">Where cookies are kept; null when they are not.</param>
/// <param name="ownCookie">The <c>Cookie</c> header that the request itself has, each character a byte of it.</param>
/// <param name="texts">How the texts of headers are written and read.</param>
/// <param name="next">Whom else to ask.</param>
internal sealed class RedirectTrail(
    HandlerCookies? cookies, string? ownCookie, HeaderTexts texts, Func<RedirectContext, RedirectDecision>? next) : RedirectObserver
{
    private readonly Func<string, string> _write = text => texts.Write("Cookie", text);
    private string? _ownCookie = ownCookie;

    /// <summary>The <c>Cookie</c> header for a URL, each character a byte of it; null for none.</summary>
    public string? CookieFor(Uri uri)
    {
        string? kept = cookies?.HeaderFor(uri, _write);
        return string.IsNullOrEmpty(kept) ? _ownCookie : string.IsNullOrEmpty(_ownCookie) ? kept : $"{_ownCookie}; {kept}";
    }

    /// <summary>Keeps the cookies that a response sets.</summary>
    public void Keep(Url from, HttpHeaderDict headers)
    {
        if (cookies is null || !headers.Contains("Set-Cookie"))
            return;
        var uri = new Uri(from.Href);
        foreach (string line in headers.GetAll("Set-Cookie"))
            cookies.Keep(uri, line, texts.ReadingOf("Set-Cookie"));
    }

    /// <summary>Prepares the next hop.</summary>
    public override RedirectDecision OnRedirect(RedirectContext redirect)
    {
        Keep(redirect.From, redirect.ResponseHeaders);
        // Where the platform finds no URI, or another place, there is nobody who could be asked; then the redirect is the response.
        if (PlatformUri.Of(redirect.To) is not { } to)
            return RedirectDecision.Stop;
        // What the caller wrote was for the first origin, and does not come back.
        if (_ownCookie is not null && (redirect.From.Scheme != redirect.To.Scheme || redirect.From.Authority != redirect.To.Authority))
            _ownCookie = null;
        redirect.Headers.Remove("Authorization");
        redirect.Headers["Cookie"] = CookieFor(to);
        return next?.Invoke(redirect) ?? RedirectDecision.Follow;
    }
}
