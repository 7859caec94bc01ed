using Urllib4.Pools;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>The connections to one host over TLS; urllib3's <c>HTTPSConnectionPool</c>.</summary>
/// <remarks>Safe to use from any number of threads at once.</remarks>
public sealed class HttpsConnectionPool : HttpConnectionPool
{
    /// <summary>Creates a pool for HTTPS; the server is trusted as <see cref="PoolOptions.Tls"/> says.</summary>
    /// <param name="host">A name or an address, IPv6 with or without brackets.</param>
    /// <param name="port">The port; null for 443.</param>
    /// <param name="options">What holds for every request; null for the defaults.</param>
    /// <exception cref="LocationValueException">The host is empty or not a host, or the port is not one.</exception>
    public HttpsConnectionPool(string host, int? port = null, PoolOptions? options = null)
        : base(Origin.Create("https", host, port), options ?? PoolOptions.Default)
    {
    }

    internal HttpsConnectionPool(ConnectionPool pool, PoolOptions options)
        : base(pool, options)
    {
    }
}
