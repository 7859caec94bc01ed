using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Spells out common request headers; urllib3's <c>make_headers</c>.</summary>
/// <remarks>Safe to call from any thread; every call gives new headers.</remarks>
public static class RequestHeaders
{
    /// <summary>Makes headers; what is left out adds none.</summary>
    /// <param name="keepAlive">Whether to send <c>Connection: keep-alive</c>; HTTP/1.1 keeps connections without it.</param>
    /// <param name="acceptEncoding">Whether to send <c>Accept-Encoding</c> with <see cref="ContentCodings.AcceptEncoding"/>.</param>
    /// <param name="userAgent">The value of <c>User-Agent</c>; null or empty for none here.</param>
    /// <param name="basicAuth">
    /// User name and password for the origin, sent as <c>Authorization: Basic</c> in UTF-8 (RFC 7617). Anyone who sees the request can read
    /// them, so use them over TLS only.
    /// </param>
    /// <param name="proxyBasicAuth">User name and password for the proxy, sent as <c>Proxy-Authorization: Basic</c> in UTF-8.</param>
    /// <param name="disableCache">Whether to send <c>Cache-Control: no-cache</c>.</param>
    /// <returns>Headers that can be changed.</returns>
    /// <exception cref="InvalidHeaderException">
    /// A value cannot be sent, a user name has a colon, or credentials have control characters or half a surrogate pair.
    /// </exception>
    public static HttpHeaderDict Make(
        bool keepAlive = false,
        bool acceptEncoding = false,
        string? userAgent = null,
        (string User, string Password)? basicAuth = null,
        (string User, string Password)? proxyBasicAuth = null,
        bool disableCache = false) =>
        Make(acceptEncoding ? ContentCodings.AcceptEncoding : string.Empty, keepAlive, userAgent, basicAuth, proxyBasicAuth, disableCache);

    /// <summary>Makes headers with an <c>Accept-Encoding</c> that lists the given codings.</summary>
    /// <param name="acceptEncoding">Names of content codings, in the order to send; none for no such header.</param>
    /// <param name="keepAlive">Whether to send <c>Connection: keep-alive</c>; HTTP/1.1 keeps connections without it.</param>
    /// <param name="userAgent">The value of <c>User-Agent</c>; null or empty for none here.</param>
    /// <param name="basicAuth">User name and password for the origin, sent as <c>Authorization: Basic</c> in UTF-8 (RFC 7617).</param>
    /// <param name="proxyBasicAuth">User name and password for the proxy, sent as <c>Proxy-Authorization: Basic</c> in UTF-8.</param>
    /// <param name="disableCache">Whether to send <c>Cache-Control: no-cache</c>.</param>
    /// <returns>Headers that can be changed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="acceptEncoding"/> is null.</exception>
    /// <exception cref="InvalidHeaderException">
    /// A value cannot be sent, a user name has a colon, or credentials have control characters or half a surrogate pair.
    /// </exception>
    public static HttpHeaderDict Make(
        IEnumerable<string> acceptEncoding,
        bool keepAlive = false,
        string? userAgent = null,
        (string User, string Password)? basicAuth = null,
        (string User, string Password)? proxyBasicAuth = null,
        bool disableCache = false) =>
        Make(string.Join(',', acceptEncoding), keepAlive, userAgent, basicAuth, proxyBasicAuth, disableCache);

    /// <summary>Makes headers with the given <c>Accept-Encoding</c>.</summary>
    /// <param name="acceptEncoding">The value of <c>Accept-Encoding</c>, sent as it is; empty for no such header.</param>
    /// <param name="keepAlive">Whether to send <c>Connection: keep-alive</c>; HTTP/1.1 keeps connections without it.</param>
    /// <param name="userAgent">The value of <c>User-Agent</c>; null or empty for none here.</param>
    /// <param name="basicAuth">User name and password for the origin, sent as <c>Authorization: Basic</c> in UTF-8 (RFC 7617).</param>
    /// <param name="proxyBasicAuth">User name and password for the proxy, sent as <c>Proxy-Authorization: Basic</c> in UTF-8.</param>
    /// <param name="disableCache">Whether to send <c>Cache-Control: no-cache</c>.</param>
    /// <returns>Headers that can be changed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="acceptEncoding"/> is null.</exception>
    /// <exception cref="InvalidHeaderException">
    /// A value cannot be sent, a user name has a colon, or credentials have control characters or half a surrogate pair.
    /// </exception>
    public static HttpHeaderDict Make(
        string acceptEncoding,
        bool keepAlive = false,
        string? userAgent = null,
        (string User, string Password)? basicAuth = null,
        (string User, string Password)? proxyBasicAuth = null,
        bool disableCache = false)
    {
        ArgumentNullException.ThrowIfNull(acceptEncoding);
        var headers = new HttpHeaderDict();
        if (acceptEncoding.Length > 0)
            headers.Add(HeaderNames.AcceptEncoding, acceptEncoding);
        if (!string.IsNullOrEmpty(userAgent))
            headers.Add(HeaderNames.UserAgent, userAgent);
        if (keepAlive)
            headers.Add(HeaderNames.Connection, "keep-alive");
        if (basicAuth is var (user, password))
            headers.Add(HeaderNames.Authorization, BasicCredentials.Encode(HeaderNames.Authorization, user, password));
        if (proxyBasicAuth is var (proxyUser, proxyPassword))
            headers.Add(HeaderNames.ProxyAuthorization, BasicCredentials.Encode(HeaderNames.ProxyAuthorization, proxyUser, proxyPassword));
        if (disableCache)
            headers.Add(HeaderNames.CacheControl, "no-cache");
        return headers;
    }
}
