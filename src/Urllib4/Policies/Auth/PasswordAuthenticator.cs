using System.Security.Cryptography;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>
/// A user name and a password, shown as <c>Basic</c> or proved by <c>Digest</c>, whichever is the strongest that is offered and no weaker
/// than what was offered before: who can strip a challenge from a response must not get the password for it. Whoever offers
/// <c>Digest</c>, even in a form that cannot be answered, does not get the password when it asks for it.
/// </summary>
internal sealed class PasswordAuthenticator : Authenticator
{
    private const int BasicStrength = 0;
    private const string Refused = "the credentials were refused";

    // A server must not be able to make this grow by paths that it invents.
    private const int MaxPaths = 100;

    private readonly Credential _credential;
    private readonly Func<string> _chance;
    private readonly string? _basic;
    private readonly PasswordUse _use;
    // Guards what follows; nothing is called under it that waits or takes another lock.
    private readonly Lock _gate = new();
    private DigestAuthentication? _digest;
    private bool _basicWorks;
    private HashSet<string>? _paths; // below which it works, where that matters
    private int _strongest = BasicStrength;

    /// <param name="credential">The user and the password.</param>
    /// <param name="use">When and how the password may leave this side.</param>
    /// <param name="forProxy">Whether it is for a proxy.</param>
    /// <param name="chance">Gives client nonces; by default 128 random bits each.</param>
    /// <exception cref="InvalidHeaderException">Basic is to be sent at once, and cannot carry the credential.</exception>
    public PasswordAuthenticator(Credential credential, PasswordUse use, bool forProxy = false, Func<string>? chance = null)
        : base(forProxy)
    {
        _credential = credential;
        _use = use;
        _chance = chance ?? DigestAuthentication.NewClientNonce;
        _basic = use == PasswordUse.BasicAtOnce ? Basic() : null;
    }

    /// <summary>The domain of the user, which <c>Basic</c> puts before the name; empty for none.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Where it is said unasked.</summary>
    public AuthScope Scope { get; init; }

    public override string? Preempt(AuthHandshake handshake)
    {
        DigestAuthentication? digest;
        bool basic;
        lock (_gate)
        {
            digest = Scope == AuthScope.Origin ? _digest : null;
            basic = (_use == PasswordUse.BasicAtOnce || (_basicWorks && IsInScope(handshake.Target))) && _strongest == BasicStrength;
        }

        if (digest is null)
            return basic ? handshake.Send(Basic()) : null;
        DigestAnswer? answer = digest.Answer(handshake.Method, handshake.Target, handshake.Content);
        return answer is null ? null : handshake.Send(answer.Header, answer);
    }

    protected override string? Answer(AuthHandshake handshake, IReadOnlyList<AuthChallenge> challenges)
    {
        if (Strongest(challenges, out string? whyNot) is { } digest)
            return Answer(handshake, digest);
        bool asksForBasic = challenges.Any(static c => c.Is("Basic"));
        if (whyNot is not null)
        {
            // Whoever asked for Basic by name has it sent unasked all the same.
            if (_use != PasswordUse.BasicAtOnce)
                Forbid();
            string consequence = asksForBasic ? ", so Basic was not answered either" : "";
            return Leave(handshake, $"the {DigestAuthentication.Scheme} challenge was not understood: {whyNot}{consequence}");
        }

        if (!asksForBasic)
            return Leave(handshake, "neither Digest nor Basic was asked for");
        return _use == PasswordUse.DigestOnly
            ? Leave(handshake, "Basic was asked for, and these credentials are for Digest only")
            : AnswerBasic(handshake);
    }

    protected override bool Confirm(AuthHandshake handshake, AuthChallenge? info, IReadOnlyList<AuthChallenge> challenges)
    {
        if (handshake.Digest is not { } answer)
        {
            lock (_gate)
            {
                _basicWorks |= handshake.Sent is not null;
                if (handshake.Sent is not null && Scope == AuthScope.Path && (_paths ??= []).Count < MaxPaths)
                    _paths.Add(FolderOf(handshake.Target));
            }

            return true;
        }

        if (info?["rspauth"] is { } proof && answer.Proof is { } expected && !IsSame(proof, expected))
            return false;
        if (info?["nextnonce"] is { Length: > 0 } nonce)
        {
            lock (_gate)
            {
                if (_digest?.Nonce == answer.Nonce)
                    _digest = _digest.Next(nonce);
            }
        }

        return true;
    }

    private static string? Leave(AuthHandshake handshake, string reason)
    {
        handshake.WhyNotAnswered = reason;
        return null;
    }

    private void Forbid()
    {
        lock (_gate)
            _strongest = Math.Max(_strongest, BasicStrength + 1);
    }

    private string? AnswerBasic(AuthHandshake handshake)
    {
        lock (_gate)
        {
            if (_strongest > BasicStrength)
                return Leave(handshake, "Basic was not answered, since Digest was offered before");
            if (handshake.Sent is not null)
            {
                _basicWorks = false;
                return Leave(handshake, Refused);
            }
        }

        return handshake.Answer(Basic());
    }

    private string? Answer(AuthHandshake handshake, DigestAuthentication offered)
    {
        lock (_gate)
        {
            if (offered.Strength < _strongest)
                return Leave(handshake, "a stronger form of Digest was offered before");
            _strongest = offered.Strength;
            if (!MayAnswer(handshake, offered))
            {
                // Not when other calls have gone on to another nonce meanwhile.
                if (_digest?.Nonce == handshake.Digest?.Nonce)
                    _digest = null;
                return Leave(handshake, Refused);
            }

            _digest = offered = _digest?.IsSameAs(offered) is true ? _digest : offered;
        }

        return offered.Answer(handshake.Method, handshake.Target, handshake.Content) is { } answer
            ? handshake.Answer(answer.Header, answer)
            : Leave(handshake, "the Digest challenge covers the content (qop=auth-int), which does not lie in memory");
    }

    private bool IsInScope(string target) => Scope switch
    {
        AuthScope.Origin => true,
        AuthScope.Path => _paths?.Any(path => target.StartsWith(path, StringComparison.Ordinal)) == true,
        _ => false,
    };

    // Up to the last slash of the path.
    private static string FolderOf(string target)
    {
        ReadOnlySpan<char> path = target.AsSpan();
        int query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        return path[..(path.LastIndexOf('/') + 1)].ToString();
    }

    // A nonce that grew too old says nothing against the password, so it does not count; but only once, or a server could go on for ever.
    private static bool MayAnswer(AuthHandshake handshake, DigestAuthentication offered) => handshake.Answers switch
    {
        0 => offered.IsStale || handshake.Digest?.Nonce != offered.Nonce,
        1 => offered.IsStale && handshake.Digest is not null,
        _ => false,
    };

    private static bool IsSame(string left, string right) => CryptographicOperations.FixedTimeEquals(
        Encoding.Latin1.GetBytes(left.ToLowerInvariant()), Encoding.Latin1.GetBytes(right));

    private DigestAuthentication? Strongest(IReadOnlyList<AuthChallenge> challenges, out string? whyNot)
    {
        DigestAuthentication? strongest = null;
        whyNot = null;
        foreach (AuthChallenge challenge in challenges)
        {
            if (!challenge.Offers(DigestAuthentication.Scheme))
                continue;
            var digest = DigestAuthentication.TakeUp(challenge, _credential, _chance, out string? fault);
            whyNot ??= fault;
            if (digest is not null && digest.Strength > (strongest?.Strength ?? -1))
                strongest = digest;
        }

        return strongest;
    }

    private string Basic() => _basic ?? BasicCredentials.Encode(
        HeaderName, Domain.Length == 0 ? _credential.User : $"{Domain}\\{_credential.User}", _credential.Password);
}
