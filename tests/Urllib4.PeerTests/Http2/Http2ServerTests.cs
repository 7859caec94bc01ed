using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Http2;

/// <summary>HTTP/2 with every server that the distribution has.</summary>
public sealed class Http2ServerTests(Peers peers) : ClientTests
{
    private const int EightMegabytes = 8 << 20;

    private static readonly byte[] _body = MakeBody();

    /// <summary>The servers.</summary>
    public enum Server
    {
        /// <summary>nginx, with few streams and short lives.</summary>
        Nginx,

        /// <summary>haproxy in front of nginx.</summary>
        Haproxy,

        /// <summary>Apache with mod_http2.</summary>
        Apache,

        /// <summary>nghttpd.</summary>
        Nghttpd,

        /// <summary>nghttpx in front of nginx.</summary>
        Nghttpx,

        /// <summary>caddy.</summary>
        Caddy,

        /// <summary>h2o.</summary>
        H2o,

        /// <summary>Node.</summary>
        Node,
    }

    public static MatrixTheoryData<Mode, Server> All { get; } = new(Enum.GetValues<Mode>(), Enum.GetValues<Server>());

    public static MatrixTheoryData<Mode, string> Tunnels { get; } = new(Enum.GetValues<Mode>(), ["CONNECT", "CONNECT over TLS", "SOCKS"]);

    [Theory, MemberData(nameof(All))]
    public async Task A_file_comes_whole_and_a_connection_is_used_again(Mode mode, Server server)
    {
        using PoolManager http = Manager();
        for (int i = 0; i < 5; i++)
        {
            UrllibResponse small = await Send(mode, http, "GET", Url(server) + "/small.txt");
            Assert.Equal((200, HttpVersion.Version20, WebRoot.Small), (small.Status, small.Version, small.Text()));
            Assert.Equal(i, small.Connection!.RequestsServed);
        }

        UrllibResponse large = await Send(mode, http, "GET", Url(server) + "/ten-megabytes.bin");
        Assert.True(large.Data.AsSpan().SequenceEqual(WebRoot.TenMegabytes.Span));
        Assert.Equal(5, large.Connection!.RequestsServed);
        AssertAtRest(http);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_body_goes_whole_whether_its_length_is_known_or_not(Mode mode, Server server)
    {
        using PoolManager http = Manager();
        RequestBody[] bodies = [_body, RequestBody.FromStream(new MemoryStream(_body)), RequestBody.FromChunks([_body])];
        foreach (RequestBody body in bodies)
        {
            UrllibResponse response = await Send(
                mode, http, "POST", Url(server) + "/upload", new() { Body = body, Headers = new() { { "X-Hash", "please" } } });
            Assert.Equal((200, HttpVersion.Version20), (response.Status, response.Version));
            AssertArrived(response);
        }

        AssertAtRest(http);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Many_callers_of_both_kinds_get_what_they_asked_for(Mode mode, Server server)
    {
        using PoolManager http = Manager();
        string url = Url(server);
        var done = new ConcurrentBag<bool>();
        Task[] callers = [.. Enumerable.Range(0, 60).Select(async n =>
        {
            Mode own = n % 4 == 0 ? (Mode)(1 - (int)mode) : mode;
            for (int i = 0; i < 5; i++)
            {
                UrllibResponse response = await Send(own, http, "GET", url + (n % 10 == 0 && i == 2 ? "/ten-megabytes.bin" : "/small.txt"));
                Assert.Equal(200, response.Status);
                done.Add(n % 10 == 0 && i == 2
                    ? response.Data.AsSpan().SequenceEqual(WebRoot.TenMegabytes.Span)
                    : response.Text() == WebRoot.Small);
            }
        })];
        await Task.WhenAll(callers);
        Assert.Equal(300, done.Count(static d => d));
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_hundred_megabytes_go_and_come_back(Mode mode)
    {
        using PoolManager http = Manager();
        byte[] body = new byte[100_000_000];
        new Random(100).NextBytes(body);
        UrllibResponse response = await Send(mode, http, "POST", peers.Nghttpd.Url + "/upload", new()
        {
            Body = RequestBody.FromStream(new MemoryStream(body)),
        });
        Assert.True(response.Data.AsSpan().SequenceEqual(body));
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_come_behind_the_body(Mode mode)
    {
        using PoolManager http = Manager();
        foreach (string url in new[] { peers.Nghttpd.Url + "/small.txt", peers.Node.Url + "/trailers" })
        {
            UrllibResponse response = await Send(mode, http, "GET", url);
            Assert.NotEmpty(response.Data);
            Assert.Equal("behind it all", response.Trailers!["X-Trailer"]);
        }
    }

    [Fact]
    public async Task A_thousand_streams_share_one_connection()
    {
        using PoolManager http = Manager();
        string url = peers.Nghttpd.Url + "/small.txt";
        await http.RequestAsync("GET", url); // now the limit of the server is known
        UrllibResponse[] responses = await Task.WhenAll(
            Enumerable.Range(0, NghttpdPeer.Streams).Select(_ => http.RequestAsync("GET", url)));
        Assert.All(responses, static r => Assert.Equal(WebRoot.Small, r.Text()));
        Assert.Single(responses.Select(static r => r.Connection!.Id).Distinct());
        AssertAtRest(http);
    }

    [Theory, MemberData(nameof(Tunnels))]
    public async Task Through_a_tunnel_it_is_HTTP_2_inside(Mode mode, string by)
    {
        ProxyOptions proxy = by switch
        {
            "CONNECT" => $"http://127.0.0.1:{peers.Squid.Port}",
            "CONNECT over TLS" => new ProxyOptions($"https://localhost:{peers.Squid.TlsPort}") { Tls = TrustIn(peers) },
            _ => $"socks5h://127.0.0.1:{peers.Dante.Port}",
        };
        using PoolManager http = Manager(PoolOptions.Default with { Proxy = proxy });
        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, http, "GET", peers.Nghttpd.Url + "/small.txt");
            Assert.Equal((HttpVersion.Version20, WebRoot.Small), (response.Version, response.Text()));
            Assert.Equal(i, response.Connection!.RequestsServed);
        }
    }

    private static byte[] MakeBody()
    {
        byte[] body = new byte[EightMegabytes + 1];
        new Random(8).NextBytes(body);
        return body;
    }

    private static void AssertArrived(UrllibResponse response)
    {
        if (response.Headers["X-Body-Sha256"] is { } hash)
            Assert.Equal((Convert.ToHexString(SHA256.HashData(_body)), $"{_body.Length}"), (hash, response.Text()));
        else
            Assert.True(response.Data.AsSpan().SequenceEqual(_body));
    }

    private static void AssertAtRest(PoolManager http) => Assert.All(
        http.Pools.Select(static p => p.Value.Snapshot()), static p => Assert.Equal((0, 0), (p.Busy.Count, p.Waiting)));

    private string Url(Server server) => server switch
    {
        Server.Nginx => peers.Nginx.Http2Url,
        Server.Haproxy => peers.Haproxy.Http2Url,
        Server.Apache => peers.ApacheHttp2.Url,
        Server.Nghttpd => peers.Nghttpd.Url,
        Server.Nghttpx => peers.Nghttpx.Url,
        Server.Caddy => peers.Caddy.Url,
        Server.H2o => peers.H2o.Url,
        _ => peers.Node.Url,
    };

    private PoolManager Manager(PoolOptions? options = null) => new((options ?? PoolOptions.Default) with
    {
        HttpVersions = HttpVersions.Http11 | HttpVersions.Http2,
        Tls = TrustIn(peers),
    });
}
