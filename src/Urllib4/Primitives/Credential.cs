using Urllib4.Primitives;

namespace Urllib4;

/// <summary>A user name and its password, for an origin or a proxy.</summary>
/// <remarks>
/// Immutable, so safe to share between threads. Two are equal when both texts are, character by character. What a scheme can carry is
/// checked when it is used: Basic has no colon in a user name, SOCKS5 no text above 255 bytes.
/// </remarks>
public sealed record Credential
{
    /// <summary>Creates a credential.</summary>
    /// <param name="user">The user name, as it is: not percent-encoded, not quoted. May be empty.</param>
    /// <param name="password">The password, as it is. May be empty.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidRequestException">A text holds half of a surrogate pair, which no encoding can write.</exception>
    public Credential(string user, string password)
    {
        User = Writable(user, "user name");
        Password = Writable(password, "password");
    }

    /// <summary>The user name.</summary>
    public string User { get; }

    /// <summary>The password. It is a secret: <see cref="ToString"/> leaves it out.</summary>
    public string Password { get; }

    /// <summary>A text without either, since a user name may be a token.</summary>
    /// <returns>Always the same.</returns>
    public override string ToString() => "[redacted]";

    // The lenient encoder would send a question mark in its place: another password, silently.
    private static string Writable(string text, string part)
    {
        ArgumentNullException.ThrowIfNull(text);
        UrlFault fault = PercentEncoding.FindLoneSurrogate(text);
        return !fault.Exists ? text : throw new InvalidRequestException(
            $"The {part} of a credential holds half of a surrogate pair (at index {fault.Position}).");
    }
}
