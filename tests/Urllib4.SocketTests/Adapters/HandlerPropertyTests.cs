using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>The properties of the handler beside those of the platform's.</summary>
public sealed class HandlerPropertyTests : ClientTests
{
    /// <summary>Those whose default is another one; the page says why.</summary>
    private static readonly string[] _saferByDefault =
    [
        nameof(SocketsHttpHandler.ConnectTimeout), nameof(SocketsHttpHandler.PooledConnectionLifetime),
    ];

    public static TheoryData<string> Properties =>
        [.. typeof(SocketsHttpHandler).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static p => p.Name)];

    [Theory, MemberData(nameof(Properties))]
    public void Every_property_of_the_platform_is_there_with_its_type_and_its_default(string name)
    {
        using var theirs = new SocketsHttpHandler();
        using var ours = new UrllibHandler();

        PropertyInfo? property = typeof(UrllibHandler).GetProperty(name);

        Assert.NotNull(property);
        Assert.Equal(typeof(SocketsHttpHandler).GetProperty(name)!.PropertyType, property.PropertyType);
        object? usual = typeof(SocketsHttpHandler).GetProperty(name)!.GetValue(theirs);
        if (usual is null or ValueType && !_saferByDefault.Contains(name))
            Assert.Equal(usual, property.GetValue(ours));
    }

    [Theory, MemberData(nameof(Properties))]
    public void A_property_takes_back_what_it_gave_and_refuses_to_change_afterwards(string name)
    {
        PropertyInfo property = typeof(UrllibHandler).GetProperty(name)!;
        using var handler = new UrllibHandler();
        object? value = property.GetValue(handler);
        if (!property.CanWrite)
            return;

        property.SetValue(handler, value);
        Assert.Equal(value, property.GetValue(handler));
        handler.Dispose();

        var e = Assert.Throws<TargetInvocationException>(() => property.SetValue(handler, value));

        Assert.IsType<ObjectDisposedException>(e.InnerException);
    }

    [Fact]
    public void Values_that_the_platform_refuses_are_refused_with_the_same_exception()
    {
        Refused(static h => h.ConnectTimeout = TimeSpan.Zero, static h => h.ConnectTimeout = TimeSpan.Zero);
        Refused(static h => h.ConnectTimeout = TimeSpan.FromMilliseconds(-2), static h => h.ConnectTimeout = TimeSpan.FromMilliseconds(-2));
        Refused(static h => h.Expect100ContinueTimeout = TimeSpan.MaxValue, static h => h.Expect100ContinueTimeout = TimeSpan.MaxValue);
        Refused(static h => h.PooledConnectionIdleTimeout = -Second * 2, static h => h.PooledConnectionIdleTimeout = -Second * 2);
        Refused(static h => h.PooledConnectionLifetime = -Second * 2, static h => h.PooledConnectionLifetime = -Second * 2);
        Refused(static h => h.MaxResponseHeadersLength = 0, static h => h.MaxResponseHeadersLength = 0);
        Refused(static h => h.MaxResponseDrainSize = -1, static h => h.MaxResponseDrainSize = -1);
        Refused(static h => h.ResponseDrainTimeout = TimeSpan.MaxValue, static h => h.ResponseDrainTimeout = TimeSpan.MaxValue);
        Refused(static h => h.KeepAlivePingDelay = Second / 2, static h => h.KeepAlivePingDelay = Second / 2);
        Refused(static h => h.KeepAlivePingTimeout = Second / 2, static h => h.KeepAlivePingTimeout = Second / 2);
        Refused(static h => h.InitialHttp2StreamWindowSize = 65_534, static h => h.InitialHttp2StreamWindowSize = 65_534);
        Refused(static h => h.InitialHttp2StreamWindowSize = 32 << 20, static h => h.InitialHttp2StreamWindowSize = 32 << 20);
        Refused(static h => h.MaxConnectionsPerServer = 0, static h => h.MaxConnectionsPerServer = 0);
        Refused(static h => h.MaxAutomaticRedirections = 0, static h => h.MaxAutomaticRedirections = 0);
    }

    [Fact]
    public void What_would_have_no_effect_on_pools_that_were_given_is_refused()
    {
        using var handler = new UrllibHandler(new PoolManager());

        foreach (Action<UrllibHandler> set in (Action<UrllibHandler>[])
            [
                static h => h.ConnectTimeout = Second, static h => h.Expect100ContinueTimeout = Second,
                static h => h.PooledConnectionIdleTimeout = Second, static h => h.PooledConnectionLifetime = Second,
                static h => h.MaxResponseHeadersLength = 1, static h => h.DefaultProxyCredentials = null,
                static h => h.SslOptions = new(), static h => h.SslProtocols = SslProtocols.Tls12, static h => h.PreAuthenticate = true,
                static h => h.CheckCertificateRevocationList = true, static h => h.ServerCertificateCustomValidationCallback = null,
                static h => h.ClientCertificateOptions = ClientCertificateOption.Automatic,
            ])
        {
            Assert.Throws<InvalidOperationException>(() => set(handler));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_lifetime_and_an_idle_time_of_zero_keep_no_connection(Mode mode)
    {
        foreach (Action<UrllibHandler> set in (Action<UrllibHandler>[])
            [static h => h.PooledConnectionLifetime = TimeSpan.Zero, static h => h.PooledConnectionIdleTimeout = TimeSpan.Zero])
        {
            await using var bin = await HttpBinServer.StartAsync();
            var handler = new UrllibHandler(PoolOptions.Default) { MaxConnectionsPerServer = 1 };
            set(handler);
            using var http = new HttpClient(handler);

            for (int i = 0; i < 3; i++)
                (await Send(mode, http, $"{bin.Url}/get")).Dispose();

            Assert.Equal(3, bin.Connections);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_limit_on_heads_is_named_when_it_is_passed(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest()
            .Send($"HTTP/1.1 200 OK\r\nX-A: {new string('a', 2000)}\r\nContent-Length: 0\r\n\r\n").Close());
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { MaxResponseHeadersLength = 1 });

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, http, server.Url));

        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, e.HttpRequestError);
        Assert.Contains("1024", e.ToString().Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_not_read_is_read_away_as_far_as_the_handler_says(Mode mode)
    {
        foreach ((int most, int connections) in ((int, int)[])[(1024 * 1024, 1), (100_000, 2), (0, 2)])
        {
            await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(
                d => d.ExpectRequest().Send($"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n{new string('x', 500_000)}")));
            using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
            {
                MaxConnectionsPerServer = 1,
                MaxResponseDrainSize = most,
                ResponseDrainTimeout = Timeout.InfiniteTimeSpan,
            });

            (await Send(mode, http, server.Url, HttpCompletionOption.ResponseHeadersRead)).Dispose();
            (await Send(mode, http, server.Url)).Dispose();

            Assert.Equal(connections, server.Connections);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_callback_for_certificates_is_told_the_request_and_has_the_last_word(Mode mode)
    {
        using IssuedCertificate stranger = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
        await using var server = MisbehavingServer.Start(_ => new Dialogue().StartTls(stranger).ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").Close());
        var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.Port}/");
        (HttpRequestMessage Request, string? Subject, bool HasChain, SslPolicyErrors Errors) told = default;
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            ServerCertificateCustomValidationCallback = (message, certificate, chain, errors) =>
            {
                told = (message, certificate?.Subject, chain is { ChainElements.Count: > 0 }, errors);
                return true;
            },
        });

        using HttpResponseMessage response = await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);

        Assert.Equal((request, "CN=Urllib4 test", true, SslPolicyErrors.RemoteCertificateChainErrors), told);
        Assert.False(UrllibHandler.ConnectionOf(response)!.Tls!.IsVerified);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_first_client_certificate_that_fits_is_shown(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate server = authority.Issue("localhost");
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(Client(authority, "keyless", Leaf.ClientUsage).RawData);
        using X509Certificate2 forServers = Client(authority, "for servers", Leaf.ServerUsage);
        using X509Certificate2 fit = Client(authority, "fit", Leaf.ClientUsage);
        using X509Certificate2 later = Client(authority, "later", Leaf.ClientUsage);
        string? shown = null;
        SslServerAuthenticationOptions options = server.ServerOptions();
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate?.Subject) is not null;
        await using var peer = MisbehavingServer.Start(_ => new Dialogue().StartTls(options).ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").Close());
        var handler = new UrllibHandler(new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } });
        handler.ClientCertificates.AddRange(new X509Certificate2Collection { keyless, forServers, fit, later });
        using var http = new HttpClient(handler);

        (await Send(mode, http, $"https://localhost:{peer.Port}/")).Dispose();

        Assert.Equal("CN=fit", shown);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Digest_is_told_the_user_without_his_domain(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(r =>
            r["Authorization"] is null
                ? "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            Credentials = new NetworkCredential("user", "secret", "DOMAIN"),
        });

        (await Send(mode, http, server.Url)).Dispose();

        Assert.Contains("username=\"user\"", server.Requests[1]["Authorization"], StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_propagator_of_the_handler_says_what_is_told_of_a_trace(Mode mode)
    {
        foreach (DistributedContextPropagator? propagator in
            (DistributedContextPropagator?[])[null, DistributedContextPropagator.CreateDefaultPropagator()])
        {
            await using var bin = await HttpBinServer.StartAsync();
            using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { ActivityHeadersPropagator = propagator });
            using Activity activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

            (await Send(mode, http, $"{bin.Url}/get")).Dispose();

            Assert.Equal(propagator is not null, bin.Requests[0].Headers.ContainsKey("traceparent"));
        }
    }

    [Fact]
    public void Certificates_cannot_be_named_while_they_are_taken_from_the_store()
    {
        using var handler = new UrllibHandler { ClientCertificateOptions = ClientCertificateOption.Automatic };

        Assert.Throws<InvalidOperationException>(() => handler.ClientCertificates);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => handler.ClientCertificateOptions = (ClientCertificateOption)2);
    }

    [Fact]
    public void A_handler_that_is_to_be_replaced_is_compared_setting_by_setting()
    {
        using var usual = new SocketsHttpHandler();
        using var odd = new SocketsHttpHandler
        {
            ConnectTimeout = Second,
            PooledConnectionLifetime = Second,
            UseProxy = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = Second,
            InitialHttp2StreamWindowSize = 1 << 20,
            Credentials = new CredentialCache(),
            AutomaticDecompression = DecompressionMethods.All,
            SslOptions = new()
            {
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
        };

        Assert.Equal(
            ["AllowAutoRedirect", "ConnectTimeout", "PooledConnectionLifetime", "Proxy", "SslOptions"],
            UrllibHandler.Compare(usual).Select(static line => line.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "AutomaticDecompression", "Credentials", "EnableMultipleHttp2Connections", "InitialHttp2StreamWindowSize",
                "KeepAlivePingDelay", "SslOptions.ApplicationProtocols",
            ],
            UrllibHandler.Compare(odd).Select(static line => line.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Throws<ArgumentNullException>("handler", () => UrllibHandler.Compare(null!));
    }

    private static TimeSpan Second => TimeSpan.FromSeconds(1);

    private static X509Certificate2 Client(CertificateAuthority authority, string name, string usage) =>
        authority.Issue(new Leaf { CommonName = name, Usages = [usage] }).Certificate;

    private static void Refused(Action<SocketsHttpHandler> theirs, Action<UrllibHandler> ours)
    {
        using var their = new SocketsHttpHandler();
        using var our = new UrllibHandler();
        Exception expected = Assert.ThrowsAny<Exception>(() => theirs(their));
        Exception actual = Assert.ThrowsAny<Exception>(() => ours(our));

        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal((expected as ArgumentException)?.ParamName, (actual as ArgumentException)?.ParamName);
    }

    private static Task<HttpResponseMessage> Send(
        Mode mode, HttpClient http, string url, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        return Call(mode, () => http.Send(request, completion), () => http.SendAsync(request, completion)).WaitAsync(Patience);
    }
}
