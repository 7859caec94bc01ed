using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Bodies from nginx and to it, in every framing.</summary>
public sealed class NginxBodyTests(Peers peers) : ClientTests, IDisposable
{
    private readonly NginxPeer _nginx = peers.Nginx;
    private readonly PoolManager _http = new(PoolOptions.Default with { Tls = TrustIn(peers) });

    public static MatrixTheoryData<Mode, string, bool> Framings { get; } =
        new(Enum.GetValues<Mode>(), ["", "/chunked", "/until-close", "/gzip"], [false, true]);

    public static MatrixTheoryData<Mode, bool, bool> Uploads { get; } = new(Enum.GetValues<Mode>(), [false, true], [false, true]);

    [Theory, MemberData(nameof(Framings))]
    public async Task Ten_megabytes_come_whole(Mode mode, string folder, bool isSecure)
    {
        UrllibResponse response = await Send(mode, _http, "GET", Url(isSecure, $"{folder}/ten-megabytes.bin"), new()
        {
            DecodeLimits = DecodeLimits.None,
        });

        Assert.True(response.Data.AsSpan().SequenceEqual(WebRoot.TenMegabytes.Span));
    }

    [Theory, MemberData(nameof(Framings))]
    public async Task Ten_megabytes_come_in_parts(Mode mode, string folder, bool isSecure)
    {
        using UrllibResponse response = await Send(mode, _http, "GET", Url(isSecure, $"{folder}/ten-megabytes.bin"), new()
        {
            PreloadContent = false,
        });
        using var body = new MemoryStream();
        await Call(
            mode,
            () =>
            {
                foreach (ReadOnlyMemory<byte> part in response.Stream(50_000))
                    body.Write(part.Span);
            },
            async () =>
            {
                await foreach (ReadOnlyMemory<byte> part in response.StreamAsync(50_000))
                    body.Write(part.Span);
            });

        Assert.True(body.ToArray().AsSpan().SequenceEqual(WebRoot.TenMegabytes.Span));
        Assert.Empty(_http.ConnectionFromUrl(Url(isSecure, "/")).Snapshot().Busy);
    }

    [Theory]
    [InlineData(Mode.Blocking, "", 1)]
    [InlineData(Mode.Asynchronous, "", 1)]
    [InlineData(Mode.Blocking, "/chunked", 1)]
    [InlineData(Mode.Asynchronous, "/chunked", 1)]
    [InlineData(Mode.Blocking, "/gzip", 1)]
    [InlineData(Mode.Asynchronous, "/gzip", 1)]
    [InlineData(Mode.Blocking, "/gzip-static", 1)]
    [InlineData(Mode.Asynchronous, "/gzip-static", 1)]
    [InlineData(Mode.Blocking, "/until-close", 3)]
    [InlineData(Mode.Asynchronous, "/until-close", 3)]
    public async Task The_framing_decides_whether_the_connection_is_kept(Mode mode, string folder, int connections)
    {
        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, _http, "GET", $"{_nginx.Url}{folder}/small.txt");
            Assert.Equal(WebRoot.Small, response.Text());
            Assert.Equal(folder.Contains("gzip") ? "gzip" : null, response.Headers["Content-Encoding"]);
        }

        Assert.Equal(connections, _http.ConnectionFromUrl(_nginx.Url).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_left_half_read_gives_its_connection_up(Mode mode)
    {
        using (UrllibResponse response = await Send(mode, _http, "GET", $"{_nginx.Url}/one-gigabyte.bin", new() { PreloadContent = false }))
            Assert.True(await Call(mode, () => response.Read(new byte[100]), () => response.ReadAsync(new byte[100]).AsTask()) > 0);

        Assert.Equal(WebRoot.Small, (await Send(mode, _http, "GET", $"{_nginx.Url}/small.txt")).Text());
        Assert.Equal(2, _http.ConnectionFromUrl(_nginx.Url).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Large_headers_come_in_full(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_nginx.Url}/large-headers");

        Assert.Equal(204, response.Status);
        for (int i = 0; i < NginxPeer.LargeHeaders; i++)
            Assert.Equal(new string((char)('a' + i), NginxPeer.LargeHeaderLength), response.Headers[$"X-Large-{i}"]);
    }

    [Theory]
    [InlineData(Mode.Blocking, true, 206, 10)]
    [InlineData(Mode.Asynchronous, true, 206, 10)]
    [InlineData(Mode.Blocking, false, 200, 150)]
    [InlineData(Mode.Asynchronous, false, 200, 150)]
    public async Task A_part_comes_only_of_what_is_still_the_same(Mode mode, bool isSame, int status, int length)
    {
        string url = $"{_nginx.Url}/small.txt";
        UrllibResponse head = await Send(mode, _http, "HEAD", url);

        UrllibResponse response = await Send(mode, _http, "GET", url, new()
        {
            Headers = new() { { "Range", "bytes=5-14" }, { "If-Range", isSame ? head.Headers["ETag"]! : "\"another\"" } },
        });

        Assert.Equal("150", head.Headers["Content-Length"]);
        Assert.Equal(status, response.Status);
        Assert.Equal(length, response.Data.Length);
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task Ten_megabytes_arrive(Mode mode, bool isChunked, bool isSecure)
    {
        var body = RequestBody.FromBytes(WebRoot.TenMegabytes);

        UrllibResponse response = await Send(mode, _http, "POST", Url(isSecure, "/upload"), new()
        {
            Body = isChunked ? body.WithoutLength() : body,
        });

        Assert.Equal("10485760", response.Text());
    }

    public void Dispose() => _http.Dispose();

    private string Url(bool isSecure, string target) => (isSecure ? _nginx.TlsUrl : _nginx.Url) + target;
}
