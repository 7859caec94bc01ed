using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>The page that describes what a manager is for, line by line.</summary>
public sealed class SeedPageTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task The_page_is_true_as_it_stands(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        PoolOptions options = new() { NumPools = 10, Resolver = Everywhere(server.Port, "example.com", "httpbin.org") };
        await using var manager = new PoolManager(options);

        UrllibResponse r = await Send(mode, manager, "GET", "http://example.com");
        Assert.Equal("httpbin", r.Headers["server"]);
        r = await Send(mode, manager, "GET", "http://httpbin.org/");
        Assert.Equal("httpbin", r.Headers["server"]);
        r = await Send(mode, manager, "POST", "http://httpbin.org/headers");
        Assert.Equal(200, r.Status);
        r = await Send(mode, manager, "HEAD", "http://httpbin.org/cookies");
        Assert.Equal(200, r.Status);
        Assert.Empty(r.Data);

        Assert.Equal(2, manager.Pools.Count);
        HttpConnectionPool pool = manager.ConnectionFromHost("httpbin.org");
        Assert.Equal(3, pool.NumRequests);
        Assert.Equal(1, pool.NumConnections);
        Assert.Equal(2, server.Connections);

        PoolManager scoped;
        using (scoped = new PoolManager(options))
        {
            await Send(mode, scoped, "GET", "http://example.com");
            await Send(mode, scoped, "GET", "http://httpbin.org/");
            Assert.Equal(2, scoped.Pools.Count);
        }

        Assert.Empty(scoped.Pools);
        server.WaitForOpenConnections(2);
    }

    [Fact]
    public async Task The_least_recently_used_pool_makes_room()
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using var manager = new PoolManager(
            new PoolOptions { NumPools = 2, Resolver = Everywhere(server.Port, "a.test", "b.test", "c.test") });

        await manager.RequestAsync("GET", "http://a.test/get");
        await manager.RequestAsync("GET", "http://b.test/get");
        await manager.RequestAsync("GET", "http://a.test/get");
        await manager.RequestAsync("GET", "http://c.test/get");

        Assert.Equal(["a.test", "c.test"], manager.Pools.Keys.Select(static k => k.Host));
        server.WaitForOpenConnections(2);
        await manager.RequestAsync("GET", "http://b.test/get");
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public void A_host_has_one_pool_however_it_is_written()
    {
        using var manager = new PoolManager(10);

        HttpConnectionPool pool = manager.ConnectionFromHost("Example.COM");

        Assert.Same(pool, manager.ConnectionFromHost("example.com", 80));
        Assert.Same(pool, manager.ConnectionFromUrl("HTTP://EXAMPLE.com:80/x?y#z"));
        Assert.NotSame(pool, manager.ConnectionFromHost("example.com", 81));
        Assert.NotSame(pool, manager.ConnectionFromHost("example.com", 80, "https"));
        Assert.IsType<HttpsConnectionPool>(manager.ConnectionFromHost("example.com", scheme: "HTTPS"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Clearing_closes_what_is_idle_and_leaves_the_manager_usable(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        await using var manager = new PoolManager(10);
        await Send(mode, manager, "GET", server.Url + "/get");

        manager.Clear();

        Assert.Empty(manager.Pools);
        server.WaitForOpenConnections(0);
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url + "/get")).Status);
        Assert.Equal(2, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_outlives_the_eviction_of_its_pool(Mode mode)
    {
        var gate = new Gate();
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc").WaitFor(gate).Send("def"),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { NumPools = 1, Resolver = Everywhere(server.Port, "a.test", "b.test") });
        await using UrllibResponse streamed = await Send(mode, manager, "GET", "http://a.test/", new() { PreloadContent = false });

        await Send(mode, manager, "GET", "http://b.test/");
        Assert.Equal(["b.test"], manager.Pools.Keys.Select(static k => k.Host));
        gate.Open();

        Assert.Equal("abcdef"u8.ToArray(), await ReadAll(mode, streamed));
        Until(() => server.OpenConnections == 1);
        server.Verify();
    }

    [Fact]
    public async Task A_pool_and_a_manager_are_asked_in_the_same_way()
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        using var manager = new PoolManager();
        using var pool = new HttpConnectionPool("127.0.0.1", server.Port);

        foreach (IRequestMethods client in new IRequestMethods[] { manager, pool })
            Assert.Equal(200, (await client.RequestAsync("GET", server.Url + "/get")).Status);
        Assert.Equal(200, (await pool.RequestAsync("GET", "/get")).Status);
        Assert.Equal(200, (await Urllib.RequestAsync("GET", server.Url + "/get")).Status);
    }
}
