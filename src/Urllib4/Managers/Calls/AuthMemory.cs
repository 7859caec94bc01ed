using Urllib4.Policies.Auth;
using Urllib4.Primitives;

namespace Urllib4.Managers;

/// <summary>What origins asked for last, by origin and by who asked them, so that the next request can answer unasked (AU-01).</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class AuthMemory
{
    private const int MaxOrigins = 1000;

    private RecentlyUsedContainer<(Origin Origin, HttpAuth Auth), Authenticator>? _known;

    public Authenticator For(Origin origin, HttpAuth auth) =>
        LazyInitializer.EnsureInitialized(ref _known, static () => new(MaxOrigins))
            .GetOrAdd((origin, auth), static key => key.Auth.NewAuthenticator(key.Origin.HostName));
}
