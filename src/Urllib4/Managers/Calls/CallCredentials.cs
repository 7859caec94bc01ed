using Urllib4.Connections;
using Urllib4.Policies.Auth;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// What one call says of this side, to the origin of the present hop and to the proxy that forwards it. What the caller gave for the
/// request belongs to the origin of his URL, and no redirect takes it elsewhere (AU-01, RD-01).
/// </summary>
internal sealed class CallCredentials(Url home, HttpAuth? own, CredentialSource? source, AuthMemory memory)
{
    private readonly Origin _home = home.Origin;
    private AuthTurn? _originTurn;
    private (string Method, Url Url)? _originHop;
    private AuthTurn? _proxyTurn;
    private (ProxyHop Proxy, string Method, Url Url)? _proxyHop;

    /// <summary>What binds the connections of the present hop to this side; null for nothing.</summary>
    public HttpAuth? BoundAuth { get; private set; }

    /// <summary>Finds out, before an attempt, who this side is to the origin.</summary>
    /// <exception cref="TotalTimeoutException">The source took longer than the call may.</exception>
    public async ValueTask Find<TMode>(OutgoingRequest request, Deadline total, TimeProvider clock, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (_originHop == (request.Method, request.Url))
            return;
        _originHop = (request.Method, request.Url);
        _originTurn = null;
        BoundAuth = null;
        if (request.Headers.Contains(HeaderNames.Authorization))
            return;
        Origin origin = request.Url.Origin;
        HttpAuth? auth = origin == _home ? own ?? OfUserInfo() : null;
        if (auth is null && source is not null)
        {
            string? user = origin == _home && home.AuthDecoded.User is { Length: > 0 } name ? Uri.EscapeDataString(name) : null;
            auth = await TMode.Either(
                static call => call.Source.Find(call.Origin),
                static call => Ask(call.Source, call.Origin, call.Total, call.Clock, call.CancellationToken),
                (Source: source, Origin: Url.Of(origin, user), Total: total, Clock: clock, CancellationToken: cancellationToken))
                .ConfigureAwait(false);
        }

        auth ??= origin == _home ? OfUserInfo(withoutPassword: true) : null;
        if (auth is null)
            return;
        _originTurn = new AuthTurn(memory.For(origin, auth), request.Method, request.Target);
        BoundAuth = auth.IsBoundToConnection ? auth : null;
    }

    /// <summary>What the present hop says to the origin, as header fields.</summary>
    public void AddTo(HttpHeaderDict headers) => Add(_originTurn, headers);

    /// <summary>What it says to the proxy that forwards it.</summary>
    public void AddTo(HttpHeaderDict headers, ProxyHop hop, OutgoingRequest request, string target)
    {
        // What was begun with one proxy is not for the next one (PX-04).
        if (_proxyHop != (hop, request.Method, request.Url))
            _proxyTurn = hop.NewTurn(request.Method, target);
        _proxyHop = (hop, request.Method, request.Url);
        Add(_proxyTurn, headers);
    }

    /// <summary>No proxy reads the next attempt, so no answer to it is a proxy's (PX-05).</summary>
    public void LeaveProxy()
    {
        _proxyTurn = null;
        _proxyHop = null;
    }

    /// <summary>Whether a response is a challenge that can be answered; the next attempt does it.</summary>
    public bool TryAnswer(int status, HttpHeaderDict headers) =>
        _originTurn?.TryAnswer(status, headers) == true || _proxyTurn?.TryAnswer(status, headers) == true;

    /// <summary>Whether whoever was to prove that he knows the secret too has done so, or was not to.</summary>
    public bool Confirm(int status, HttpHeaderDict headers) =>
        status is 401 or 407 || ((_originTurn?.Confirm(headers) ?? true) && (_proxyTurn?.Confirm(headers) ?? true));

    private static async ValueTask<HttpAuth?> Ask(
        CredentialSource source, Url origin, Deadline total, TimeProvider clock, CancellationToken cancellationToken)
    {
        ValueTask<HttpAuth?> answer = source.FindAsync(origin, cancellationToken);
        if (!total.IsSet || answer.IsCompleted)
            return await answer.ConfigureAwait(false);
        Task<HttpAuth?> pending = answer.AsTask();
        try
        {
            await pending.WaitUpTo(total.Remaining, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!pending.IsCompleted)
        {
            throw new TotalTimeoutException(HttpPhase.Prepare, total.Limit, total.Elapsed);
        }

        return await pending.ConfigureAwait(false);
    }

    private static void Add(AuthTurn? turn, HttpHeaderDict headers)
    {
        if (turn?.NextHeader() is { } value)
            headers.TryAdd(turn.HeaderName, value);
    }

    // Without a password, a source may know one for the user.
    private HttpAuth? OfUserInfo(bool withoutPassword = false) => home.AuthDecoded switch
    {
        (null, _) => null,
        (_, null) when source is not null && !withoutPassword => null,
        var (user, password) => HttpAuth.Basic(user, password ?? ""),
    };
}
