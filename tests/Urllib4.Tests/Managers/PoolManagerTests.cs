using System.Text.Json;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

public sealed class PoolManagerTests : MemoryTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Each_origin_has_a_pool_of_its_own_and_the_list_shows_them_by_use(Mode mode)
    {
        using var manager = new PoolManager(Over(Everywhere()));
        foreach (string url in new[] { "http://a.test/", "http://b.test/", "http://a.test:81/", "http://a.test/x" })
            await Send(mode, manager, "GET", url);

        Assert.Equal(["a.test:80", "a.test:81", "b.test:80"], manager.Pools.Keys.Select(static k => $"{k.Host}:{k.Port}").Order());
        Assert.Equal((3, 3), (manager.Pools.Count, manager.Pools.ToList().Count));
        HttpConnectionPool pool = manager.ConnectionFromHost("a.test");
        Assert.Same(pool, manager.ConnectionFromUrl("http://A.test:80/other"));
        Assert.Equal((1, 2), (pool.NumConnections, pool.NumRequests));
        Assert.Contains(manager.Pools, entry => entry.Value == pool);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_pool_that_was_not_used_for_longest_goes_when_there_are_too_many(Mode mode)
    {
        MemoryDialer dialer = Everywhere();
        using var manager = new PoolManager(Over(dialer) with { NumPools = 2 });
        foreach (string url in new[] { "http://a.test/", "http://b.test/", "http://a.test/", "http://c.test/" })
            await Send(mode, manager, "GET", url);

        Assert.Equal(["a.test", "c.test"], manager.Pools.Keys.Select(static k => k.Host).Order());
        Assert.True(dialer.Peers[1].IsDisposed);
        manager.Pools.MaxSize = 1;
        Assert.Equal((1, 1), (manager.Pools.MaxSize, manager.Pools.Count));
        Assert.Equal(2, new PoolManager(2).Options.NumPools);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_manager_that_was_cleared_dials_anew_and_one_that_was_disposed_does_not(Mode mode)
    {
        MemoryDialer dialer = Everywhere();
        var manager = new PoolManager(Over(dialer));
        await Send(mode, manager, "GET", "http://a.test/");

        manager.Clear();
        Assert.True(dialer.Peers[0].IsDisposed);
        Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/")).Status);
        await manager.DisposeAsync();

        Assert.True(dialer.Peers[1].IsDisposed);
        await Assert.ThrowsAsync<ClosedPoolException>(() => Send(mode, manager, "GET", "http://a.test/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Only_the_pools_that_a_rule_picks_are_evicted(Mode mode)
    {
        MemoryDialer dialer = Everywhere();
        using var manager = new PoolManager(Over(dialer));
        foreach (string url in new[] { "http://a.test/", "http://b.test/", "http://a.test:81/" })
            await Send(mode, manager, "GET", url);

        Assert.Equal(2, manager.Evict(static key => key.Host == "a.test"));
        Assert.Equal([true, false, true], dialer.Peers.Select(static peer => peer.IsDisposed));
        Assert.Equal(["b.test"], manager.Pools.Keys.Select(static key => key.Host));
        Assert.Equal(0, manager.Evict(static key => key.Host == "a.test"));
        Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/")).Status);
        Assert.Throws<ArgumentNullException>(() => manager.Evict(null!));
        Assert.Throws<InvalidOperationException>(() => manager.Evict(static _ => throw new InvalidOperationException()));
        Assert.Equal(2, manager.Pools.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_snapshot_shows_the_pools_by_use_and_what_is_in_them_but_not_what_was_asked_for(Mode mode)
    {
        var manager = new PoolManager(Over(Everywhere()));
        Assert.Equal("0 pools: 0 busy, 0 idle, 0 waiting\n", manager.Snapshot().ToText());
        foreach (string url in new[] { "http://a.test/", "http://b.test/", "http://u:canary@a.test/canary?canary" })
            await Send(mode, manager, "GET", url);

        PoolManagerSnapshot now = manager.Snapshot();
        Assert.Equal(["b.test", "a.test"], now.Pools.Select(static pool => pool.Key.Host));
        Assert.Equal((0, 2, 0, 0), (now.Busy, now.Idle, now.Dialing, now.Waiting));
        Assert.Equal((1, 2), (now.Pools[1].NumConnections, now.Pools[1].NumRequests));
        string[] lines = now.ToText().Split('\n');
        Assert.Equal("2 pools: 0 busy, 2 idle, 0 waiting", lines[0]);
        Assert.StartsWith("http://b.test:80", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(": 0 busy, 1 idle, 0 waiting; ever 1 opened, 2 sent", lines[3], StringComparison.Ordinal);
        Assert.Contains($"idle  #{now.Pools[1].Idle[0].Id}", lines[4], StringComparison.Ordinal);
        Assert.Contains("2 requests", lines[4], StringComparison.Ordinal);
        Assert.DoesNotContain("canary", now.ToText(), StringComparison.Ordinal);
        JsonElement pool = JsonDocument.Parse(now.ToJson()).RootElement.GetProperty("pools")[1];
        Assert.Equal(("http://a.test:80", 2), (pool.GetProperty("key").GetString()![..16], pool.GetProperty("numRequests").GetInt32()));
        Assert.Equal(now.Pools[1].Idle[0].Id, pool.GetProperty("idle")[0].GetProperty("id").GetInt64());
        Assert.DoesNotContain("canary", now.ToJson(), StringComparison.Ordinal);
        manager.Dispose();
        Assert.Empty(manager.Snapshot().Pools);
    }

    [Theory]
    [InlineData("/path")]
    [InlineData("a.test")]
    [InlineData("http:///path")]
    public void A_url_without_scheme_or_host_is_refused(string url)
    {
        using var manager = new PoolManager(Over(new MemoryDialer()));
        Assert.ThrowsAny<LocationValueException>(() => manager.Request("GET", url));
    }

    [Fact]
    public void A_scheme_that_is_not_spoken_is_named()
    {
        using var manager = new PoolManager(Over(new MemoryDialer()));
        var e = Assert.Throws<UrlSchemeUnknownException>(() => manager.Request("GET", "ftp://a.test/"));
        Assert.Contains("ftp", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => manager.ConnectionFromHost(null!));
        Assert.Throws<ArgumentNullException>(() => manager.ConnectionFromHost("a.test", 80, null!));
    }

    [Fact]
    public void Pools_of_https_have_a_type_of_their_own()
    {
        using var manager = new PoolManager(Over(new MemoryDialer()));
        HttpConnectionPool pool = manager.ConnectionFromUrl("https://a.test/");
        Assert.IsType<HttpsConnectionPool>(pool);
        Assert.Equal(("https", "a.test", 443), (pool.Scheme, pool.Host, pool.Port));
        Assert.StartsWith("HttpsConnectionPool", pool.ToString(), StringComparison.Ordinal);
        Assert.IsNotType<HttpsConnectionPool>(manager.ConnectionFromUrl("http://a.test/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_manager_sends_everything_to_its_proxy_whatever_else_the_options_say(Mode mode)
    {
        MemoryDialer dialer = Everywhere();
        PoolOptions options = Over(dialer) with { ProxySelector = static _ => [ProxyOptions.None], TrustEnvironment = true };
        using var manager = new ProxyManager("http://p.test:3128", options);

        await Send(mode, manager, "GET", "http://a.test/x");
        await Send(mode, manager, "GET", "http://b.test/y");

        Assert.Equal("p.test:3128", Assert.Single(dialer.Targets).ToString());
        Assert.Equal(["http://a.test/x", "http://b.test/y"], dialer.Peers[0].Requests.Select(static r => r.Target));
        Assert.Equal("http://p.test:3128/", manager.Proxy.Url.ToString().TrimEnd('/') + "/");
        Assert.Throws<ArgumentNullException>(() => new ProxyManager(null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_of_the_request_is_taken_for_it_alone(Mode mode)
    {
        MemoryDialer dialer = Everywhere();
        using var manager = new PoolManager(Over(dialer));
        await Send(mode, manager, "GET", "http://a.test/", new() { Proxy = "http://p.test" });
        await Send(mode, manager, "GET", "http://a.test/");
        Assert.Equal(["p.test", "a.test"], dialer.Targets.Select(static t => t.Host));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_leads_to_the_pool_of_its_origin(Mode mode)
    {
        var dialer = new MemoryDialer((target, _) => new Dialogue().ExpectRequest().Send(target.Host == "a.test"
            ? "HTTP/1.1 302 Go\r\nLocation: http://b.test/there\r\nContent-Length: 0\r\n\r\n"
            : Ok));
        using var manager = new PoolManager(Over(dialer) with { Retries = Retry.Default });
        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/");
        Assert.Equal(("http://b.test/there", 2), (response.Url.Href, manager.Pools.Count));
    }

    [Fact]
    public void The_way_without_a_manager_refuses_what_a_manager_refuses()
    {
        Assert.ThrowsAny<LocationValueException>(() => Urllib.Request("GET", "/path"));
        Assert.Throws<UrlSchemeUnknownException>(() => Urllib.ConnectionFromUrl("ftp://a.test/"));
        using HttpConnectionPool plain = Urllib.ConnectionFromUrl("http://a.test:81/path", Over(new MemoryDialer()));
        using HttpConnectionPool secure = Urllib.ConnectionFromUrl("https://a.test/", Over(new MemoryDialer()));
        Assert.Equal(("http", "a.test", 81), (plain.Scheme, plain.Host, plain.Port));
        Assert.IsType<HttpsConnectionPool>(secure);
    }

    [Fact]
    public async Task The_way_without_a_manager_refuses_it_as_a_task_too() =>
        await Assert.ThrowsAnyAsync<LocationValueException>(() => Urllib.RequestAsync("GET", "/path"));

    private static MemoryDialer Everywhere() => new((_, _) => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
}
