using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// The schemes <c>Negotiate</c> (RFC 4559) and <c>NTLM</c>, which prove who this side is once for a connection: all legs have to take the
/// same one, and nobody else may use it afterwards (PK-03).
/// </summary>
/// <param name="start">Begins a negotiation in the scheme of that name.</param>
/// <param name="forProxy">Whether it is for a proxy.</param>
internal sealed class NegotiateAuthenticator(Func<string, Negotiation> start, bool forProxy) : Authenticator(forProxy)
{
    // NTLM takes two, Kerberos one, and both of them one more where they are wrapped.
    private const int MostLegs = 4;

    private static readonly string[] _schemes = ["Negotiate", "NTLM"];

    public override string? Preempt(AuthHandshake handshake) => null;

    protected override string? Answer(AuthHandshake handshake, IReadOnlyList<AuthChallenge> challenges)
    {
        AuthChallenge? asked = _schemes
            .Select(scheme => challenges.FirstOrDefault(challenge => challenge.Is(scheme)))
            .FirstOrDefault(static challenge => challenge is not null);
        // Asked again from the beginning: what was said is refused.
        bool isRefused = handshake.Negotiation is not null && asked?.Token68 is null;
        if (asked is null || isRefused || handshake.Answers >= MostLegs || Decode(asked.Token68) is not { } token)
        {
            handshake.EndNegotiation();
            return null;
        }

        handshake.Negotiation ??= start(asked.Scheme);
        byte[]? next = handshake.Negotiation.Next(token, out _);
        if (next is not null)
            return handshake.Answer($"{asked.Scheme} {Convert.ToBase64String(next)}");
        handshake.EndNegotiation();
        return null;
    }

    // The last token proves the other side; a server that sends none has let this side in, and that has to do (RFC 4559, section 5).
    protected override bool Confirm(AuthHandshake handshake, AuthChallenge? info, IReadOnlyList<AuthChallenge> challenges)
    {
        if (handshake.Negotiation is not { } negotiation)
            return true;
        string? proof = challenges.FirstOrDefault(static c => c.Token68 is not null && _schemes.Any(c.Is))?.Token68;
        bool isProven = true;
        if (proof is not null)
        {
            NegotiationState state = NegotiationState.Failed;
            if (Decode(proof) is { } token)
                negotiation.Next(token, out state);
            isProven = state is NegotiationState.Done;
        }

        handshake.EndNegotiation();
        return isProven;
    }

    private static byte[]? Decode(string? token68)
    {
        if (token68 is null)
            return [];
        byte[] bytes = new byte[token68.Length];
        return Convert.TryFromBase64String(token68, bytes, out int length) ? bytes[..length] : null;
    }
}
