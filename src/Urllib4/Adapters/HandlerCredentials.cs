using System.Net;

namespace Urllib4.Adapters;

/// <summary>
/// Credentials of the platform as a source of this library: asked by origin, for whichever scheme they were stored. A password that was
/// stored for <c>Digest</c> only is never sent as it is.
/// </summary>
internal sealed class HandlerCredentials(ICredentials credentials) : CredentialSource
{
    public override HttpAuth? Find(Url origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var uri = new Uri(origin.Href);
        if (Stored(uri, "Basic") is { } basic)
            return HttpAuth.WhenAsked(UserOf(basic), basic.Password);
        return Stored(uri, "Digest") is { } digest ? HttpAuth.Digest(UserOf(digest), digest.Password) : null;
    }

    /// <summary>The user as <c>Basic</c> names one of a domain.</summary>
    public static string UserOf(NetworkCredential credential) =>
        string.IsNullOrEmpty(credential.Domain) ? credential.UserName : $"{credential.Domain}\\{credential.UserName}";

    // The default credentials have no name: they stand for who is logged in, which only the schemes of Windows can say.
    private NetworkCredential? Stored(Uri uri, string scheme) =>
        credentials.GetCredential(uri, scheme) is { UserName.Length: > 0 } found ? found : null;
}
