using System.Globalization;

namespace Urllib4.Har;

/// <summary>Heads and bodies in the shapes of HAR.</summary>
internal static class HarParts
{
    public static List<HarPair> Headers(HttpHeaderDict headers, Func<string, string, string> shown) =>
        [.. headers.Select(h => new HarPair(h.Key, shown(h.Key, h.Value)))];

    public static List<HarPair> Pairs(string query, Func<string, string, string> shown)
    {
        var pairs = new List<HarPair>();
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Decoded(equals < 0 ? pair : pair[..equals]);
            pairs.Add(new HarPair(name, shown(name, equals < 0 ? "" : Decoded(pair[(equals + 1)..]))));
        }

        return pairs;
    }

    public static List<HarCookie> Cookies(HttpHeaderDict headers, Func<string, string, string> shown) =>
        [.. headers.GetAll("Cookie")
            .SelectMany(static line => line.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(pair => Cookie("Cookie", pair, shown))];

    public static List<HarCookie> SetCookies(HttpHeaderDict headers, Func<string, string, string> shown)
    {
        var cookies = new List<HarCookie>();
        foreach (string line in headers.GetAll("Set-Cookie"))
        {
            string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
            HarCookie cookie = Cookie("Set-Cookie", parts[0], shown);
            foreach (string part in parts.Skip(1))
            {
                (string name, string value) = Split(part);
                cookie = name.ToUpperInvariant() switch
                {
                    "PATH" => cookie with { Path = value },
                    "DOMAIN" => cookie with { Domain = value },
                    "HTTPONLY" => cookie with { HttpOnly = true },
                    "SECURE" => cookie with { Secure = true },
                    "EXPIRES" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out DateTimeOffset date) =>
                        cookie with { Expires = date },
                    _ => cookie,
                };
            }

            cookies.Add(cookie);
        }

        return cookies;
    }

    public static HarPostData PostData(KeptBody body, string? comment, string mimeType, Func<string, string, string> shown)
    {
        var data = new HarPostData(mimeType) { Comment = comment ?? body.Comment };
        if (comment is not null)
            return data with { Text = "" };
        string? text = body.Text(mimeType);
        if (text is not null && mimeType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return data with { Params = Pairs(text, shown) };
        return text is not null ? data with { Text = text } : data with { Text = body.Base64(), Encoding = "base64" };
    }

    public static HarContent Content(KeptBody? body, string mimeType)
    {
        if (body is null)
            return new HarContent(0, mimeType);
        var content = new HarContent(body.Length, mimeType) { Comment = body.Comment };
        if (body.Bytes.IsEmpty)
            return content;
        return body.Text(mimeType) is { } text
            ? content with { Text = text }
            : content with { Text = body.Base64(), Encoding = "base64" };
    }

    /// <summary>Bytes of a head as text of HTTP/1.1; -1 where it went in another form, or not at all.</summary>
    public static long HeadSize(Version? version, HttpHeaderDict headers, int firstLine) =>
        version is { Major: 1 } ? firstLine + 4 + headers.Sum(static h => h.Key.Length + h.Value.Length + 4L) : -1;

    private static HarCookie Cookie(string header, string pair, Func<string, string, string> shown)
    {
        (string name, string value) = Split(pair);
        return new HarCookie(name, shown(header, value));
    }

    private static (string Name, string Value) Split(string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (pair, "") : (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
