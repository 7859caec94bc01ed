using System.Net;
using Urllib4.Policies.Auth;

namespace Urllib4.Adapters;

/// <summary>
/// Credentials of the platform as a source of this library: asked by origin, for whichever scheme they were stored. A password that was
/// stored for <c>Digest</c> only is never sent as it is.
/// </summary>
/// <param name="credentials">Whom to ask.</param>
/// <param name="scope">Where they are said unasked, once an origin has asked.</param>
internal sealed class HandlerCredentials(ICredentials credentials, AuthScope scope) : CredentialSource
{
    /// <summary>What a credential says to the origin it is for.</summary>
    public static HttpAuth AuthOf(NetworkCredential credential, AuthScope scope) => IsDefault(credential)
        ? HttpAuth.Negotiate()
        : HttpAuth.OfPlatform(credential, scope);

    /// <summary>The user as <c>Basic</c> names one of a domain.</summary>
    public static string UserOf(NetworkCredential credential) =>
        string.IsNullOrEmpty(credential.Domain) ? credential.UserName : $"{credential.Domain}\\{credential.UserName}";

    /// <summary>Whether it has no name: it stands for whoever runs the program, which only the schemes of the system can say.</summary>
    public static bool IsDefault(NetworkCredential credential) => string.IsNullOrEmpty(credential.UserName);

    public override HttpAuth? Find(Url origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var uri = new Uri(origin.Href);
        if (credentials.GetCredential(uri, "Basic") is { } basic)
            return AuthOf(basic, scope);
        if (credentials.GetCredential(uri, "Digest") is { } digest)
            return HttpAuth.OfPlatform(digest, scope, isDigestOnly: true);
        NetworkCredential? system = credentials.GetCredential(uri, "Negotiate") ?? credentials.GetCredential(uri, "NTLM");
        return system is null ? null : HttpAuth.Negotiate(IsDefault(system) ? null : system);
    }
}
