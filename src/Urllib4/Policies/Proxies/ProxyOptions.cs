using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Urllib4.Policies;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// A proxy, and how to use it. A text converts: <c>Proxy = "socks5h://127.0.0.1:1080"</c>. Part of the pool key by value: a connection
/// made with one user's credentials never serves another's.
/// </summary>
/// <remarks>
/// Immutable, so safe to share between threads. Two values are equal when all their members are; credentials are compared character by
/// character.
/// </remarks>
public sealed record ProxyOptions : OptionsRecord
{
    private const int SocksPort = 1080;

    private readonly NoProxyRules _noProxy = NoProxyRules.None;
    private readonly HopMemory _hop = new();

    /// <summary>Names a proxy by its URL.</summary>
    /// <param name="url">As for <see cref="ProxyOptions(Urllib4.Url)"/>.</param>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="LocationParseException">The text is not a URL.</exception>
    /// <exception cref="ProxySchemeUnknownException">It has no scheme, or one that is not supported.</exception>
    /// <exception cref="LocationValueException">It has no host, or its user information is not UTF-8.</exception>
    public ProxyOptions(string url)
        : this(Url.Parse(url))
    {
    }

    /// <summary>Names a proxy by its URL.</summary>
    /// <param name="url">
    /// Scheme <c>http</c>, <c>https</c>, <c>socks4</c> or <c>socks5</c> (names are resolved here), <c>socks4a</c> or <c>socks5h</c> (by the
    /// proxy); a host; a port, by default 80, 443 or 1080. User information becomes <see cref="Credential"/>. Path and query mean nothing.
    /// </param>
    /// <exception cref="ArgumentNullException">The URL is null.</exception>
    /// <exception cref="ProxySchemeUnknownException">It has no scheme, or one that is not supported.</exception>
    /// <exception cref="LocationValueException">It has no host, or its user information is not UTF-8.</exception>
    public ProxyOptions(Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        int defaultPort = url.Scheme switch
        {
            "http" => Origin.HttpPort,
            "https" => Origin.HttpsPort,
            "socks4" or "socks4a" or "socks5" or "socks5h" => SocksPort,
            _ => throw ProxySchemeUnknownException.Of(url),
        };
        if (url.Host is null)
            throw new LocationValueException($"The proxy URL '{Escaping.ShowUrl(url.Href)}' has no host.");
        // A foreign URL is kept as it was written, so its host has not been judged yet.
        Host = HostName.Parse(url.Host);
        Url = Url.Parse(string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{Host.UrlText}:{url.Port ?? defaultPort}"));
        Credential = CredentialOf(url);
    }

    private ProxyOptions()
    {
        Url = Url.Parse("http://none.invalid:80");
        Host = HostName.Parse(Url.Host);
        NoProxy = ["*"];
        Seal();
    }

    /// <summary>No proxy at all, for a request of a manager that has one.</summary>
    public static ProxyOptions None { get; } = new();

    /// <summary>Scheme, host and port, the port always written. User information, path and query of what was given are left out.</summary>
    public Url Url { get; }

    /// <summary>
    /// User name and password for the proxy; by default those of the URL, percent-decoded, else null. Sent at once, to an HTTP proxy as
    /// <c>Basic</c>; SOCKS4 takes the user name only.
    /// </summary>
    public Credential? Credential { get; init; }

    /// <summary>
    /// Who this side is to an HTTP proxy, instead of <see cref="Credential"/>: when another scheme than <c>Basic</c> is wanted from the
    /// start. Default null. Not used with SOCKS.
    /// </summary>
    public HttpAuth? Auth { get; init; }

    /// <summary>
    /// Headers for the proxy itself: on CONNECT, and on requests that it forwards, where they replace those of the request; urllib3's
    /// <c>proxy_headers</c>. No server behind a tunnel sees them. Copied when set; an initializer may
    /// also fill them. Default none. Not used with SOCKS.
    /// </summary>
    [AllowNull]
    public HttpHeaderDict Headers
    {
        get => field ?? (IsSealed ? HttpHeaderDict.Empty : field = []);
        init => field = value is null or { IsEmpty: true } ? null : value.AsReadOnly();
    }

    /// <summary>
    /// How an <c>https</c> proxy is trusted; urllib3's <c>proxy_ssl_context</c>. Apart from how the servers behind it are: neither takes
    /// anything from the other. Default <see cref="TlsOptions.Default"/>.
    /// </summary>
    public TlsOptions Tls { get; init; } = TlsOptions.Default;

    /// <summary>
    /// Whether an <c>https</c> proxy is asked for https URLs instead of being tunnelled through, so that it reads everything; urllib3's
    /// <c>use_forwarding_for_https</c>. Default false. Not used with other proxies.
    /// </summary>
    public bool UseForwardingForHttps { get; init; }

    /// <summary>
    /// What is reached without the proxy, in the words of the variable <c>NO_PROXY</c>: <c>example.com</c> or <c>.example.com</c> (with all
    /// below it), <c>*.example.com</c> (only what is below it), <c>10.1.2.3</c>, <c>::1</c>, <c>10.0.0.0/8</c>, <c>*</c>; a name or an
    /// address may have a port. Copied when set. Default none; an entry that is none of these covers nothing, and
    /// <see cref="HttpEvents.NoProxyEntryIgnored"/> tells of it.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list or an entry is null.</exception>
    public IReadOnlyList<string> NoProxy
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            ImmutableArray<string> copy = [.. value];
            if (copy.Contains(null!))
                throw new ArgumentNullException(nameof(value), "An entry is null.");
            field = copy;
            _noProxy = NoProxyRules.Parse(copy);
        }
    } = ImmutableArray<string>.Empty;

    /// <summary>
    /// The SOCKS proxy through which this HTTP proxy is reached. Default null: directly. Its own <see cref="NoProxy"/> is not used.
    /// </summary>
    /// <exception cref="ArgumentException">It is no SOCKS proxy, or has one before it itself, or this one is no HTTP proxy.</exception>
    public ProxyOptions? Via
    {
        get;
        init => field = value is null || (!IsSocks && value is { IsSocks: true, Via: null }) ? value : throw new ArgumentException(
            "Only an http or https proxy can be reached through another one, which has to be a SOCKS proxy that is reached directly.",
            nameof(Via));
    }

    /// <summary>The same, as far as it matters to a connection that goes through it.</summary>
    internal ProxyOptions Hop => NoProxy.Count == 0 && !UseForwardingForHttps ? this : _hop.Of(this);

    internal HostName Host { get; }

    internal int Port => Url.Port!.Value;

    internal bool IsSocks => Url.Scheme is not ("http" or "https");

    /// <summary>Whether the proxy, and nobody on this side, resolves the names of hosts.</summary>
    internal bool ResolvesNames => Url.Scheme is not ("socks4" or "socks5");

    /// <summary>A URL names a proxy; null, as of a variable that is not set, is <see cref="None"/>.</summary>
    /// <param name="url">As for <see cref="ProxyOptions(Urllib4.Url)"/>; or null.</param>
    /// <exception cref="LocationValueException">It names none; see <see cref="ProxyOptions(string)"/>.</exception>
    public static implicit operator ProxyOptions(string? url) => url is null ? None : new(url);

    /// <inheritdoc/>
    public bool Equals(ProxyOptions? other) => ReferenceEquals(this, other)
        || (other is not null
            && Url == other.Url
            && Credential == other.Credential
            && Auth == other.Auth
            && Equals(Headers, other.Headers)
            && Tls == other.Tls
            && UseForwardingForHttps == other.UseForwardingForHttps
            && NoProxy.SequenceEqual(other.NoProxy)
            && Via == other.Via);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        Seal(); // what is a key, or part of one, must not change
        return HashCode.Combine(Url, Credential, Auth, Headers, Tls, UseForwardingForHttps, NoProxy.Count, Via);
    }

    /// <summary>The URL, and that of the proxy before it; never credentials or headers.</summary>
    /// <returns>For example <c>http://proxy.example:3128 via socks5h://127.0.0.1:1080</c>.</returns>
    public override string ToString() => this == None ? "none" : Via is null ? $"{Url}" : $"{Url} via {Via}";

    /// <summary>
    /// Whether the proxy itself sends the request on, and reads it, instead of opening a way to the origin.
    /// </summary>
    internal bool Forwards(bool isHttps) => !IsSocks && (!isHttps || (UseForwardingForHttps && Url.Scheme == "https"));

    /// <summary>
    /// This proxy of a request. What a manager demands of the certificate of the same proxy holds for it too, where this says nothing.
    /// </summary>
    internal ProxyOptions Over(ProxyOptions? below) =>
        below is null || below.Tls == TlsOptions.Default || Url != below.Url ? this : this with { Tls = Tls.Over(below.Tls) };

    /// <summary><see cref="NoProxy"/>, read.</summary>
    internal NoProxyRules GetNoProxyRules() => _noProxy;

    /// <summary>Whether a target is to be reached through this proxy.</summary>
    internal bool Serves(Url target) => !_noProxy.Covers(target.HostSpan, target.EffectivePort ?? 0);

    private protected override void SealCollections()
    {
        Headers.Freeze();
        Via?.Seal();
    }

    private static Credential? CredentialOf(Url url)
    {
        if (url.AuthDecoded is not ({ } user, var password))
            return null;
        // Escapes that are not UTF-8 would become another password, silently.
        return $"{user}{password}".Contains('\uFFFD', StringComparison.Ordinal)
            ? throw new LocationValueException("The user information of the proxy URL is not UTF-8.")
            : new Credential(user, password ?? "");
    }

    // Asked for by each request. A copy made by `with` shares the memory, so it remembers whose it is.
    private sealed class HopMemory
    {
        private volatile Tuple<ProxyOptions, ProxyOptions>? _last;

        public ProxyOptions Of(ProxyOptions whole)
        {
            if (_last is { } last && ReferenceEquals(last.Item1, whole))
                return last.Item2;
            ProxyOptions hop = whole with { NoProxy = [], UseForwardingForHttps = false };
            _last = Tuple.Create(whole, hop);
            return hop;
        }
    }
}
