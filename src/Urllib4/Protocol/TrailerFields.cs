using System.Text;
using Urllib4.Primitives;

namespace Urllib4.Protocol;

/// <summary>
/// The fields that mean something only before the body, and would mislead whoever merges trailers into headers: framing, routing,
/// conditions, authentication, state, and the form of the content (RFC 9110, section 6.5.1).
/// </summary>
internal static class TrailerFields
{
    private static readonly string[] _forbidden =
    [
        "Connection", "Content-Length", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Location", "Max-Forwards", "Proxy-Connection",
        "Cache-Control", "Expect", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since", "Pragma", "Range",
        "Authorization", "Proxy-Authenticate", "Proxy-Authorization", "WWW-Authenticate",
        "Cookie", "Set-Cookie",
        "Age", "Date", "Expires", "Retry-After", "Vary", "Warning",
        "Content-Encoding", "Content-Range", "Content-Type",
    ];

    public static bool IsForbidden(ReadOnlySpan<byte> name)
    {
        foreach (string forbidden in _forbidden)
        {
            if (Ascii.EqualsIgnoreCase(name, forbidden))
                return true;
        }

        return false;
    }

    public static bool IsForbidden(string name) =>
        Array.Exists(_forbidden, forbidden => HeaderNames.Same(name, forbidden));
}
