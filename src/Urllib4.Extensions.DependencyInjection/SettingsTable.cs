using System.Security.Cryptography.X509Certificates;

namespace Urllib4.DependencyInjection;

/// <summary>
/// Every key of the configuration: its name, how its value is written, and what it sets. A key has the name, the meaning and the limits of
/// the option it sets. A new one is one line here, and one in the guide.
/// </summary>
internal static class SettingsTable
{
    private const string HeaderRule = "the key has to be a token and the value visible ASCII or Latin-1 (RFC 9110, section 5).";
    private const string ProxyRule = "a URL is needed whose scheme is http, https, socks4, socks4a, socks5 or socks5h, with a host.";
    private const string NetworkRule =
        "each entry has to be an address or a network, such as 10.1.2.3 or 10.0.0.0/8, with no bit behind its prefix.";
    private const string HostRule = "each entry has to be a name, such as example.com or *.example.com.";
    private const string SchemeRule = "each entry has to be http or https.";
    private const string LimitRule = "a number above zero is needed.";
    private const string CertificatesRule = "the path of a file with certificates is needed, PEM or DER.";

    private static readonly SettingsGroup<HttpTimeout> _timeout = new()
    {
        { "Pool", Shape.Time, static (t, v) => t with { Pool = v } },
        { "Resolve", Shape.Time, static (t, v) => t with { Resolve = v } },
        { "Connect", Shape.Time, static (t, v) => t with { Connect = v } },
        { "Proxy", Shape.Time, static (t, v) => t with { Proxy = v } },
        { "Tls", Shape.Time, static (t, v) => t with { Tls = v } },
        { "Send", Shape.Time, static (t, v) => t with { Send = v } },
        { "Continue", Shape.Time, static (t, v) => t with { Continue = v } },
        { "Head", Shape.Time, static (t, v) => t with { Head = v } },
        { "Read", Shape.Time, static (t, v) => t with { Read = v } },
        { "Total", Shape.Time, static (t, v) => t with { Total = v } },
        { "MinimumBytesPerSecond", Shape.Decimal, static (t, v) => t with { MinimumBytesPerSecond = v } },
        { "ThroughputWindow", Shape.Time, static (t, v) => t with { ThroughputWindow = v } },
    };

    private static readonly SettingsGroup<Retry> _retries = new()
    {
        { "Total", Shape.Number, static (r, v) => r with { Total = v } },
        { "Connect", Shape.Number, static (r, v) => r with { Connect = v } },
        { "Read", Shape.Number, static (r, v) => r with { Read = v } },
        { "Redirect", Shape.Number, static (r, v) => r with { Redirect = v } },
        { "Status", Shape.Number, static (r, v) => r with { Status = v } },
        { "Other", Shape.Number, static (r, v) => r with { Other = v } },
        { "StatusForcelist", Shape.Numbers, static (r, v) => r with { StatusForcelist = [.. v] } },
        { "AllowedMethods", Shape.Texts, static (r, v) => r with { AllowedMethods = [.. v] } },
        { "BackoffFactor", Shape.Decimal, static (r, v) => r with { BackoffFactor = v } },
        { "BackoffMax", Shape.Time, static (r, v) => r with { BackoffMax = v } },
        { "BackoffJitter", Shape.Time, static (r, v) => r with { BackoffJitter = v } },
        { "RespectRetryAfterHeader", Shape.Switch, static (r, v) => r with { RespectRetryAfterHeader = v } },
        { "RetryAfterStatusCodes", Shape.Numbers, static (r, v) => r with { RetryAfterStatusCodes = [.. v] } },
        { "RetryAfterMax", Shape.Time, static (r, v) => r with { RetryAfterMax = v } },
    };

    private static readonly SettingsGroup<DecodeLimits> _decodeLimits = new()
    {
        { "MaxDecodedBytes", Shape.LongNumber, static (d, v) => d with { MaxDecodedBytes = v }, LimitRule },
        { "MaxRatio", Shape.Number, static (d, v) => d with { MaxRatio = v }, LimitRule },
    };

    private static readonly SettingsGroup<NameOptions> _names = new()
    {
        { "MinTimeToLive", Shape.Time, static (n, v) => n with { MinTimeToLive = v } },
        { "MaxTimeToLive", Shape.Time, static (n, v) => n with { MaxTimeToLive = v } },
        { "DefaultTimeToLive", Shape.Time, static (n, v) => n with { DefaultTimeToLive = v } },
        { "FailureTimeToLive", Shape.Time, static (n, v) => n with { FailureTimeToLive = v } },
        { "StaleFor", Shape.Time, static (n, v) => n with { StaleFor = v } },
        { "MaxNames", Shape.Number, static (n, v) => n with { MaxNames = v } },
    };

    private static readonly SettingsGroup<EgressPolicy?> _egress = new()
    {
        { "Addresses", Shape.OneOf<EgressAddresses>(), static (e, v) => (e ?? new()) with { Addresses = v } },
        { "AllowedNetworks", Shape.Texts, static (e, v) => (e ?? new()) with { AllowedNetworks = v }, NetworkRule },
        { "DeniedNetworks", Shape.Texts, static (e, v) => (e ?? new()) with { DeniedNetworks = v }, NetworkRule },
        { "AllowedHosts", Shape.Texts, static (e, v) => (e ?? new()) with { AllowedHosts = v }, HostRule },
        { "DeniedHosts", Shape.Texts, static (e, v) => (e ?? new()) with { DeniedHosts = v }, HostRule },
        { "AllowedPorts", Shape.Numbers, static (e, v) => (e ?? new()) with { AllowedPorts = v } },
        { "AllowedSchemes", Shape.Texts, static (e, v) => (e ?? new()) with { AllowedSchemes = v }, SchemeRule },
    };

    // Null until there is a URL.
    private static readonly SettingsGroup<ProxyOptions?> _proxy = new("Url")
    {
        { "Url", Shape.Text, static (p, v) => With(p, v), ProxyRule },
        { "NoProxy", Shape.Texts, static (p, v) => p is null ? null : p with { NoProxy = [.. v] } },
        { "UseForwardingForHttps", Shape.Switch, static (p, v) => p is null ? null : p with { UseForwardingForHttps = v } },
    };

    private static readonly SettingsGroup<TlsOptions> _tls = new()
    {
        { "SslMinimumVersion", Shape.OneOf<TlsVersion>(), static (t, v) => t with { SslMinimumVersion = v } },
        { "SslMaximumVersion", Shape.OneOf<TlsVersion>(), static (t, v) => t with { SslMaximumVersion = v } },
        { "CaCerts", Shape.Text, static (t, v) => t with { CaCerts = CertificateSet.Read(v) }, CertificatesRule },
        { "AssertFingerprint", Shape.Text, static (t, v) => t with { AssertFingerprint = v } },
        { "RevocationMode", Shape.OneOf<X509RevocationMode>(), static (t, v) => t with { RevocationMode = v } },
        { "AllowRenegotiation", Shape.Switch, static (t, v) => t with { AllowRenegotiation = v } },
    };

    /// <summary>The keys of the section itself.</summary>
    public static readonly SettingsGroup<PoolOptions> All = new()
    {
        { "NumPools", Shape.Number, static (o, v) => o with { NumPools = v } },
        { "MaxSize", Shape.Number, static (o, v) => o with { MaxSize = v } },
        { "Block", Shape.Switch, static (o, v) => o with { Block = v } },
        { "MaxIdleTime", Shape.Time, static (o, v) => o with { MaxIdleTime = v } },
        { "MaxLifetime", Shape.Time, static (o, v) => o with { MaxLifetime = v } },
        { "ConnectHeadStart", Shape.Time, static (o, v) => o with { ConnectHeadStart = v } },
        { "TrustEnvironment", Shape.Switch, static (o, v) => o with { TrustEnvironment = v } },
        { "Headers", Shape.Text, static (o, name, v) => o with { Headers = With(o.Headers, name, v) }, HeaderRule },
        { "Timeout", _timeout, static o => o.Timeout, static (o, v) => o with { Timeout = v } },
        { "Retries", _retries, static o => o.Retries, static (o, v) => o with { Retries = v } },
        { "DecodeLimits", _decodeLimits, static o => o.DecodeLimits, static (o, v) => o with { DecodeLimits = v } },
        { "Names", _names, static o => o.Names, static (o, v) => o with { Names = v } },
        { "Egress", _egress, static o => o.Egress, static (o, v) => o with { Egress = v } },
        { "Proxy", _proxy, static o => o.Proxy, static (o, v) => o with { Proxy = v } },
        { "Tls", _tls, static o => o.Tls, static (o, v) => o with { Tls = v } },
    };

    // A later section may name another proxy for what an earlier one said; an empty URL, as of a variable that is not set, names none.
    private static ProxyOptions? With(ProxyOptions? proxy, string url) => url.Length == 0 ? proxy : new ProxyOptions(url)
    {
        NoProxy = proxy?.NoProxy ?? [],
        UseForwardingForHttps = proxy?.UseForwardingForHttps ?? false,
    };

    private static HttpHeaderDict With(HttpHeaderDict? headers, string name, string value)
    {
        HttpHeaderDict all = headers?.Clone() ?? [];
        all[name] = value;
        return all;
    }
}
