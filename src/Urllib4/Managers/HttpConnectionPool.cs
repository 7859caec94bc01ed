using Urllib4.Connections;
using Urllib4.Managers;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>
/// The connections to one host, and the requests over them; urllib3's <c>HTTPConnectionPool</c>. Stands alone, or belongs to a
/// <see cref="PoolManager"/>, which hands it out by <see cref="PoolManager.ConnectionFromHost"/>.
/// </summary>
/// <remarks>
/// Takes absolute URLs of its own origin, and paths: a text that begins with a slash is a path, <c>//other/x</c> too. A redirect to another
/// origin fails with <see cref="HostChangedException"/>. Safe to use from any number of threads at once.
/// </remarks>
public class HttpConnectionPool : IRequestMethods, IDisposable, IAsyncDisposable
{
    private readonly ConnectionPool _pool;
    private readonly SendLoop _loop;
    private readonly Origin? _origin; // none when it is a manager's way to a proxy that forwards

    /// <summary>Creates a pool for plain HTTP.</summary>
    /// <param name="host">A name or an address, IPv6 with or without brackets.</param>
    /// <param name="port">The port; null for 80.</param>
    /// <param name="options">What holds for every request; null for the defaults.</param>
    /// <exception cref="LocationValueException">The host is empty or not a host, or the port is not one.</exception>
    public HttpConnectionPool(string host, int? port = null, PoolOptions? options = null)
        : this(Origin.Create("http", host, port), options ?? PoolOptions.Default)
    {
    }

    private protected HttpConnectionPool(Origin origin, PoolOptions options)
        : this(NewCore(origin, options), origin, options)
    {
    }

    internal HttpConnectionPool(ConnectionPool pool, PoolOptions options)
        : this(pool, pool.Key.IsForwarding ? null : pool.Origin, options)
    {
    }

    private HttpConnectionPool(ConnectionPool pool, Origin? origin, PoolOptions options)
    {
        _pool = pool;
        _origin = origin;
        _loop = new SendLoop(options, url => origin is null ? RequestUrl.Absolute(url) : RequestUrl.On(origin.Value, url), PoolFor);
        Options = options;
    }

    /// <summary>What holds for every request.</summary>
    public PoolOptions Options { get; }

    /// <summary>http or https: of the origin, or of the proxy when a manager keeps this pool for all that the proxy forwards.</summary>
    public string Scheme => (_origin ?? _pool.Origin).Scheme;

    /// <summary>The host of the same in lower case, IPv6 without brackets.</summary>
    public string Host => (_origin ?? _pool.Origin).HostName.DnsName;

    /// <summary>The port of the same.</summary>
    public int Port => (_origin ?? _pool.Origin).Port;

    /// <summary>Connections opened so far, those that were closed again included; urllib3's <c>num_connections</c>.</summary>
    public long NumConnections => _pool.NumConnections;

    /// <summary>Requests sent so far, every attempt and every redirect counted; urllib3's <c>num_requests</c>.</summary>
    public long NumRequests => _pool.NumRequests;

    /// <inheritdoc/>
    public UrllibResponse Request(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Blocking.Result(_loop.Run<Blocking>(method, url, options ?? RequestOptions.Default, cancellationToken));

    /// <inheritdoc/>
    public Task<UrllibResponse> RequestAsync(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _loop.Run<Asynchronous>(method, url, options ?? RequestOptions.Default, cancellationToken).AsTask();

    /// <inheritdoc/>
    public void RequestInto(
        string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        Blocking.Result(_loop.RunInto<Blocking>(buffer, method, url, options ?? RequestOptions.Default, cancellationToken));

    /// <inheritdoc/>
    public ValueTask RequestIntoAsync(
        string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _loop.RunInto<Asynchronous>(buffer, method, url, options ?? RequestOptions.Default, cancellationToken);

    /// <summary>What is in the pool at this moment.</summary>
    /// <returns>Every connection with its figures, and how many callers wait.</returns>
    public PoolSnapshot Snapshot() => _pool.Snapshot();

    /// <summary>
    /// Takes no more requests. Idle connections are closed now, those in use when their request has ended; callers that wait for one fail
    /// with <see cref="ClosedPoolException"/>. Closing again changes nothing.
    /// </summary>
    public void Close() => _pool.Close();

    /// <summary>Closes every connection; requests that are under way fail at once with <see cref="ClosedPoolException"/>.</summary>
    public void Dispose() => _pool.Dispose();

    /// <summary>The same as <see cref="Dispose"/>, which never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Type, origin and what is in it.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{GetType().Name} {_pool}";

    private static ConnectionPool NewCore(Origin origin, PoolOptions options)
    {
        ProxyOptions? proxy = new ProxyChoice(options).For(Url.Of(origin), null);
        PoolKey key = PoolKey.For(origin, null, proxy, null, options.HttpVersions, options);
        var names = new NameCache(options.Resolver, options.Names, options.Clock);
        ProxyHop? hop = key.Proxy is null ? null : new ProxyHop(key.Proxy, options, names);
        var factory = new ConnectionFactory(key.Origin, key.Tls, hop, key.IsForwarding, key.HttpVersions, options, names);
        return new ConnectionPool(key, options, factory);
    }

    // Without an origin of its own it takes what its proxy forwards.
    private bool Takes(Url url) => _origin is { } origin
        ? url.IsOf(origin)
        : url.Scheme == "http" || Options.Proxy?.Forwards(isHttps: true) == true;

    private ConnectionPool PoolFor(Url url, RequestOptions own, HttpAuth? boundTo)
    {
        if (!Takes(url))
            throw new HostChangedException($"Pool {_pool.Key}", url);
        if (boundTo != _pool.Key.Auth)
            throw new InvalidRequestException("Credentials that bind connections to them need a manager, which has a pool for each.");
        if (own.Proxy?.Over(Options.Proxy) is { } proxy && (proxy.Serves(url) ? proxy.Hop : null) != _pool.Key.Proxy)
            throw new InvalidRequestException("The request's proxy differs from that of the pool; a manager has a pool for each.");
        if (own.Tls is { } tls && _pool.Key is { IsForwarding: false } key && tls.Over(Options.Tls) != (key.Tls ?? Options.Tls))
            throw new InvalidRequestException("The request's TLS options differ from those of the pool; a manager has a pool for each.");
        EgressPolicy? egress = own.Egress?.Over(Options.Egress) ?? Options.Egress;
        if (egress != _pool.Key.Egress)
            throw new InvalidRequestException("The request's egress policy differs from that of the pool; a manager has a pool for each.");
        // What the proxy forwards is dialed by nobody here.
        if (_pool.Key.IsForwarding)
            EgressGuard.For(egress, url.Origin)?.Admit(_pool.Key.Proxy);
        return _pool;
    }
}
