using System.Buffers;
using System.Text;

namespace Urllib4.Primitives;

/// <summary>
/// The one judge of hosts, whether they come in a URL or alone, and the spellings of a valid one. A name may end in one dot, which tells
/// DNS to leave out its search list; TLS, certificates and the Host header must not see that dot (RFC 6066 §3).
/// </summary>
internal readonly record struct HostName
{
    /// <summary>RFC 1035 §2.3.4, without the final dot.</summary>
    internal const int MaxLength = 253;

    /// <summary>RFC 1035 §2.3.4.</summary>
    internal const int MaxLabelLength = 63;

    /// <summary>What begins a zone in a URL: a percent sign, escaped (RFC 6874 §2).</summary>
    private const string ZoneMark = "%25";

    private static readonly AsciiSet LowerHex = new("0123456789abcdef");

    private HostName(string text) => UrlText = text;

    /// <summary>As it stands in a URL: lower-case, IPv6 in brackets, with the final dot if it was given.</summary>
    internal string UrlText { get; }

    /// <summary>What to resolve or dial: no brackets, with the final dot if it was given; a zone as in <c>fe80::1%eth0</c>.</summary>
    internal string DnsName => IsIPv6 ? UrlText[1..^1].Replace(ZoneMark, "%", StringComparison.Ordinal) : UrlText;

    /// <summary>What TLS and certificates call it: no brackets, no zone, no final dot.</summary>
    internal string Name => IsIPv6 ? HeaderName[1..^1] : HeaderName;

    /// <summary>What a Host header calls it: IPv6 in brackets, no zone, no final dot.</summary>
    internal string HeaderName =>
        UrlText.EndsWith('.') ? UrlText[..^1]
        : HasZone ? string.Concat(UrlText.AsSpan(0, UrlText.IndexOf('%', StringComparison.Ordinal)), "]")
        : UrlText;

    internal bool IsIPv6 => UrlText[0] == '[';

    /// <summary>
    /// Whether a link-local address says at which interface of this machine it is. Nobody else knows that name, so no message of a protocol
    /// holds it (RFC 6874 §4).
    /// </summary>
    internal bool HasZone => IsIPv6 && UrlText.Contains('%', StringComparison.Ordinal);

    /// <summary>Whether it is an IPv4 or IPv6 address, which nobody has to resolve.</summary>
    internal bool IsAddress => IsIPv6 || IpLiteral.IsIPv4(UrlText);

    /// <summary>Reads a host given without a URL; IPv6 may then lack its brackets, and its zone then follows a bare percent sign.</summary>
    /// <exception cref="LocationValueException">There is none.</exception>
    /// <exception cref="LocationParseException">It is not one.</exception>
    internal static HostName Parse(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            throw new LocationValueException("The host is empty; give a name or an address.");
        }

        bool bare = host[0] != '[' && host.Contains(':', StringComparison.Ordinal);
        UrlFault mistake = Mistaken(host);
        if (mistake.Exists)
        {
            throw LocationParseException.OfHost(Escaping.ShowUrl(host), mistake.Position, mistake.Rule!);
        }

        string written = bare ? $"[{host.Replace("%", ZoneMark, StringComparison.Ordinal)}]" : host;
        UrlFault fault = Check(written, out string? changed);
        if (fault.Rule is not null)
        {
            int position = bare ? Math.Max(0, fault.Position - 1) : fault.Position;
            throw LocationParseException.OfHost(Escaping.ShowUrl(host), position, fault.Rule);
        }

        return new HostName(changed ?? written);
    }

    /// <summary>What somebody gave instead of a host, in words that help.</summary>
    private static UrlFault Mistaken(string host)
    {
        if (host.Contains("://", StringComparison.Ordinal))
            return new UrlFault(-1, "it is a whole URL; give the host alone, or use ConnectionFromUrl");
        int path = host.AsSpan().IndexOfAny('/', '?', '#');
        if (path >= 0)
            return new UrlFault(path, "a path is no part of it");
        int user = host.IndexOf('@', StringComparison.Ordinal);
        if (user >= 0)
            return new UrlFault(user, "user information is no part of it");
        return host[0] != '[' && host.AsSpan().Count(':') == 1
            ? new UrlFault(host.IndexOf(':', StringComparison.Ordinal), "a port is no part of it; give it as the port")
            : default;
    }

    /// <summary>Wraps the host of a parsed URL, which has been checked.</summary>
    internal static HostName Checked(string host) => new(host);

    /// <summary>Judges a host as it stands in a URL. <paramref name="changed"/> is its normal form, or null when it has it.</summary>
    internal static UrlFault Check(ReadOnlySpan<char> host, out string? changed)
    {
        changed = null;
        if (IsPlain(host) || IpLiteral.IsIPv4(host))
        {
            return default;
        }

        if (host[0] == '[')
        {
            return CheckBracketed(host, out changed);
        }

        UrlFault fault = Fold(host, out string folded);
        if (!fault.Exists)
        {
            fault = CheckFolded(folded);
            bool samePositions = folded.Length == host.Length;
            fault = samePositions || !fault.Exists ? fault : fault with { Position = 0 };
        }

        changed = host.SequenceEqual(folded) ? null : folded;
        return fault;
    }

    /// <summary>Judges <c>[…]</c>: an IPv6 address and, when it is a link-local one, perhaps its zone.</summary>
    internal static UrlFault CheckBracketed(ReadOnlySpan<char> host, out string? changed)
    {
        changed = null;
        if (host[^1] != ']')
        {
            return new UrlFault(host.Length, "the bracket of an IPv6 address is not closed");
        }

        ReadOnlySpan<char> address = host[1..^1];
        int percent = address.IndexOf('%');
        ReadOnlySpan<char> zone = [];
        if (percent >= 0)
        {
            zone = address[percent..];
            address = address[..percent];
            zone = zone[(zone.StartsWith(ZoneMark) ? ZoneMark.Length : 1)..];
            string? rule = ZoneFault(address, zone);
            if (rule is not null)
            {
                return new UrlFault(1 + percent, rule);
            }
        }

        if (!IpLiteral.IsIPv6(address))
        {
            return new UrlFault(1, "only an IPv6 address may stand in brackets");
        }

        if (address.ContainsAnyInRange('A', 'F') || (percent >= 0 && !host[(1 + percent)..].StartsWith(ZoneMark)))
        {
            string folded = address.ToString().ToLowerInvariant();
            changed = percent < 0 ? $"[{folded}]" : $"[{folded}{ZoneMark}{zone}]";
        }

        return default;
    }

    // RFC 9844 took zones out of what browsers need. A link-local address, however, cannot be dialed without one.
    private static string? ZoneFault(ReadOnlySpan<char> address, ReadOnlySpan<char> zone) =>
        !IpLiteral.IsLinkLocal(address) ? "only a link-local address (fe80::/10) has a zone"
        : zone.IsEmpty ? "the zone is empty: the name or number of an interface has to follow '%25'"
        : PercentEncoding.Zone.IndexOfOther(zone) >= 0 ? "the zone contains invalid characters"
        : null;

    /// <summary>The common case in one pass: a lower-case name of ordinary characters. False means that a closer look is needed.</summary>
    private static bool IsPlain(ReadOnlySpan<char> host)
    {
        int labelStart = 0;
        for (int i = 0; i <= host.Length; i++)
        {
            char c = i < host.Length ? host[i] : '.';
            if (c == '.')
            {
                ReadOnlySpan<char> label = host[labelStart..i];
                if (label.Length is 0 or > MaxLabelLength || label.StartsWith(Idna.Prefix))
                {
                    return false;
                }

                labelStart = i + 1;
            }
            else if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        bool lastMayBeNumber = char.IsAsciiDigit(host[(host.LastIndexOf('.') + 1)..][0]);
        return !lastMayBeNumber && host.Length <= MaxLength;
    }

    private static UrlFault Fold(ReadOnlySpan<char> host, out string folded)
    {
        folded = "";
        // Before the mapping, so that its work is bounded.
        if (host.Length > MaxLength + 1)
        {
            return new UrlFault(MaxLength, "the host is longer than 253 characters");
        }

        var result = new StringBuilder(host.Length);
        foreach (Range range in host.Split('.'))
        {
            ReadOnlySpan<char> label = host[range];
            string ascii = label.ToString().ToLowerInvariant();
            string? rule = Ascii.IsValid(label) ? null : Idna.Fold(label, out ascii);
            if (rule is not null)
            {
                return new UrlFault(range.Start.Value, rule);
            }

            result.Append(range.Start.Value > 0 ? "." : "").Append(ascii);
        }

        folded = result.ToString();
        return default;
    }

    // Looks at the folded name, because folding may create delimiters, digits and prefixes that were not there before (CVE-2019-9636).
    private static UrlFault CheckFolded(ReadOnlySpan<char> name)
    {
        int illegal = PercentEncoding.RegName.IndexOfOther(name);
        if (illegal >= 0)
        {
            return new UrlFault(illegal, name[illegal] == '%'
                ? "a host cannot be percent-encoded"
                : "the host contains invalid characters");
        }

        ReadOnlySpan<char> labels = name[^1] == '.' ? name[..^1] : name;
        if (labels.Length > MaxLength)
        {
            return new UrlFault(MaxLength, "the host is longer than 253 characters");
        }

        ReadOnlySpan<char> last = [];
        foreach (Range range in labels.Split('.'))
        {
            last = labels[range];
            string? rule = last.Length switch
            {
                0 => "a label of the host is empty",
                > MaxLabelLength => "a label of the host is longer than 63 characters",
                _ when last.StartsWith(Idna.Prefix) && !Idna.IsGenuine(last) => "the label is not a valid IDNA label",
                _ => null,
            };
            if (rule is not null)
            {
                return new UrlFault(range.Start.Value, rule);
            }
        }

        // 127.1, 2130706433 and 0x7f.1 would reach the loopback through the resolver, past every filter that looks at the text.
        return IsNumber(last)
            ? new UrlFault(0, "a host that ends in a number has to be an IPv4 address of four decimal numbers")
            : default;
    }

    private static bool IsNumber(ReadOnlySpan<char> label) => label.StartsWith("0x")
        ? LowerHex.IndexOfOther(label[2..]) < 0
        : !label.ContainsAnyExceptInRange('0', '9');
}
