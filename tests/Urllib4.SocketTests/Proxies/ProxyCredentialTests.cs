using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Whom the credentials of a proxy reach: it, and nobody else.</summary>
public sealed class ProxyCredentialTests : ProxyTests
{
    private const string Challenge =
        "HTTP/1.1 407 Proxy Authentication Required\r\n"
        + "Proxy-Authenticate: Digest realm=\"p\", qop=\"auth\", nonce=\"n1\", algorithm=SHA-256\r\n"
        + "Content-Length: 0\r\n\r\n";

    private const string BasicOfAlice = "Basic YWxpY2U6YQ==";

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_01_RD_04_the_header_of_a_caller_for_the_proxy_reaches_no_origin(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy tunnel = TunnelProxy.Start(origin.TlsPort), socks = TunnelProxy.Start(origin.Port);
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = TrustOrigins,
            Headers = new() { { "Proxy-Authorization", "Basic ZGVmYXVsdA==" } },
        });
        HttpHeaderDict own = new() { { "proxy-AUTHORIZATION", BasicOfAlice }, { "Proxy-Authorization", "Basic dHdpY2U=" } };
        string there = "/redirect-to?url=" + Uri.EscapeDataString($"{origin.SecureUrl}/headers");

        (string Url, ProxyOptions? Proxy)[] ways =
        [
            (origin.Url + "/headers", null),
            (origin.SecureUrl + "/headers", null),
            ("https://a.origin.test/headers", tunnel.Url("http")),
            ("http://a.origin.test/headers", socks.Url("socks5h")),
            (origin.Url + there, null),
        ];
        foreach (var (url, proxy) in ways)
        {
            foreach (HttpHeaderDict? headers in new[] { own, null })
                Assert.Equal(200, (await Send(mode, manager, "GET", url, new() { Proxy = proxy, Headers = headers })).Status);
        }

        Assert.Equal(12, origin.Requests.Count);
        Assert.DoesNotContain(origin.Requests, static r => r.Headers.ContainsKey("Proxy-Authorization"));
        Assert.All(tunnel.Heads, static h => Assert.DoesNotContain("Authorization", h, StringComparison.OrdinalIgnoreCase));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task RD_04_no_redirect_takes_the_credentials_of_a_proxy_to_an_origin_or_to_another_proxy(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using MisbehavingServer other = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(Ok)));
        string[] ends = [origin.SecureUrl + "/headers", $"http://localhost:{origin.Port}/headers", "http://b.test/"];
        await using MisbehavingServer first = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(
            r => $"HTTP/1.1 302 Found\r\nLocation: {ends[r.Target[^1] - '0']}\r\nContent-Length: 0\r\n\r\n")));
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = TrustOrigins,
            ProxySelector = url => url.Host switch
            {
                "a.test" => [new($"http://alice:a@127.0.0.1:{first.Port}")],
                "b.test" => [new($"http://127.0.0.1:{other.Port}")],
                _ => [],
            },
        });

        for (int i = 0; i < ends.Length; i++)
            Assert.Equal(200, (await Send(mode, manager, "GET", $"http://a.test/{i}")).Status);

        Assert.All(first.Requests, static r => Assert.Equal(BasicOfAlice, r["Proxy-Authorization"]));
        Assert.Equal(2, origin.Requests.Count);
        Assert.DoesNotContain(origin.Requests, static r => r.Headers.ContainsKey("Proxy-Authorization"));
        Assert.Null(Assert.Single(other.Requests)["Proxy-Authorization"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_03_two_users_never_share_a_connection(Mode mode)
    {
        await using MisbehavingServer tunnels = TunnelToItself();
        await using var forwarder = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager(new PoolOptions { Tls = TrustOrigins });

        foreach (var (server, url) in new[] { (tunnels, "https://a.origin.test/"), (forwarder, "http://a.test/") })
        {
            foreach (string user in new[] { "alice:a@", "bob:b@", "", "alice:A@", "alice:a@", "bob:b@" })
                await Send(mode, manager, "GET", url, new() { Proxy = $"http://{user}127.0.0.1:{server.Port}" });
            Assert.Equal(4, server.Connections);
        }

        string?[] users = [BasicOfAlice, "Basic Ym9iOmI=", null, "Basic YWxpY2U6QQ=="];
        Assert.Equal(users, tunnels.Requests.Where(static r => r.Method == "CONNECT").Select(static r => r["Proxy-Authorization"]));
        Assert.All(tunnels.Requests.Where(static r => r.Method == "GET"), static r => Assert.Null(r["Proxy-Authorization"]));
        Assert.Equal([.. users, users[0], users[1]], forwarder.Requests.Select(static r => r["Proxy-Authorization"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_04_a_retry_through_another_proxy_begins_anew(Mode mode)
    {
        await using var first = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"));
        await using var second = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        int asked = 0;
        await using var manager = new PoolManager(new PoolOptions
        {
            ProxySelector = _ => Interlocked.Increment(ref asked) == 1
                ? [new($"http://alice:a@127.0.0.1:{first.Port}")]
                : [new($"http://127.0.0.1:{second.Port}")],
        });

        Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/")).Status);

        Assert.Equal(BasicOfAlice, first.Requests[0]["Proxy-Authorization"]);
        Assert.Null(second.Requests[0]["Proxy-Authorization"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_05_a_407_from_an_origin_is_returned_and_never_answered(Mode mode)
    {
        const string Trap = "HTTP/1.1 407 Yours Please\r\n"
            + "Proxy-Authenticate: Basic realm=\"o\", Digest realm=\"o\", nonce=\"x\", qop=\"auth\"\r\n"
            + "Content-Length: 0\r\n\r\n";
        await using MisbehavingServer tunnel = TunnelToItself(Trap), direct = MisbehavingServer.Start(
            _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Trap)));
        await using TunnelProxy socks = TunnelProxy.Start(direct.Port, user: ("alice", "a"));
        await using var manager = new PoolManager(new PoolOptions { Tls = TrustOrigins });
        var auth = HttpAuth.WhenAsked("carol", "c");

        (string Url, ProxyOptions? Proxy)[] ways =
        [
            ("https://a.origin.test/", $"http://alice:a@127.0.0.1:{tunnel.Port}"),
            ("http://a.test/", $"socks5h://alice:a@127.0.0.1:{socks.Port}"),
            (direct.Url, null),
        ];
        foreach (var (url, proxy) in ways)
            Assert.Equal(407, (await Send(mode, manager, "GET", url, new() { Proxy = proxy, Auth = auth })).Status);

        ReceivedRequest[] atOrigin = [.. tunnel.Requests.Concat(direct.Requests).Where(static r => r.Method == "GET")];
        Assert.Equal(3, atOrigin.Length);
        Assert.All(atOrigin, static r => Assert.DoesNotContain("Authorization", r.Head, StringComparison.OrdinalIgnoreCase));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_05_not_even_after_a_proxy_was_spoken_to_in_the_same_call(Mode mode)
    {
        // The origin would teach the proxy's memory a challenge of its own, and have the request twice.
        await using var origin = MisbehavingServer.Start(
            _ => new Dialogue().StartTls(OriginCertificate).Loop(static d => d.ExpectRequest().Send(
            "HTTP/1.1 407 Mine\r\nProxy-Authenticate: Digest realm=\"o\", nonce=\"x\", qop=\"auth\"\r\nContent-Length: 0\r\n\r\n")));
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(
            $"HTTP/1.1 302 Found\r\nLocation: {origin.SecureUrl}/\r\nContent-Length: 0\r\n\r\n")));
        await using PoolManager manager = Through(new($"http://alice:a@127.0.0.1:{proxy.Port}") { NoProxy = ["localhost"] });

        for (int i = 0; i < 2; i++)
            Assert.Equal(407, (await Send(mode, manager, "GET", "http://a.test/")).Status);

        Assert.Equal(2, origin.Requests.Count);
        Assert.All(proxy.Requests, static r => Assert.Equal(BasicOfAlice, r["Proxy-Authorization"]));
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task A_challenge_is_answered_once_and_known_from_then_on(Mode mode, bool closes)
    {
        string challenge = closes
            ? Challenge.Replace("Content-Length", "Connection: close\r\nContent-Length", StringComparison.Ordinal)
            : Challenge;
        await using var proxy = MisbehavingServer.Start(n => n switch
        {
            0 when closes => new Dialogue().ExpectRequest().Send(challenge).ExpectEof(),
            0 => new Dialogue().ExpectRequest().Send(challenge).ExpectRequest().Send(Established)
                .StartTls(OriginCertificate).Loop(d => d.ExpectRequest().Send(Ok)),
            _ => new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).Loop(d => d.ExpectRequest().Send(Ok)),
        });
        await using PoolManager manager = Through($"http://alice:a@127.0.0.1:{proxy.Port}");

        foreach (string host in new[] { "a", "b", "a" })
            Assert.Equal("ok", (await Send(mode, manager, "GET", $"https://{host}.origin.test/")).Text());

        ReceivedRequest[] asked = [.. proxy.Requests.Where(static r => r.Method == "CONNECT")];
        Assert.Equal(3, asked.Length);
        Assert.Equal(BasicOfAlice, asked[0]["Proxy-Authorization"]);
        foreach (var (request, host, count) in new[] { (asked[1], "a", "00000001"), (asked[2], "b", "00000002") })
        {
            Assert.Contains($"uri=\"{host}.origin.test:443\"", request["Proxy-Authorization"], StringComparison.Ordinal);
            Assert.Contains($"nc={count}", request["Proxy-Authorization"], StringComparison.Ordinal);
        }

        Assert.All(proxy.Requests.Where(static r => r.Method == "GET"), static r => Assert.Null(r["Proxy-Authorization"]));
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_closes_after_its_challenge_without_a_word_is_answered_on_another_connection(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Challenge).Eof().ExpectRequest(),
            new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().Send(Ok));
        await using var closing = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Send(Challenge).Eof().ExpectRequest());
        await using PoolManager manager = Through($"http://alice:a@127.0.0.1:{proxy.Port}", Retry.None);

        Assert.Equal("ok", (await Send(mode, manager, "GET", "https://a.origin.test/")).Text());
        ProxyOptions other = $"http://alice:a@127.0.0.1:{closing.Port}";
        await Assert.ThrowsAnyAsync<ProxyException>(() => Send(mode, manager, "GET", "https://a.origin.test/", new() { Proxy = other }));

        ReceivedRequest second = proxy.Requests.First(static r => r.Connection == 1);
        Assert.Contains("nc=00000002", second["Proxy-Authorization"], StringComparison.Ordinal);
        Assert.Equal(2, closing.Connections);
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_06_a_proxy_that_goes_on_asking_is_refused_after_one_answer(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Challenge)));
        await using PoolManager manager = Through($"http://alice:a@127.0.0.1:{proxy.Port}");

        Assert.Equal(407, (await Fails<TunnelRefusedException>(Send(mode, manager, "GET", "https://a.origin.test/"))).Status);
        Assert.Equal(2, proxy.Requests.Count);
        Assert.Equal(407, (await Send(mode, manager, "GET", "http://a.origin.test/")).Status);
        proxy.WaitForRequests(3);
        Assert.True(proxy.Requests.Count <= 4, $"{proxy.Requests.Count} requests");
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_forwarding_proxy_is_answered_too_and_a_body_that_cannot_be_sent_again_leaves_the_407(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            _ => new Dialogue().ExpectRequest().Send(Challenge).Loop(static d => d.ExpectRequest().Send(Ok)));
        await using PoolManager manager = Through($"http://alice:a@127.0.0.1:{proxy.Port}");

        await using var once = new OnceStream("body"u8.ToArray());
        UrllibResponse refused = await Send(mode, manager, "POST", "http://a.test/x", new() { Body = RequestBody.FromStream(once) });
        UrllibResponse answered = await Send(mode, manager, "POST", "http://a.test/x?y=1", new() { Body = "body" });

        Assert.Equal((407, 200), (refused.Status, answered.Status));
        Assert.Equal("body", proxy.Requests[^1].Text);
        Assert.Contains("uri=\"http://a.test/x?y=1\"", proxy.Requests[^1]["Proxy-Authorization"], StringComparison.Ordinal);
        proxy.Verify();
    }

    private sealed class OnceStream(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
