using System.Text;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>What is understood of the responses of httpbin.</summary>
public sealed class HttpBinResponseTests(Peers peers) : ClientTests, IDisposable
{
    private readonly string _url = peers.HttpBin.Url;
    private readonly PoolManager _http = new();

    [Theory]
    [InlineData(Mode.Blocking, "gzip", "gzipped")]
    [InlineData(Mode.Asynchronous, "gzip", "gzipped")]
    [InlineData(Mode.Blocking, "deflate", "deflated")]
    [InlineData(Mode.Asynchronous, "deflate", "deflated")]
    [InlineData(Mode.Blocking, "brotli", "brotli")]
    [InlineData(Mode.Asynchronous, "brotli", "brotli")]
    public async Task Codings_are_undone(Mode mode, string target, string member)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/{target}");

        Assert.True(Json(response).GetProperty(member).GetBoolean());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_coding_is_left_alone_on_demand(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/gzip", new() { DecodeContent = false });

        Assert.Equal([0x1f, 0x8b], response.Data[..2]);
        Assert.Equal(response.Headers["Content-Length"], response.Data.Length.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Chunks_come_as_they_are_sent(Mode mode)
    {
        using UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/stream/20", new() { PreloadContent = false });

        string[] lines = Encoding.UTF8.GetString(await ReadAll(mode, response)).TrimEnd('\n').Split('\n');

        Assert.Equal("chunked", response.Headers["Transfer-Encoding"]);
        Assert.Equal(20, lines.Length);
        Assert.Contains("\"id\": 19", lines[^1]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Binary_bodies_have_their_length(Mode mode)
    {
        UrllibResponse whole = await Send(mode, _http, "GET", $"{_url}/bytes/10000");
        UrllibResponse chunked = await Send(mode, _http, "GET", $"{_url}/stream-bytes/10000?chunk_size=77");

        Assert.Equal([10_000, 10_000], [whole.Data.Length, chunked.Data.Length]);
        Assert.Equal("chunked", chunked.Headers["Transfer-Encoding"]);
        Assert.Equal(1, _http.ConnectionFromUrl(_url).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_slow_body_comes_drop_by_drop(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/drip?numbytes=5&duration=0.2");

        Assert.Equal("*****", response.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_is_answered_with_206_and_its_place(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/range/1024", new()
        {
            Headers = new() { { "Range", "bytes=10-19" }, { "If-Range", "range1024" } },
        });

        Assert.Equal(206, response.Status);
        Assert.Equal("bytes 10-19/1024", response.Headers["Content-Range"]);
        Assert.Equal("klmnopqrst", response.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_part_that_does_not_exist_is_answered_with_416(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/range/1024", new()
        {
            Headers = new() { { "Range", "bytes=2000-" } },
        });

        Assert.Equal(416, response.Status);
        Assert.Equal("bytes */1024", response.Headers["Content-Range"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Text_is_read_in_its_encoding(Mode mode)
    {
        UrllibResponse page = await Send(mode, _http, "GET", $"{_url}/encoding/utf8");
        UrllibResponse text = await Send(mode, _http, "GET", $"{_url}/base64/4oiuIEXii4VkYSA9IFE=");

        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Equal(Encoding.UTF8.GetString(page.Data), page.Text());
        Assert.Equal("∮ E⋅da = Q", text.Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Repeated_headers_stay_apart(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/response-headers?X-Own=1&X-Own=b%20c&Set-Cookie=d=e");

        Assert.Equal(["1", "b c"], response.Headers.GetAll("x-own"));
        Assert.Equal("1, b c", response.Headers["X-OWN"]);
        Assert.Equal(["d=e"], response.Headers.GetAll("Set-Cookie"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Not_modified_is_a_response_like_others(Mode mode)
    {
        UrllibResponse fresh = await Send(mode, _http, "GET", $"{_url}/cache");
        UrllibResponse cached = await Send(mode, _http, "GET", $"{_url}/cache", new()
        {
            Headers = new() { { "If-None-Match", fresh.Headers["ETag"]! } },
        });

        Assert.Equal([200, 304], [fresh.Status, cached.Status]);
        Assert.Empty(cached.Data);
        Assert.Equal(1, _http.ConnectionFromUrl(_url).NumConnections);
    }

    [Theory]
    [InlineData(Mode.Blocking, "If-None-Match", "\"here\"", 304)]
    [InlineData(Mode.Asynchronous, "If-None-Match", "\"here\"", 304)]
    [InlineData(Mode.Blocking, "If-None-Match", "\"there\"", 200)]
    [InlineData(Mode.Asynchronous, "If-Match", "\"here\"", 200)]
    [InlineData(Mode.Blocking, "If-Match", "\"there\"", 412)]
    [InlineData(Mode.Asynchronous, "If-Match", "\"there\"", 412)]
    public async Task Conditions_are_the_servers_to_judge(Mode mode, string condition, string etag, int status)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/etag/here", new() { Headers = new() { { condition, etag } } });

        Assert.Equal(status, response.Status);
    }

    public void Dispose() => _http.Dispose();
}
