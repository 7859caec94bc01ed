using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// The <c>Bearer</c> scheme (RFC 6750). The token is asked for with each request; when it is refused, a different one is sent once.
/// </summary>
/// <param name="token">Gives the token that is valid now.</param>
/// <param name="forProxy">Whether it is for a proxy.</param>
internal sealed class BearerAuthenticator(Func<string> token, bool forProxy = false) : Authenticator(forProxy)
{
    public override string? Preempt(AuthHandshake handshake) => handshake.Send(Header());

    protected override string? Answer(AuthHandshake handshake, IReadOnlyList<AuthChallenge> challenges)
    {
        if (handshake.Answers > 0 || !challenges.Any(static c => c.Is("Bearer")))
            return null;
        string header = Header();
        return header == handshake.Sent ? null : handshake.Answer(header);
    }

    // What comes from a callback may come from a file with a line end behind it, or from a stranger (PX-07).
    private string Header() => HeaderRules.CheckValue(HeaderName, $"Bearer {token()}");
}
