using System.Collections.Frozen;

namespace Urllib4.Primitives;

/// <summary>
/// Which headers are shown with their values in texts for people. An allow-list, since a secret may have any name: <c>X-Api-Key</c>,
/// <c>X-Auth-Token</c>, or one that is invented tomorrow (IN-13).
/// </summary>
internal static class ShownHeaders
{
    private const string Hidden = "[redacted]";

    /// <summary>They describe the message, not the caller. None of them carries a URL, whose query may be secret.</summary>
    private static readonly FrozenSet<string> _names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Age", "Allow", "Cache-Control", "Connection",
        "Content-Encoding", "Content-Language", "Content-Length", "Content-Range", "Content-Type", "Date", "Expect", "Expires", "Host",
        "Keep-Alive", "Last-Modified", "Pragma", "Proxy-Connection", "Range", "Retry-After", "Server", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "User-Agent", "Vary");

    /// <summary>The value as it may be shown: escaped and cut, or hidden.</summary>
    public static string Value(string name, string value) => _names.Contains(name) ? Escaping.Show(value) : Hidden;
}
