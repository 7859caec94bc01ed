using Urllib4.PeerTests.Servers;

namespace Urllib4.PeerTests.FixtureTests;

/// <summary>dante and microsocks, in front of nginx.</summary>
public sealed class SocksPeerTests(Peers peers)
{
    private readonly NginxPeer _nginx = peers.Nginx;

    [Theory]
    [InlineData("socks4", "127.0.0.1")]
    [InlineData("socks5", "127.0.0.1")]
    [InlineData("socks5", "localhost")]
    public async Task Dante_connects(string scheme, string host)
    {
        using HttpClient client = PlatformClient.Create(proxy: $"{scheme}://127.0.0.1:{peers.Dante.Port}");

        Assert.Equal(WebRoot.Small, await client.GetStringAsync($"http://{host}:{_nginx.Port}/small.txt"));
        peers.Dante.WaitForLog($".{_nginx.Port}");
    }

    [Theory]
    [InlineData("socks4")]
    [InlineData("socks5")]
    public async Task Dante_refuses_one_port(string scheme)
    {
        using HttpClient client = PlatformClient.Create(proxy: $"{scheme}://127.0.0.1:{peers.Dante.Port}");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{DantePeer.RefusedPort}/"));
    }

    [Fact]
    public async Task Microsocks_lets_its_user_through()
    {
        using HttpClient client = PlatformClient.Create(proxy: $"socks5://127.0.0.1:{peers.Microsocks.Port}", user: ProxyUser.Known);

        Assert.Equal(WebRoot.Small, await client.GetStringAsync($"{_nginx.Url}/small.txt"));
    }

    [Fact]
    public async Task Microsocks_refuses_strangers()
    {
        string proxy = $"socks5://127.0.0.1:{peers.Microsocks.Port}";
        using HttpClient nobody = PlatformClient.Create(proxy: proxy);
        using HttpClient stranger = PlatformClient.Create(proxy: proxy, user: new ProxyUser("mallory", "wrong"));

        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetAsync(_nginx.Url));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(_nginx.Url));
    }
}
