using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>The two handlers, set alike.</summary>
internal static class Handlers
{
    public static SocketsHttpHandler Theirs(HandlerSet set, CookieContainer jar, Uri server, CertificateAuthority authority)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(authority.Root);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = set.AllowAutoRedirect,
            MaxAutomaticRedirections = set.MaxAutomaticRedirections,
            AutomaticDecompression = set.AutomaticDecompression,
            UseCookies = set.UseCookies,
            CookieContainer = jar,
            MaxConnectionsPerServer = set.MaxConnectionsPerServer ?? int.MaxValue,
            Credentials = set.Credentials?.Invoke(server),
            UseProxy = set.Proxy is not null,
            Proxy = set.Proxy?.Invoke(server),
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        };
        if (set.ConnectTimeout is { } limit)
            handler.ConnectTimeout = limit;
        if (set.RequestEncoding is { } writing)
            handler.RequestHeaderEncodingSelector = (_, _) => writing;
        if (set.ResponseEncoding is { } reading)
            handler.ResponseHeaderEncodingSelector = (_, _) => reading;
        set.Theirs?.Invoke(handler);
        return handler;
    }

    public static UrllibHandler Ours(HandlerSet set, CookieContainer jar, Uri server, CertificateAuthority authority)
    {
        var options = new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } };
        if (set.ConnectTimeout is { } limit)
            options = options with { Timeout = new() { Connect = limit } };
        var handler = new UrllibHandler(options)
        {
            AllowAutoRedirect = set.AllowAutoRedirect,
            MaxAutomaticRedirections = set.MaxAutomaticRedirections,
            AutomaticDecompression = set.AutomaticDecompression,
            UseCookies = set.UseCookies,
            CookieContainer = jar,
            MaxConnectionsPerServer = set.MaxConnectionsPerServer ?? int.MaxValue,
            Credentials = set.Credentials?.Invoke(server),
            UseProxy = set.Proxy is not null,
            Proxy = set.Proxy?.Invoke(server),
        };
        if (set.RequestEncoding is { } writing)
            handler.RequestHeaderEncodingSelector = (_, _) => writing;
        if (set.ResponseEncoding is { } reading)
            handler.ResponseHeaderEncodingSelector = (_, _) => reading;
        set.Ours?.Invoke(handler);
        return handler;
    }
}
