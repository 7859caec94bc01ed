using System.Runtime.CompilerServices;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// Requests without any set-up, over one manager for the whole process; urllib3's <c>request</c> function. Goes through the proxies that
/// the environment names (<see cref="PoolOptions.TrustEnvironment"/>), which no other manager does unasked.
/// </summary>
/// <remarks>Safe to use from any number of threads at once. For options of your own, make a <see cref="PoolManager"/>.</remarks>
public static partial class Urllib
{
    private static readonly PoolManager _manager = new(PoolOptions.Default with { TrustEnvironment = true });

    /// <inheritdoc cref="IRequestMethods.Request"/>
    public static UrllibResponse Request(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Request(method, url, options, cancellationToken);

    /// <inheritdoc cref="IRequestMethods.RequestAsync"/>
    public static Task<UrllibResponse> RequestAsync(
        string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.RequestAsync(method, url, options, cancellationToken);

    /// <inheritdoc cref="IRequestMethods.Request"/>
    public static UrllibResponse Request(
        string method, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.Request(method, url, options, cancellationToken);

    /// <inheritdoc cref="IRequestMethods.RequestAsync"/>
    public static Task<UrllibResponse> RequestAsync(
        string method, RequestUrl url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
        _manager.RequestAsync(method, url, options, cancellationToken);

    /// <inheritdoc cref="IRequestMethods.RequestAsync"/>
    [OverloadResolutionPriority(-1)]
    public static Task<UrllibResponse> RequestAsync(string method, RequestUrl url, CancellationToken cancellationToken) =>
        _manager.RequestAsync(method, url, null, cancellationToken);

    /// <summary>A pool of its own for the origin of a URL; urllib3's <c>connection_from_url</c>.</summary>
    /// <param name="url">An absolute http or https URL.</param>
    /// <param name="options">What holds for every request; null for the defaults.</param>
    /// <returns>The pool, to be disposed.</returns>
    /// <exception cref="LocationValueException">The text is not such a URL.</exception>
    public static HttpConnectionPool ConnectionFromUrl(RequestUrl url, PoolOptions? options = null)
    {
        Origin origin = url.ToUrl().Origin;
        return origin.IsHttps
            ? new HttpsConnectionPool(origin.Host, origin.Port, options)
            : new HttpConnectionPool(origin.Host, origin.Port, options);
    }
}
