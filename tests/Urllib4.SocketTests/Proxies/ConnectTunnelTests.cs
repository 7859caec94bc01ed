using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>What is said to a proxy that is to open a tunnel, and whatever it may answer.</summary>
public sealed class ConnectTunnelTests : ProxyTests
{
    private const string Url = "https://a.origin.test/secret?key=1";

    public static TheoryData<Mode, string, int> Refusals()
    {
        (string Answer, int Status)[] answers =
        [
            ("HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nX-Why: rules\r\n\r\nnope", 403),
            ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 4\r\n\r\nnope", 407),
            ("HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n", 502),
            ("HTTP/1.0 501 Not Implemented\r\n\r\nnope", 501),
            ("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\nContent-Length: 4\r\n\r\nnope", 302),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", 404),
            ("HTTP/1.1 400 Bad Request\r\nContent-Length: 400\r\n\r\nnope", 400), // cut short
        ];
        var rows = new TheoryData<Mode, string, int>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (var (answer, status) in answers)
                rows.Add(mode, answer, status);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task PX_06_a_refusal_is_an_error_with_what_the_proxy_said(Mode mode, string answer, int status)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(answer).Eof().ExpectEof());
        await using PoolManager manager = Through(HttpProxy(proxy.Port), Retry.None);

        TunnelRefusedException e = await Fails<TunnelRefusedException>(Send(mode, manager, "GET", Url));

        Assert.Equal(status, e.Status);
        Assert.Equal("nope"u8.ToArray(), e.Body.ToArray());
        Assert.Equal(status == 403 ? "rules" : null, e.Headers["X-Why"]);
        Assert.StartsWith(
            $"The proxy http://127.0.0.1:{proxy.Port} refused CONNECT a.origin.test:443 with {status}",
            e.Message,
            StringComparison.Ordinal);
        Assert.Equal((HttpPhase.Proxy, Initiator.Proxy, false), (e.Phase, e.Initiator, e.ServerMayHaveActed));
        Assert.Equal(Url, e.Url?.Href);
        proxy.WaitUntilAllClosed();
        proxy.Verify();
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_06_a_refusal_that_is_for_good_is_not_tried_again_and_one_that_may_pass_is(Mode mode)
    {
        await using var forbidding = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send("HTTP/1.1 403 No\r\n\r\n").Close());
        await using var busy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
            new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().Send(Ok));
        await using PoolManager manager = Through(HttpProxy(forbidding.Port));

        await Fails<TunnelRefusedException>(Send(mode, manager, "GET", Url));
        UrllibResponse response = await Send(mode, manager, "POST", Url, new() { Proxy = HttpProxy(busy.Port), Body = "text" });

        Assert.Equal(1, forbidding.Connections);
        Assert.Equal(503, Assert.IsType<TunnelRefusedException>(Assert.Single(response.Retries.History).Error).Status);
        Assert.Equal("text", busy.Requests[^1].Text);
    }

    [Theory]
    [InlineData(Mode.Blocking, "SSH-2.0-OpenSSH_9\r\n")]
    [InlineData(Mode.Asynchronous, "SSH-2.0-OpenSSH_9\r\n")]
    [InlineData(Mode.Blocking, "")]
    [InlineData(Mode.Asynchronous, "")]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 200 OK\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake")]
    public async Task PX_06_what_is_no_answer_ends_the_call_before_the_origin_hears_a_byte(Mode mode, string answer)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(answer).Eof().ExpectEof());
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", Url));

        Assert.StartsWith($"The proxy http://127.0.0.1:{proxy.Port} ", e.Message, StringComparison.Ordinal);
        proxy.WaitUntilAllClosed();
        proxy.Verify();
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_334_a_line_above_the_limit_is_refused(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nX: ").SendForever(new string('x', 1000)));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", Url));

        Assert.IsType<LimitExceededException>(e.InnerException);
        proxy.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_reset_may_be_tried_again(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Reset(),
            new Dialogue().ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().Send(Ok));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        Exception? e = await Record.ExceptionAsync(() => Send(mode, manager, "GET", Url));

        // Whether a reset is seen as such, or as an end, is the system's choice; neither reaches the origin.
        Assert.True(e is null or ProxyException, $"{e}");
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_06_no_answer_is_a_timeout_of_the_proxy(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().ExpectEof(),
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 O").ExpectEof(),
            new Dialogue().ExpectRequest().Send("HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nnope").ExpectEof());
        HttpTimeout timeout = HttpTimeout.Default with { Proxy = TimeSpan.FromMilliseconds(200) };
        await using PoolManager manager = Through(HttpProxy(proxy.Port), Retry.None);

        for (int i = 0; i < 2; i++)
        {
            ProxyTimeoutException e = await Fails<ProxyTimeoutException>(Send(mode, manager, "GET", Url, new() { Timeout = timeout }));
            Assert.Equal((HttpPhase.Proxy, timeout.Proxy), (e.Phase, e.Limit));
        }

        // What it said counts, even if it does not come to an end.
        Assert.Equal(403, (await Fails<TunnelRefusedException>(Send(mode, manager, "GET", Url, new() { Timeout = timeout }))).Status);
        proxy.WaitUntilAllClosed();
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_huge_refusal_is_cut_off(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 403 No\r\n\r\n").SendForever(new string('x', 10_000)));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        Assert.Equal(64 * 1024, (await Fails<TunnelRefusedException>(Send(mode, manager, "GET", Url))).Body.Length);
        proxy.WaitUntilAllClosed();
    }

    [Theory]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 299 Fine\r\nConnection: close\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public async Task Every_2xx_opens_the_tunnel_whatever_framing_it_claims(Mode mode, string answer)
    {
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().SendByteByByte(answer).StartTls(OriginCertificate).Loop(d => d.ExpectRequest().Send(Ok)));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        for (int i = 0; i < 3; i++)
            Assert.Equal("ok", (await Send(mode, manager, "GET", Url)).Text());

        Assert.Equal(["CONNECT", "GET", "GET", "GET"], proxy.Requests.Select(r => r.Method));
        Assert.Equal("/secret?key=1", proxy.Requests[1].Target);
        Assert.Equal("a.origin.test", proxy.Requests[1]["Host"]);
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_02_CONNECT_says_where_to_and_what_is_for_the_proxy_and_nothing_else(Mode mode)
    {
        await using MisbehavingServer proxy = TunnelToItself();
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = new ProxyOptions($"http://alice:wonder%20land@127.0.0.1:{proxy.Port}")
            {
                Headers = new() { { "X-For-Proxy", "1" }, { "User-Agent", "tunneller" } },
            },
            Tls = TrustOrigins,
            Headers = new() { { "X-Of-Manager", "1" } },
        });
        HttpHeaderDict own = new()
        {
            { "Authorization", "Bearer origin" }, { "Cookie", "a=1" }, { "X-Api-Key", "secret" }, { "Host", "other.test" },
            { "Proxy-Authorization", "Basic c3RyYXk=" },
        };

        await Send(mode, manager, "POST", Url, new() { Headers = own, Body = "text" });

        Assert.Equal(
            "CONNECT a.origin.test:443 HTTP/1.1\r\nHost: a.origin.test:443\r\nX-For-Proxy: 1\r\nUser-Agent: tunneller\r\n"
                + "Proxy-Authorization: Basic YWxpY2U6d29uZGVyIGxhbmQ=\r\n\r\n",
            proxy.Requests[0].Head);
        ReceivedRequest atOrigin = proxy.Requests[1];
        Assert.Null(atOrigin["X-For-Proxy"]);
        Assert.Null(atOrigin["Proxy-Authorization"]);
        Assert.Equal(("1", "Bearer origin", "other.test"), (atOrigin["X-Of-Manager"], atOrigin["Authorization"], atOrigin["Host"]));
        proxy.Verify();
    }

    [Theory]
    [InlineData("https://[::1]:8443/", "[::1]:8443")]
    [InlineData("https://[2001:DB8::1]/", "[2001:db8::1]:443")]
    [InlineData("https://A.Origin.TEST./x", "a.origin.test:443")]
    [InlineData("https://127.0.0.1:1/", "127.0.0.1:1")]
    public async Task Case_337_the_target_of_CONNECT_always_has_a_port_and_IPv6_its_brackets(string url, string target)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Send("HTTP/1.1 403 No\r\n\r\n").Close());
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        foreach (Mode mode in Enum.GetValues<Mode>())
            await Fails<TunnelRefusedException>(Send(mode, manager, "GET", url));

        Assert.All(proxy.Requests, r => Assert.Equal((target, target), (r.Target, r["Host"])));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_336_a_tunnel_serves_until_it_is_closed_and_then_there_is_a_new_one(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue()
            .ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().Send(Ok)
            .ExpectRequest().Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok").ExpectEof());
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        for (int i = 0; i < 4; i++)
            Assert.Equal("ok", (await Send(mode, manager, "GET", Url)).Text());

        Assert.Equal("CONNECT GET GET CONNECT GET GET", string.Join(' ', proxy.Requests.Select(r => r.Method)));
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_07_nothing_ends_a_line_early(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start();
        Assert.Throws<InvalidHeaderException>(() => new HttpHeaderDict { { "X-For-Proxy", "1\r\nX-Evil: 1" } });
        Assert.Throws<InvalidHeaderException>(() => new HttpHeaderDict { { "X-For\r\nProxy", "1" } });
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        foreach (string host in new[] { "a\r\nb", "a b", "a%0d%0ab", "a\0b", "%zz" })
            Assert.IsAssignableFrom<LocationValueException>(
                await Record.ExceptionAsync(() => Send(mode, manager, "GET", $"https://{host}/")));
        ProxyOptions colon = HttpProxy(proxy.Port) with { Credential = new Credential("al:ice", "x") };
        Assert.IsAssignableFrom<InvalidRequestException>(
            await Record.ExceptionAsync(() => Send(mode, manager, "GET", Url, new() { Proxy = colon })));

        Assert.Equal(0, proxy.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_09_all_who_wait_learn_that_the_handshake_failed_and_nothing_is_sent_in_the_clear(Mode mode)
    {
        using IssuedCertificate wrong = CertificateAuthority.SelfSigned(Leaf.For("localhost"));
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Send(Established).StartTls(wrong).Stall());
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port),
            Tls = TrustOrigins,
            MaxSize = 1,
            Block = true,
            Timeout = Endless, // a hundred handshakes one after the other
        });

        Task<CertificateException>[] calls =
            [.. Enumerable.Range(0, 100).Select(_ => Fails<CertificateException>(Send(mode, manager, "GET", Url)))];
        await Task.WhenAll(calls);

        Assert.All(proxy.Requests, static r => Assert.Equal("CONNECT", r.Method));
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_report_and_the_figures_tell_of_the_proxy(Mode mode)
    {
        await using MisbehavingServer proxy = TunnelToItself();
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        UrllibResponse response = await Send(mode, manager, "GET", Url, new() { Explain = true });

        Assert.Equal($"http://127.0.0.1:{proxy.Port}", response.Connection.Proxy?.Href.TrimEnd('/'));
        Assert.Null(response.Connection.ProxyTls);
        Assert.NotNull(response.Connection.Tls);
        Assert.Equal(proxy.EndPoint.ToString(), response.Connection.RemoteEndPoint?.ToString());
        Assert.Contains(response.Report!.ToString().Split('\n'), static l => l.Contains("Proxy", StringComparison.OrdinalIgnoreCase));
    }
}
