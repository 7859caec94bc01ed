using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>The first page of the documentation, against the server it talks about.</summary>
public sealed class QuickstartTests(Peers peers) : ClientTests
{
    private readonly PoolOptions _options = PoolOptions.Default with
    {
        NumPools = 10,
        Resolver = Everywhere(peers.HttpBin.Port, "example.com", "httpbin.org"),
    };

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_for_each_host_and_one_connection_for_three_requests(Mode mode)
    {
        using var manager = new PoolManager(_options);

        UrllibResponse first = await Send(mode, manager, "GET", "http://example.com");
        UrllibResponse second = await Send(mode, manager, "GET", "http://httpbin.org/");
        UrllibResponse refused = await Send(mode, manager, "POST", "http://httpbin.org/headers");
        UrllibResponse head = await Send(mode, manager, "HEAD", "http://httpbin.org/cookies");

        Assert.StartsWith("gunicorn", first.Headers["server"]);
        Assert.StartsWith("gunicorn", second.Headers["server"]);
        Assert.Equal([200, 200, 405, 200], [first.Status, second.Status, refused.Status, head.Status]);
        Assert.Equal(2, manager.Pools.Count);
        HttpConnectionPool pool = manager.ConnectionFromHost("httpbin.org");
        Assert.Equal(3, pool.NumRequests);
        Assert.Equal(1, pool.NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task No_pool_is_left_after_the_scope(Mode mode)
    {
        PoolManager left;
        using (var manager = new PoolManager(_options))
        {
            await Send(mode, manager, "GET", "http://example.com");
            await Send(mode, manager, "GET", "http://httpbin.org/");
            Assert.Equal(2, manager.Pools.Count);
            left = manager;
        }

        Assert.Empty(left.Pools);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task One_call_without_any_preparation(Mode mode)
    {
        string url = $"{peers.HttpBin.Url}/robots.txt";

        UrllibResponse response = await Call(mode, () => Urllib.Request("GET", url), () => Urllib.RequestAsync("GET", url));

        Assert.Equal(200, response.Status);
        Assert.Equal("User-agent: *\nDisallow: /deny\n", response.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_of_one_host_takes_paths(Mode mode)
    {
        using HttpConnectionPool pool = Urllib.ConnectionFromUrl(peers.HttpBin.Url);

        UrllibResponse response = await Send(mode, pool, "GET", "/get?a=1");

        Assert.Equal("1", Text(response, "args", "a"));
        await Assert.ThrowsAsync<HostChangedException>(() => Send(mode, pool, "GET", "http://example.com/"));
    }
}
