using System.Collections.Frozen;
using System.Net;

namespace Urllib4;

/// <summary>Turns a host and a port into the endpoints to dial, in order of preference.</summary>
/// <remarks>
/// Derive from it to ask another directory than the system's. An implementation has to be safe to call from several threads at once.
/// IP literals never reach a resolver.
/// </remarks>
public abstract class Resolver
{
    /// <summary>Looks a host up, holding the calling thread.</summary>
    /// <param name="host">The host: lower case, ASCII, with the trailing dot it was written with.</param>
    /// <param name="port">The port of the URL, to be used in the endpoints unless the resolver knows better.</param>
    /// <returns>The endpoints in order of preference; none is reported as <see cref="NameResolutionException"/>.</returns>
    public abstract IReadOnlyList<IPEndPoint> Resolve(string host, int port);

    /// <summary>Looks a host up. Unless overridden it calls <see cref="Resolve"/> on the calling thread.</summary>
    /// <param name="host">The host: lower case, ASCII, with the trailing dot it was written with.</param>
    /// <param name="port">The port of the URL, to be used in the endpoints unless the resolver knows better.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <returns>The endpoints in order of preference; none is reported as <see cref="NameResolutionException"/>.</returns>
    public virtual ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(string host, int port, CancellationToken cancellationToken) =>
        new(Resolve(host, port));

    /// <summary>
    /// Looks a host up, holding the calling thread, with the time for which the answer holds. Unless overridden it calls
    /// <see cref="Resolve"/>, which knows none. This is what the library calls.
    /// </summary>
    /// <param name="host">The host: lower case, ASCII, with the trailing dot it was written with.</param>
    /// <param name="port">The port of the URL, to be used in the endpoints unless the resolver knows better.</param>
    /// <returns>
    /// The answer. One without endpoints says that the host has no address; an exception, except a
    /// <see cref="System.Net.Sockets.SocketException"/> for a host that is not found, says that the resolver failed, so that an older
    /// answer may serve (<see cref="NameOptions.StaleFor"/>).
    /// </returns>
    public virtual NameAnswer Lookup(string host, int port) => new(Resolve(host, port));

    /// <summary>
    /// Looks a host up, with the time for which the answer holds. Unless overridden it calls <see cref="ResolveAsync"/>, which knows none.
    /// This is what the library calls.
    /// </summary>
    /// <param name="host">The host: lower case, ASCII, with the trailing dot it was written with.</param>
    /// <param name="port">The port of the URL, to be used in the endpoints unless the resolver knows better.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <returns>As of <see cref="Lookup"/>.</returns>
    public virtual async ValueTask<NameAnswer> LookupAsync(string host, int port, CancellationToken cancellationToken) =>
        new(await ResolveAsync(host, port, cancellationToken).ConfigureAwait(false));

    /// <summary>A resolver that answers from a table and says of every other host that it does not exist.</summary>
    /// <param name="hosts">
    /// Hosts, compared without case, and the endpoint that stands for each; its port replaces the port of the URL.
    /// </param>
    /// <returns>The resolver; the table is copied.</returns>
    public static Resolver FromTable(IEnumerable<KeyValuePair<string, IPEndPoint>> hosts) =>
        new Table(hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));

    private sealed class Table(FrozenDictionary<string, IPEndPoint> hosts) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) =>
            hosts.TryGetValue(host, out IPEndPoint? endpoint) ? [endpoint] : [];
    }
}
