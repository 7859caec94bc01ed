using System.Globalization;

namespace Urllib4.Primitives;

/// <summary>
/// The scheme, host and effective port that credentials belong to (RFC 9110 §4.3.1): equal only when all three are, after normalisation.
/// A final dot makes another host, as in urllib3: the two names may resolve to two machines.
/// </summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Host">As in a normal URL: lower-case, IPv6 in brackets.</param>
/// <param name="Port">1 to 65,535.</param>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    internal const int HttpPort = 80;
    internal const int HttpsPort = 443;
    internal const int MaxPort = 65535;

    internal bool IsHttps => Scheme == "https";

    internal HostName HostName => HostName.Checked(Host);

    /// <summary>The value of a Host header (RFC 9110 §7.2): the port only when it is not the scheme's own.</summary>
    internal string HostHeader => Port == (IsHttps ? HttpsPort : HttpPort)
        ? HostName.HeaderName
        : string.Create(CultureInfo.InvariantCulture, $"{HostName.HeaderName}:{Port}");

    /// <summary>Reads an origin that was given in pieces instead of a URL.</summary>
    /// <exception cref="UrlSchemeUnknownException">The scheme is not http or https, in any case.</exception>
    /// <exception cref="LocationValueException">The host is missing, or the port is outside 1 to 65,535.</exception>
    /// <exception cref="LocationParseException">The host is not one.</exception>
    internal static Origin Create(string scheme, string? host, int? port)
    {
        string known = scheme.ToLowerInvariant() switch
        {
            "http" => "http",
            "https" => "https",
            _ => throw new UrlSchemeUnknownException(Escaping.Show(scheme)),
        };
        if (port is < 1 or > MaxPort)
        {
            throw new LocationValueException($"Port {port} is outside 1 to {MaxPort}; leave it out for that of the scheme.");
        }

        return new Origin(known, HostName.Parse(host).UrlText, port ?? (known == "https" ? HttpsPort : HttpPort));
    }

    /// <summary>The origin as RFC 6454 §6.2 writes it, the default port left out.</summary>
    public override string ToString() => $"{Scheme}://{HostHeader}";
}
