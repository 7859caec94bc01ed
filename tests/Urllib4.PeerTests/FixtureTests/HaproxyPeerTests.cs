using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class HaproxyPeerTests(Peers peers)
{
    private readonly HaproxyPeer _haproxy = peers.Haproxy;

    [Fact]
    public void Connections_are_kept()
    {
        using var connection = new RawConnection(_haproxy.KeepAlivePort);

        Assert.Contains(WebRoot.Small, connection.Get("/small.txt?kept=1"));
        Assert.Contains("x-proxied-by: haproxy", connection.Get("/small.txt?kept=2"));
        Assert.Equal(ConnectionBehind("/small.txt?kept=1"), ConnectionBehind("/small.txt?kept=2"));
        _haproxy.WaitForLog("keep_alive origin/nginx");
    }

    [Fact]
    public void Connections_are_kept_though_those_behind_are_not()
    {
        using var connection = new RawConnection(_haproxy.ServerClosePort);

        Assert.Contains(WebRoot.Small, connection.Get("/small.txt?half-kept=1"));
        Assert.Contains(WebRoot.Small, connection.Get("/small.txt?half-kept=2"));
        Assert.NotEqual(ConnectionBehind("/small.txt?half-kept=1"), ConnectionBehind("/small.txt?half-kept=2"));
    }

    [Fact]
    public void Connections_are_closed()
    {
        using var connection = new RawConnection(_haproxy.ClosePort);

        Assert.Contains("connection: close", connection.Get("/small.txt"));
        Assert.True(connection.IsClosedByServer());
    }

    [Fact]
    public async Task A_client_certificate_is_wanted_and_seen()
    {
        string url = $"https://localhost:{_haproxy.ClientCertificatePort}/small.txt";
        using IssuedCertificate own = peers.Authority.Issue(new Leaf { CommonName = "alice", Usages = [Leaf.ClientUsage] });
        using HttpClient nobody = PlatformClient.Create(peers.Authority.Root);
        using HttpClient alice = PlatformClient.Create(peers.Authority.Root, own: own.Certificate);
        using HttpResponseMessage response = await alice.GetAsync(url);

        Assert.Equal(["alice"], response.Headers.GetValues("X-Client-Certificate"));
        await Assert.ThrowsAsync<HttpRequestException>(() => nobody.GetAsync(url));
    }

    /// <summary>The number that nginx gave to the connection on which a request came.</summary>
    private string ConnectionBehind(string target) => peers.Nginx.WaitForLog($"GET {target} ").Split(' ')[0];
}
