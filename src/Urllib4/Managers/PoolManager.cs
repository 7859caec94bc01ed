using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.Managers;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>
/// Sends requests to any number of hosts, through a pool of connections for each; urllib3's <c>PoolManager</c>. One for the whole program
/// is right: it may live as long as the program does.
/// </summary>
/// <remarks>Safe to use from any number of threads at once, blocking and asynchronous calls side by side.</remarks>
public class PoolManager : IRequestMethods, IDisposable, IAsyncDisposable
{
    private readonly PoolDirectory _directory;
    private readonly ConditionalWeakTable<ConnectionPool, HttpConnectionPool> _faces = [];
    private readonly UrlCache _urls = new(RequestUrl.Absolute);
    private readonly ProxyChoice _proxies;
    private readonly RecentlyUsedContainer<ProxyOptions, ProxyHop> _hops;
    private readonly NameCache _names;
    private readonly SendLoop _loop;

    /// <summary>Creates a manager with the defaults, but for the number of pools.</summary>
    /// <param name="numPools">How many pools to keep; see <see cref="PoolOptions.NumPools"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numPools"/> is less than 1.</exception>
    public PoolManager(int numPools)
        : this(PoolOptions.Default with { NumPools = numPools })
    {
    }

    /// <summary>Creates a manager.</summary>
    /// <param name="options">What holds for every request; null for the defaults.</param>
    public PoolManager(PoolOptions? options = null)
    {
        Options = options ?? PoolOptions.Default;
        _names = new NameCache(Options.Resolver, Options.Names, Options.Clock);
        _proxies = new ProxyChoice(Options);
        _hops = new RecentlyUsedContainer<ProxyOptions, ProxyHop>(Options.NumPools);
        _directory = new PoolDirectory(Options, FactoryFor);
        _loop = new SendLoop(Options, _urls.Read, PoolFor, _proxies);
        Pools = new PoolList(_directory.Pools, Face);
    }

    /// <summary>What holds for every request.</summary>
    public PoolOptions Options { get; }

    /// <summary>The pools there are, the least recently used one first. After the manager was disposed there are none.</summary>
    public PoolList Pools { get; }

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

    /// <summary>The pool for a host, which is made if there is none; urllib3's <c>connection_from_host</c>.</summary>
    /// <param name="host">A name or an address, IPv6 with or without brackets.</param>
    /// <param name="port">The port; null for the default of the scheme.</param>
    /// <param name="scheme">http or https, in any case.</param>
    /// <returns>The pool; the same one for as long as it is not evicted.</returns>
    /// <exception cref="LocationValueException">The host is empty or not a host, or the port is not one.</exception>
    /// <exception cref="UrlSchemeUnknownException">The scheme is neither http nor https.</exception>
    /// <exception cref="ClosedPoolException">The manager was disposed.</exception>
    public HttpConnectionPool ConnectionFromHost(string host, int? port = null, string scheme = "http")
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(scheme);
        return Face(PoolFor(Url.Of(Origin.Create(scheme, host, port)), RequestOptions.Default, null));
    }

    /// <summary>The pool for the origin of a URL; urllib3's <c>connection_from_url</c>.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <returns>The pool; the same one for as long as it is not evicted.</returns>
    /// <exception cref="LocationValueException">The text is not such a URL.</exception>
    /// <exception cref="ClosedPoolException">The manager was disposed.</exception>
    public HttpConnectionPool ConnectionFromUrl(RequestUrl url) => Face(PoolFor(url.ToUrl(), RequestOptions.Default, null));

    /// <summary>
    /// Drops all pools; urllib3's <c>clear</c>. Idle connections are closed now, those in use when their request has ended. The manager
    /// stays usable, and makes new pools.
    /// </summary>
    public void Clear() => _directory.Clear();

    /// <summary>
    /// Drops the pools that a rule picks, as <see cref="Clear"/> drops all: their idle connections are closed now, those in use when their
    /// request has ended, and none is used again. The next request to such an origin makes a new pool.
    /// </summary>
    /// <param name="predicate">Which pools go, by their key. It is asked outside of every lock, once for each pool there is.</param>
    /// <returns>How many were dropped.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="predicate"/> is null.</exception>
    /// <remarks>What the rule throws comes out as it is; the pools picked until then are gone.</remarks>
    public int Evict(Func<PoolKey, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return _directory.Evict(predicate);
    }

    /// <summary>
    /// What the manager holds at this moment. The pools are looked at one after another, so that no request stops for it; it makes no pool
    /// the most recently used one.
    /// </summary>
    /// <returns>The pools and all their connections; no pools after the manager was disposed.</returns>
    public PoolManagerSnapshot Snapshot() => new(_directory.Snapshot());

    /// <summary>Closes every connection; requests that are under way fail at once with <see cref="ClosedPoolException"/>.</summary>
    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same as <see cref="Dispose"/>, which never waits.</summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Whether no request has a proxy that does not bring its own.</summary>
    internal bool IsAlwaysDirect => _proxies.IsAlwaysDirect;

    /// <summary>Closes what is idle, now and later; requests that are under way, and their responses, come to their own end.</summary>
    internal void Retire() => _directory.RetireAll();

    /// <summary>Makes a call in a mode that is known at compile time only, for somebody who takes the response over.</summary>
    internal ValueTask<TResponse> Run<TMode, TResponse, TResponder>(
        TResponder responder, string method, string url, RequestOptions options, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
        where TResponder : struct, IResponder<TResponse> =>
        _loop.Run<TMode, TResponse, TResponder>(responder, method, url, options, cancellationToken);

    private ConnectionPool PoolFor(Url url, RequestOptions own, HttpAuth? boundTo)
    {
        bool isDirect = own.Proxy is null && _proxies.IsAlwaysDirect;
        if (isDirect && own.Tls is null && own.Egress is null && own.HttpVersions is null && boundTo is null
            && _directory.TryFor(url, out ConnectionPool? known))
            return known;
        ProxyOptions? proxy = isDirect ? null : _proxies.For(url, own.Proxy);
        EgressPolicy? egress = own.Egress?.Over(Options.Egress) ?? Options.Egress;
        // Before there is a pool: what is refused must not push another one out.
        EgressGuard.For(egress, url.Origin)?.Admit(proxy);
        PoolKey key = PoolKey.For(url.Origin, own.Tls, proxy, boundTo, own.HttpVersions ?? Options.HttpVersions, Options);
        return _directory.For(own.Egress is null ? key : key with { Egress = egress });
    }

    private ConnectionFactory FactoryFor(PoolKey key)
    {
        ProxyHop? hop = key.Proxy is null ? null : _hops.GetOrAdd(key.Proxy, proxy => new ProxyHop(proxy, Options, _names));
        PoolOptions options = key.Egress == Options.Egress ? Options : Options with { Egress = key.Egress };
        return new ConnectionFactory(key.Origin, key.Tls, hop, key.IsForwarding, key.HttpVersions, options, _names);
    }

    private HttpConnectionPool Face(ConnectionPool pool) => _faces.GetValue(pool, core => core.Key.Scheme == "https"
        ? new HttpsConnectionPool(core, Options)
        : new HttpConnectionPool(core, Options));
}
