using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Urllib4.Policies.Auth;

namespace Urllib4.Adapters;

/// <summary>What the settings of a handler mean for the pools it makes.</summary>
internal static class HandlerPools
{
    // As good as not to wait, which a limit cannot be.
    private static readonly TimeSpan _atOnce = TimeSpan.FromTicks(1);

    /// <summary>The options of the handler's own manager.</summary>
    /// <param name="options">Those that were given for it.</param>
    /// <param name="settings">What the handler was told.</param>
    /// <param name="request">The request that makes the calling thread open a connection.</param>
    public static PoolOptions With(this PoolOptions options, HandlerSettings settings, Func<HttpRequestMessage?> request)
    {
        if (settings.MaxConnectionsPerServer != int.MaxValue)
            options = options with { MaxSize = settings.MaxConnectionsPerServer, Block = true };
        // A password alone says nothing of whom it is for, so it is given to no origin that a redirect leads to.
        if (settings.Credentials is { } credentials and not NetworkCredential)
            options = options with { Credentials = new HandlerCredentials(credentials, settings.Scope) };
        options = WithLimits(options, settings) with { TunnelUserAgent = () => UserAgentOf(request()) };
        if (settings.ConnectCallback is { } connect)
            options = options with { Dialer = new CallbackDialer(connect, request) };
        if (settings.PlaintextStreamFilter is { } filter)
            options = options with { StreamFilter = HandlerCallbacks.FilterOf(filter, request) };
        if (HandlerTls.OptionsOf(settings, request) is { } tls)
            options = options with { SslOptions = () => tls, Tls = With(options.Tls, tls) };
        if (settings.MeterFactory is { } factory)
            options = options with { Events = new HandlerMetrics(factory, options.Clock, options.Events) };
        return WithProxies(options, settings);
    }

    private static string? UserAgentOf(HttpRequestMessage? request) =>
        request?.Headers.NonValidated.TryGetValues("User-Agent", out HeaderStringValues agent) == true && Ascii.IsValid(agent.ToString())
            ? agent.ToString()
            : null;

    private static PoolOptions WithLimits(PoolOptions options, HandlerSettings settings)
    {
        HttpTimeout timeout = options.Timeout;
        if (settings.ConnectTimeout is { } each)
            timeout = timeout with { Resolve = each, Connect = each, Proxy = each, Tls = each };
        if (settings.Expect100ContinueTimeout is { } patience)
            timeout = timeout with { Continue = patience == TimeSpan.Zero ? _atOnce : patience };
        HttpLimits limits = options.Limits;
        if (settings.MaxResponseHeadersLength is { } kilobytes)
        {
            int most = (int)Math.Min(int.MaxValue, kilobytes * 1024L);
            limits = limits with { MaxHeaderBytes = most, TrailersAreOfHead = true, MaxTrailerBytes = most, MaxHeaderLines = int.MaxValue };
        }

        return options with
        {
            Timeout = timeout,
            Limits = limits,
            MaxIdleTime = settings.PooledConnectionIdleTimeout ?? options.MaxIdleTime,
            MaxLifetime = settings.PooledConnectionLifetime ?? options.MaxLifetime,
        };
    }

    private static TlsOptions With(TlsOptions options, SslClientAuthenticationOptions tls)
    {
        if (tls.CertificateRevocationCheckMode != X509RevocationMode.NoCheck)
            options = options with { RevocationMode = tls.CertificateRevocationCheckMode };
        return tls.CertificateChainPolicy?.VerificationFlags.HasFlag(X509VerificationFlags.IgnoreInvalidName) == true
            ? options with { DangerousAcceptAnyHostname = true }
            : options;
    }

    private static PoolOptions WithProxies(PoolOptions options, HandlerSettings settings)
    {
        if (!settings.UseProxy)
            return options with { Proxy = null, ProxySelector = null, TrustEnvironment = false };
        ICredentials? usual = settings.DefaultProxyCredentials;
        IWebProxy? proxy = settings.Proxy ?? (usual is not null && options.TrustEnvironment ? HttpClient.DefaultProxy : null);
        return proxy is null ? options : options with { ProxySelector = url => [For(proxy, new Uri(url.Href), usual)] };
    }

    private static ProxyOptions For(IWebProxy proxy, Uri target, ICredentials? usual)
    {
        if (proxy.IsBypassed(target) || proxy.GetProxy(target) is not { } way || way == target)
            return ProxyOptions.None;
        var options = new ProxyOptions(PlatformUri.TextOf(way));
        ICredentials? credentials = proxy.Credentials ?? usual;
        if (credentials?.GetCredential(way, "Basic") is not { } credential)
            return options;
        // An HTTP proxy is told when it asks, a SOCKS proxy has to be told before.
        return options.IsSocks
            ? options with { Credential = new Credential(HandlerCredentials.UserOf(credential), credential.Password) }
            : options with { Auth = HandlerCredentials.AuthOf(credential, AuthScope.Origin) };
    }
}
