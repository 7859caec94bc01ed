using System.Net;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>SOCKS on real sockets; the messages themselves have tests in memory.</summary>
public sealed class SocksTests : ProxyTests
{
    private static readonly byte[] _name = [.. "a.test"u8];

    public static TheoryData<Mode, string, string, string> Kinds()
    {
        var rows = new TheoryData<Mode, string, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            rows.Add(mode, "socks4", "a.test", "SOCKS4 127.0.0.9:80");
            rows.Add(mode, "socks4a", "a.test", "SOCKS4a a.test:80");
            rows.Add(mode, "socks5", "a.test", "SOCKS5 127.0.0.9:80");
            rows.Add(mode, "socks5h", "a.test", "SOCKS5 a.test:80");
            rows.Add(mode, "socks5h", "A.TEST.", "SOCKS5 a.test:80");
            rows.Add(mode, "socks4a", "127.0.0.9", "SOCKS4 127.0.0.9:80");
            rows.Add(mode, "socks5", "[::9]", "SOCKS5 ::9:80");
            rows.Add(mode, "socks5h", "[::ffff:127.0.0.9]", "SOCKS5 ::ffff:127.0.0.9:80");
        }

        return rows;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Case_351_SK_04_the_scheme_says_who_resolves_the_name(Mode mode, string scheme, string host, string asked)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using TunnelProxy proxy = TunnelProxy.Start(origin.Port);
        var names = new CountingResolver("127.0.0.9");
        await using var manager = new PoolManager(new PoolOptions { Proxy = proxy.Url(scheme), Resolver = names });

        Assert.Equal(200, (await Send(mode, manager, "GET", $"http://{host}/get")).Status);

        Assert.Equal([asked], proxy.Requests);
        Assert.Equal(scheme is "socks4" or "socks5" && host == "a.test" ? ["a.test"] : [], names.Asked);
        Assert.Equal("/get", Assert.Single(origin.Requests).Target);
        Assert.Equal(host.ToLowerInvariant().TrimEnd('.'), origin.Requests[0].Headers["Host"].TrimEnd('.'));
    }

    public static TheoryData<Mode, byte[], bool> Refusals()
    {
        var rows = new TheoryData<Mode, byte[], bool>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (byte code in new byte[] { 1, 3, 4, 5, 6, 8 })
                rows.Add(mode, [5, code, 0, 1, 0, 0, 0, 0, 0, 0], true);
            // Its rules, a command it does not know, a code that nobody has defined: another address would not help.
            foreach (byte code in new byte[] { 2, 7, 9 })
                rows.Add(mode, [5, code, 0, 1, 0, 0, 0, 0, 0, 0], false);
            rows.Add(mode, [0, 0x5B, 0, 0, 0, 0, 0, 0], true);
            rows.Add(mode, [0, 0x5C, 0, 0, 0, 0, 0, 0], false);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_name_resolved_here_is_asked_for_by_its_next_address_if_the_proxy_cannot_reach_one(
        Mode mode, byte[] refusal, bool goesOn)
    {
        await using var proxy = refusal[0] == 5
            ? MisbehavingServer.Start(Socks5(8, refusal).ExpectEof(), Socks5(9, Socks5Done).ExpectRequest().Send(Ok))
            : MisbehavingServer.Start(Socks4(8, refusal).ExpectEof(), Socks4(9, [0, 0x5A, 0, 0, 0, 0, 0, 0]).ExpectRequest().Send(Ok));
        var names = new CountingResolver("127.0.0.8", "127.0.0.9", "127.0.0.10");
        string scheme = refusal[0] == 5 ? "socks5" : "socks4";
        await using var manager = new PoolManager(new PoolOptions { Proxy = $"{scheme}://127.0.0.1:{proxy.Port}", Resolver = names });
        Task<UrllibResponse> call = Send(mode, manager, "GET", "http://a.test/");

        if (goesOn)
            Assert.Equal("ok", (await call).Text());
        else
            Assert.Contains("127.0.0.8:80", (await Fails<ProxyException>(call)).Message, StringComparison.Ordinal);

        Assert.Equal(goesOn ? 2 : 1, proxy.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_last_address_that_the_proxy_cannot_reach_is_the_one_that_the_error_names(Mode mode)
    {
        byte[] refused = [5, 5, 0, 1, 0, 0, 0, 0, 0, 0];
        await using var proxy = MisbehavingServer.Start(Socks5(8, refused).ExpectEof(), Socks5(9, refused).ExpectEof());
        var names = new CountingResolver("127.0.0.8", "127.0.0.9");
        await using var manager = new PoolManager(new PoolOptions { Proxy = $"socks5://127.0.0.1:{proxy.Port}", Resolver = names });

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/"));

        Assert.Contains("127.0.0.9:80", e.Message, StringComparison.Ordinal);
        proxy.WaitUntilAllClosed();
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_350_SK_02_replies_split_anywhere_are_read_and_nothing_more_than_them(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(n => new Dialogue()
            .ExpectBytes([5, 2, 0, 2]).Send([5]).Delay(TimeSpan.FromMilliseconds(1)).Send([2])
            .ExpectBytes([1, 5, .. "alice"u8, 1, .. "a"u8]).Send([1]).Delay(TimeSpan.FromMilliseconds(1)).Send([0])
            .ExpectBytes([5, 1, 0, 3, 6, .. _name, 0, 80])
            .Send(Socks5Done.AsSpan(0, n + 1)).Delay(TimeSpan.FromMilliseconds(1)).Send(Socks5Done.AsSpan(n + 1))
            .ExpectRequest().SendByteByByte(Ok));

        for (int at = 1; at < Socks5Done.Length; at++)
        {
            await using PoolManager manager = Through($"socks5h://alice:a@127.0.0.1:{proxy.Port}");
            Assert.Equal("ok", (await Send(mode, manager, "GET", "http://a.test/x")).Text());
        }

        Assert.All(proxy.Requests, static r => Assert.Equal(("/x", "a.test", null), (r.Target, r["Host"], r["Proxy-Authorization"])));
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_352_users_are_known_by_URL_or_by_option_and_never_sent_as_a_header(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using TunnelProxy guarded = TunnelProxy.Start(origin.Port, user: ("user:name", "pa@ss"));
        await using TunnelProxy four = TunnelProxy.Start(origin.Port);

        ProxyOptions[] good =
        [
            $"socks5h://user%3Aname:pa%40ss@127.0.0.1:{guarded.Port}",
            new($"socks5h://other:word@127.0.0.1:{guarded.Port}") { Credential = new Credential("user:name", "pa@ss") },
            $"socks4a://user%3Aname:ignored@127.0.0.1:{four.Port}",
        ];
        ProxyOptions[] bad = [$"socks5h://user%3Aname:wrong@127.0.0.1:{guarded.Port}", guarded.Url("socks5h")];
        foreach (ProxyOptions proxy in good)
        {
            await using PoolManager manager = Through(proxy);
            Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/get")).Status);
        }

        foreach (ProxyOptions proxy in bad)
        {
            await using PoolManager manager = Through(proxy);
            ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/get"));
            Assert.DoesNotContain("wrong", $"{e}", StringComparison.Ordinal);
        }

        Assert.Equal(["SOCKS4a a.test:80 by user:name"], four.Requests);
        Assert.Equal(3, origin.Requests.Count);
        Assert.DoesNotContain(
            origin.Requests, static r => r.Headers.ContainsKey("Proxy-Authorization") || r.Headers.ContainsKey("Authorization"));
        guarded.WaitForOpenConnections(0);
    }

    [Theory]
    [InlineData(Mode.Blocking, "socks4")]
    [InlineData(Mode.Asynchronous, "socks4")]
    [InlineData(Mode.Blocking, "socks5h")]
    [InlineData(Mode.Asynchronous, "socks5h")]
    public async Task Case_353_a_refusal_is_an_error_that_is_not_repeated(Mode mode, string scheme)
    {
        await using TunnelProxy proxy = TunnelProxy.Start(static (_, _) => null);
        await using PoolManager manager = Through(proxy.Url(scheme));

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", "http://127.0.0.9/"));

        Assert.Contains("127.0.0.9:80", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, proxy.Connections);
        proxy.WaitForOpenConnections(0);
    }

    [Theory]
    [InlineData(Mode.Blocking, "")]
    [InlineData(Mode.Asynchronous, "")]
    [InlineData(Mode.Blocking, "\u0005")]
    [InlineData(Mode.Asynchronous, "\u0005")]
    [InlineData(Mode.Blocking, "HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData(Mode.Blocking, "\u0005\u0002")]
    [InlineData(Mode.Asynchronous, "\u0005\u00FF")]
    public async Task SK_02_what_is_no_SOCKS_is_an_error_of_the_proxy(Mode mode, string answer)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue().ExpectBytes([5, 1, 0]).Send(answer).Eof().ExpectEof());
        await using PoolManager manager = Through($"socks5h://127.0.0.1:{proxy.Port}");

        await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/"));

        proxy.WaitUntilAllClosed();
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_comes_before_the_origin_was_asked_is_not_its_answer(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue().ExpectBytes([5, 1, 0]).Send([5, 0])
            .ExpectBytes([5, 1, 0, 3, 6, .. _name, 0, 80]).Send([.. Socks5Done, .. Encoding.Latin1.GetBytes(Ok)]).ExpectEof());
        await using PoolManager manager = Through($"socks5h://127.0.0.1:{proxy.Port}");

        await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/"));

        proxy.WaitUntilAllClosed();
        proxy.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task SK_05_the_limit_of_the_proxy_covers_the_whole_exchange(Mode mode)
    {
        // Each byte comes well within the limit; together they do not.
        var pause = TimeSpan.FromMilliseconds(60);
        await using var proxy = MisbehavingServer.Start(new Dialogue().ExpectBytes([5, 1, 0]).Send([5, 0])
            .ExpectBytes([5, 1, 0, 3, 6, .. _name, 0, 80]).Drip(Encoding.Latin1.GetString(Socks5Done), pause));
        await using PoolManager manager = Through($"socks5h://127.0.0.1:{proxy.Port}", Retry.None);
        RequestOptions options = new() { Timeout = HttpTimeout.Default with { Proxy = TimeSpan.FromMilliseconds(250) } };

        await Fails<ProxyTimeoutException>(Send(mode, manager, "GET", "http://a.test/", options));

        proxy.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task SK_01_03_what_SOCKS_cannot_say_is_refused_before_anything_is_dialed(Mode mode)
    {
        await using TunnelProxy proxy = TunnelProxy.Start(static (_, _) => null);
        var six = Resolver.FromTable([KeyValuePair.Create("six.test", new IPEndPoint(IPAddress.IPv6Loopback, 80))]);
        await using var manager = new PoolManager(new PoolOptions { Resolver = six });
        string name = new('u', 256);

        (string Proxy, string Url)[] wrong =
        [
            ($"socks5h://{name}:x@127.0.0.1:{proxy.Port}", "http://a.test/"),
            ($"socks5h://u:{name}@127.0.0.1:{proxy.Port}", "http://a.test/"),
            ($"socks4://a%00b@127.0.0.1:{proxy.Port}", "http://127.0.0.1/"),
            ($"socks4://127.0.0.1:{proxy.Port}", "http://[::1]/"),
            ($"socks4://127.0.0.1:{proxy.Port}", "http://six.test/"),
        ];
        foreach (var (through, url) in wrong)
            Assert.IsAssignableFrom<InvalidRequestException>(
                await Record.ExceptionAsync(() => Send(mode, manager, "GET", url, new() { Proxy = through })));

        Assert.Equal(0, proxy.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_HTTP_proxy_may_be_reached_through_SOCKS(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy http = TunnelProxy.Start(origin.TlsPort), socks = TunnelProxy.Start(http.Port, user: ("alice", "a"));
        await using TunnelProxy toForwarder = TunnelProxy.Start(origin.Port);
        ProxyOptions proxy = new("http://proxy.test:3128") { Via = $"socks5h://alice:a@127.0.0.1:{socks.Port}" };
        await using PoolManager manager = Through(proxy);
        await using PoolManager forwarding = Through(proxy with { Via = toForwarder.Url("socks5h") });

        UrllibResponse response = await Send(mode, manager, "GET", "https://a.origin.test/headers");
        Assert.Equal(200, response.Status);
        Assert.Equal(200, (await Send(mode, forwarding, "GET", "http://a.test/get")).Status);

        Assert.Equal(["SOCKS5 proxy.test:3128"], socks.Requests);
        Assert.Equal(["CONNECT a.origin.test:443"], http.Requests);
        Assert.Equal(["SOCKS5 proxy.test:3128"], toForwarder.Requests);
        Assert.Equal("http://a.test/get", origin.Requests[^1].Target);
        Assert.Equal("http://proxy.test:3128", response.Connection.Proxy!.Href.TrimEnd('/'));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_10_ten_thousand_requests_for_two_origins_through_one_proxy_all_arrive_where_they_belong(Mode mode)
    {
        const int Callers = 8;
        const int Each = 1250;
        await using HttpBinServer one = await HttpBinServer.StartAsync(new() { ServerHeader = "one.test" });
        await using HttpBinServer two = await HttpBinServer.StartAsync(new() { ServerHeader = "two.test" });
        await using TunnelProxy proxy = TunnelProxy.Start(
            (host, _) => new IPEndPoint(IPAddress.Loopback, host == "one.test" ? one.Port : two.Port));
        await using PoolManager manager = Through(proxy.Url("socks5h"));
        int misrouted = 0;

        async Task Caller(int caller)
        {
            for (int i = 0; i < Each; i++)
            {
                string host = (caller + i) % 2 == 0 ? "one.test" : "two.test";
                string url = $"http://{host}/status/200?n={caller}-{i}";
                UrllibResponse response = mode == Mode.Blocking ? manager.Request("GET", url) : await manager.RequestAsync("GET", url);
                if (response.Status != 200 || response.Headers["Server"] != host)
                    Interlocked.Increment(ref misrouted);
            }
        }

        if (mode == Mode.Blocking)
            OnThreads(Callers, n => Assert.True(Caller(n).IsCompletedSuccessfully));
        else
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(Caller)).WaitAsync(Patience * 2);

        Assert.Equal(0, misrouted);
        Assert.Equal((Callers * Each / 2, Callers * Each / 2), (one.Requests.Count, two.Requests.Count));
        Assert.All(one.Requests, static r => Assert.Equal("one.test", r.Headers["Host"]));
        Assert.InRange(proxy.Connections, 2, 2 * Callers);
        AssertAtRest(manager);
    }

    private static Dialogue Socks5(byte last, byte[] reply) =>
        new Dialogue().ExpectBytes([5, 1, 0]).Send([5, 0]).ExpectBytes([5, 1, 0, 1, 127, 0, 0, last, 0, 80]).Send(reply);

    private static Dialogue Socks4(byte last, byte[] reply) => new Dialogue().ExpectBytes([4, 1, 0, 80, 127, 0, 0, last, 0]).Send(reply);

    private sealed class CountingResolver(params string[] addresses) : Resolver
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
                return [new IPEndPoint(address, port)];
            _asked.Add(host);
            return [.. addresses.Select(known => new IPEndPoint(IPAddress.Parse(known), port))];
        }

        public override ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(string host, int port, CancellationToken cancellationToken) =>
            new(Resolve(host, port));
    }
}
