using System.Text;

namespace Urllib4.Primitives;

/// <summary>The header names this library reads or writes itself, in the spelling it sends.</summary>
/// <remarks>The spans are for comparing with bytes of a message; that comparison ignores case.</remarks>
internal static class HeaderNames
{
    public const string Accept = "Accept";
    public const string AcceptEncoding = "Accept-Encoding";
    public const string AuthenticationInfo = "Authentication-Info";
    public const string Authorization = "Authorization";
    public const string CacheControl = "Cache-Control";
    public const string Connection = "Connection";
    public const string ContentDisposition = "Content-Disposition";
    public const string ContentEncoding = "Content-Encoding";
    public const string ContentLength = "Content-Length";
    public const string ContentLocation = "Content-Location";
    public const string ContentType = "Content-Type";
    public const string Cookie = "Cookie";
    public const string Date = "Date";
    public const string Digest = "Digest";
    public const string Expect = "Expect";
    public const string Host = "Host";
    public const string KeepAlive = "Keep-Alive";
    public const string Location = "Location";
    public const string Origin = "Origin";
    public const string ProxyAuthenticate = "Proxy-Authenticate";
    public const string ProxyAuthenticationInfo = "Proxy-Authentication-Info";
    public const string ProxyAuthorization = "Proxy-Authorization";
    public const string Referer = "Referer";
    public const string RetryAfter = "Retry-After";
    public const string SetCookie = "Set-Cookie";
    public const string TE = "TE";
    public const string Trailer = "Trailer";
    public const string TransferEncoding = "Transfer-Encoding";
    public const string Upgrade = "Upgrade";
    public const string UserAgent = "User-Agent";
    public const string WwwAuthenticate = "WWW-Authenticate";

    public static ReadOnlySpan<byte> ConnectionBytes => "connection"u8;

    public static ReadOnlySpan<byte> ContentLengthBytes => "content-length"u8;

    public static ReadOnlySpan<byte> TransferEncodingBytes => "transfer-encoding"u8;

    /// <summary>
    /// The name as a text that is there already, when it is one that many responses have, spelled as it usually is; else null.
    /// </summary>
    public static string? AsUsuallySpelled(ReadOnlySpan<byte> name)
    {
        string? known = name.Length switch
        {
            4 => name[0] == 'D' ? Date : name[0] == 'E' ? "ETag" : "Vary",
            6 => "Server",
            7 => "Expires",
            8 => Location,
            10 => name[0] == 'C' ? Connection : KeepAlive,
            12 => ContentType,
            13 => name[0] == 'L' ? "Last-Modified" : name[1] == 'a' ? CacheControl : "Accept-Ranges",
            14 => ContentLength,
            16 => ContentEncoding,
            17 => TransferEncoding,
            _ => null,
        };
        return known is not null && Ascii.Equals(name, known) ? known : null;
    }

    /// <summary>Whether two names are the same. They are ASCII, so no other letter may fold onto one (the Kelvin sign is no k).</summary>
    public static bool Same(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Whether values of this header are certainly credentials. <see cref="ShownHeaders"/> decides what texts may show.</summary>
    public static bool IsSecret(ReadOnlySpan<char> name) =>
        Same(name, Authorization) || Same(name, ProxyAuthorization) || Same(name, Cookie) || Same(name, SetCookie);

    /// <summary>Whether this header is sent unasked, and so may be left out with <see cref="HttpHeaderDict.SkipHeader"/>.</summary>
    public static bool IsSkippable(ReadOnlySpan<char> name) =>
        Same(name, AcceptEncoding) || Same(name, Host) || Same(name, UserAgent);
}
