namespace Urllib4.Adapters;

/// <summary>
/// A URL of this library as the platform's <see cref="Uri"/>, which takes other hosts and lengths than <see cref="Url"/>.
/// </summary>
internal static class PlatformUri
{
    /// <summary>The same place; null when <see cref="Uri"/> cannot read it, or reads another place in it.</summary>
    public static Uri? Of(Url url) =>
        Uri.TryCreate(url.Href, UriKind.Absolute, out Uri? uri) && IsSamePlace(url, uri) ? uri : null;

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
