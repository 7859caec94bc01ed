using Urllib4.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>Which proxy serves a request, decided anew for each attempt and each hop of a redirect (PX-14).</summary>
/// <remarks>Safe to use from several threads.</remarks>
internal sealed class ProxyChoice
{
    private const int MaxRemembered = 1000;
    private static readonly TimeSpan _grudge = TimeSpan.FromSeconds(30);

    private readonly PoolOptions _options;
    private readonly ProxyEnvironment? _environment;
    private RecentlyUsedContainer<(ProxyOptions Proxy, Origin? Origin), long>? _failed; // made by the first that fails

    /// <param name="options">What holds for the manager.</param>
    /// <param name="variable">Gives the value of an environment variable; that of the process when left out.</param>
    public ProxyChoice(PoolOptions options, Func<string, string?>? variable = null)
    {
        _options = options;
        if (options.TrustEnvironment)
            _environment = new ProxyEnvironment(variable ?? Environment.GetEnvironmentVariable);
        IsAlwaysDirect = options is { Proxy: null, ProxySelector: null } && _environment?.IsEmpty != false;
    }

    /// <summary>Whether no request has a proxy that does not bring its own.</summary>
    public bool IsAlwaysDirect { get; }

    /// <summary>The proxy for a request, or null when it goes to its origin directly.</summary>
    /// <exception cref="ProxySchemeUnknownException">The environment names a proxy that cannot be used; it is not passed by.</exception>
    public ProxyOptions? For(Url url, ProxyOptions? own)
    {
        ProxyOptions? proxy = own?.Over(_options.Proxy) ?? (_options.ProxySelector is { } selector
            ? Preferred(url, Candidates(selector, url))
            : _options.Proxy);
        if (proxy is null && _environment is not null && _options.ProxySelector is null)
        {
            TellOfUnread(_environment.NoProxy);
            return _environment.For(url);
        }

        if (proxy is null)
            return null;
        TellOfUnread(proxy.GetNoProxyRules());
        return proxy.Serves(url) ? proxy : null;
    }

    /// <summary>
    /// Remembers that a proxy, or the direct way, could not be used; true when the selector has one to try instead that did not fail of
    /// late.
    /// </summary>
    /// <param name="url">Where the request goes.</param>
    /// <param name="used">The proxy that it was sent through; null for the direct way.</param>
    /// <param name="error">How that failed.</param>
    /// <param name="passedOver">How many were passed over in this call, which a selector that always names others must not prolong.</param>
    public bool TryPassOver(Url url, ProxyOptions? used, HttpException error, int passedOver)
    {
        if (_options.ProxySelector is not { } selector || !IsUnreachable(error))
            return false;
        IReadOnlyList<ProxyOptions> candidates = Candidates(selector, url);
        foreach (ProxyOptions candidate in candidates)
        {
            if (!IsSame(candidate, used))
                continue;
            LazyInitializer.EnsureInitialized(ref _failed, static () => new(MaxRemembered));
            _failed[Way(url, candidate)] = _options.Clock.GetTimestamp();
        }

        return passedOver + 1 < candidates.Count && candidates.Any(candidate => !HasFailed(url, candidate));
    }

    // Taken only when somebody listens, so whoever begins to listen later is told then.
    private void TellOfUnread(NoProxyRules rules)
    {
        if (_options.Events is null && !UrllibEventSource.Log.IsEnabled())
            return;
        foreach (string entry in rules.TakeUnread())
        {
            UrllibEventSource.Log.NoProxyEntryIgnored(entry);
            _options.Events?.NoProxyEntryIgnored(entry);
        }
    }

    private static IReadOnlyList<ProxyOptions> Candidates(Func<Url, IReadOnlyList<ProxyOptions>> selector, Url url) =>
        selector(url) ?? throw new InvalidRequestException($"{nameof(PoolOptions.ProxySelector)} gave null; an empty list is none.");

    private static bool IsUnreachable(HttpException error) => error
        is ProxyTimeoutException or ProxyException { InnerException: HttpException }
        or NewConnectionException or ConnectTimeoutException or NameResolutionException or NameResolutionTimeoutException;

    private static bool IsSame(ProxyOptions candidate, ProxyOptions? used) =>
        used is null ? candidate == ProxyOptions.None : candidate.Hop == used.Hop;

    // When all have failed, the first is as good as any.
    private ProxyOptions? Preferred(Url url, IReadOnlyList<ProxyOptions> candidates)
    {
        foreach (ProxyOptions candidate in candidates)
        {
            if (!HasFailed(url, candidate))
                return candidate;
        }

        return candidates is [var first, ..] ? first : null;
    }

    // A proxy that is down is down for everybody; an origin that cannot be reached directly says nothing of another one.
    private static (ProxyOptions Proxy, Origin? Origin) Way(Url url, ProxyOptions candidate) =>
        (candidate, candidate == ProxyOptions.None ? url.Origin : null);

    private bool HasFailed(Url url, ProxyOptions candidate) =>
        _failed?.TryGet(Way(url, candidate), out long since) == true && _options.Clock.GetElapsedTime(since) < _grudge;
}
