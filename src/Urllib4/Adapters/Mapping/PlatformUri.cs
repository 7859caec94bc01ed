namespace Urllib4.Adapters;

/// <summary>
/// A URL of this library as the platform's <see cref="Uri"/>, which takes other hosts and lengths than <see cref="Url"/>, and back.
/// </summary>
internal static class PlatformUri
{
    /// <summary>The same place; null when <see cref="Uri"/> cannot read it, or reads another place in it.</summary>
    public static Uri? Of(Url url) =>
        Uri.TryCreate(url.Href, UriKind.Absolute, out Uri? uri) && IsSamePlace(url, uri) ? uri : null;

    /// <summary>The whole text of an absolute URI, with the zone that <see cref="Uri.AbsoluteUri"/> leaves out.</summary>
    public static string TextOf(Uri uri)
    {
        string text = uri.AbsoluteUri;
        if (uri.HostNameType != UriHostNameType.IPv6 || uri.IdnHost is not { } host || !host.Contains('%', StringComparison.Ordinal))
            return text;
        int end = text.IndexOf(uri.Host, StringComparison.Ordinal) + uri.Host.Length - 1;
        return text.Insert(end, host[host.IndexOf('%', StringComparison.Ordinal)..]);
    }

    private static bool IsSamePlace(Url url, Uri uri)
    {
        try
        {
            return Url.From(uri).Origin == url.Origin;
        }
        catch (LocationValueException)
        {
            return false;
        }
        catch (UriFormatException) // of the host, which is looked at late
        {
            return false;
        }
    }
}
