using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Policies.Auth;

/// <summary>What is sent to answer a challenge, and what the server has to answer to that.</summary>
/// <param name="Header">The value of the header.</param>
/// <param name="Nonce">The nonce of the server that it answers.</param>
/// <param name="Proof">
/// The <c>rspauth</c> of a server that knows the password too (RFC 7616, section 3.5); null where it cannot be told from the head alone.
/// </param>
internal sealed record DigestAnswer(string Header, string Nonce, string? Proof);

/// <summary>
/// One nonce of a server and what is known with it: the <c>Digest</c> scheme of RFC 7616, and the older one of RFC 2069, which has no
/// quality of protection.
/// </summary>
/// <remarks>Safe to use from any thread: every answer has a nonce count of its own.</remarks>
internal sealed class DigestAuthentication
{
    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "Digest";

    private const string Auth = "auth";
    private const string AuthInt = "auth-int";

    private readonly AuthChallenge _challenge;
    private readonly DigestAlgorithm _algorithm;
    private readonly string? _quality;
    private readonly Credential _credential;
    private readonly Func<string> _chance;
    private readonly string _secret;
    private readonly string? _sessionNonce;
    private uint _count;

    private DigestAuthentication(
        AuthChallenge challenge, DigestAlgorithm algorithm, string? quality, Credential credential, Func<string> chance, string nonce)
    {
        _challenge = challenge;
        _algorithm = algorithm;
        _quality = quality;
        _credential = credential;
        _chance = chance;
        Nonce = nonce;
        _secret = Hash([.. FromUser(credential.User), .. FromPeer($":{Realm}:"), .. FromUser(credential.Password)]);
        if (algorithm.IsSession)
        {
            // Servers disagree on whether the key takes the first client nonce or the latest one; when there is only one, they agree.
            _sessionNonce = chance();
            _secret = Hash(FromPeer($"{_secret}:{nonce}:{_sessionNonce}"));
        }
    }

    /// <summary>The nonce of the server.</summary>
    public string Nonce { get; }

    /// <summary>
    /// The greater, the better. The hash counts first. An answer without a client nonce is the weaker one: a server can prepare for it.
    /// </summary>
    public int Strength => (_algorithm.Strength * 2) + (_quality is null ? 0 : 1);

    /// <summary>Whether the server says that only the nonce was too old, not the password wrong.</summary>
    public bool IsStale => string.Equals(_challenge["stale"], "true", StringComparison.OrdinalIgnoreCase);

    private string Realm => _challenge["realm"]!;

    /// <summary>Takes up a challenge; null when it cannot be answered.</summary>
    /// <param name="challenge">The challenge, of the scheme <c>Digest</c>.</param>
    /// <param name="credential">The user and the password.</param>
    /// <param name="chance">Gives a client nonce that nobody can guess: at least 128 bits in visible characters without quotes.</param>
    /// <param name="whyNot">What is wrong with it, as a sentence without capital and full stop; null when it is taken up.</param>
    public static DigestAuthentication? TakeUp(
        AuthChallenge challenge, Credential credential, Func<string> chance, out string? whyNot)
    {
        DigestAlgorithm? algorithm = DigestAlgorithm.Find(challenge["algorithm"]);
        string? quality = QualityOf(challenge["qop"]);
        whyNot = challenge switch
        {
            { IsBroken: true } => "its text is malformed",
            _ when challenge["realm"] is null => "it has no realm",
            _ when string.IsNullOrEmpty(challenge["nonce"]) => "it has no nonce",
            _ when algorithm is null => $"its algorithm '{Escaping.Show(challenge["algorithm"])}' is not supported",
            _ when quality is null && challenge["qop"] is { Length: > 0 } qop =>
                $"its qop '{Escaping.Show(qop)}' names neither auth nor auth-int",
            // The key of a session takes a client nonce, which an answer without qop cannot tell (RFC 2617, section 3.2.2).
            _ when quality is null && algorithm.IsSession => "it has no qop, which its algorithm needs",
            _ => null,
        };
        return whyNot is null
            ? new DigestAuthentication(challenge, algorithm!, quality, credential, chance, challenge["nonce"]!)
            : null;
    }

    /// <summary>A nonce of the client with 128 bits of chance.</summary>
    public static string NewClientNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether both answer the same nonce in the same way, so that they have to share one nonce count.</summary>
    public bool IsSameAs(DigestAuthentication other) =>
        Nonce == other.Nonce && Realm == other.Realm && _algorithm == other._algorithm && _quality == other._quality;

    /// <summary>What goes on with the nonce that the server named for the next request; with a session, the same.</summary>
    public DigestAuthentication Next(string nonce) =>
        _algorithm.IsSession ? this : new DigestAuthentication(_challenge, _algorithm, _quality, _credential, _chance, nonce);

    /// <summary>Makes the answer for one request; null when its content would have to be read for that (<c>auth-int</c>).</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The target as it stands in the request line, escapes and all (AU-03).</param>
    /// <param name="content">The content as it is sent; null when it does not lie in memory.</param>
    /// <exception cref="InvalidHeaderException">The answer cannot be sent as a header.</exception>
    public DigestAnswer? Answer(string method, string target, ReadOnlyMemory<byte>? content)
    {
        if (_quality == AuthInt && content is null)
            return null;
        string count = Interlocked.Increment(ref _count).ToString("x8", CultureInfo.InvariantCulture);
        string clientNonce = _sessionNonce ?? _chance();
        string counted = _quality is null ? "" : $":{count}:{clientNonce}:{_quality}";
        string covered = _quality == AuthInt ? $":{Hash(content.GetValueOrDefault().Span)}" : "";
        var header = new StringBuilder("Digest ");
        bool hashesUser = string.Equals(_challenge["userhash"], "true", StringComparison.OrdinalIgnoreCase);
        AppendUser(header, hashesUser);
        header.Append(", realm=").Append(Quoted(Realm)).Append(", nonce=").Append(Quoted(Nonce)).Append(", uri=").Append(Quoted(target));
        // RFC 7616 §3.4: these three are not quoted, and there are servers that insist.
        if (_algorithm.Name is { } algorithm)
            header.Append(", algorithm=").Append(algorithm);
        if (_quality is not null)
            header.Append(", qop=").Append(_quality).Append(", nc=").Append(count).Append(", cnonce=").Append(Quoted(clientNonce));
        header.Append(", response=\"").Append(Prove($"{method}:{target}{covered}")).Append('"');
        if (_challenge["opaque"] is { } opaque)
            header.Append(", opaque=").Append(Quoted(opaque));
        if (hashesUser)
            header.Append(", userhash=true");
        // Only auth has a proof that covers no content of the response (RFC 7616 §3.5).
        string? proof = _quality == Auth ? Prove($":{target}") : null;
        return new DigestAnswer(HeaderRules.CheckValue(HeaderNames.Authorization, header.ToString()), Nonce, proof);

        string Prove(string request) => Hash(FromPeer($"{_secret}:{Nonce}{counted}:{Hash(FromPeer(request))}"));
    }

    // Of two, the one that works with any content.
    private static string? QualityOf(string? offered)
    {
        string[] all = offered?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        return all.Contains(Auth, StringComparer.OrdinalIgnoreCase) ? Auth
            : all.Contains(AuthInt, StringComparer.OrdinalIgnoreCase) ? AuthInt : null;
    }

    private void AppendUser(StringBuilder header, bool hashed)
    {
        if (hashed)
            header.Append("username=\"").Append(Hash([.. FromUser(_credential.User), .. FromPeer($":{Realm}")])).Append('"');
        else if (_credential.User.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            header.Append("username*=UTF-8''").Append(Uri.EscapeDataString(_credential.User));
        else
            header.Append("username=").Append(Quoted(_credential.User));
    }

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static byte[] FromUser(string text) => Encoding.UTF8.GetBytes(text);

    // Each character of a header is a byte of the peer, in whatever encoding; as these very bytes it has to be hashed.
    private static byte[] FromPeer(string text) => Encoding.Latin1.GetBytes(text);

    private string Hash(ReadOnlySpan<byte> data) => _algorithm.Hash(data);
}
