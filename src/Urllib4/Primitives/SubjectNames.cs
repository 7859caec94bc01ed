using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.Primitives;

/// <summary>
/// Whom a certificate is made out to, by its subject alternative names and nothing else (RFC 9525). The platform's match is not enough: it
/// falls back to the common name, and takes <c>*.com</c> for every name of that domain.
/// </summary>
internal static class SubjectNames
{
    /// <summary>The names as they are written, then the addresses; none when the extension cannot be read.</summary>
    public static IEnumerable<string> Of(X509Certificate2 certificate) => Read(
        certificate,
        static names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(static ip => ip.ToString())));

    /// <summary>Whether a host is among them.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="host">A name, lower-case ASCII without final dot, or an address without brackets.</param>
    public static bool Match(X509Certificate2 certificate, string host)
    {
        // An address is matched by its bytes, and never by a name that looks like it (RFC 9525, section 6.4).
        if (!IpLiteral.IsIPv4(host) && !IpLiteral.IsIPv6(host))
            return Read(certificate, static names => names.EnumerateDnsNames()).Any(name => Match(name, host));
        IPAddress address = IPAddress.Parse(host);
        return Read(certificate, static names => names.EnumerateIPAddresses()).Any(address.Equals);
    }

    /// <summary>Whether a name of a certificate, which may begin in a wildcard, stands for a host (RFC 9525, section 6.3).</summary>
    public static bool Match(string name, string host)
    {
        if (!name.StartsWith("*.", StringComparison.Ordinal))
            return name.Equals(host, StringComparison.OrdinalIgnoreCase);
        // The star is one whole label, and what follows is more than a top-level domain.
        int dot = host.IndexOf('.', StringComparison.Ordinal);
        ReadOnlySpan<char> parent = name.AsSpan(1);
        return dot > 0 && parent[1..].Contains('.') && parent.Equals(host.AsSpan(dot), StringComparison.OrdinalIgnoreCase);
    }

    private static T[] Read<T>(X509Certificate2 certificate, Func<X509SubjectAlternativeNameExtension, IEnumerable<T>> read)
    {
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            return names is null ? [] : [.. read(names)];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
