using System.Net;
using Urllib4.Policies.Auth;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>Who this side says it is to an origin, and how it proves that (RFC 9110, section 11).</summary>
/// <remarks>
/// Immutable, so safe to share between threads and requests. Compared by value. A manager remembers, for each origin and value, what the
/// origin asked for last, so that the next request can answer unasked.
/// </remarks>
public abstract record HttpAuth
{
    private protected HttpAuth()
    {
    }

    /// <summary>
    /// User name and password, sent unasked as <c>Basic</c> (RFC 7617), which anybody on the way can read over plain http. An origin that
    /// asks for <c>Digest</c> gets that.
    /// </summary>
    /// <param name="user">The user name; without a colon.</param>
    /// <param name="password">The password; may be empty.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidHeaderException">The scheme cannot carry the user name or the password.</exception>
    public static HttpAuth Basic(string user, string password)
    {
        var credential = new Credential(user, password);
        BasicCredentials.Encode(HeaderNames.Authorization, credential.User, credential.Password);
        return new Password(credential, PasswordUse.BasicAtOnce);
    }

    /// <summary>
    /// User name and password, proved by <c>Digest</c> (RFC 7616: SHA-256 or MD5) when the origin asks, so that they never leave this
    /// side. An origin that asks for <c>Basic</c> gets nothing.
    /// </summary>
    /// <param name="user">The user name.</param>
    /// <param name="password">The password; may be empty.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static HttpAuth Digest(string user, string password) => new Password(new Credential(user, password), PasswordUse.DigestOnly);

    /// <summary>User name and password, sent when the origin asks: by <c>Digest</c> if it knows that, else by <c>Basic</c>.</summary>
    /// <param name="user">The user name.</param>
    /// <param name="password">The password; may be empty.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static HttpAuth WhenAsked(string user, string password) => new Password(new Credential(user, password), PasswordUse.WhenAsked);

    /// <summary>
    /// What the platform makes of a user, a password and a domain: said when asked, to <c>Digest</c> without the domain, and within a scope
    /// unasked from then on.
    /// </summary>
    internal static HttpAuth OfPlatform(NetworkCredential credential, AuthScope scope, bool isDigestOnly = false) => new Password(
        new Credential(credential.UserName, credential.Password), isDigestOnly ? PasswordUse.DigestOnly : PasswordUse.WhenAsked)
    {
        Domain = credential.Domain,
        Scope = scope,
    };

    /// <summary>A token, sent unasked (RFC 6750).</summary>
    /// <param name="token">The token, without the word <c>Bearer</c>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException">The token is null.</exception>
    /// <exception cref="InvalidHeaderException">It cannot stand in a header.</exception>
    public static HttpAuth Bearer(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        HeaderRules.CheckValue(HeaderNames.Authorization, token);
        return new Token(token);
    }

    /// <summary>A token that changes, sent unasked. When it is refused, and there is another one by then, that is sent once.</summary>
    /// <param name="token">
    /// Gives the token that is valid now; called for each request, from any thread. It has no time to wait: a token that has to be fetched
    /// is a matter for a <see cref="CredentialSource"/>.
    /// </param>
    /// <returns>The value, equal only to itself and to those with the same function.</returns>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    public static HttpAuth Bearer(Func<string> token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new TokenFrom(token);
    }

    /// <summary>
    /// <c>Negotiate</c> (RFC 4559: Kerberos or NTLM) or <c>NTLM</c>, when the origin asks, as the platform can do it. It proves who this
    /// side is once for a connection, so connections are kept apart by this value.
    /// </summary>
    /// <param name="credential">The user; null for whoever runs the program.</param>
    /// <returns>The value, equal only to itself and to those with the same credential object.</returns>
    public static HttpAuth Negotiate(NetworkCredential? credential = null) => new Platform(credential);

    /// <summary>A text without any secret.</summary>
    /// <returns>Always the same.</returns>
    public sealed override string ToString() => "[redacted]";

    /// <summary>Whether it proves who this side is once for a connection, which then is nobody else's.</summary>
    internal virtual bool IsBoundToConnection => false;

    /// <summary>A new memory of what one origin, or proxy, asks for.</summary>
    internal abstract Authenticator NewAuthenticator(HostName host, bool forProxy = false);

    private sealed record Password(Credential Credential, PasswordUse Use) : HttpAuth
    {
        public string Domain { get; init; } = "";

        public AuthScope Scope { get; init; }

        internal override Authenticator NewAuthenticator(HostName host, bool forProxy) =>
            new PasswordAuthenticator(Credential, Use, forProxy) { Domain = Domain, Scope = Scope };
    }

    private sealed record Token(string Text) : HttpAuth
    {
        internal override Authenticator NewAuthenticator(HostName host, bool forProxy) => new BearerAuthenticator(() => Text, forProxy);
    }

    private sealed record TokenFrom(Func<string> Text) : HttpAuth
    {
        internal override Authenticator NewAuthenticator(HostName host, bool forProxy) => new BearerAuthenticator(Text, forProxy);
    }

    private sealed record Platform(NetworkCredential? Credential) : HttpAuth
    {
        internal override bool IsBoundToConnection => true;

        internal override Authenticator NewAuthenticator(HostName host, bool forProxy) =>
            new NegotiateAuthenticator(scheme => Negotiation.Start(scheme, Credential, host.Name), forProxy);
    }
}
