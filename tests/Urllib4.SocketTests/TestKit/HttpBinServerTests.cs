using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

public sealed class HttpBinServerTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private HttpBinServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HttpBinServer.StartAsync();
        _client.BaseAddress = new Uri(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "<!DOCTYPE html><title>httpbin</title>\n")]
    [InlineData("/robots.txt", "User-agent: *\nDisallow: /deny\n")]
    [InlineData("/base64/SGVsbG8", "Hello")]
    [InlineData("/range/30", "abcdefghijklmnopqrstuvwxyzabcd")]
    [InlineData("/drip?duration=0&numbytes=5", "*****")]
    [InlineData("/deny", "You should not be here.\n")]
    public async Task A_resource_has_its_text(string path, string text) => Assert.Equal(text, await _client.GetStringAsync(path));

    [Theory]
    [InlineData("/status/204", 204, null)]
    [InlineData("/status/503?retry-after=7", 503, "7")]
    [InlineData("/status/418", 418, null)]
    [InlineData("/status/302", 302, "/redirect/1")]
    [InlineData("/redirect/2", 302, "/relative-redirect/1")]
    [InlineData("/relative-redirect/1", 302, "/get")]
    [InlineData("/redirect-to?url=%2Fip&status_code=307", 307, "/ip")]
    [InlineData("/basic-auth/u/p", 401, "Basic realm=\"Fake Realm\"")]
    [InlineData("/bearer", 401, "Bearer")]
    [InlineData("/post", 405, null)]
    [InlineData("/nowhere", 404, null)]
    [InlineData("/bytes/x", 400, null)]
    public async Task A_resource_has_its_status_and_its_telling_header(string path, int status, string? header)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        HttpResponseHeaders headers = response.Headers;
        string? told = headers.Location?.OriginalString
            ?? headers.RetryAfter?.ToString()
            ?? headers.WwwAuthenticate.SingleOrDefault()?.ToString();
        Assert.Equal(header, told);
    }

    [Fact]
    public async Task An_absolute_redirect_names_the_server() =>
        Assert.Equal($"{_server.Url}/absolute-redirect/1", (await _client.GetAsync("/absolute-redirect/2"))
            .Headers.Location!.OriginalString);

    [Fact]
    public async Task Anything_describes_the_request()
    {
        using var body = new StringContent("{\"x\": 1}", Encoding.UTF8, "application/json");
        JsonNode answer = await Json(await _client.PutAsync("/anything/a/b?q=1&q=2&r=3", body));

        Assert.Equal("PUT", answer["method"]!.GetValue<string>());
        Assert.Equal($"{_server.Url}/anything/a/b?q=1&q=2&r=3", answer["url"]!.GetValue<string>());
        Assert.Equal("""{"q":["1","2"],"r":"3"}""", answer["args"]!.ToJsonString());
        Assert.Equal("""{"x":1}""", answer["json"]!.ToJsonString());
        Assert.Equal("application/json; charset=utf-8", answer["headers"]!["Content-Type"]!.GetValue<string>());
        Assert.Equal("127.0.0.1", answer["origin"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_posted_form_comes_back_in_its_parts()
    {
        using var form = new MultipartFormDataContent { { new StringContent("1"), "a" }, { new StringContent("text"), "f", "f.txt" } };
        JsonNode multipart = await Json(await _client.PostAsync("/post", form));
        using var encoded = new FormUrlEncodedContent([new("a", "1"), new("a", "2")]);
        JsonNode urlEncoded = await Json(await _client.PostAsync("/post", encoded));

        Assert.Equal("""{"a":"1"}{"f":"text"}""", multipart["form"]!.ToJsonString() + multipart["files"]!.ToJsonString());
        Assert.Equal("""{"a":["1","2"]}""", urlEncoded["form"]!.ToJsonString());
    }

    [Fact]
    public async Task The_echo_proves_which_request_it_answers()
    {
        byte[] body = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)i)];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Request-Id", "r-1");

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(["r-1", "100000", Checksum.Crc32(body).ToString("x8")],
            ((string[])["X-Request-Id", "X-Body-Length", "X-Body-Crc32"]).Select(n => response.Headers.GetValues(n).Single()));
        Assert.Equal(100_000, _server.Requests[0].BodyLength);
    }

    [Fact]
    public void The_checksum_is_that_of_the_standard() => Assert.Equal(0xCBF43926, Checksum.Crc32("123456789"u8));

    [Fact]
    public async Task Bytes_are_the_same_for_the_same_seed_with_length_or_in_chunks()
    {
        byte[] whole = await _client.GetByteArrayAsync("/bytes/1000?seed=3");
        using HttpResponseMessage chunked = await _client.GetAsync("/stream-bytes/1000?seed=3&chunk_size=300");

        Assert.Equal(1000, whole.Length);
        Assert.Equal(whole, await chunked.Content.ReadAsByteArrayAsync());
        Assert.True(chunked.Headers.TransferEncodingChunked);
        Assert.NotEqual(whole, await _client.GetByteArrayAsync("/bytes/1000?seed=4"));
    }

    [Fact]
    public async Task A_stream_has_so_many_lines() =>
        Assert.Equal(["0", "1", "2"], (await _client.GetStringAsync("/stream/3")).Trim().Split('\n')
            .Select(static l => JsonNode.Parse(l)!["id"]!.ToString()));

    [Theory]
    [InlineData("/gzip", "gzip", "gzipped")]
    [InlineData("/deflate", "deflate", "deflated")]
    [InlineData("/deflate?raw=1", "deflate", "deflated")]
    [InlineData("/brotli", "br", "brotli")]
    public async Task A_coded_body_decodes(string path, string coding, string word)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);
        Assert.Equal(coding, response.Content.Headers.ContentEncoding.Single());
        await using Stream body = await response.Content.ReadAsStreamAsync();
        await using Stream decoded = path switch
        {
            "/gzip" => new GZipStream(body, CompressionMode.Decompress),
            "/deflate" => new ZLibStream(body, CompressionMode.Decompress),
            "/brotli" => new BrotliStream(body, CompressionMode.Decompress),
            _ => new DeflateStream(body, CompressionMode.Decompress),
        };

        Assert.True((await JsonNode.ParseAsync(decoded))![word]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("bytes=2-4", null, 206, "cde", "bytes 2-4/10")]
    [InlineData("bytes=-3", null, 206, "hij", "bytes 7-9/10")]
    [InlineData("bytes=8-", "\"range10\"", 206, "ij", "bytes 8-9/10")]
    [InlineData("bytes=8-", "\"other\"", 200, "abcdefghij", null)]
    [InlineData("bytes=10-", null, 416, "", "bytes */10")]
    public async Task A_range_is_served(string range, string? condition, int status, string text, string? contentRange)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/range/10");
        request.Headers.Add("Range", range);
        if (condition is not null)
            request.Headers.Add("If-Range", condition);

        using HttpResponseMessage response = await _client.SendAsync(request);

        Assert.Equal((status, text), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
    }

    [Theory]
    [InlineData("/etag/x", "If-None-Match", "\"x\"", 304)]
    [InlineData("/etag/x", "If-None-Match", "\"y\"", 200)]
    [InlineData("/etag/x", "If-Match", "\"y\"", 412)]
    [InlineData("/cache", "If-None-Match", "\"any\"", 304)]
    [InlineData("/basic-auth/u/p", "Authorization", "Basic dTpw", 200)]
    [InlineData("/bearer", "Authorization", "Bearer abc", 200)]
    [InlineData("/headers", "X-Any", "1", 200)]
    public async Task A_header_decides_the_status(string path, string name, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Cookies_are_set_and_shown()
    {
        using HttpResponseMessage set = await _client.GetAsync("/cookies/set?a=1");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/cookies");
        request.Headers.Add("Cookie", "a=1");

        Assert.Equal("a=1; Path=/", set.Headers.GetValues("Set-Cookie").Single());
        Assert.Equal("""{"a":"1"}""", (await Json(await _client.SendAsync(request)))["cookies"]!.ToJsonString());
    }

    [Fact]
    public async Task A_flaky_resource_works_after_its_failures_for_each_id_anew()
    {
        var statuses = new List<int>();
        foreach (string id in (string[])["x", "x", "x", "y"])
            statuses.Add((int)(await _client.GetAsync($"/flaky/2?id={id}&status=500")).StatusCode);

        Assert.Equal([500, 500, 200, 500], statuses);
    }

    [Fact]
    public async Task Requests_and_connections_are_counted_and_logged()
    {
        await _client.GetAsync("/get?x=%2F");
        await _client.GetAsync("/close");
        await _client.GetAsync("/ip");

        Assert.Equal(["/get?x=%2F", "/close", "/ip"], _server.Requests.Select(static r => r.Target));
        Assert.Equal(_server.Requests[0].ConnectionId, _server.Requests[1].ConnectionId);
        Assert.NotEqual(_server.Requests[1].ConnectionId, _server.Requests[2].ConnectionId);
        Assert.Equal(2, _server.Connections);
        _server.WaitForOpenConnections(1);
    }

    [Fact]
    public async Task A_held_request_is_answered_when_the_test_lets_it_go()
    {
        Task<HttpResponseMessage> held = _client.GetAsync("/hold?id=a");
        _server.WaitUntilHeld(1);
        Assert.False(held.IsCompleted);

        _server.Release("a");

        Assert.Equal(HttpStatusCode.OK, (await held).StatusCode);
        Assert.Equal(0, _server.Held);
    }

    [Fact]
    public async Task Trailers_come_after_the_body()
    {
        using HttpResponseMessage response = await _client.GetAsync("/trailers");

        string sum = Checksum.Crc32(await response.Content.ReadAsByteArrayAsync()).ToString("x8");
        Assert.Equal(sum, response.TrailingHeaders.GetValues("X-Checksum").Single());
    }

    [Fact]
    public void An_upgraded_connection_echoes_bytes()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(IPAddress.Loopback, _server.Port);
        using var stream = new NetworkStream(socket);
        stream.Write("GET /upgrade-echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"u8);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.Equal("HTTP/1.1 101 Switching Protocols", reader.ReadLine());
        while (reader.ReadLine() is { Length: > 0 })
            continue;

        stream.Write("hello\n"u8);

        Assert.Equal("hello", reader.ReadLine());
    }

    [Fact]
    public async Task The_server_header_is_what_was_asked_for()
    {
        Assert.Equal("httpbin", (await _client.GetAsync("/get")).Headers.Server.ToString());
        await using HttpBinServer silent = HttpBinServer.Start(new HttpBinOptions { ServerHeader = null });
        Assert.Empty((await _client.GetAsync(silent.Url + "/get")).Headers.Server);
        Assert.Throws<InvalidOperationException>(() => silent.TlsPort);
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_tls_and_tells_what_was_settled()
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate mine = authority.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        await using var server = await HttpBinServer.StartAsync(
            new HttpBinOptions { Certificate = authority.Issue("localhost"), AskForClientCertificate = true });
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true };
        handler.ClientCertificates.Add(mine.Certificate);
        using var client = new HttpClient(handler);

        JsonNode connection = await Json(await client.GetAsync(server.SecureUrl + "/connection"));

        Assert.Equal(["localhost", "CN=me", "Tls13"], ((string[])["host", "client", "tls"]).Select(n => connection[n]!.ToString()));
    }

    private static async Task<JsonNode> Json(HttpResponseMessage response)
    {
        using (response)
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
