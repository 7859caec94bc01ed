namespace Urllib4;

/// <summary>
/// Sends requests through one proxy; urllib3's <c>ProxyManager</c>, and with the scheme of a SOCKS proxy its <c>SOCKSProxyManager</c>. All
/// http requests through an HTTP proxy share one pool of connections to it; every https origin has a pool of tunnels.
/// </summary>
/// <remarks>
/// Safe to use from any number of threads at once. A <see cref="PoolManager"/> with <see cref="PoolOptions.Proxy"/> does the same.
/// </remarks>
public sealed class ProxyManager : PoolManager
{
    /// <summary>Creates a manager.</summary>
    /// <param name="proxy">The proxy; the text of a URL converts.</param>
    /// <param name="options">What holds for every request; null for the defaults. Its own proxy settings are not used.</param>
    /// <exception cref="ArgumentNullException">The proxy is null.</exception>
    public ProxyManager(ProxyOptions proxy, PoolOptions? options = null)
        : base((options ?? PoolOptions.Default) with { Proxy = NotNull(proxy), ProxySelector = null, TrustEnvironment = false }) =>
        Proxy = proxy;

    /// <summary>The proxy.</summary>
    public ProxyOptions Proxy { get; }

    private static ProxyOptions NotNull(ProxyOptions proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return proxy;
    }
}
