using System.Net;

namespace Urllib4.Policies;

/// <summary>Who knows the addresses of names: a resolver, and what is remembered of its answers.</summary>
internal interface INameSource
{
    /// <summary>The endpoints of a host, at least one.</summary>
    /// <param name="isBlocking">How the caller waits, as a value, since what is overridden has no type argument.</param>
    /// <param name="host">The host, which is no address.</param>
    /// <param name="port">The port of the URL.</param>
    /// <param name="limit">How long the caller waits.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <exception cref="NameResolutionException">The host has no address, or the resolver failed.</exception>
    /// <exception cref="TimeoutException">The limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<FoundName> Find(bool isBlocking, string host, int port, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>None of the endpoints took a connection: the next one who asks is not answered from memory.</summary>
    void Doubt(string host, int port);
}

/// <summary>The endpoints of a name, and where they came from; see <see cref="ResolvedName"/>.</summary>
internal readonly record struct FoundName(IReadOnlyList<IPEndPoint> EndPoints, NameSource Source, TimeSpan Age, string? Failure);
