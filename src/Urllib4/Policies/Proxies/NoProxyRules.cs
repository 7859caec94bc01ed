using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// Which hosts are reached without the proxy, from lists as curl and Go read them in <c>NO_PROXY</c>. Names are compared with names and
/// addresses with addresses, both in normal form and never as text (PX-12). An entry that is neither covers nothing, and is told of.
/// </summary>
internal sealed class NoProxyRules
{
    private static readonly SearchValues<char> _separators = SearchValues.Create(", \t\r\n");

    // A URL may have others in its host. In a list they are a mistake: a star inside a name, a semicolon between two.
    private static readonly SearchValues<char> _ofNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly List<Rule> _rules = [];
    private List<string>? _unread; // until somebody was told
    private bool _all;

    public static NoProxyRules None { get; } = new();

    /// <param name="lists">Each is one entry, or several with commas or blanks between them.</param>
    public static NoProxyRules Parse(params IEnumerable<string> lists)
    {
        var rules = new NoProxyRules();
        foreach (string list in lists)
        {
            foreach (Range range in list.AsSpan().SplitAny(_separators))
                rules.Add(list.AsSpan(range));
        }

        return rules;
    }

    /// <summary>
    /// The entries that nobody could read, for whoever asks first: they are worth one message, not one a request. Safe to call from several
    /// threads.
    /// </summary>
    public IReadOnlyList<string> TakeUnread() => _unread is null ? [] : Interlocked.Exchange(ref _unread, null) ?? [];

    /// <summary>Whether the host is to be reached without the proxy. Takes time in proportion to the rules, whatever the host.</summary>
    /// <param name="host">As in a URL; the zone of an IPv6 address takes no part.</param>
    /// <param name="port">The port that would be connected to.</param>
    public bool Covers(ReadOnlySpan<char> host, int port)
    {
        // Nothing longer is a host, and nothing is looked for in it (PX-13). A final dot is one more.
        if (host.IsEmpty || host.Length > HostName.MaxLength + 1)
            return false;
        if (_all)
            return true;
        bool isAddress = TryReadAddress(Unbracketed(host), out UInt128 address);
        ReadOnlySpan<char> name = host[^1] == '.' ? host[..^1] : host;
        foreach (Rule rule in _rules)
        {
            if ((rule.Port == 0 || rule.Port == port) && (isAddress ? rule.Covers(address) : rule.Covers(name)))
                return true;
        }

        return false;
    }

    private void Add(ReadOnlySpan<char> entry)
    {
        if (entry is "*")
            _all = true;
        else if (TryRead(entry, out Rule rule))
            _rules.Add(rule);
        else if (!entry.IsEmpty)
            (_unread ??= []).Add(Escaping.ShowUrl(entry)); // a whole URL is among the mistakes, and it may hold a password
    }

    private static bool TryRead(ReadOnlySpan<char> entry, out Rule rule)
    {
        rule = default;
        int slash = entry.IndexOf('/');
        if (slash >= 0)
            return TryReadNetwork(entry[..slash], entry[(slash + 1)..], out rule);
        ReadOnlySpan<char> host = entry;
        int port = 0;
        int colon = entry.LastIndexOf(':');
        bool hasPort = colon > entry.LastIndexOf(']') && !IpLiteral.IsIPv6(WithoutZone(entry));
        if (hasPort)
        {
            host = entry[..colon];
            if (!TryReadNumber(entry[(colon + 1)..], Origin.MaxPort, out port) || port == 0)
                return false;
        }

        if (TryReadAddress(Unbracketed(host), out UInt128 address))
            rule = new Rule(null, false, address, 128, port);
        else if (TryReadName(host, out string? name, out bool onlyBelow))
            rule = new Rule(name, onlyBelow, 0, 0, port);
        else
            return false;
        return true;
    }

    private static bool TryReadNetwork(ReadOnlySpan<char> address, ReadOnlySpan<char> length, out Rule rule)
    {
        bool isIPv4 = IpLiteral.IsIPv4(address);
        rule = default;
        if (!TryReadAddress(Unbracketed(address), out UInt128 network) || !TryReadNumber(length, isIPv4 ? 32 : 128, out int prefix))
            return false;
        rule = new Rule(null, false, network, isIPv4 ? prefix + 96 : prefix, 0);
        return true;
    }

    private static bool TryReadName(ReadOnlySpan<char> entry, out string? name, out bool onlyBelow)
    {
        onlyBelow = entry.StartsWith("*.");
        ReadOnlySpan<char> host = onlyBelow ? entry[2..] : entry.StartsWith('.') ? entry[1..] : entry;
        host = host.EndsWith('.') ? host[..^1] : host;
        name = null;
        if (host.IsEmpty || HostName.Check(host, out string? changed).Exists)
            return false;
        name = changed ?? host.ToString();
        return !name.AsSpan().ContainsAnyExcept(_ofNames);
    }

    /// <summary>Reads an address of either family as one of IPv6, so that an IPv4 address and the same one mapped are equal.</summary>
    private static bool TryReadAddress(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = 0;
        text = WithoutZone(text);
        if (!IpLiteral.IsIPv4(text) && !IpLiteral.IsIPv6(text))
            return false;
        Span<byte> octets = stackalloc byte[16];
        IPAddress.Parse(text).MapToIPv6().TryWriteBytes(octets, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(octets);
        return true;
    }

    private static ReadOnlySpan<char> Unbracketed(ReadOnlySpan<char> host) => host is ['[', .., ']'] ? host[1..^1] : host;

    private static ReadOnlySpan<char> WithoutZone(ReadOnlySpan<char> address) =>
        address.IndexOf('%') is >= 0 and var zone && address.Contains(':') ? address[..zone] : address;

    private static bool TryReadNumber(ReadOnlySpan<char> text, int max, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c) || (number = (number * 10) + c - '0') > max)
                return false;
        }

        return !text.IsEmpty;
    }

    /// <param name="Name">A name in normal form without a final dot, or null for a network.</param>
    /// <param name="OnlyBelow">Whether the name itself is not covered.</param>
    /// <param name="Network">An address of the network, as one of IPv6.</param>
    /// <param name="Prefix">How many of its 128 bits count.</param>
    /// <param name="Port">The only port, or 0 for all.</param>
    private readonly record struct Rule(string? Name, bool OnlyBelow, UInt128 Network, int Prefix, int Port)
    {
        private const int MappedPrefix = 96;

        public bool Covers(ReadOnlySpan<char> host)
        {
            if (Name is null || !host.EndsWith(Name, StringComparison.OrdinalIgnoreCase))
                return false;
            return host.Length == Name.Length ? !OnlyBelow : host[^(Name.Length + 1)] == '.';
        }

        public bool Covers(UInt128 address)
        {
            // ::/0 is about IPv6; IPv4 addresses lie in it only because of how they are written here.
            if (Name is not null || (Prefix < MappedPrefix && IsIPv4(address)))
                return false;
            return Prefix == 0 || (address ^ Network) >> (128 - Prefix) == 0;
        }

        private static bool IsIPv4(UInt128 address) => address >> 32 == 0xFFFF;
    }
}
