using System.Globalization;

namespace Urllib4.Primitives;

/// <summary>
/// How facts look in errors and reports: the same everywhere, in any culture, and without secrets. A query is never shown, since it may
/// hold a token and errors end in logs.
/// </summary>
internal static class FactText
{
    public static string Of(Url url)
    {
        string path = Escaping.Show(url.Path);
        return url.Scheme is null || url.Host is null
            ? Escaping.ShowUrl(url.ToString())
            : $"{url.Scheme}://{url.Netloc}{path}{(url.Query is null ? "" : "?***")}";
    }

    /// <summary>To the thousandth of the unit that fits: 0.25 ms, 61 s.</summary>
    public static string Of(TimeSpan time) => time < TimeSpan.FromSeconds(1)
        ? time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + " ms"
        : time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>With the noun in the number it needs.</summary>
    public static string Count(long count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
