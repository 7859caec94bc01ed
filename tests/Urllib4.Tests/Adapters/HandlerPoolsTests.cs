using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

/// <summary>What the settings of the handler make of the options of its pools.</summary>
public sealed class HandlerPoolsTests
{
    private static readonly Url _origin = Url.Parse("http://a.test/");

    [Fact]
    public void Settings_that_say_nothing_leave_the_options_as_they_are()
    {
        PoolOptions options = With(new HandlerSettings());
        Assert.Equal((PoolOptions.Default.MaxSize, PoolOptions.Default.Timeout), (options.MaxSize, options.Timeout));
        Assert.Equal((PoolOptions.Default.MaxIdleTime, PoolOptions.Default.MaxLifetime), (options.MaxIdleTime, options.MaxLifetime));
        Assert.Null(options.ProxySelector);
        Assert.Null(options.Credentials);
        Assert.Null(options.SslOptions);
    }

    [Fact]
    public void A_limit_on_connections_makes_callers_wait()
    {
        PoolOptions options = With(new HandlerSettings { MaxConnectionsPerServer = 2 });
        Assert.Equal((2, true), (options.MaxSize, options.Block));
    }

    [Fact]
    public void The_limit_on_connecting_holds_for_each_of_its_steps()
    {
        TimeSpan limit = TimeSpan.FromSeconds(3);
        HttpTimeout timeout = With(new HandlerSettings { ConnectTimeout = limit }).Timeout;
        Assert.All([timeout.Resolve, timeout.Connect, timeout.Proxy, timeout.Tls], each => Assert.Equal(limit, each));
        Assert.Equal(PoolOptions.Default.Timeout.Read, timeout.Read);
    }

    [Fact]
    public void Not_to_wait_for_a_100_is_the_shortest_wait_there_is()
    {
        Assert.Equal(TimeSpan.FromTicks(1), With(new HandlerSettings { Expect100ContinueTimeout = TimeSpan.Zero }).Timeout.Continue);
        TimeSpan limit = TimeSpan.FromSeconds(3);
        Assert.Equal(limit, With(new HandlerSettings { Expect100ContinueTimeout = limit }).Timeout.Continue);
    }

    [Fact]
    public void The_limit_on_heads_is_in_kilobytes_and_cannot_overflow()
    {
        Assert.Equal(2048, With(new HandlerSettings { MaxResponseHeadersLength = 2 }).Limits.MaxHeaderBytes);
        Assert.Equal(int.MaxValue, With(new HandlerSettings { MaxResponseHeadersLength = int.MaxValue }).Limits.MaxTrailerBytes);
    }

    [Fact]
    public void A_handler_without_proxies_reads_no_environment_either()
    {
        PoolOptions options = (PoolOptions.Default with { TrustEnvironment = true, Proxy = "http://p.test" })
            .With(new HandlerSettings { UseProxy = false }, static () => null);
        Assert.Equal((null, null, false), (options.Proxy, options.ProxySelector, options.TrustEnvironment));
    }

    [Fact]
    public void A_proxy_is_asked_for_each_url_and_its_credentials_answer_it()
    {
        var proxy = new WebProxy("http://p.test:3128") { Credentials = new NetworkCredential("user", "word", "DOMAIN") };
        ProxyOptions chosen = Choose(new HandlerSettings { Proxy = proxy });
        Assert.Equal(("http://p.test:3128", null), (chosen.Url.Href.TrimEnd('/'), chosen.Credential));
        Assert.NotNull(chosen.Auth);
    }

    [Fact]
    public void A_socks_proxy_is_told_the_password_before_it_asks()
    {
        var settings = new HandlerSettings
        {
            Proxy = new WebProxy("socks5://p.test:1080"), DefaultProxyCredentials = new NetworkCredential("user", "word", "DOMAIN"),
        };
        ProxyOptions chosen = Choose(settings);
        Assert.Equal(("DOMAIN\\user", "word", null), (chosen.Credential?.User, chosen.Credential?.Password, chosen.Auth));
    }

    [Fact]
    public void A_url_that_a_proxy_leaves_alone_is_reached_directly()
    {
        var proxy = new WebProxy("http://p.test:3128") { BypassList = ["a\\.test"] };
        Assert.Equal(ProxyOptions.None, Choose(new HandlerSettings { Proxy = proxy }));
    }

    [Fact]
    public void A_list_of_credentials_is_asked_for_the_origin()
    {
        var cache = new CredentialCache
        {
            { new Uri("http://basic.test/"), "Basic", new NetworkCredential("a", "b") },
            { new Uri("http://digest.test/"), "Digest", new NetworkCredential("a", "b") },
            { new Uri("http://negotiate.test/"), "Negotiate", new NetworkCredential("a", "b") },
            { new Uri("http://system.test/"), "NTLM", CredentialCache.DefaultNetworkCredentials },
        };
        CredentialSource source = With(new HandlerSettings { Credentials = cache }).Credentials!;

        Assert.All(
            ["basic", "digest", "negotiate", "system"], name => Assert.NotNull(source.Find(Url.Parse($"http://{name}.test/"))));
        Assert.Null(source.Find(_origin));
        Assert.True(source.Find(Url.Parse("http://negotiate.test/"))!.IsBoundToConnection);
        Assert.Throws<ArgumentNullException>(() => source.Find(null!));
    }

    [Fact]
    public void A_password_alone_is_given_to_no_origin_that_a_redirect_leads_to() =>
        Assert.Null(With(new HandlerSettings { Credentials = new NetworkCredential("a", "b") }).Credentials);

    [Fact]
    public void The_tunnel_is_told_the_user_agent_of_the_message_that_opens_it()
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("User-Agent", "me/1");
        Assert.Equal("me/1", PoolOptions.Default.With(new HandlerSettings(), () => request).TunnelUserAgent!());
        Assert.Null(With(new HandlerSettings()).TunnelUserAgent!());
    }

    [Fact]
    public void What_tls_options_say_of_revocation_and_names_holds()
    {
        var tls = new SslClientAuthenticationOptions
        {
            CertificateRevocationCheckMode = X509RevocationMode.Offline,
            CertificateChainPolicy = new X509ChainPolicy { VerificationFlags = X509VerificationFlags.IgnoreInvalidName },
        };
        PoolOptions options = With(new HandlerSettings { SslOptions = tls });
        Assert.Equal((X509RevocationMode.Offline, true), (options.Tls.RevocationMode, options.Tls.DangerousAcceptAnyHostname));
        Assert.Equal(X509RevocationMode.Offline, options.SslOptions!().CertificateRevocationCheckMode);
    }

    private static PoolOptions With(HandlerSettings settings) => PoolOptions.Default.With(settings, static () => null);

    private static ProxyOptions Choose(HandlerSettings settings) => Assert.Single(With(settings).ProxySelector!(_origin));
}
