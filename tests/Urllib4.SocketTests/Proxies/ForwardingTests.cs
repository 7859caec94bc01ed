using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>What a proxy is told that sends requests on by itself (cases 318 to 326).</summary>
public sealed class ForwardingTests : ProxyTests
{
    public static MatrixTheoryData<Mode, string> Fragments { get; } = new(
        Enum.GetValues<Mode>(), ["", "#", "#frag", "#frag?ment=1", "#/a/b", "##"]);

    [Theory, MemberData(nameof(Fragments))]
    public async Task Case_318_it_is_asked_by_the_whole_URL_without_the_fragment(Mode mode, string fragment)
    {
        await using MisbehavingServer proxy = Forwarder();
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        await Send(mode, manager, "GET", "http://user:word@A.Test:8080/a b?c=%41#x"[..^2] + fragment);

        ReceivedRequest request = Assert.Single(proxy.Requests);
        Assert.Equal("http://a.test:8080/a%20b?c=%41", request.Target);
        Assert.Equal("a.test:8080", request["Host"]);
        Assert.NotNull(request["Accept-Encoding"]);
        Assert.NotNull(request["User-Agent"]);
        Assert.Equal("Basic dXNlcjp3b3Jk", request["Authorization"]); // is for the origin
        Assert.Null(request["Proxy-Authorization"]);
        Assert.Null(request["Proxy-Connection"]);
    }

    [Theory]
    [InlineData("GET", "http://a.test", null, "http://a.test/")]
    [InlineData("GET", "HTTP://A.test.:80/x", null, "http://a.test/x")]
    [InlineData("GET", "http://[::1]:8080/?q", null, "http://[::1]:8080/?q")]
    [InlineData("GET", "http://a.test/ignored", "/own?target", "http://a.test/own?target")]
    [InlineData("OPTIONS", "http://a.test/", "*", "http://a.test")]
    [InlineData("GET", "http://a.test/", "http://b.test/whole", "http://b.test/whole")]
    public async Task The_target_is_in_absolute_form_with_the_host_of_the_Host_header(
        string method, string url, string? target, string expected)
    {
        await using MisbehavingServer proxy = Forwarder();
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        foreach (Mode mode in Enum.GetValues<Mode>())
            await Send(mode, manager, method, url, new() { Target = target });

        Assert.All(proxy.Requests, r => Assert.Equal(expected, r.Target));
        if (target is null)
            Assert.All(proxy.Requests, r => Assert.StartsWith($"http://{r["Host"]}/", r.Target, StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_321_headers_for_the_proxy_replace_those_of_the_request_and_Host_is_always_that_of_the_target(Mode mode)
    {
        await using MisbehavingServer proxy = Forwarder();
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port) with { Headers = new() { { "X-Both", "proxy" }, { "X-Proxy", "1" } } },
            Headers = new() { { "X-Manager", "1" }, { "X-Default", "manager" } },
        });

        await Send(mode, manager, "GET", "http://a.test/", new() { Headers = new() { { "X-Both", "request" }, { "X-Own", "1" } } });
        await Send(mode, manager, "GET", "http://b.test:81/");

        ReceivedRequest own = proxy.Requests[0], plain = proxy.Requests[1];
        Assert.Equal(("proxy", "1", "1"), (own["X-Both"], own["X-Proxy"], own["X-Own"]));
        Assert.Equal(("proxy", "1", "manager"), (plain["X-Both"], plain["X-Manager"], plain["X-Default"]));
        Assert.Equal(["a.test", "b.test:81"], proxy.Requests.Select(static r => r["Host"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_323_all_of_http_shares_one_pool_and_one_connection_and_every_https_origin_has_its_own(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy proxy = TunnelProxy.Start(origin.TlsPort);
        await using var manager = new ProxyManager(HttpProxy(origin.Port), new PoolOptions { Tls = TrustOrigins });

        foreach (string host in new[] { "a.test", "b.test", "a.test:8080" })
            Assert.Equal(200, (await Send(mode, manager, "GET", $"http://{host}/get")).Status);

        HttpConnectionPool shared = manager.ConnectionFromHost("a.test");
        Assert.Same(shared, manager.ConnectionFromUrl("http://elsewhere.test:99/x"));
        Assert.Equal((1, 3), (shared.NumConnections, shared.NumRequests));
        Assert.Equal(("http", "127.0.0.1", origin.Port), (shared.Scheme, shared.Host, shared.Port));
        Assert.Single(manager.Pools);
        Assert.NotSame(manager.ConnectionFromHost("a.test", scheme: "https"), manager.ConnectionFromHost("b.test", scheme: "https"));
        Assert.Same(manager.ConnectionFromHost("a.test", 443, "https"), manager.ConnectionFromUrl("https://A.TEST/"));
        Assert.IsType<HttpsConnectionPool>(manager.ConnectionFromHost("a.test", scheme: "https"));
        Assert.Equal(1, origin.Connections);
        Assert.Equal(0, proxy.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_324_the_shared_pool_takes_every_http_URL_itself(Mode mode)
    {
        await using MisbehavingServer proxy = Forwarder();
        await using PoolManager manager = Through(HttpProxy(proxy.Port));
        HttpConnectionPool pool = manager.ConnectionFromHost("a.test");

        await Send(mode, pool, "GET", "http://b.test/x");
        await Send(mode, pool, "GET", "http://c.test/y");
        Assert.IsAssignableFrom<HttpException>(await Record.ExceptionAsync(() => Send(mode, pool, "GET", "/no-host")));
        await Fails<HostChangedException>(Send(mode, pool, "GET", "https://b.test/"));

        Assert.Equal(["http://b.test/x", "http://c.test/y"], proxy.Requests.Select(static r => r.Target));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_326_432_a_redirect_to_another_host_is_recomputed_and_loses_the_secrets(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(static r => r.Target switch
        {
            "http://a.test/" => "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
            "http://a.test/again" => "HTTP/1.1 302 Found\r\nLocation: http://b.test:81/there\r\nContent-Length: 0\r\n\r\n",
            _ => Ok,
        })));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));
        HttpHeaderDict own = new()
        {
            { "authorization", "Basic x" }, { "Cookie", "a=1" }, { "X-API-Key", "k" }, { "Accept", "text/plain" },
        };

        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/", new() { Headers = own });

        Assert.Equal("http://b.test:81/there", response.Url.Href);
        Assert.Equal(["a.test", "a.test", "b.test:81"], proxy.Requests.Select(static r => r["Host"]));
        Assert.Equal("Basic x", proxy.Requests[1]["Authorization"]); // the same origin, although the proxy is another host
        ReceivedRequest last = proxy.Requests[2];
        Assert.Equal((null, null, null, "text/plain"), (last["Authorization"], last["Cookie"], last["X-API-Key"], last["Accept"]));
        Assert.Equal(1, proxy.Connections);
        await Fails<MaxRetryException>(Send(mode, manager, "GET", "http://a.test/", new() { Retries = new() { Redirect = 0 } }));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_14_every_hop_finds_its_own_way(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy tunnel = TunnelProxy.Start(origin.TlsPort);
        await using var forwarder = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(
            r => $"HTTP/1.1 302 Found\r\nLocation: {Uri.UnescapeDataString(r.Target.Split('?')[1])}\r\nContent-Length: 0\r\n\r\n")));
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = TrustOrigins,
            ProxySelector = url => [url.Scheme == "https"
                ? new ProxyOptions(tunnel.Url("http"))
                : HttpProxy(forwarder.Port) with { NoProxy = ["localhost"] }],
        });

        // Through a proxy, then a tunnel of another one, then directly.
        string direct = $"http://localhost:{origin.Port}/headers";
        string tunnelled = "https://a.origin.test/redirect-to?url=" + Uri.EscapeDataString(direct);
        RequestOptions options = new() { Redirects = new() { AllowHttpsToHttp = true } };
        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/?" + Uri.EscapeDataString(tunnelled), options);

        Assert.Equal(direct, response.Url.Href);
        Assert.Single(forwarder.Requests);
        Assert.Equal(["CONNECT a.origin.test:443"], tunnel.Requests);
        Assert.Equal([tunnelled[21..], "/headers"], origin.Requests.Select(static r => r.Target));
        Assert.Null(response.Connection.Proxy);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_331_a_proxy_that_closes_unanswered_is_like_a_server_that_does(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Close(), new Dialogue().ExpectRequest().Send(Ok), new Dialogue().ExpectRequest().Close());
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/", new() { Retries = 1 })).Status);
        await using PoolManager impatient = Through(HttpProxy(proxy.Port), Retry.None);
        await Fails<ConnectionClosedException>(Send(mode, impatient, "GET", "http://a.test/"));
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_330_a_proxy_that_is_silent_runs_into_the_limit_of_reading(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().ExpectEof(),
            new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().ExpectEof());
        await using PoolManager manager = Through(HttpProxy(proxy.Port), Retry.None);
        RequestOptions options = new() { Timeout = HttpTimeout.Default with { Read = TimeSpan.FromMilliseconds(200) } };

        await Fails<ReadTimeoutException>(Send(mode, manager, "GET", "http://a.test/", options));
        await Fails<ReadTimeoutException>(Send(mode, manager, "GET", "https://a.origin.test/", options));
        proxy.WaitUntilAllClosed();
    }

    private static MisbehavingServer Forwarder() =>
        MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
}
