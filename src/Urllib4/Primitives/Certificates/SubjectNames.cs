using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// Whom a certificate is made out to, by its subject alternative names and nothing else (RFC 9525). The platform's match is not enough: it
/// falls back to the common name, and takes <c>*.com</c> for every name of that domain.
/// </summary>
internal static class SubjectNames
{
    // RFC 1035, section 2.3.4: what is longer is no name of a host.
    private const int LongestName = 255;

    // RFC 5280, section 4.2.1.6: the kinds of a general name.
    private const int Dns = 2, Address = 7;

    /// <summary>The names as they are written, then the addresses; none when the extension cannot be read.</summary>
    /// <param name="certificate">The certificate in DER.</param>
    public static ImmutableArray<string> Of(ReadOnlySpan<byte> certificate)
    {
        List<string> names = [], addresses = [];
        try
        {
            ReadOnlySpan<byte> rest = AlternativeNames.Find(certificate);
            while (AlternativeNames.Next(ref rest, out int kind, out ReadOnlySpan<byte> value))
            {
                if (kind == Dns)
                    names.Add(Encoding.ASCII.GetString(value));
                else if (kind == Address)
                    addresses.Add(new IPAddress(value).ToString());
            }
        }
        catch (Exception e) when (e is AsnContentException or ArgumentException)
        {
            return [];
        }

        return [.. names, .. addresses];
    }

    /// <summary>Whether a host is among them; not when the extension cannot be read to its end.</summary>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="host">A name, lower-case ASCII without final dot, or an address without brackets.</param>
    public static bool Match(ReadOnlySpan<byte> certificate, string host)
    {
        // An address is matched by its bytes, and never by a name that looks like it (RFC 9525, section 6.4).
        byte[]? address = IpLiteral.IsIPv4(host) || IpLiteral.IsIPv6(host) ? IPAddress.Parse(host).GetAddressBytes() : null;
        bool isFound = false;
        try
        {
            ReadOnlySpan<byte> rest = AlternativeNames.Find(certificate);
            while (AlternativeNames.Next(ref rest, out int kind, out ReadOnlySpan<byte> value))
                isFound |= address is null ? kind == Dns && StandsFor(value, host) : kind == Address && value.SequenceEqual(address);
        }
        catch (AsnContentException)
        {
            return false;
        }

        return isFound;
    }

    /// <summary>
    /// Whether a name of a certificate, which may begin in a wildcard, stands for a host (RFC 9525, section 6.3). A final dot of the name
    /// does not count.
    /// </summary>
    public static bool Match(ReadOnlySpan<char> name, ReadOnlySpan<char> host)
    {
        if (name is [.. var relative, '.'])
            name = relative;
        if (!name.StartsWith("*.", StringComparison.Ordinal))
            return name.Equals(host, StringComparison.OrdinalIgnoreCase);
        // The star is one whole label, and what follows is more than a top-level domain.
        int dot = host.IndexOf('.');
        ReadOnlySpan<char> parent = name[1..];
        return dot > 0 && parent[1..].Contains('.') && parent.Equals(host[dot..], StringComparison.OrdinalIgnoreCase);
    }

    private static bool StandsFor(ReadOnlySpan<byte> name, string host)
    {
        if (name.Length > LongestName)
            return false;
        Span<char> text = stackalloc char[LongestName];
        return Match(text[..Encoding.ASCII.GetChars(name, text)], host);
    }
}
