using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Proxies and pools: those of one host, and a manager with very many proxies.</summary>
public sealed class ProxyPoolTests : ProxyTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_of_one_host_goes_through_its_proxy(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy tunnel = TunnelProxy.Start(origin.TlsPort);
        await using var http = new HttpConnectionPool("a.test", options: new() { Proxy = HttpProxy(origin.Port) });
        await using var https = new HttpsConnectionPool("a.origin.test", options: new() { Proxy = tunnel.Url("http"), Tls = TrustOrigins });

        Assert.Equal(200, (await Send(mode, http, "GET", "/get")).Status);
        Assert.Equal(200, (await Send(mode, https, "GET", "/headers")).Status);
        await Fails<HostChangedException>(Send(mode, http, "GET", "http://b.test/get"));

        Assert.Equal(["http://a.test/get", "/headers"], origin.Requests.Select(static r => r.Target));
        Assert.Equal(("http", "a.test", 80), (http.Scheme, http.Host, http.Port));
        Assert.Equal(["CONNECT a.origin.test:443"], tunnel.Requests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_refuses_requests_that_would_go_another_way(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        ProxyOptions own = HttpProxy(origin.Port), other = "http://127.0.0.1:1";
        await using var through = new HttpConnectionPool("127.0.0.1", origin.Port, new() { Proxy = own });
        await using var direct = new HttpConnectionPool("127.0.0.1", origin.Port);

        foreach (ProxyOptions wrong in new[] { other, ProxyOptions.None, own with { Credential = new Credential("a", "b") } })
            await Fails<InvalidRequestException>(Send(mode, through, "GET", "/get", new() { Proxy = wrong }));
        foreach (ProxyOptions wrong in new[] { other, own })
            await Fails<InvalidRequestException>(Send(mode, direct, "GET", "/get", new() { Proxy = wrong }));
        Assert.Empty(origin.Requests);

        Assert.Equal(200, (await Send(mode, through, "GET", "/get", new() { Proxy = own with { NoProxy = ["elsewhere"] } })).Status);
        Assert.Equal(200, (await Send(mode, direct, "GET", "/get", new() { Proxy = ProxyOptions.None })).Status);
        Assert.Equal(200, (await Send(mode, direct, "GET", "/get", new() { Proxy = other with { NoProxy = ["127.0.0.1"] } })).Status);
    }

    [Fact]
    public async Task A_thousand_proxies_leave_no_more_pools_and_connections_than_were_asked_for()
    {
        await using HttpBinServer proxy = await HttpBinServer.StartAsync();
        await using var manager = new PoolManager(new PoolOptions { NumPools = 10 });

        for (int i = 0; i < 1000; i++)
            Assert.Equal(200, (await manager.RequestAsync(
                "GET", "http://a.test/get", new() { Proxy = $"http://user{i}@127.0.0.1:{proxy.Port}" })).Status);

        Assert.Equal(10, manager.Pools.Count);
        proxy.WaitForOpenConnections(10);
        Assert.Equal(1000, proxy.Connections);
        manager.Clear();
        proxy.WaitForOpenConnections(0);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_page_about_proxies_is_true_as_it_stands(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy tunnel = TunnelProxy.Start(origin.TlsPort);
        // One address that forwards and tunnels: what is not CONNECT goes to the forwarding server.
        await using var manager = new ProxyManager(
            HttpProxy(origin.Port),
            new PoolOptions { Tls = TrustOrigins, ProxySelector = static _ => [], TrustEnvironment = true });

        await Send(mode, manager, "GET", "http://example.com/get");
        await Send(mode, manager, "GET", "http://httpbin.org/get");
        Assert.Single(manager.Pools);

        await Send(mode, manager, "GET", "https://a.origin.test/get", new() { Proxy = tunnel.Url("http") });
        await Send(mode, manager, "GET", "https://b.origin.test/get", new() { Proxy = tunnel.Url("http") });
        await Send(mode, manager, "GET", "https://b.origin.test/headers", new() { Proxy = tunnel.Url("http") });

        Assert.Equal(3, manager.Pools.Count);
        Assert.Equal(["http", "https", "https"], manager.Pools.Keys.Select(static k => k.Scheme));
        Assert.Equal(2, tunnel.Requests.Count);
    }
}
