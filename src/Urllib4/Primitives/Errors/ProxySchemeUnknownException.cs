namespace Urllib4;

/// <summary>The URL of a proxy has no scheme, or one that no proxy is spoken to with; urllib3's <c>ProxySchemeUnknown</c>.</summary>
/// <remarks>Nothing was sent. A proxy that cannot be used is never passed by.</remarks>
public sealed class ProxySchemeUnknownException : LocationValueException
{
    private const string Known = "http, https, socks4, socks4a, socks5 or socks5h";

    /// <summary>Creates the error.</summary>
    /// <param name="scheme">The scheme, escaped for display; null when there is none.</param>
    public ProxySchemeUnknownException(string? scheme)
        : base(scheme is null
            ? $"The proxy URL has no scheme; it has to be {Known}."
            : $"The proxy scheme '{scheme}' is not supported; it has to be {Known}.") => Scheme = scheme;

    /// <summary>The scheme that was refused, or null when there is none.</summary>
    public string? Scheme { get; }
}
