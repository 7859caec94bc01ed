using System.Net;
using System.Security.Cryptography.X509Certificates;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class NginxPeerTests(Peers peers) : IDisposable
{
    private readonly HttpClient _client = PlatformClient.Create();
    private readonly NginxPeer _nginx = peers.Nginx;

    [Theory]
    [InlineData("/small.txt", 150)]
    [InlineData("/ten-megabytes.bin", 10 << 20)]
    [InlineData("/one-gigabyte.bin", WebRoot.OneGigabyte)]
    public async Task Files_have_their_length(string target, long length)
    {
        using HttpResponseMessage response = await Get(target);

        Assert.Equal(length, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/ten-megabytes.bin")]
    [InlineData("/chunked/ten-megabytes.bin")]
    [InlineData("/until-close/ten-megabytes.bin")]
    public async Task Files_come_whole_in_every_framing(string target)
    {
        byte[] body = await _client.GetByteArrayAsync(_nginx.Url + target);

        Assert.True(body.AsSpan().SequenceEqual(WebRoot.TenMegabytes.Span));
    }

    [Theory]
    [InlineData("/chunked/small.txt", true, false)]
    [InlineData("/gzip/small.txt", true, false)]
    [InlineData("/gzip-static/small.txt", false, true)]
    [InlineData("/until-close/small.txt", false, false)]
    public async Task Each_framing_is_what_it_says(string target, bool isChunked, bool hasLength)
    {
        using HttpResponseMessage response = await Get(target, ("Accept-Encoding", "gzip"));

        Assert.Equal(isChunked, response.Headers.TransferEncodingChunked ?? false);
        Assert.Equal(hasLength, response.Content.Headers.ContentLength is not null);
        Assert.Equal(target.Contains("gzip"), response.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Equal(target.Contains("close"), response.Headers.ConnectionClose ?? false);
    }

    [Fact]
    public async Task Uploads_are_read_to_their_end()
    {
        using var body = new ReadOnlyMemoryContent(WebRoot.TenMegabytes);
        using HttpResponseMessage response = await _client.PostAsync($"{_nginx.Url}/upload", body);

        Assert.Equal("10485760", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_request_id_comes_back_and_is_in_the_log()
    {
        string id = Guid.NewGuid().ToString();
        using HttpResponseMessage response = await Get("/request-id", ("X-Request-Id", id));

        Assert.Equal(id, await response.Content.ReadAsStringAsync());
        Assert.EndsWith($" GET /request-id HTTP/1.1 200 {id}", _nginx.WaitForLog(id));
    }

    [Fact]
    public async Task Large_headers_come_in_full()
    {
        using HttpResponseMessage response = await Get("/large-headers");

        for (int i = 0; i < NginxPeer.LargeHeaders; i++)
            Assert.Equal(NginxPeer.LargeHeaderLength, response.Headers.GetValues($"X-Large-{i}").Single().Length);
    }

    [Fact]
    public void A_short_life_ends_after_its_last_request()
    {
        using var connection = new RawConnection(_nginx.ShortLivedPort);
        for (int i = 1; i < NginxPeer.ShortLife; i++)
            Assert.Contains("Connection: keep-alive", connection.Get("/small.txt"));

        Assert.Contains("Connection: close", connection.Get("/small.txt"));
        Assert.True(connection.IsClosedByServer());
    }

    [Fact]
    public async Task The_certificate_is_of_the_authority()
    {
        using HttpClient client = PlatformClient.Create(peers.Authority.Root);

        Assert.Equal(WebRoot.Small, await client.GetStringAsync($"{_nginx.TlsUrl}/small.txt"));
    }

    [Fact]
    public async Task A_client_certificate_is_wanted_and_seen()
    {
        string url = $"https://localhost:{_nginx.ClientCertificatePort}/client-certificate";
        using IssuedCertificate own = peers.Authority.Issue(new Leaf { CommonName = "alice", Usages = [Leaf.ClientUsage] });
        using HttpClient nobody = PlatformClient.Create(peers.Authority.Root);
        using HttpClient alice = PlatformClient.Create(peers.Authority.Root, own: own.Certificate);
        using HttpResponseMessage refusal = await nobody.GetAsync(url);

        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Equal("CN=alice", await alice.GetStringAsync(url));
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> Get(string target, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _nginx.Url + target);
        foreach ((string name, string value) in headers)
            request.Headers.Add(name, value);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
