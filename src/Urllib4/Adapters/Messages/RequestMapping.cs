using System.Buffers;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Urllib4.Adapters;

/// <summary>What a request message asks for, in the words of this library. The message is only read.</summary>
internal static class RequestMapping
{
    // What the platform does by itself: no request is sent again that may have been processed, whatever the status.
    private static readonly Retry _none = Retry.None with
    {
        Total = null, Connect = 0, Read = 0, Status = 0, Other = 0, RespectRetryAfterHeader = false,
    };

    private static readonly string[] _methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "CONNECT"];

    // What every writer of URLs spells alike. Whatever else there is goes out as the caller's Uri has it.
    private static readonly SearchValues<char> _plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:?&=+,;@!$()*#");

    /// <summary>Refuses what the platform refuses, in the same words of types.</summary>
    public static Exception? Refusal(HttpRequestMessage request)
    {
        if (request.Version.Major == 0)
            return new NotSupportedException("HTTP/0.x is not supported.");
        if (request.Headers.TransferEncodingChunked == true && request.Content is null)
            return new HttpRequestException(
                "The request cannot be sent.",
                new InvalidOperationException("'Transfer-Encoding: chunked' needs a content, and there is none."));
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
            return new InvalidOperationException("The request URI is not absolute, and there is no base address to resolve it against.");
        if (uri.Scheme is not ("http" or "https" or "ws" or "wss"))
            return new NotSupportedException($"The scheme '{uri.Scheme}' is not supported; only http, https, ws and wss are.");
        return request.Version.Major > 2 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower
            ? new HttpRequestException(
                HttpRequestError.VersionNegotiationError,
                $"HTTP/{request.Version} was asked for with {request.VersionPolicy}, but nothing above HTTP/2 is spoken.")
            : null;
    }

    /// <summary>
    /// Which versions the message lets be spoken, by <see cref="HttpRequestMessage.VersionPolicy"/>; null for what the handler's options
    /// say, when the message says nothing of its own. Without TLS, where nothing is negotiated, both mean HTTP/1.1.
    /// </summary>
    public static HttpVersions? VersionsOf(HttpRequestMessage request) => (request.Version.Major, request.VersionPolicy) switch
    {
        (1, HttpVersionPolicy.RequestVersionOrLower) => null,
        (1, HttpVersionPolicy.RequestVersionExact) => HttpVersions.Http11,
        (1, _) or (_, HttpVersionPolicy.RequestVersionOrLower) => HttpVersions.Http11 | HttpVersions.Http2,
        _ => HttpVersions.Http2,
    };

    /// <summary>
    /// The URL to ask for. The schemes of WebSocket stand for those of HTTP (RFC 6455, section 4.1); a user in it means nothing to the
    /// platform.
    /// </summary>
    public static Uri UriOf(HttpRequestMessage request)
    {
        Uri uri = request.RequestUri!;
        if (uri is { Scheme: "http" or "https", UserInfo: "" })
            return uri;
        string scheme = uri.Scheme is "ws" or "http" ? "http" : "https";
        // Only this spelling of an IPv6 host has the zone.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.IdnHost : uri.Host;
        return new UriBuilder(uri) { Scheme = scheme, Host = host, Port = uri.Port, UserName = "", Password = "" }.Uri;
    }

    /// <summary>The method as it is sent: those that everybody knows in capitals, whatever the caller wrote.</summary>
    public static string MethodOf(HttpRequestMessage request)
    {
        string method = request.Method.Method;
        foreach (string known in _methods)
        {
            if (known.Equals(method, StringComparison.OrdinalIgnoreCase))
                return known;
        }

        return method;
    }

    /// <summary>The request, with what the message says about it and otherwise what the prepared options say.</summary>
    /// <param name="request">The message.</param>
    /// <param name="target">What the request line asks for; null for path and query of the URL.</param>
    /// <param name="cookie">The <c>Cookie</c> header to send, each character a byte of it; null for none.</param>
    /// <param name="prepared">What <see cref="Prepare"/> made.</param>
    /// <param name="settings">What the handler was told.</param>
    /// <param name="manager">What holds for every request.</param>
    public static RequestOptions OptionsOf(
        HttpRequestMessage request,
        string? target,
        string? cookie,
        RequestOptions prepared,
        HandlerSettings settings,
        PoolOptions manager)
    {
        ContentBody? body = request.Content is { } content ? new(content, request.Headers.TransferEncodingChunked == true) : null;
        return prepared with
        {
            Target = target,
            HttpVersions = VersionsOf(request),
            Headers = HeadersOf(request, body, cookie, settings, manager).Freeze(),
            Body = body,
            ServerName = ServerNameOf(request),
        };
    }

    /// <summary>What all requests have in common that are sent with the same options.</summary>
    public static RequestOptions Prepare(RequestOptions own, HandlerSettings settings, PoolOptions manager)
    {
        DecompressionMethods methods = settings.AutomaticDecompression;
        int redirects = settings.MaxAutomaticRedirections;
        return own with
        {
            Auth = own.Auth
                ?? (settings.Credentials is NetworkCredential credential ? HandlerCredentials.AuthOf(credential, settings.Scope) : null),
            Fields = null,
            Target = null,
            PreloadContent = false,
            // Asked for, so that they hold for a stream too: whether a content is gathered or not is HttpClient's secret.
            DecodeLimits = own.DecodeLimits?.Over(manager.DecodeLimits) ?? manager.DecodeLimits,
            KeepsEscapes = true,
            IsLenient = true,
            Propagator = () => settings.ActivityHeadersPropagator,
            DecodeContent = methods != DecompressionMethods.None,
            DecodesOnly = headers => Decompression.Covers(methods, headers),
            Redirect = settings.AllowAutoRedirect && own.Redirect,
            HasAllHeaders = manager.Headers.IsEmpty,
            Retries = (own.Retries ?? _none) is var retries && retries.Redirect <= redirects
                ? retries with { RaiseOnRedirect = false, RaiseOnStatus = false }
                : retries with { RaiseOnRedirect = false, RaiseOnStatus = false, Redirect = redirects },
        };
    }

    /// <summary>
    /// What the request line asks for, where that is not simply path and query as this library writes them; else null.
    /// </summary>
    public static string? TargetOf(HttpRequestMessage request, string method, Uri uri) =>
        method == "CONNECT" ? request.Headers.Host ?? uri.Authority
        : uri.AbsoluteUri.AsSpan().ContainsAnyExcept(_plain) ? uri.PathAndQuery
        : null;

    // As the platform has it, a Host header says who is meant, also in TLS.
    private static string? ServerNameOf(HttpRequestMessage request)
    {
        if (request.RequestUri!.Scheme is "http" or "ws" || !request.Headers.NonValidated.TryGetValues("Host", out var host))
            return null;
        return Uri.TryCreate($"https://{host}/", UriKind.Absolute, out Uri? named) && named.UserInfo.Length == 0
            && named.IdnHost != request.RequestUri.IdnHost
                ? named.IdnHost
                : null;
    }

    private static HttpHeaderDict HeadersOf(
        HttpRequestMessage request, ContentBody? body, string? cookie, HandlerSettings settings, PoolOptions manager)
    {
        var texts = new HeaderTexts(request, settings);
        HttpHeaderDict headers = [];
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            if (!IsOurs(name, request, body))
                headers.Add(name, texts.Write(name, values.ToString()));
        }

        if (request.Content is { } content)
        {
            foreach ((string name, HeaderStringValues values) in content.Headers.NonValidated)
            {
                if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                    headers.Add(name, texts.Write(name, values.ToString()));
            }
        }

        if (settings.AutomaticDecompression != DecompressionMethods.None)
        {
            foreach (string coding in Decompression.Missing(settings.AutomaticDecompression, request.Headers))
                headers.Add("Accept-Encoding", coding, combine: true);
        }

        if (cookie is not null)
            headers["Cookie"] = cookie;
        // The platform's handler says nothing of itself.
        if (manager.Headers?.Contains("User-Agent") == false)
            headers.TryAdd("User-Agent", HttpHeaderDict.SkipHeader);
        return headers;
    }

    // The engine writes the framing from what the body is; and without one, none is waited for.
    private static bool IsOurs(string name, HttpRequestMessage request, ContentBody? body) =>
        (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && request.Headers.TransferEncodingChunked == true)
        || (name.Equals("Expect", StringComparison.OrdinalIgnoreCase) && request.Headers.ExpectContinue == true
            && body is null or { Length: 0 });
}
