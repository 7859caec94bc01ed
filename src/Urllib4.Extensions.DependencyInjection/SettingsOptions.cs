using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Urllib4.DependencyInjection;

/// <summary>
/// Settings put upon options, member by member, so that each one that is refused is known by its name. A rule is told in the words of
/// the option; where these could show a secret, in words of their own.
/// </summary>
internal sealed class SettingsOptions
{
    private readonly List<(string Setting, string Rule)> _failures = [];

    public SettingsOptions(PoolOptions start, UrllibSettings settings)
    {
        PoolOptions options = Set(start, "NumPools", settings.NumPools, static (o, v) => o with { NumPools = v });
        options = Set(options, "MaxSize", settings.MaxSize, static (o, v) => o with { MaxSize = v });
        options = Set(options, "Block", settings.Block, static (o, v) => o with { Block = v });
        options = Set(options, "MaxIdleTime", settings.MaxIdleTime, static (o, v) => o with { MaxIdleTime = v });
        options = Set(options, "MaxLifetime", settings.MaxLifetime, static (o, v) => o with { MaxLifetime = v });
        options = Set(options, "TrustEnvironment", settings.TrustEnvironment, static (o, v) => o with { TrustEnvironment = v });
        Options = options with
        {
            Headers = settings.Headers is { Count: > 0 } headers ? HeadersOf(headers, options.Headers) : options.Headers,
            Timeout = settings.Timeout is { } timeout ? TimeoutOf(options.Timeout, timeout) : options.Timeout,
            Retries = settings.Retries is { } retries ? RetriesOf(options.Retries, retries) : options.Retries,
            Proxy = settings.Proxy is { } proxy ? ProxyOf(proxy) : options.Proxy,
            Tls = settings.Tls is { } tls ? TlsOf(options.Tls, tls) : options.Tls,
        };
    }

    /// <summary>The options, without what was refused.</summary>
    public PoolOptions Options { get; }

    /// <summary>The settings that were refused, and why.</summary>
    public IReadOnlyList<(string Setting, string Rule)> Failures => _failures;

    private HttpHeaderDict HeadersOf(IReadOnlyDictionary<string, string> headers, HttpHeaderDict? start)
    {
        HttpHeaderDict all = start?.Clone() ?? [];
        foreach ((string name, string value) in headers)
        {
            all = Set(
                all, $"Headers:{name}", value, (a, v) => Checked(a, name, v),
                "the key has to be a token and the value visible ASCII or Latin-1 (RFC 9110, section 5).");
        }

        return all;
    }

    private static HttpHeaderDict Checked(HttpHeaderDict headers, string name, string value)
    {
        headers[name] = value;
        return headers;
    }

    private HttpTimeout TimeoutOf(HttpTimeout timeout, TimeoutSettings settings)
    {
        timeout = Set(timeout, "Timeout:Pool", settings.Pool, static (t, v) => t with { Pool = v });
        timeout = Set(timeout, "Timeout:Resolve", settings.Resolve, static (t, v) => t with { Resolve = v });
        timeout = Set(timeout, "Timeout:Connect", settings.Connect, static (t, v) => t with { Connect = v });
        timeout = Set(timeout, "Timeout:Proxy", settings.Proxy, static (t, v) => t with { Proxy = v });
        timeout = Set(timeout, "Timeout:Tls", settings.Tls, static (t, v) => t with { Tls = v });
        timeout = Set(timeout, "Timeout:Send", settings.Send, static (t, v) => t with { Send = v });
        timeout = Set(timeout, "Timeout:Continue", settings.Continue, static (t, v) => t with { Continue = v });
        timeout = Set(timeout, "Timeout:Head", settings.Head, static (t, v) => t with { Head = v });
        timeout = Set(timeout, "Timeout:Read", settings.Read, static (t, v) => t with { Read = v });
        timeout = Set(timeout, "Timeout:Total", settings.Total, static (t, v) => t with { Total = v });
        timeout = Set(
            timeout, "Timeout:MinimumBytesPerSecond", settings.MinimumBytesPerSecond,
            static (t, v) => t with { MinimumBytesPerSecond = v });
        return Set(timeout, "Timeout:ThroughputWindow", settings.ThroughputWindow, static (t, v) => t with { ThroughputWindow = v });
    }

    private Retry RetriesOf(Retry retry, RetrySettings settings)
    {
        retry = Set(retry, "Retries:Total", settings.Total, static (r, v) => r with { Total = v });
        retry = Set(retry, "Retries:Connect", settings.Connect, static (r, v) => r with { Connect = v });
        retry = Set(retry, "Retries:Read", settings.Read, static (r, v) => r with { Read = v });
        retry = Set(retry, "Retries:Redirect", settings.Redirect, static (r, v) => r with { Redirect = v });
        retry = Set(retry, "Retries:Status", settings.Status, static (r, v) => r with { Status = v });
        retry = Set(retry, "Retries:Other", settings.Other, static (r, v) => r with { Other = v });
        retry = Set(retry, "Retries:StatusForcelist", settings.StatusForcelist, static (r, v) => r with { StatusForcelist = [.. v] });
        retry = Set(retry, "Retries:AllowedMethods", settings.AllowedMethods, static (r, v) => r with { AllowedMethods = [.. v] });
        retry = Set(retry, "Retries:BackoffFactor", settings.BackoffFactor, static (r, v) => r with { BackoffFactor = v });
        retry = Set(retry, "Retries:BackoffMax", settings.BackoffMax, static (r, v) => r with { BackoffMax = v });
        retry = Set(retry, "Retries:BackoffJitter", settings.BackoffJitter, static (r, v) => r with { BackoffJitter = v });
        retry = Set(
            retry, "Retries:RespectRetryAfterHeader", settings.RespectRetryAfterHeader,
            static (r, v) => r with { RespectRetryAfterHeader = v });
        return Set(retry, "Retries:RetryAfterMax", settings.RetryAfterMax, static (r, v) => r with { RetryAfterMax = v });
    }

    private ProxyOptions? ProxyOf(ProxySettings settings)
    {
        if (string.IsNullOrEmpty(settings.Url))
        {
            if (settings.NoProxy is not null || settings.UseForwardingForHttps is not null)
                _failures.Add(("Proxy:Url", "it is missing, and the other keys of the proxy mean nothing without it."));
            return null;
        }

        ProxyOptions proxy = Set(
            ProxyOptions.None, "Proxy:Url", settings.Url, static (_, v) => new ProxyOptions(v),
            "a URL is needed whose scheme is http, https, socks4, socks4a, socks5 or socks5h, with a host.");
        proxy = Set(proxy, "Proxy:NoProxy", settings.NoProxy, static (p, v) => p with { NoProxy = [.. v] });
        return Set(
            proxy, "Proxy:UseForwardingForHttps", settings.UseForwardingForHttps,
            static (p, v) => p with { UseForwardingForHttps = v });
    }

    private TlsOptions TlsOf(TlsOptions tls, TlsSettings settings)
    {
        tls = Set(tls, "Tls:SslMinimumVersion", settings.SslMinimumVersion, static (t, v) => t with { SslMinimumVersion = v });
        tls = Set(tls, "Tls:SslMaximumVersion", settings.SslMaximumVersion, static (t, v) => t with { SslMaximumVersion = v });
        tls = Set(
            tls, "Tls:CaCerts", settings.CaCerts, static (t, v) => t with { CaCerts = CertificateSet.Read(v) },
            "the path of a file with certificates is needed, PEM or DER.");
        tls = Set(tls, "Tls:AssertFingerprint", settings.AssertFingerprint, static (t, v) => t with { AssertFingerprint = v });
        return Set(tls, "Tls:RevocationMode", settings.RevocationMode, static (t, v) => t with { RevocationMode = v });
    }

    private T Set<T, TValue>(T options, string setting, TValue? value, Func<T, TValue, T> with)
        where TValue : struct => value is { } given ? Try(options, setting, given, with, null) : options;

    private T Set<T, TValue>(T options, string setting, TValue? value, Func<T, TValue, T> with, string? rule = null)
        where TValue : class => value is { } given ? Try(options, setting, given, with, rule) : options;

    private T Try<T, TValue>(T options, string setting, TValue value, Func<T, TValue, T> with, string? rule)
    {
        try
        {
            return with(options, value);
        }
        catch (Exception e) when (e is ArgumentException or HttpException
            or IOException or UnauthorizedAccessException or CryptographicException)
        {
            _failures.Add((setting, rule ?? RuleOf(e)));
            return options;
        }
    }

    // An ArgumentException adds the parameter and the value to what it was given.
    private static string RuleOf(Exception refusal) => refusal.Message.Split(" (Parameter ", 2)[0];
}
