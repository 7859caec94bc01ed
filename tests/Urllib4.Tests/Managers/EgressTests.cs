using System.Net;
using System.Net.Http;
using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>Whole calls under a policy of egress, over proxies and dialers in memory: what is refused is not even dialed.</summary>
public sealed class EgressTests : MemoryTests
{
    private static readonly byte[] _greeted = [5, 0];
    private static readonly byte[] _open = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[64:ff9b::a00:1]/")]
    [InlineData("http://[fe80::1%25lo]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    public async Task An_address_that_is_not_public_is_refused_before_anybody_is_asked(string url)
    {
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            var dialer = new MemoryDialer();
            using var manager = new PoolManager(Over(dialer) with { Egress = EgressPolicy.PublicInternetOnly, Retries = 5 });

            var e = await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", url));

            Assert.Equal((HttpPhase.Connect, Initiator.Us, false, false, 1), (e.Phase, e.Initiator, e.IsTransient, e.ServerMayHaveActed, e.Attempts));
            Assert.Equal(url, e.Url!.Href);
            Assert.NotNull(e.Address);
            Assert.StartsWith("The egress policy forbids ", e.Message, StringComparison.Ordinal);
            Assert.Contains(e.Rule, e.Message, StringComparison.Ordinal);
            Assert.Empty(dialer.Targets);
            Assert.Empty(manager.Pools);
        }
    }

    [Theory]
    [InlineData("http://127.1/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    public async Task An_odd_spelling_of_an_address_does_not_get_so_far(string url)
    {
        using var manager = new PoolManager(new PoolOptions { Egress = EgressPolicy.PublicInternetOnly });
        Exception? e = await Record.ExceptionAsync(() => manager.RequestAsync("GET", url));
        Assert.True(e is LocationParseException or EgressRefusedException, $"{e}");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_proxy_forwards_is_judged_with_each_request(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectRequest(static r => Assert.Equal("http://a.example/", r.Target)).Send(Ok)
            .ExpectRequest(static r => Assert.Equal("http://8.8.8.8/", r.Target)).Send(Ok));
        using var manager = new PoolManager(Over(dialer) with { Proxy = "http://10.0.0.1:3128", Egress = EgressPolicy.PublicInternetOnly });

        await Send(mode, manager, "GET", "http://a.example/");
        foreach (string url in new[] { "http://localhost/", "http://localhost./", "http://127.0.0.1/", "http://a.internal/", "http://intranet/" })
            await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", url));
        await Send(mode, manager, "GET", "http://8.8.8.8/");

        Verify(dialer);
        // A pool of one host on the same way is no way around it.
        HttpConnectionPool pool = manager.ConnectionFromUrl("http://a.example/");
        await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, pool, "GET", "http://localhost/"));
    }

    [Theory]
    [InlineData(Mode.Blocking, "http://10.0.0.1:3128", "https://localhost/")]
    [InlineData(Mode.Asynchronous, "http://10.0.0.1:3128", "https://10.1.1.1/")]
    [InlineData(Mode.Blocking, "socks5h://10.0.0.1", "http://localhost/")]
    [InlineData(Mode.Asynchronous, "socks4a://10.0.0.1", "http://127.0.0.1/")]
    [InlineData(Mode.Blocking, "socks5://10.0.0.1", "http://private.test/")]
    [InlineData(Mode.Asynchronous, "socks4://10.0.0.1", "http://private.test/")]
    public async Task A_proxy_is_not_asked_for_what_is_refused(Mode mode, string proxy, string url)
    {
        var dialer = new MemoryDialer();
        using var manager = new PoolManager(Over(dialer) with
        {
            Proxy = proxy, Egress = EgressPolicy.PublicInternetOnly, Resolver = new Answers(["10.0.0.7", "192.168.0.1"]),
        });
        var e = await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", url));
        Assert.Equal(url.Contains("private", StringComparison.Ordinal), $"{e.Address}" == "10.0.0.7");
        Assert.Empty(dialer.Targets);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Of_the_addresses_that_this_side_resolves_for_a_proxy_only_the_allowed_are_asked_for(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue()
            .ExpectBytes([5, 1, 0]).Send(_greeted).ExpectBytes([5, 1, 0, 1, 8, 8, 8, 8, 0, 80]).Send(_open).ExpectRequest().Send(Ok));
        using var manager = new PoolManager(Over(dialer) with
        {
            Proxy = "socks5://10.0.0.1", Egress = EgressPolicy.PublicInternetOnly, Resolver = new Answers(["10.0.0.7", "8.8.8.8"]),
        });
        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/", new() { Explain = true });
        Assert.Equal(
            ["10.0.0.7:80 (not dialed: 10.0.0.7 is not public: it is in 10.0.0.0/8 (private use, RFC 1918))"],
            response.Report!.Attempts[0].Addresses.Select(static address => $"{address}"));
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_is_judged_like_the_first_request(Mode mode)
    {
        var dialer = Answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/admin\r\nContent-Length: 0\r\n\r\n");
        using var manager = new PoolManager(Over(dialer) with { Egress = EgressPolicy.PublicInternetOnly, Retries = 5 });
        var e = await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", "http://a.example/"));
        Assert.Equal("http://127.0.0.1/admin", e.Url!.Href);
        Assert.Single(e.History);
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_of_the_manager_serves_no_request_with_a_stricter_policy(Mode mode)
    {
        var dialer = new MemoryDialer(static (_, _) => new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Send(Ok));
        using var manager = new PoolManager(Over(dialer));
        var own = new RequestOptions { Egress = new() { DeniedHosts = ["b.example"] } };

        await Send(mode, manager, "GET", "http://a.example/");
        await Send(mode, manager, "GET", "http://a.example/", own);
        await Send(mode, manager, "GET", "http://a.example/", new() { Egress = new() { DeniedHosts = ["b.example"] } });
        await Send(mode, manager, "GET", "http://a.example/");
        await Send(mode, manager, "GET", "http://b.example/");
        await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", "http://b.example/", own));

        Assert.Equal(["a.example:80", "a.example:80", "b.example:80"], dialer.Targets.Select(static target => $"{target}"));
        Assert.Equal("http://a.example:80 (guarded, dialed by MemoryDialer)", $"{manager.Pools.Keys[0]}");
        HttpConnectionPool pool = manager.ConnectionFromUrl("http://a.example/");
        await Assert.ThrowsAsync<InvalidRequestException>(() => Send(mode, pool, "GET", "/", own));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_can_forbid_more_than_the_manager_and_not_less(Mode mode)
    {
        var dialer = Answering(Ok);
        using var manager = new PoolManager(Over(dialer) with { Egress = EgressPolicy.PublicInternetOnly });
        await Assert.ThrowsAsync<EgressRefusedException>(
            () => Send(mode, manager, "GET", "http://10.0.0.1/", new() { Egress = new() { AllowedNetworks = ["10.0.0.0/8"] } }));
        await Assert.ThrowsAsync<EgressRefusedException>(
            () => Send(mode, manager, "GET", "http://a.example:81/", new() { Egress = new() { AllowedPorts = [80] } }));
        await Send(mode, manager, "GET", "http://a.example/", new() { Egress = new() { AllowedPorts = [80] } });
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_function_that_throws_refuses_and_is_named(Mode mode)
    {
        var own = new InvalidOperationException("no list today");
        var dialer = new MemoryDialer();
        using var manager = new PoolManager(Over(dialer) with { Egress = new() { Check = _ => throw own }, Retries = 5 });
        var e = await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", "http://a.example/"));
        Assert.Same(own, e.InnerException);
        Assert.Equal("EgressPolicy.Check threw InvalidOperationException: no list today", e.Rule);
        Assert.Equal(("a.example", 80, 1), (e.Host, e.Port, e.Attempts));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task No_other_proxy_is_tried_for_what_is_refused(Mode mode)
    {
        var dialer = new MemoryDialer();
        using var manager = new PoolManager(Over(dialer) with
        {
            Egress = EgressPolicy.PublicInternetOnly, ProxySelector = static _ => [ProxyOptions.None, "http://10.0.0.1:3128"], Retries = 5,
        });
        var e = await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, manager, "GET", "http://127.0.0.1/"));
        Assert.Equal(1, e.Attempts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_of_one_host_keeps_to_the_policy(Mode mode)
    {
        var dialer = new MemoryDialer();
        using var pool = new HttpConnectionPool("127.0.0.1", 80, Over(dialer) with { Egress = EgressPolicy.PublicInternetOnly });
        await Assert.ThrowsAsync<EgressRefusedException>(() => Send(mode, pool, "GET", "/"));
        Assert.Empty(dialer.Targets);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Under_HttpClient_it_is_inside_of_the_exception_of_the_request(Mode mode)
    {
        var dialer = Answering("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n");
        using var handler = new UrllibHandler(Over(dialer) with { Egress = EgressPolicy.PublicInternetOnly });
        using var client = new HttpClient(handler);
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://a.example/");
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Call(
            mode, () => client.Send(message), () => client.SendAsync(message)));
        Assert.Equal("10.0.0.1", $"{Assert.IsType<EgressRefusedException>(e.InnerException).Address}");
        Assert.Equal((HttpRequestError.Unknown, null), (e.HttpRequestError, e.StatusCode));
        Verify(dialer);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Under_HttpClient_the_options_of_a_request_add_to_those_of_the_handler(Mode mode)
    {
        var dialer = new MemoryDialer();
        using var handler = new UrllibHandler(Over(dialer))
        {
            DefaultRequestOptions = new() { Egress = EgressPolicy.PublicInternetOnly },
        };
        using var client = new HttpClient(handler);
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1/");
        message.Options.Set(UrllibHandler.RequestOptionsKey, new RequestOptions { Egress = new() { AllowedPorts = [80] } });
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Call(
            mode, () => client.Send(message), () => client.SendAsync(message)));
        Assert.IsType<EgressRefusedException>(e.InnerException);
    }

    private sealed class Answers(string[] addresses) : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) =>
            [.. addresses.Select(address => new IPEndPoint(IPAddress.Parse(address), port))];
    }
}
