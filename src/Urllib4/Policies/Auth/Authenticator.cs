using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// Who this side is in one protection space, which is one origin or one proxy and never anything else (AU-01, PX-04). Gives a request its
/// header before it is sent, and after a challenge another one, or none, and then the response is the caller's.
/// </summary>
/// <remarks>Safe to use from any thread; each request brings an <see cref="AuthHandshake"/> of its own.</remarks>
internal abstract class Authenticator(bool forProxy)
{
    private const int Unauthorized = 401;
    private const int ProxyAuthenticationRequired = 407;

    /// <summary>The name of the header whose values are given here.</summary>
    public string HeaderName { get; } = forProxy ? HeaderNames.ProxyAuthorization : HeaderNames.Authorization;

    /// <summary>The header to send before anything was asked, or null for none.</summary>
    public abstract string? Preempt(AuthHandshake handshake);

    /// <summary>
    /// The header to send the request with once more, or null when the response is the result. A challenge of the other kind, such as the
    /// 407 of an origin, is never answered (PX-05).
    /// </summary>
    public string? Answer(AuthHandshake handshake, int status, HttpHeaderDict headers)
    {
        if (status != (forProxy ? ProxyAuthenticationRequired : Unauthorized))
            return null;
        handshake.WhyNotAnswered = null;
        return Answer(handshake, Challenges(headers));
    }

    /// <summary>
    /// Takes what a response that is no challenge says of the authentication. False when it was to prove that the server knows the secret,
    /// and does not (AU-04).
    /// </summary>
    public bool Confirm(AuthHandshake handshake, HttpHeaderDict headers)
    {
        string? info = headers[forProxy ? HeaderNames.ProxyAuthenticationInfo : HeaderNames.AuthenticationInfo];
        return Confirm(handshake, info is null ? null : ChallengeParser.ParseInfo(info), Challenges(headers));
    }

    /// <inheritdoc cref="Answer(AuthHandshake, int, HttpHeaderDict)"/>
    protected abstract string? Answer(AuthHandshake handshake, IReadOnlyList<AuthChallenge> challenges);

    /// <inheritdoc cref="Confirm(AuthHandshake, HttpHeaderDict)"/>
    protected virtual bool Confirm(AuthHandshake handshake, AuthChallenge? info, IReadOnlyList<AuthChallenge> challenges) => true;

    private List<AuthChallenge> Challenges(HttpHeaderDict headers) =>
        ChallengeParser.Parse(headers.GetAll(forProxy ? HeaderNames.ProxyAuthenticate : HeaderNames.WwwAuthenticate));
}
