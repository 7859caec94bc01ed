using System.Net;
using System.Net.Http;
using Urllib4.Adapters;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>
/// Puts whatever is written for <see cref="HttpClient"/> on this library: a handler in the place of <see cref="SocketsHttpHandler"/>, with
/// its names, its defaults and its exceptions. What differs is listed in the page on <c>HttpClient</c> of the documentation.
/// </summary>
/// <remarks>
/// <para>One handler keeps one set of pools: make one and keep it, as one would an <see cref="HttpClient"/>. Safe to use from any number
/// of threads at once, blocking and asynchronous calls side by side; its properties are set before the first request.</para>
/// <para>Nothing is collected: the content of a request is written straight to the connection, that of a response read from it. A body
/// that came together with its head is taken at once, without a wait, and holds no connection. The request message is never changed;
/// after redirects the response has a <see cref="HttpResponseMessage.RequestMessage"/> of its own, with the URI that was answered.</para>
/// <para>A failure has the type that <see cref="SocketsHttpHandler"/> would have thrown, with the <see cref="HttpException"/> of this
/// library as its inner exception. A limit of time ends in a <see cref="TaskCanceledException"/> with a
/// <see cref="TimeoutException"/> inside.</para>
/// </remarks>
public sealed partial class UrllibHandler : HttpMessageHandler
{
    private static readonly PoolOptions _defaults = PoolOptions.Default with
    {
        Timeout = HttpTimeout.Default with { Head = Timeout.InfiniteTimeSpan }, // HttpClient.Timeout is the limit that callers know
        MaxIdleTime = TimeSpan.FromMinutes(1), // as the platform's
        TrustEnvironment = true,
    };

    // For which request the present thread or flow opens a connection; set only when somebody asks.
    private static readonly AsyncLocal<HttpRequestMessage?> _opening = new();

    private readonly object _gate = new();
    private readonly PoolOptions _options;
    private readonly bool _ownsManager;
    private readonly HeaderTextCache _texts = new();
    private HandlerSettings _settings = new();
    private volatile HandlerOptionsCache? _prepared; // most requests have the same options as the last
    private readonly bool _hasOwnPools;
    private volatile HandlerCookies? _cookies; // null when none are kept
    private volatile PoolManager? _manager; // made with the first request, under _gate
    private volatile bool _isStarted;
    private volatile bool _isDisposed;

    /// <summary>
    /// Creates a handler with pools of its own and their defaults, but that a response head may take as long as
    /// <see cref="HttpClient.Timeout"/> lets it, and that the proxies are used which the environment names.
    /// </summary>
    public UrllibHandler()
        : this(_defaults)
    {
    }

    /// <summary>Creates a handler with pools of its own.</summary>
    /// <param name="options">
    /// What holds for every request: limits, timeouts, TLS, headers. Its <see cref="PoolOptions.Retries"/> do not:
    /// see <see cref="DefaultRequestOptions"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public UrllibHandler(PoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _ownsManager = _hasOwnPools = true;
    }

    /// <summary>Creates a handler on the pools of a manager, which others may use as well.</summary>
    /// <param name="manager">The manager.</param>
    /// <param name="disposeManager">Whether disposing the handler disposes the manager. Default true.</param>
    /// <exception cref="ArgumentNullException"><paramref name="manager"/> is null.</exception>
    public UrllibHandler(PoolManager manager, bool disposeManager = true)
    {
        ArgumentNullException.ThrowIfNull(manager);
        _manager = manager;
        _options = manager.Options;
        _ownsManager = disposeManager;
    }

    /// <summary>
    /// Under this key the <see cref="HttpRequestMessage.Options"/> of a request hold what it does differently: timeouts, retries,
    /// redirects, TLS, <see cref="RequestOptions.DecodeLimits"/>, <see cref="RequestOptions.Explain"/> and what it is told of. Method, URL,
    /// headers and body are the message's; those of the options, and how they read the body, mean nothing here.
    /// </summary>
    public static HttpRequestOptionsKey<RequestOptions> RequestOptionsKey { get; } = new("Urllib4.RequestOptions");

    /// <summary>Says what of a handler's settings would behave differently in a <see cref="UrllibHandler"/> with the same ones.</summary>
    /// <param name="handler">The handler that is to be replaced; only read.</param>
    /// <returns>
    /// One sentence for each, beginning with the name of the property; properties that mean the same here are left out. What differs
    /// whatever is set is in the documentation, on the page on <c>HttpClient</c>.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> is null.</exception>
    public static IReadOnlyList<string> Compare(SocketsHttpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return [.. HandlerComparison.Of(handler)];
    }

    /// <summary>The story of the call that a response ended, if <see cref="RequestOptions.Explain"/> asked for it.</summary>
    /// <param name="response">A response of this handler, not disposed of its content.</param>
    /// <returns>The story as far as it goes, made anew at each look; null when nobody asked, or the response is somebody else's.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public static ExchangeReport? ReportOf(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return (response.Content as ResponseContent)?.Report;
    }

    /// <summary>The connection that carried a response, as it was when the head had been read.</summary>
    /// <param name="response">A response of this handler.</param>
    /// <returns>The connection; null when the response is somebody else's.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public static HttpConnectionInfo? ConnectionOf(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return (response.Content as ResponseContent)?.Connection;
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return Blocking.Result(Run<Blocking>(request, cancellationToken));
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Run<Asynchronous>(request, cancellationToken).AsTask();
    }

    /// <summary>
    /// Takes no more requests. Idle connections are closed; requests under way, and responses whose body is still on its way, come to
    /// their own end. A manager that was given away with the handler is disposed, and with it all of that.
    /// </summary>
    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            PoolManager? own;
            lock (_gate)
            {
                _isDisposed = true;
                own = _ownsManager ? _manager : null;
            }

            // Callers are told of each connection that is closed: not under a lock.
            if (_hasOwnPools)
                own?.Retire();
            else
                own?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<HttpResponseMessage> Run<TMode>(HttpRequestMessage request, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        PoolManager manager = Start();
        if (RequestMapping.Refusal(request) is { } refusal)
            throw refusal;
        HandlerSettings settings = _settings;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (settings.AsksForRequest || !manager.IsAlwaysDirect)
                _opening.Value = request;
            Uri uri = RequestMapping.UriOf(request);
            HandlerOptionsCache preparation = PreparationFor(request, settings, manager.Options);
            RedirectTrail trail = preparation.TrailFor(request);
            string method = RequestMapping.MethodOf(request);
            RequestOptions options = preparation.For(request, RequestMapping.TargetOf(request, method, uri), trail.CookieFor(uri));
            if (options.Body is ContentBody body)
                await body.Measure<TMode>(cancellationToken).ConfigureAwait(false);
            HandlerResult answer = await manager.Run<TMode, HandlerResult, HandlerResponder>(
                new HandlerResponder(HandlerResult.Take(), trail, settings), method, PlatformUri.TextOf(uri), options, cancellationToken)
                .ConfigureAwait(false);
            return MessageOf(answer, request, settings, trail);
        }
        catch (Exception e) when (FailureMapping.OfCall(e, cancellationToken) is var mapped && mapped != e)
        {
            throw mapped;
        }
    }

    private HttpResponseMessage MessageOf(HandlerResult answer, HttpRequestMessage request, HandlerSettings settings, RedirectTrail trail)
    {
        try
        {
            if (answer.Head.Has("Set-Cookie"u8))
                trail.Keep(answer.Request.Url, answer.Head.Headers);
            HttpResponseMessage message = ResponseMapping.Map(answer, request, settings, _texts);
            answer.GiveBack();
            return message;
        }
        catch
        {
            answer.Content!.GiveUp(); // a selector of the caller failed
            throw;
        }
    }

    private HandlerOptionsCache PreparationFor(HttpRequestMessage request, HandlerSettings settings, PoolOptions manager)
    {
        RequestOptions own = request.Options.TryGetValue(RequestOptionsKey, out RequestOptions? given) && given is not null
            ? given
            : settings.DefaultRequestOptions;
        HandlerOptionsCache? last = _prepared;
        return last?.IsFor(own) == true ? last : _prepared = new HandlerOptionsCache(own, settings, manager, _cookies);
    }

    private PoolManager Start()
    {
        if (_isStarted && !_isDisposed && _manager is { } started)
            return started;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_isStarted)
                _cookies = _settings.UseCookies ? new HandlerCookies(_settings.CookieContainer) : null;
            _isStarted = true;
            return _manager ??= new PoolManager(_options.With(_settings, static () => _opening.Value));
        }
    }
}
