using Urllib4.PeerTests.Servers;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class HttpBinPeerTests(Peers peers)
{
    private readonly HttpBinPeer _httpBin = peers.HttpBin;

    [Fact]
    public void Two_requests_go_over_one_connection()
    {
        using var connection = new RawConnection(_httpBin.Port);

        Assert.Contains("/get?n=1", connection.Get("/get?n=1"));
        Assert.Contains("/get?n=2", connection.Get("/get?n=2"));
        _httpBin.WaitForLog("GET /get?n=2");
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "deflate")]
    [InlineData("brotli", "br")]
    public async Task Bodies_come_in_every_coding(string resource, string coding)
    {
        using HttpClient client = PlatformClient.Create();
        using HttpResponseMessage response = await client.GetAsync($"{_httpBin.Url}/{resource}");

        Assert.Equal([coding], response.Content.Headers.ContentEncoding);
    }
}
