using System.Net.Http;
using System.Net.Http.Headers;

namespace Urllib4.Adapters;

/// <summary>
/// What requests have in common that are sent with the same options. Most say the same as the one before, header by header, as
/// <see cref="HttpClient.DefaultRequestHeaders"/> make them: then its whole options serve again, which nobody changes.
/// </summary>
/// <remarks>Safe to use from several threads; who loses a race makes the options once more.</remarks>
internal sealed class HandlerOptionsCache(
    RequestOptions own, HandlerSettings settings, PoolOptions manager, HandlerCookies? cookies)
{
    private readonly RequestOptions _prepared = RequestMapping.Prepare(Over(own, settings.DefaultRequestOptions), settings, manager);
    private readonly RedirectTrail _usualTrail = new(
        cookies, null, new HeaderTexts(null, settings), Asked(own, settings, manager));

    private volatile Sent? _last;

    /// <summary>Whether it was made for these options. The settings are those of the handler, which stay as they are.</summary>
    public bool IsFor(RequestOptions otherOwn) => otherOwn == own;

    /// <summary>What a call does between its hops.</summary>
    /// <exception cref="InvalidHeaderException">The request has a cookie of its own that cannot be sent.</exception>
    public RedirectTrail TrailFor(HttpRequestMessage request)
    {
        bool hasCookie = request.Headers.NonValidated.TryGetValues("Cookie", out HeaderStringValues cookie);
        if (!hasCookie && settings.RequestHeaderEncodingSelector is null && settings.ResponseHeaderEncodingSelector is null)
            return _usualTrail;
        var texts = new HeaderTexts(request, settings);
        string? written = hasCookie ? texts.Write("Cookie", cookie.ToString()) : null;
        return new RedirectTrail(cookies, written, texts, Asked(own, settings, manager));
    }

    /// <summary>The options of a request.</summary>
    /// <param name="request">The message.</param>
    /// <param name="target">What the request line asks for; null for path and query of the URL.</param>
    /// <param name="cookie">The <c>Cookie</c> header to send, each character a byte of it; null for none.</param>
    public RequestOptions For(HttpRequestMessage request, string? target, string? cookie)
    {
        // What a content says of itself, and what a caller's selector says of a message, is found out anew each time.
        if (request.Content is not null || settings.RequestHeaderEncodingSelector is not null || target is not null)
            return RequestMapping.OptionsOf(request, target, cookie, _prepared, settings, manager);
        HttpHeadersNonValidated headers = request.Headers.NonValidated;
        // What a Host header means depends on the URL.
        if (headers.Contains("Host"))
            return RequestMapping.OptionsOf(request, target, cookie, _prepared, settings, manager);
        if (_last is { } last && last.Options.HttpVersions == RequestMapping.VersionsOf(request) && last.Says(headers, cookie))
            return last.Options;
        RequestOptions options = RequestMapping.OptionsOf(request, null, cookie, _prepared, settings, manager);
        _last = new Sent(headers, cookie, options);
        return options;
    }

    private static Func<RedirectContext, RedirectDecision>? Asked(RequestOptions own, HandlerSettings settings, PoolOptions manager) =>
        own.Redirects?.OnRedirect ?? settings.DefaultRequestOptions.Redirects?.OnRedirect ?? manager.Redirects.OnRedirect;

    // What a request does not set is as in the defaults of the handler.
    private static RequestOptions Over(RequestOptions own, RequestOptions below) => ReferenceEquals(own, below) ? own : own with
    {
        DecodeLimits = below.DecodeLimits is { } limits ? own.DecodeLimits?.Over(limits) ?? limits : own.DecodeLimits,
        Timeout = below.Timeout is { } timeout ? own.Timeout?.Over(timeout) ?? timeout : own.Timeout,
        Redirects = below.Redirects is { } redirects ? own.Redirects?.Over(redirects) ?? redirects : own.Redirects,
        Tls = below.Tls is { } tls ? own.Tls?.Over(tls) ?? tls : own.Tls,
        Proxy = own.Proxy?.Over(below.Proxy) ?? below.Proxy,
        Egress = own.Egress?.Over(below.Egress) ?? below.Egress,
        Retries = own.Retries ?? below.Retries,
        Auth = own.Auth ?? below.Auth,
        OnInformational = own.OnInformational ?? below.OnInformational,
        UploadProgress = own.UploadProgress ?? below.UploadProgress,
    };

    /// <summary>What one request said, and the options that came of it.</summary>
    private sealed class Sent
    {
        private readonly KeyValuePair<string, string>[] _headers;
        private readonly string? _cookie;

        public Sent(HttpHeadersNonValidated headers, string? cookie, RequestOptions options)
        {
            _headers = new KeyValuePair<string, string>[headers.Count];
            _cookie = cookie;
            Options = options;
            int i = 0;
            foreach ((string name, HeaderStringValues values) in headers)
                _headers[i++] = new(name, values.ToString());
        }

        public RequestOptions Options { get; }

        public bool Says(HttpHeadersNonValidated headers, string? cookie)
        {
            if (headers.Count != _headers.Length || cookie != _cookie)
                return false;
            int i = 0;
            foreach ((string name, HeaderStringValues values) in headers)
            {
                if (_headers[i].Key != name || _headers[i].Value != values.ToString())
                    return false;
                i++;
            }

            return true;
        }
    }
}
