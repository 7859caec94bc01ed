using System.Globalization;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// A URL in normal form (RFC 3986 §6.2.2), taken apart as urllib3's <c>parse_url</c> does, but stricter where two readers of one text
/// could find two hosts in it.
/// </summary>
/// <remarks>
/// <para>With http, https or no scheme: scheme and host are in lower case, names outside ASCII in their <c>xn--</c> form, dot segments are
/// taken out, illegal characters percent-encoded in capitals, and the port loses leading zeros; escapes are never undone. A URL of another
/// scheme stays as it was written, apart from the case of its scheme.</para>
/// <para>Refused, always: control characters anywhere, blanks and backslashes before the path, user information or a port without a host,
/// port 0, percent-encoded hosts, IPv4 addresses in any form but four decimal numbers, anything but IPv6 in brackets, a zone behind any but
/// a link-local address, empty labels, labels above 63 and hosts above 253 characters, and texts above 65,536 characters.</para>
/// <para>The zone of a link-local address, <c>http://[fe80::1%25eth0]/</c> (RFC 6874), names the interface to dial from, with
/// <c>%25</c> or a bare <c>%</c>. It is never sent.</para>
/// <para>Text without scheme and slash begins with its host, as in <c>example.com/index</c>; <c>localhost:80</c>, however, has the scheme
/// <c>localhost</c>. Immutable, so safe to share between threads.</para>
/// </remarks>
public sealed class Url : IEquatable<Url>
{
    private readonly UrlParts _parts;
    // Cut on first use. Two threads may cut the same text twice, which does no harm.
    private string? _host;
    private string? _path;
    private string? _query;
    private string? _requestUri;

    private Url(in UrlParts parts, bool isAsWritten = false)
    {
        _parts = parts;
        IsAsWritten = isAsWritten;
    }

    /// <summary>The scheme in lower case, without its colon; null when there is none, which stands for http.</summary>
    public string? Scheme => _parts.SchemeLength switch
    {
        0 => null,
        _ when _parts.IsHttp => "http",
        _ when _parts.IsHttps => "https",
        _ => _parts.Scheme.ToString(),
    };

    /// <summary>
    /// The user information before the host's <c>@</c>, percent-encoded; null when there is none or it is empty. It is a secret:
    /// <see cref="ToString"/> leaves it out. urllib3's <c>auth</c>.
    /// </summary>
    public string? Auth => _parts.HasAuth ? _parts.Auth.ToString() : null;

    /// <summary>
    /// User name and password of <see cref="Auth"/>, split at the first colon and then percent-decoded as UTF-8. Both are null without
    /// user information; the password is null without a colon. urllib3's <c>auth_decoded</c>.
    /// </summary>
    public (string? User, string? Password) AuthDecoded
    {
        get
        {
            ReadOnlySpan<char> auth = _parts.Auth;
            int colon = auth.IndexOf(':');
            return !_parts.HasAuth ? (null, null)
                : colon < 0 ? (PercentEncoding.Decode(auth), null)
                : (PercentEncoding.Decode(auth[..colon]), PercentEncoding.Decode(auth[(colon + 1)..]));
        }
    }

    /// <summary>
    /// The host: in lower case, IPv6 in brackets, with a final dot if it has one. Null when there is none, never empty. A zone keeps its
    /// case: <c>[fe80::1%25eth0]</c>.
    /// </summary>
    public string? Host => _parts.HasHost ? _host ??= _parts.Host.ToString() : null;

    /// <summary>The port as written, 1 to 65,535, even if it is the scheme's own; else null. See <see cref="EffectivePort"/>.</summary>
    public int? Port => _parts.Port > 0 ? _parts.Port : null;

    /// <summary>
    /// The path, percent-encoded and with its leading slash. When it is empty, an empty string if a query or fragment follows, else null.
    /// </summary>
    public string? Path => _parts.PathStart < _parts.Text.Length ? _path ??= _parts.Path.ToString() : null;

    /// <summary>The query after the <c>?</c>, percent-encoded; null when there is no <c>?</c>.</summary>
    public string? Query => _parts.HasQuery ? _query ??= _parts.Query.ToString() : null;

    /// <summary>The fragment after the <c>#</c>, percent-encoded; null when there is no <c>#</c>. It is never sent.</summary>
    public string? Fragment => _parts.HasFragment ? _parts.Fragment.ToString() : null;

    /// <summary>What a request line asks for: path and query, with <c>/</c> for an empty path. urllib3's <c>request_uri</c>.</summary>
    public string RequestUri => _requestUri ??= TextOfTarget();

    /// <summary>Host and port as written, <c>host[:port]</c>; null without a host. urllib3's <c>netloc</c>.</summary>
    public string? Netloc => _parts.HasHost ? _parts.Netloc.ToString() : null;

    /// <summary>User information, host and port, <c>[auth@]host[:port]</c>; null without a host. As secret as <see cref="Auth"/>.</summary>
    public string? Authority => _parts.HasHost ? _parts.Text[_parts.AuthorityStart.._parts.PathStart] : null;

    /// <summary>The port to connect to: <see cref="Port"/>, else 80 for http and no scheme, 443 for https, null for others.</summary>
    public int? EffectivePort => _parts.Port > 0 ? _parts.Port
        : _parts.IsHttps ? Origin.HttpsPort
        : _parts.IsWeb ? Origin.HttpPort
        : null;

    /// <summary>
    /// The whole URL in normal form, user information included, so it may hold a secret; <see cref="ToString"/> is the one to print.
    /// Parsing it gives an equal URL. A host without a scheme is written after two slashes. urllib3's <c>url</c>.
    /// </summary>
    public string Href => _parts.Text;

    /// <summary>Whose credentials this URL may use, and which pool serves it. No scheme counts as http.</summary>
    /// <exception cref="LocationValueException">There is no host.</exception>
    /// <exception cref="UrlSchemeUnknownException">The scheme is another one.</exception>
    internal Origin Origin
    {
        get
        {
            RequireWebHost();
            return new Origin(_parts.IsHttps ? "https" : "http", Host!, EffectivePort!.Value);
        }
    }

    /// <summary>Whether its escapes were left to the letter.</summary>
    internal bool IsAsWritten { get; }

    internal ReadOnlySpan<char> HostSpan => _parts.Host;

    internal bool IsHttps => _parts.IsHttps;

    /// <inheritdoc cref="HostName.HasZone"/>
    internal bool HasZone => _parts.IsWeb && HostSpan.Contains('%');

    /// <summary>Whether it has user information.</summary>
    internal bool HasAuth => _parts.HasAuth;

    /// <summary>The URL of an origin, its final dot kept; with user information, as it stands before the @, if there is any.</summary>
    internal static Url Of(in Origin origin, string? auth = null) => Parse(string.Create(
        CultureInfo.InvariantCulture, $"{origin.Scheme}://{auth}{(auth is null ? "" : "@")}{origin.Host}:{origin.Port}"));

    /// <summary>Parses a URL, or the path, query and fragment of one.</summary>
    /// <param name="url">The text. It is not trimmed. An empty text is a URL without any component.</param>
    /// <returns>The URL. When the text is normal already, it is kept and not copied.</returns>
    /// <exception cref="LocationParseException">The text is not a URL; the error names the position and the rule.</exception>
    public static Url Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        UrlFault fault = UrlParser.Parse(url, out UrlParts parts);
        return fault.Rule is null ? new Url(parts) : throw new LocationParseException(Escaping.ShowUrl(url), fault.Position, fault.Rule);
    }

    /// <summary>
    /// Parses a URL as <see cref="Parse"/> does, but leaves its escapes to the letter: a signature may cover them, and <c>%2f</c> is not
    /// <c>%2F</c> to whoever compares texts.
    /// </summary>
    internal static Url ParseAsWritten(string url)
    {
        UrlFault fault = UrlParser.Parse(url, out UrlParts parts, keepsEscapes: true);
        return fault.Rule is null
            ? new Url(parts, isAsWritten: true)
            : throw new LocationParseException(Escaping.ShowUrl(url), fault.Position, fault.Rule);
    }

    /// <summary>Parses a URL as <see cref="Parse"/> does, without an exception when it cannot.</summary>
    /// <param name="url">The text; null gives false.</param>
    /// <param name="result">The URL, or null.</param>
    /// <returns>Whether the text is a URL.</returns>
    public static bool TryParse(string? url, [NotNullWhen(true)] out Url? result)
    {
        result = url is not null && !UrlParser.Parse(url, out UrlParts parts).Exists ? new Url(parts) : null;
        return result is not null;
    }

    /// <summary>Reads the text a <see cref="Uri"/> was made from, so that this parser, not that one, decides which host is meant.</summary>
    /// <param name="uri">An absolute URI.</param>
    /// <returns>The URL of its <see cref="Uri.OriginalString"/>.</returns>
    /// <exception cref="LocationValueException">It is relative.</exception>
    /// <exception cref="LocationParseException">Its text is not a URL, or <see cref="Uri"/> reads another origin in it.</exception>
    public static Url From(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri)
        {
            throw new LocationValueException("A relative URI names no host: resolve it against the URL it belongs to.");
        }

        Url url = Parse(uri.OriginalString);
        bool samePort = url.EffectivePort is null || url.EffectivePort == uri.Port;
        return url.Scheme == uri.Scheme && samePort && IsSameHost(url.Host, uri.IdnHost)
            ? url
            : throw new LocationParseException(Escaping.ShowUrl(uri.OriginalString), -1, "System.Uri reads another origin in it");
    }

    /// <summary>
    /// Resolves a reference, such as the value of a Location header, against this URL (RFC 3986 §5.2). Backslashes are no slashes.
    /// A reference without a fragment keeps the one of this URL (RFC 9110 §10.2.2).
    /// </summary>
    /// <param name="reference">A URL, <c>//host/path</c>, <c>/path</c>, <c>path</c>, <c>?query</c>, <c>#fragment</c>, or nothing.</param>
    /// <returns>The URL that is meant.</returns>
    /// <exception cref="LocationValueException">This URL has no host, or a scheme other than http and https.</exception>
    /// <exception cref="LocationParseException">The reference, or what it resolves to, is not a URL.</exception>
    public Url Resolve(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Resolve(reference, keepsEscapes: false);
    }

    /// <summary>Resolves a reference as <see cref="Resolve(string)"/> does, but leaves escapes to the letter.</summary>
    internal Url ResolveAsWritten(string reference) => Resolve(reference, keepsEscapes: true);

    /// <summary>This URL at the host of another one, the rest to the letter.</summary>
    internal Url AtHostOf(Url other) =>
        ParseAsWritten(string.Concat(_parts.Text.AsSpan(0, _parts.HostStart), other.HostSpan, _parts.Text.AsSpan(_parts.HostEnd)));

    private Url Resolve(string reference, bool keepsEscapes)
    {
        RequireWebHost();
        string before = TextBefore(reference);
        string inherited = reference.Contains('#', StringComparison.Ordinal) ? "" : _parts.Text[_parts.QueryEnd..];
        UrlFault fault = UrlParser.Parse(string.Concat(before, reference, inherited), out UrlParts parts, keepsEscapes);
        return fault.Rule is null
            ? new Url(parts, keepsEscapes)
            : throw new LocationParseException(Escaping.ShowUrl(reference), Math.Max(-1, fault.Position - before.Length), fault.Rule);
    }

    /// <inheritdoc/>
    public bool Equals(Url? other) => other is not null && string.Equals(_parts.Text, other._parts.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Url);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_parts.Text, StringComparison.Ordinal);

    /// <summary>
    /// The URL for people and logs: <see cref="Href"/> with <c>***</c> for the user information. The query is shown. Of a URL with another
    /// scheme and no host only the scheme is, because <c>user:password@host</c> is one.
    /// </summary>
    /// <returns>The text; it is a URL again, though not an equal one when something was left out.</returns>
    public override string ToString() =>
        _parts.HasAuth ? string.Concat(_parts.Text.AsSpan(0, _parts.AuthorityStart), "***", _parts.Text.AsSpan(_parts.HostStart - 1))
        : _parts.IsWeb || _parts.HasHost ? _parts.Text
        : $"{_parts.Scheme}:***";

    /// <summary>Whether two URLs have equal normal forms, fragments and written ports included.</summary>
    /// <param name="left">One URL.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when both are null or equal.</returns>
    public static bool operator ==(Url? left, Url? right) => left?.Equals(right) ?? right is null;

    /// <summary>The opposite of equality.</summary>
    /// <param name="left">One URL.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they differ.</returns>
    public static bool operator !=(Url? left, Url? right) => !(left == right);

    /// <summary>Whether this URL belongs to an origin, found out without making strings.</summary>
    internal bool IsOf(in Origin origin) =>
        _parts.HasHost && _parts.IsWeb && _parts.IsHttps == origin.IsHttps && EffectivePort == origin.Port
        && HostSpan.SequenceEqual(origin.Host);

    private static bool IsSameHost(string? ours, string theirs)
    {
        string bare = ours is ['[', .., ']'] ? ours[1..^1] : ours ?? "";
        // Uri keeps a zone as it was written. Its address has another spelling, perhaps, and the zone is the same.
        if (bare.IndexOf("%25", StringComparison.Ordinal) is >= 0 and var zone)
        {
            int percent = theirs.IndexOf('%', StringComparison.Ordinal);
            string theirZone = percent < 0 ? "" : theirs[(percent + 1)..];
            if (theirZone != bare[(zone + 3)..] && theirZone != bare[(zone + 1)..])
                return false;
            (bare, theirs) = (bare[..zone], theirs[..percent]);
        }

        return string.Equals(bare, theirs, StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(bare, out IPAddress? a) && IPAddress.TryParse(theirs, out IPAddress? b) && a.Equals(b));
    }

    private string TextOfTarget() => _parts.PathEnd > _parts.PathStart ? _parts.Text[_parts.PathStart.._parts.QueryEnd]
        : !_parts.HasQuery ? "/"
        : string.Concat("/", _parts.Text.AsSpan(_parts.PathEnd, _parts.QueryEnd - _parts.PathEnd));

    /// <summary>What of this URL has to stand before a reference to make it whole (RFC 3986 §5.2.2 and §5.2.3).</summary>
    private string TextBefore(string reference)
    {
        string text = _parts.Text;
        if (UrlParser.SchemeLength(reference) > 0)
        {
            return "";
        }

        switch (reference)
        {
            case ['/', '/', ..]:
                return text[..(_parts.AuthorityStart - 2)];
            case ['/', ..]:
                return text[.._parts.PathStart];
            case ['?', ..]:
                return text[.._parts.PathEnd];
            case "" or ['#', ..]:
                return text[.._parts.QueryEnd];
        }

        // RFC 3986 §4.2: with a colon there the segment would be a scheme.
        int end = reference.AsSpan().IndexOfAny("/?#:");
        if (end >= 0 && reference[end] == ':')
        {
            throw new LocationParseException(Escaping.ShowUrl(reference), end, "the first segment of a relative path cannot hold a colon");
        }

        int slash = _parts.Path.LastIndexOf('/');
        return slash < 0 ? text[.._parts.PathStart] + "/" : text[..(_parts.PathStart + slash + 1)];
    }

    private void RequireWebHost()
    {
        if (!_parts.IsWeb)
        {
            throw new UrlSchemeUnknownException(Escaping.Show(_parts.Scheme));
        }

        if (!_parts.HasHost)
        {
            throw new LocationValueException($"'{Escaping.ShowUrl(_parts.Text)}' has no host.");
        }
    }
}
