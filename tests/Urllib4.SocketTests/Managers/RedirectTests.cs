using System.Globalization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>RD-01 to RD-20 on the wire: two servers are two origins, and their logs say what really left.</summary>
public sealed class RedirectTests : ClientTests, IAsyncLifetime
{
    private static readonly string[] _secrets =
        ["Authorization", "Cookie", "X-API-Key", "X-Auth-Token", "If-None-Match", "If-Modified-Since", "Referer", "Origin"];

    private static readonly string[] _harmless = ["Accept", "Accept-Language", "User-Agent", "Cache-Control", "Range", "traceparent"];

    // Keys are dear; one for all will do.
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _certificate = _authority.Issue("localhost");

    private HttpBinServer _one = null!;
    private HttpBinServer _two = null!;
    private PoolManager _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await HttpBinServer.StartAsync(new() { Certificate = _certificate });
        _two = await HttpBinServer.StartAsync(new() { Certificate = _certificate });
        _manager = new PoolManager(new PoolOptions { Tls = new() { CaCerts = new([_authority.Root]) } });
    }

    public async ValueTask DisposeAsync()
    {
        AssertAtRest(_manager);
        await _manager.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    public static TheoryData<Mode, string, bool> Ways()
    {
        var rows = new TheoryData<Mode, string, bool>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            rows.Add(mode, "same origin", true);
            rows.Add(mode, "relative", true);
            rows.Add(mode, "other port", false);
            rows.Add(mode, "other host", false);
            rows.Add(mode, "http to https", false);
            rows.Add(mode, "https to http", false);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Headers_cross_an_origin_only_when_they_are_harmless(Mode mode, string way, bool keeps)
    {
        (string from, string to, HttpBinServer target) = way switch
        {
            "same origin" => (_one.Url, _one.Url, _one),
            "relative" => (_one.Url, "", _one),
            "other port" => (_one.Url, _two.Url, _two),
            "other host" => (_one.Url, $"http://localhost:{_one.Port}", _one),
            "http to https" => ($"http://localhost:{_one.Port}", _one.SecureUrl, _one),
            _ => (_one.SecureUrl, $"http://localhost:{_one.Port}", _one),
        };
        RequestOptions options = new() { Headers = Everything(), Redirects = new() { AllowHttpsToHttp = true } };

        UrllibResponse response = await Send(mode, _manager, "GET", To(from, to + "/anything"), options);

        Assert.Equal(200, response.Status);
        AssertHeaders(target.Requests[^1], keeps);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_was_dropped_does_not_come_back(Mode mode)
    {
        RequestOptions options = new() { Headers = Everything() };

        await Send(mode, _manager, "GET", To(_one.Url, To(_two.Url, "/anything/2")), options); // to another and on within it
        AssertHeaders(_two.Requests[^1], keeps: false);

        await Send(mode, _manager, "GET", To(_one.Url, To(_two.Url, _one.Url + "/anything/home")), options); // and home again
        AssertHeaders(_one.Requests[^1], keeps: false);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_one_call_for_scripts_has_the_same_rules(Mode mode)
    {
        string url = To(_one.Url, _two.Url + "/anything");
        RequestOptions options = new() { Headers = Everything() };

        await Call(mode, () => Urllib.Request("GET", url, options), () => Urllib.RequestAsync("GET", url, options));

        AssertHeaders(_two.Requests[^1], keeps: false);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_one_host_pool_follows_within_its_origin_only(Mode mode)
    {
        await using var pool = new HttpConnectionPool("127.0.0.1", _one.Port);

        Assert.Equal(200, (await Send(mode, pool, "GET", To("", "/anything"), new() { Headers = Everything() })).Status);
        AssertHeaders(_one.Requests[^1], keeps: true);
        HostChangedException e = await Fails<HostChangedException>(Send(mode, pool, "GET", To("", _two.Url + "/get")));

        Assert.Equal(Url.Parse(_two.Url + "/get"), e.Url);
        Assert.Equal(0, _two.Connections);
        Assert.True(pool.Snapshot() is { Busy.Count: 0 });
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Method_and_body_follow_the_status(Mode mode)
    {
        foreach (int status in new[] { 301, 302, 303, 307, 308 })
        {
            foreach (string method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" })
            {
                bool toGet = (status == 303 && method != "HEAD") || (status is 301 or 302 && method == "POST");
                await Follows(mode, status, method, toGet ? "GET" : method, keepsBody: !toGet && status != 303);
            }
        }
    }

    private async Task Follows(Mode mode, int status, string method, string expected, bool keepsBody)
    {
        bool hasBody = method is not ("GET" or "HEAD");
        RequestBody? body = hasBody ? RequestBody.FromString("text") : null;
        RequestOptions options = new() { Body = body, Headers = new() { { "Content-Language", "en" } } };

        UrllibResponse response = await Send(mode, _manager, method, To(_one.Url, "/anything", status), options);

        Assert.Equal(200, response.Status);
        LoggedRequest last = _one.Requests[^1];
        Assert.Equal((expected, "/anything"), (last.Method, last.Target));
        Assert.Equal(keepsBody && hasBody ? 4 : 0, last.BodyLength);
        foreach (string name in new[] { "Content-Type", "Transfer-Encoding" })
            Assert.Equal(name == "Content-Type" && keepsBody && hasBody, last.Headers.ContainsKey(name));
        Assert.Equal(keepsBody, last.Headers.ContainsKey("Content-Language"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_is_opened_anew_for_the_next_hop_or_the_call_fails(Mode mode)
    {
        byte[] data = "a body"u8.ToArray();
        string url = To(_one.Url, _two.Url + "/echo", 307);

        RequestBody[] bodies = [data, RequestBody.FromStream(new MemoryStream(data)), RequestBody.Create(() => new MemoryStream(data))];
        foreach (RequestBody body in bodies)
            Assert.Equal(data, (await Send(mode, _manager, "POST", url, new() { Body = body })).Data);
        int before = _two.Requests.Count;
        UnrewindableBodyException e = await Fails<UnrewindableBodyException>(
            Send(mode, _manager, "POST", url, new() { Body = RequestBody.FromChunks([data], replayable: false) }));

        Assert.Equal(Url.Parse(url), e.Url);
        Assert.Equal(before, _two.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_way_that_leads_nowhere_is_refused_by_name(Mode mode)
    {
        (string Location, RedirectRule Rule)[] table =
        [
            ("file:///etc/passwd", RedirectRule.UnsupportedScheme), ("ftp://a/", RedirectRule.UnsupportedScheme),
            ("unix:/run/x.sock", RedirectRule.UnsupportedScheme), ("data:text/plain,x", RedirectRule.UnsupportedScheme),
            ("javascript:alert(1)", RedirectRule.UnsupportedScheme), ("http://a b/", RedirectRule.UnusableLocation),
            ("http://", RedirectRule.UnusableLocation),
        ];
        foreach (var (location, rule) in table)
        {
            RedirectException e = await Fails<RedirectException>(Send(mode, _manager, "GET", To(_one.Url, location)));
            Assert.Equal(rule, e.Rule);
            UrllibResponse kept = await Send(
                mode, _manager, "GET", To(_one.Url, location), new() { Retries = new() { RaiseOnRedirect = false } });
            Assert.Equal(302, kept.Status);
        }

        Assert.Equal(table.Length * 2, _one.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Leaving_https_is_refused_unless_allowed(Mode mode)
    {
        RedirectException e = await Fails<RedirectException>(Send(mode, _manager, "GET", To(_one.SecureUrl, _two.Url + "/get")));

        Assert.Equal(RedirectRule.HttpsToHttp, e.Rule);
        Assert.Equal(0, _two.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Circles_and_long_ways_end(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().Loop(static d => d.ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")));

        RedirectException circle = await Fails<RedirectException>(Send(mode, _manager, "GET", server.Url + "/"));
        MaxRetryException far = await Fails<MaxRetryException>(
            Send(mode, _manager, "GET", _one.Url + "/redirect/9", new() { Retries = new() { Redirect = 3 } }));

        Assert.Equal(RedirectRule.Loop, circle.Rule);
        Assert.Equal(302, Assert.IsType<ResponseException>(far.Reason).Status);
        Assert.Equal(3, far.History.Count);
        Assert.Equal(4, _one.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_response_tells_the_way_it_came(Mode mode)
    {
        UrllibResponse response = await Send(mode, _manager, "GET", _one.Url + "/redirect/3");

        Assert.Equal(Url.Parse(_one.Url + "/get"), response.Url);
        Assert.Equal(
            ["/relative-redirect/2", "/relative-redirect/1", "/get"],
            response.Retries.History.Select(static h => h.RedirectLocation ?? ""));
        Assert.All(response.Retries.History, static h => Assert.Equal(302, h.Status));
        Assert.Equal(1, _one.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Not_following_means_one_request(Mode mode)
    {
        string url = To(_one.Url, "/get");
        RequestOptions[] ways =
        [
            new() { Redirect = false }, new() { Retries = Retry.None }, new() { Retries = new() { Redirect = 0, RaiseOnRedirect = false } },
            new() { Redirects = new() { OnRedirect = static _ => RedirectDecision.Stop } },
        ];

        foreach (RequestOptions way in ways)
            Assert.Equal(302, (await Send(mode, _manager, "GET", url, way)).Status);
        await using (var manager = new PoolManager(new PoolOptions { Retries = Retry.None }))
            Assert.Equal(302, (await Send(mode, manager, "GET", url)).Status);
        await Fails<MaxRetryException>(Send(mode, _manager, "GET", url, new() { Retries = new() { Redirect = 0 } }));

        Assert.Equal(ways.Length + 2, _one.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_body_of_a_redirect_is_dropped_raw_and_not_for_long(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 302 Go\r\nLocation: /small\r\nContent-Encoding: br\r\nContent-Length: 1000000000\r\n\r\n")
                .SendForever(new string('x', 10_000)),
            new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 302 Go\r\nLocation: /end\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip")
                .ExpectRequest().Send(Ok));

        Assert.Equal("ok", (await Send(mode, _manager, "GET", server.Url)).Text());

        Assert.Equal([0, 1, 1], server.Requests.Select(static r => r.Connection));
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Redirects_never_use_a_pool_up(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { MaxSize = 2, Block = true });
        int[] statuses = [301, 302, 303, 307, 308];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async n =>
        {
            for (int i = 0; i < 50; i++)
            {
                string url = To(_one.Url, "/anything", statuses[(i + n) % 5]);
                Assert.Equal(200, (await Send(mode, manager, "POST", url, new() { Body = "text" })).Status);
            }
        }));

        Assert.Equal(400, _one.Requests.Count);
        Assert.InRange(_one.Connections, 1, 2);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_same_request_is_the_same_bytes_every_time(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        RequestOptions options = new() { Body = "text", Headers = Everything() };

        await Send(mode, _manager, "POST", server.Url, options);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(mode, _manager, "POST", server.Url, options)));

        Assert.Single(server.Requests.Select(static r => r.ToString()).Distinct());
        Assert.Equal(9, server.Requests.Count);
    }

    private static string To(string from, string to, int status = 302) =>
        string.Create(CultureInfo.InvariantCulture, $"{from}/redirect-to?status_code={status}&url={Uri.EscapeDataString(to)}");

    private static HttpHeaderDict Everything()
    {
        var headers = new HttpHeaderDict();
        foreach (string name in _secrets)
        {
            headers.Add(name, "secret");
            headers.Add(name.ToUpperInvariant(), "secret again");
        }

        foreach (string name in _harmless)
            headers.Add(name, name == "Range" ? "bytes=0-9" : "harmless");
        return headers;
    }

    private static void AssertHeaders(LoggedRequest request, bool keeps)
    {
        Assert.StartsWith("/anything", request.Target, StringComparison.Ordinal);
        Assert.All(_harmless, name => Assert.Contains(name, request.Headers.Keys, StringComparer.OrdinalIgnoreCase));
        foreach (string name in _secrets)
            Assert.True(keeps == request.Headers.ContainsKey(name), $"{name}: {string.Join(", ", request.Headers)}");
        if (!keeps)
            Assert.DoesNotContain(request.Headers.Values, static v => v.Contains("secret", StringComparison.Ordinal));
    }
}
