using System.Net;
using Urllib4.PeerTests.Servers;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class Http2PeerTests(Peers peers)
{
    private readonly HttpClient _client = PlatformClient.Create(peers.Authority.Root);

    [Theory]
    [InlineData("nginx")]
    [InlineData("haproxy")]
    [InlineData("apache")]
    [InlineData("nghttpd")]
    [InlineData("nghttpx")]
    [InlineData("caddy")]
    [InlineData("h2o")]
    [InlineData("node")]
    public async Task Each_speaks_HTTP_2_and_has_the_file(string name)
    {
        string url = name switch
        {
            "nginx" => peers.Nginx.Http2Url,
            "haproxy" => peers.Haproxy.Http2Url,
            "apache" => peers.ApacheHttp2.Url,
            "nghttpd" => peers.Nghttpd.Url,
            "nghttpx" => peers.Nghttpx.Url,
            "caddy" => peers.Caddy.Url,
            "h2o" => peers.H2o.Url,
            _ => peers.Node.Url,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, url + "/small.txt")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal(WebRoot.Small, await response.Content.ReadAsStringAsync());
    }
}
