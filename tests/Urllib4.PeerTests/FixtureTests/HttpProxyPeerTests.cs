using System.Net;
using System.Security.Cryptography.X509Certificates;
using Urllib4.PeerTests.Servers;

namespace Urllib4.PeerTests.FixtureTests;

/// <summary>squid, tinyproxy and mitmdump, in front of nginx.</summary>
public sealed class HttpProxyPeerTests(Peers peers)
{
    private static readonly ProxyUser Stranger = new("mallory", "wrong");

    private readonly NginxPeer _nginx = peers.Nginx;

    [Fact]
    public async Task Squid_forwards_and_tunnels()
    {
        await ForwardsAndTunnels($"http://127.0.0.1:{peers.Squid.Port}", null);

        peers.Squid.WaitForLog($"GET {_nginx.Url}/small.txt");
        peers.Squid.WaitForLog($"CONNECT localhost:{_nginx.TlsPort}");
    }

    [Fact]
    public Task Squid_speaks_tls_with_its_clients() => ForwardsAndTunnels($"https://localhost:{peers.Squid.TlsPort}", null);

    [Fact]
    public async Task Squid_asks_for_users_by_basic()
    {
        string proxy = $"http://127.0.0.1:{peers.Squid.BasicPort}";

        Assert.Equal(["Basic"], await Challenges(proxy, null));
        Assert.Equal(["Basic"], await Challenges(proxy, Stranger));
        await ForwardsAndTunnels(proxy, ProxyUser.Known);
    }

    [Fact]
    public async Task Squid_asks_for_users_by_digest()
    {
        string proxy = $"http://127.0.0.1:{peers.Squid.DigestPort}";

        Assert.Equal(["Digest"], await Challenges(proxy, null));
        await ForwardsAndTunnels(proxy, ProxyUser.Known);
    }

    [Fact]
    public async Task Squid_refuses_tunnels_to_one_port()
    {
        using HttpClient client = PlatformClient.Create(proxy: $"http://127.0.0.1:{peers.Squid.Port}");
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"https://localhost:{SquidPeer.RefusedPort}/"));

        Assert.Contains("403", e.Message);
    }

    [Fact]
    public Task Tinyproxy_forwards_and_tunnels() => ForwardsAndTunnels($"http://127.0.0.1:{peers.Tinyproxy.Port}", null);

    [Fact]
    public async Task Tinyproxy_asks_for_users_by_basic()
    {
        string proxy = $"http://127.0.0.1:{peers.GuardedTinyproxy.Port}";

        Assert.Equal(["Basic"], await Challenges(proxy, null));
        await ForwardsAndTunnels(proxy, ProxyUser.Known);
        peers.GuardedTinyproxy.WaitForLog($"CONNECT localhost:{_nginx.TlsPort}");
    }

    [Fact]
    public async Task Mitmdump_looks_into_tunnels()
    {
        string proxy = $"http://127.0.0.1:{peers.Mitmdump.Port}";
        using HttpClient trusting = PlatformClient.Create(peers.Mitmdump.Root, proxy);
        using HttpClient wary = PlatformClient.Create(peers.Authority.Root, proxy);

        Assert.Equal(WebRoot.Small, await trusting.GetStringAsync($"{_nginx.TlsUrl}/small.txt"));
        await Assert.ThrowsAsync<HttpRequestException>(() => wary.GetStringAsync($"{_nginx.TlsUrl}/small.txt"));
        peers.Mitmdump.WaitForLog($"GET {_nginx.TlsUrl}/small.txt");
    }

    private async Task ForwardsAndTunnels(string proxy, ProxyUser? user)
    {
        using HttpClient client = PlatformClient.Create(peers.Authority.Root, proxy, user);

        Assert.Equal(WebRoot.Small, await client.GetStringAsync($"{_nginx.Url}/small.txt"));
        Assert.Equal(WebRoot.Small, await client.GetStringAsync($"{_nginx.TlsUrl}/small.txt"));
    }

    private async Task<IEnumerable<string>> Challenges(string proxy, ProxyUser? user)
    {
        using HttpClient client = PlatformClient.Create(proxy: proxy, user: user);
        using HttpResponseMessage response = await client.GetAsync($"{_nginx.Url}/small.txt");

        Assert.Equal(HttpStatusCode.ProxyAuthenticationRequired, response.StatusCode);
        return response.Headers.ProxyAuthenticate.Select(static c => c.Scheme);
    }
}
