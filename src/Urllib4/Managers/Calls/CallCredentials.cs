using Urllib4.Connections;
using Urllib4.Policies.Auth;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// What one call says of this side, to the origin of the present hop and to the proxy that forwards it. What the caller gave for the
/// request belongs to the origin of his URL, and no redirect takes it elsewhere (AU-01, RD-01). An origin that the call has left gets
/// nothing more: its next path was chosen by somebody else (RD-08).
/// </summary>
internal sealed class CallCredentials
{
    private readonly Url? _home;
    private readonly HttpAuth? _own;
    private readonly CredentialSource? _source;
    private readonly AuthMemory _memory;
    private List<Origin>? _left;
    private AuthHandshake? _originHandshake;
    private (string Method, Url Url)? _originHop;
    private AuthHandshake? _proxyHandshake;
    private (ProxyHop Proxy, string Method, Url Url)? _proxyHop;

    private CallCredentials(Url? home, HttpAuth? own, CredentialSource? source, AuthMemory memory)
    {
        _home = home;
        _own = own;
        _source = source;
        _memory = memory;
    }

    /// <summary>What binds the connections of the present hop to this side; null for nothing.</summary>
    public HttpAuth? BoundAuth { get; private set; }

    /// <summary>Those of a call to a URL; null when nothing names any.</summary>
    public static CallCredentials? For(Url home, in CallTerms terms, AuthMemory memory) =>
        terms.Own.Auth is not null || terms.Options.Credentials is not null || home.HasAuth
            ? new CallCredentials(home, terms.Own.Auth, terms.Options.Credentials, memory)
            : null;

    /// <summary>Those of a call that says nothing to origins, but may to proxies.</summary>
    public static CallCredentials ForProxies(AuthMemory memory) => new(null, null, null, memory);

    /// <summary>Finds out, before an attempt, who this side is to the origin.</summary>
    /// <exception cref="TotalTimeoutException">The source took longer than the call may.</exception>
    public async ValueTask Find<TMode>(OutgoingRequest request, CallTerms terms)
        where TMode : struct, IWaitMode
    {
        if (_home is not { } home || _originHop == (request.Method, request.Url))
            return;
        Origin origin = request.Url.Origin;
        if (_originHop is { Url.Origin: var last } && last != origin)
            (_left ??= []).Add(last);
        _originHop = (request.Method, request.Url);
        _originHandshake = null;
        BoundAuth = null;
        if (request.Headers.Contains(HeaderNames.Authorization) || _left?.Contains(origin) == true)
            return;
        bool isHome = origin == home.Origin;
        HttpAuth? auth = isHome ? _own ?? OfUserInfo(home) : null;
        if (auth is null && _source is { } source && (isHome || !source.KnowsHostsOnly))
        {
            string? user = isHome && home.AuthDecoded.User is { Length: > 0 } name ? Uri.EscapeDataString(name) : null;
            auth = await TMode.Either(
                static ask => ask.Source.Find(ask.Origin),
                static ask => Ask(ask.Source, ask.Origin, ask.Terms),
                (Source: source, Origin: Url.Of(origin, user), Terms: terms))
                .ConfigureAwait(false);
        }

        auth ??= isHome ? OfUserInfo(home, withoutPassword: true) : null;
        if (auth is null)
            return;
        _originHandshake = new AuthHandshake(_memory.For(origin, auth), request.Method, request.Target, request.Body);
        BoundAuth = auth.IsBoundToConnection ? auth : null;
    }

    /// <summary>What the present hop says to the origin, as header fields.</summary>
    public void AddTo(HttpHeaderDict headers) => Add(_originHandshake, headers);

    /// <summary>What it says to the proxy that forwards it.</summary>
    public void AddTo(HttpHeaderDict headers, ProxyHop hop, OutgoingRequest request, string target)
    {
        // What was begun with one proxy is not for the next one (PX-04).
        if (_proxyHop != (hop, request.Method, request.Url))
            _proxyHandshake = hop.NewHandshake(request.Method, target, request.Body);
        _proxyHop = (hop, request.Method, request.Url);
        Add(_proxyHandshake, headers);
    }

    /// <summary>No proxy reads the next attempt, so no answer to it is a proxy's (PX-05).</summary>
    public void LeaveProxy()
    {
        _proxyHandshake = null;
        _proxyHop = null;
    }

    /// <summary>Whether a response is a challenge that can be answered; the next attempt does it.</summary>
    public bool TryAnswer(int status, HttpHeaderDict headers) =>
        _originHandshake?.TryAnswer(status, headers) == true || _proxyHandshake?.TryAnswer(status, headers) == true;

    /// <summary>Why the last challenge was not answered; null when there is nothing to say.</summary>
    public string? WhyNotAnswered => _originHandshake?.WhyNotAnswered ?? _proxyHandshake?.WhyNotAnswered;

    /// <summary>Whether whoever was to prove that he knows the secret too has done so, or was not to.</summary>
    public bool Confirm(int status, HttpHeaderDict headers) =>
        status is 401 or 407 || ((_originHandshake?.Confirm(headers) ?? true) && (_proxyHandshake?.Confirm(headers) ?? true));

    private static async ValueTask<HttpAuth?> Ask(CredentialSource source, Url origin, CallTerms terms)
    {
        (Deadline total, CancellationToken cancellationToken) = (terms.Total, terms.CancellationToken);
        ValueTask<HttpAuth?> answer = source.FindAsync(origin, cancellationToken);
        if (!total.IsSet || answer.IsCompleted)
            return await answer.ConfigureAwait(false);
        Task<HttpAuth?> pending = answer.AsTask();
        try
        {
            await pending.WaitUpTo(total.Remaining, terms.Options.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!pending.IsCompleted)
        {
            throw new TotalTimeoutException(HttpPhase.Prepare, total.Limit, total.Elapsed);
        }

        return await pending.ConfigureAwait(false);
    }

    private static void Add(AuthHandshake? handshake, HttpHeaderDict headers)
    {
        if (handshake?.NextHeader() is { } value)
            headers.TryAdd(handshake.HeaderName, value);
    }

    // Without a password, a source may know one for the user.
    private HttpAuth? OfUserInfo(Url home, bool withoutPassword = false) => home.AuthDecoded switch
    {
        (null, _) => null,
        (_, null) when _source is not null && !withoutPassword => null,
        var (user, password) => HttpAuth.Basic(user, password ?? ""),
    };
}
