using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Policies;

/// <summary>
/// Which hosts are reached without the proxy, from lists as curl and Go read them in <c>NO_PROXY</c>. Names are compared with names and
/// addresses with addresses, both in normal form and never as text (PX-12). An entry that is neither covers nothing, and is told of.
/// </summary>
internal sealed class NoProxyRules
{
    private static readonly SearchValues<char> _separators = SearchValues.Create(", \t\r\n");

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
        bool isAddress = AddressRange.TryReadAddress(host, out UInt128 address);
        ReadOnlySpan<char> name = HostPattern.WithoutDot(host);
        foreach (Rule rule in _rules)
        {
            bool covers = isAddress ? rule.Addresses?.Covers(address) == true : rule.Names?.Covers(name) == true;
            if (covers && (rule.Port == 0 || rule.Port == port))
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
        if (entry.Contains('/'))
        {
            if (!AddressRange.TryRead(entry, out AddressRange network))
                return false;
            rule = new Rule(null, network, 0);
            return true;
        }

        ReadOnlySpan<char> host = entry;
        int port = 0;
        int colon = entry.LastIndexOf(':');
        bool hasPort = colon > entry.LastIndexOf(']') && !IpLiteral.IsIPv6(AddressRange.WithoutZone(entry));
        if (hasPort)
        {
            host = entry[..colon];
            if (!AddressRange.TryReadNumber(entry[(colon + 1)..], Origin.MaxPort, out port) || port == 0)
                return false;
        }

        if (AddressRange.TryRead(host, out AddressRange address))
            rule = new Rule(null, address, port);
        else if (HostPattern.TryRead(host, out HostPattern name))
            rule = new Rule(name, null, port);
        else
            return false;
        return true;
    }

    /// <param name="Names">The names it covers, or null for addresses.</param>
    /// <param name="Addresses">The addresses, or null for names.</param>
    /// <param name="Port">The only port, or 0 for all.</param>
    private readonly record struct Rule(HostPattern? Names, AddressRange? Addresses, int Port);
}
