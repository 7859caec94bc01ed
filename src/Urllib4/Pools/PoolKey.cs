using System.Globalization;
using System.Net;
using System.Text;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>
/// Everything that forbids two requests to share a connection: where it goes, from where, who said so, and how the other side was trusted.
/// Requests with equal keys use one pool. After urllib3's <c>PoolKey</c>.
/// </summary>
/// <remarks>
/// Immutable, so safe to share between threads. Compared by value. A <see cref="Urllib4.Resolver"/> or a <see cref="Urllib4.Dialer"/> is
/// equal to itself only, unless its type says otherwise.
/// </remarks>
public sealed record PoolKey
{
    internal PoolKey(string scheme, string host, int port, PoolOptions options)
        : this(scheme, host, port, options.Tls, options.Proxy, options) => HttpVersions = Spoken(options.HttpVersions, Scheme);

    private PoolKey(string scheme, string host, int port, TlsOptions? tls, ProxyOptions? proxy, PoolOptions options)
    {
        Scheme = scheme.ToLowerInvariant();
        Host = Normalized(host);
        Port = port;
        // A plain connection trusts nobody, so requests that differ in trust alone may share it.
        Tls = Scheme == "https" ? tls : null;
        Proxy = proxy?.Hop;
        // An IPEndPoint can be changed afterwards; a key must not be.
        SourceAddress = options.SourceAddress is { } source ? new IPEndPoint(source.Address, source.Port) : null;
        Resolver = options.Resolver;
        Dialer = options.Dialer;
        Egress = options.Egress;
    }

    /// <summary>The scheme in lower case: <c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>
    /// The host in lower case, an IPv6 address without its brackets. A dot that ends a name is part of it, as for the resolver: with it a
    /// name is searched for nowhere else. So is the zone of an IPv6 address, which keeps its case (CVE-2022-27775).
    /// </summary>
    public string Host { get; }

    /// <summary>The port that is dialed; never left out, the default of the scheme is written here like any other.</summary>
    public int Port { get; }

    /// <summary>How the server is trusted, or null for <c>http</c>.</summary>
    public TlsOptions? Tls { get; }

    /// <summary>The proxy on the way, with what matters to a connection, credentials included; null for none.</summary>
    public ProxyOptions? Proxy { get; }

    /// <summary>Who this side is to the origin, where that binds a connection (<see cref="HttpAuth.Negotiate"/>); else null.</summary>
    public HttpAuth? Auth { get; private init; }

    /// <summary>
    /// Whether the connections lead to the <see cref="Proxy"/> only, which forwards the requests; scheme, host and port are then its own,
    /// and all origins that it serves so share them.
    /// </summary>
    public bool IsForwarding { get; private init; }

    /// <summary>
    /// Which versions of HTTP may be spoken. Without TLS nobody can say which, so that it is HTTP/2 only if nothing else is allowed; a
    /// proxy that forwards is spoken to in HTTP/1.1.
    /// </summary>
    public HttpVersions HttpVersions { get; private init; } = HttpVersions.Http11;

    /// <summary>The local address the connections are made from, or null when the system chooses.</summary>
    public IPEndPoint? SourceAddress { get; }

    /// <summary>Who turns the host into addresses, or null for the system.</summary>
    public Resolver? Resolver { get; }

    /// <summary>Who opens the connections, or null for TCP.</summary>
    public Dialer? Dialer { get; }

    /// <summary>
    /// Where the connections may lead, by the manager and the request, or null for everywhere: what was dialed under one policy serves no
    /// request under another.
    /// </summary>
    public EgressPolicy? Egress { get; internal init; }

    /// <summary>Scheme, host and port.</summary>
    internal Origin Origin => Origin.Create(Scheme, Host, Port);

    /// <summary>The key for an origin.</summary>
    /// <param name="origin">Where the requests go.</param>
    /// <param name="tls">What the request says of how to speak to it, and whom to trust; null for nothing.</param>
    /// <param name="proxy">The proxy that is to serve it; null for none.</param>
    /// <param name="auth">Who this side is to the origin, if that binds the connections.</param>
    /// <param name="versions">Which versions of HTTP may be spoken.</param>
    /// <param name="options">What holds for the manager.</param>
    internal static PoolKey For(
        in Origin origin, TlsOptions? tls, ProxyOptions? proxy, HttpAuth? auth, HttpVersions versions, PoolOptions options) =>
        proxy?.Forwards(origin.IsHttps) == true
            ? new(proxy.Url.Scheme!, proxy.Host.DnsName, proxy.Port, proxy.Tls, proxy, options) { IsForwarding = true, Auth = auth }
            : new(origin.Scheme, origin.HostName.DnsName, origin.Port, tls?.Over(options.Tls) ?? options.Tls, proxy, options)
            {
                Auth = auth,
                HttpVersions = Spoken(versions, origin.Scheme),
            };

    /// <summary>Which versions may be spoken under a scheme.</summary>
    internal static HttpVersions Spoken(HttpVersions versions, string scheme) =>
        scheme == "https" || versions == HttpVersions.Http2 ? versions : HttpVersions.Http11;

    /// <summary>
    /// The origin, and by name what else tells this key from a plain one; no option is spelled out, since it may be secret.
    /// </summary>
    /// <returns>For example <c>https://example.com:443</c> or <c>https://[::1]:8443 (own TLS options, from 192.0.2.1:0)</c>.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        bool isIPv6 = Host.Contains(':', StringComparison.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"{Scheme}://{(isIPv6 ? $"[{Host}]" : Host)}:{Port}");
        string separator = " (";
        if (Tls is not null && Tls != TlsOptions.Default)
            Add("own TLS options");
        if (Proxy is not null)
            Add(IsForwarding ? "forwarding proxy" : $"through {Proxy}");
        if (Auth is not null)
            Add("of one user");
        if (HttpVersions == HttpVersions.Http2)
            Add("HTTP/2 only");
        if (SourceAddress is not null)
            Add($"from {SourceAddress}");
        if (Resolver is not null)
            Add($"resolved by {Resolver.GetType().Name}");
        if (Egress is not null)
            Add("guarded");
        if (Dialer is not null)
            Add($"dialed by {Dialer.GetType().Name}");
        return separator == " (" ? text.ToString() : text.Append(')').ToString();

        void Add(string difference)
        {
            text.Append(separator).Append(difference);
            separator = ", ";
        }
    }

    private static string Normalized(string host)
    {
        ReadOnlySpan<char> bare = host is ['[', .., ']'] ? host.AsSpan(1, host.Length - 2) : host;
        if (!bare.Contains(':'))
            return host.ToLowerInvariant();
        int zone = bare.IndexOf('%');
        return zone < 0 ? bare.ToString().ToLowerInvariant() : string.Concat(bare[..zone].ToString().ToLowerInvariant(), bare[zone..]);
    }
}
