using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// The ranges that no server of the public internet has an address of. From the IANA IPv4 and IPv6 Special-Purpose Address Registries
/// (RFC 6890, RFC 8190), as of 9 October 2025: https://www.iana.org/assignments/iana-ipv4-special-registry and
/// https://www.iana.org/assignments/iana-ipv6-special-registry. All of them, those that are globally reachable too, since nobody serves a
/// web page there. Besides: multicast, and what was given up in IPv6.
/// </summary>
internal static class SpecialPurposeRanges
{
    private static readonly Row[] _rows = new (string Range, string Name, string Source)[]
    {
        // IPv4
        ("0.0.0.0/8", "this network", "RFC 791"),
        ("0.0.0.0/32", "this host on this network", "RFC 1122"),
        ("10.0.0.0/8", "private use", "RFC 1918"),
        ("100.64.0.0/10", "shared address space", "RFC 6598"),
        ("127.0.0.0/8", "loopback", "RFC 1122"),
        ("169.254.0.0/16", "link local", "RFC 3927"),
        ("172.16.0.0/12", "private use", "RFC 1918"),
        ("192.0.0.0/24", "IETF protocol assignments", "RFC 6890"),
        ("192.0.0.0/29", "IPv4 service continuity prefix", "RFC 7335"),
        ("192.0.0.8/32", "IPv4 dummy address", "RFC 7600"),
        ("192.0.0.9/32", "port control protocol anycast", "RFC 7723"),
        ("192.0.0.10/32", "TURN anycast", "RFC 8155"),
        ("192.0.0.170/32", "NAT64/DNS64 discovery", "RFC 8880"),
        ("192.0.0.171/32", "NAT64/DNS64 discovery", "RFC 8880"),
        ("192.0.2.0/24", "documentation", "RFC 5737"),
        ("192.31.196.0/24", "AS112", "RFC 7535"),
        ("192.52.193.0/24", "automatic multicast tunneling", "RFC 7450"),
        ("192.88.99.0/24", "6to4 relay anycast, deprecated", "RFC 7526"),
        ("192.88.99.2/32", "6a44 relay anycast", "RFC 6751"),
        ("192.168.0.0/16", "private use", "RFC 1918"),
        ("192.175.48.0/24", "direct delegation AS112 service", "RFC 7534"),
        ("198.18.0.0/15", "benchmarking", "RFC 2544"),
        ("198.51.100.0/24", "documentation", "RFC 5737"),
        ("203.0.113.0/24", "documentation", "RFC 5737"),
        ("240.0.0.0/4", "reserved", "RFC 1112"),
        ("255.255.255.255/32", "limited broadcast", "RFC 919"),

        // IPv6. What is mapped, ::ffff:0:0/96, is judged as the IPv4 address that it is; 64:ff9b::/96, by which a network without IPv4
        // reaches the whole of it, by the address inside.
        ("::/128", "unspecified", "RFC 4291"),
        ("::1/128", "loopback", "RFC 4291"),
        ("64:ff9b:1::/48", "IPv4-IPv6 translation of local use", "RFC 8215"),
        ("100::/64", "discard only", "RFC 6666"),
        ("100:0:0:1::/64", "dummy IPv6 prefix", "RFC 9780"),
        ("2001::/23", "IETF protocol assignments", "RFC 2928"),
        ("2001::/32", "Teredo", "RFC 4380"),
        ("2001:1::1/128", "port control protocol anycast", "RFC 7723"),
        ("2001:1::2/128", "TURN anycast", "RFC 8155"),
        ("2001:1::3/128", "DNS-SD service registration anycast", "RFC 9665"),
        ("2001:2::/48", "benchmarking", "RFC 5180"),
        ("2001:3::/32", "automatic multicast tunneling", "RFC 7450"),
        ("2001:4:112::/48", "AS112", "RFC 7535"),
        ("2001:10::/28", "ORCHID, deprecated", "RFC 4843"),
        ("2001:20::/28", "ORCHIDv2", "RFC 7343"),
        ("2001:30::/28", "drone remote identification", "RFC 9374"),
        ("2001:db8::/32", "documentation", "RFC 3849"),
        ("2002::/16", "6to4", "RFC 3056"),
        ("2620:4f:8000::/48", "direct delegation AS112 service", "RFC 7534"),
        ("3fff::/20", "documentation", "RFC 9637"),
        ("5f00::/16", "segment routing identifiers", "RFC 9602"),
        ("fc00::/7", "unique local", "RFC 4193"),
        ("fe80::/10", "link local", "RFC 4291"),

        // In neither registry
        ("224.0.0.0/4", "multicast", "RFC 5771"),
        ("ff00::/8", "multicast", "RFC 4291"),
        ("::/96", "IPv4-compatible, deprecated", "RFC 4291"),
        ("::ffff:0:0:0/96", "IPv4-translated", "RFC 7915"),
        ("fec0::/10", "site local, deprecated", "RFC 3879"),
    }.Select(static row => new Row(Read(row.Range), row.Name, row.Source)).OrderByDescending(static row => row.Range.Prefix).ToArray();

    private static readonly AddressRange _globalUnicast = Read("2000::/3");

    /// <summary>Why an address is none of the public internet; null when it is one. The narrowest range that it is in says so.</summary>
    public static string? Of(UInt128 address)
    {
        foreach (Row row in _rows)
        {
            if (row.Range.Covers(address))
                return $"it is in {row.Range} ({row.Name}, {row.Source})";
        }

        return AddressRange.IsIPv4(address) || _globalUnicast.Covers(address)
            ? null
            : $"it is not in {_globalUnicast} (global unicast, RFC 4291)";
    }

    private static AddressRange Read(string text) => AddressRange.TryRead(text, out AddressRange range) ? range : default;

    private readonly record struct Row(AddressRange Range, string Name, string Source);
}
