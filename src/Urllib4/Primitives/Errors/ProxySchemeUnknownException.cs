using Urllib4.Primitives;

namespace Urllib4;

/// <summary>The URL of a proxy has no scheme, or one that no proxy is spoken to with; urllib3's <c>ProxySchemeUnknown</c>.</summary>
/// <remarks>Nothing was sent. A proxy that cannot be used is never passed by.</remarks>
public sealed class ProxySchemeUnknownException : LocationValueException
{
    private const string Known = "http, https, socks4, socks4a, socks5 or socks5h";

    /// <summary>Creates the error.</summary>
    /// <param name="scheme">The scheme, escaped for display; null when there is none.</param>
    public ProxySchemeUnknownException(string? scheme)
        : this(scheme, scheme is null ? "The proxy URL has no scheme" : $"The proxy scheme '{scheme}' is not supported")
    {
    }

    private ProxySchemeUnknownException(string? scheme, string mistake)
        : base($"{mistake}; it has to be {Known}.") => Scheme = scheme;

    /// <summary>For the URL of a proxy; what stands there as a scheme may be a host with its port.</summary>
    internal static ProxySchemeUnknownException Of(Url url)
    {
        string text = url.Scheme is null ? url.Href.TrimStart('/') : url.Href;
        string? scheme = url.Scheme is null ? null : Escaping.Show(url.Scheme);
        return Url.TryParse("http://" + text, out Url? meant) && (meant.Port is not null || scheme is null) && !meant.HasAuth
            ? new(scheme, $"The proxy URL has no scheme; if HTTP is spoken to it, write '{FactText.Of(meant)}'")
            : new(scheme);
    }

    /// <summary>The scheme that was refused, or null when there is none.</summary>
    public string? Scheme { get; }
}
