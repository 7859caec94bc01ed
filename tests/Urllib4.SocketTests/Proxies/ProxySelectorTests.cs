using System.Collections.Concurrent;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Who chooses the proxy of a request, and what happens when the first choice cannot be used.</summary>
public sealed class ProxySelectorTests : ProxyTests
{
    private static readonly ProxyOptions _closed = "http://127.0.0.1:1", _alsoClosed = "socks5h://127.0.0.1:1";

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_first_that_can_be_reached_serves_and_the_others_are_passed_over_for_30_seconds(Mode mode)
    {
        await using MisbehavingServer one = Forwarder(), two = Forwarder();
        var clock = new VirtualTime();
        var open = new ProxyOptions($"http://127.0.0.1:{two.Port}");
        ConcurrentQueue<string> asked = [];
        ProxyOptions first = _closed;
        await using var manager = new PoolManager(new PoolOptions
        {
            Clock = clock,
            ProxySelector = url =>
            {
                asked.Enqueue(url.Href);
                return [first, _alsoClosed, open];
            },
        });

        UrllibResponse response = await Send(mode, manager, "POST", "http://a.test/x", new() { Body = "text", Explain = true });
        Assert.Equal("text", two.Requests[0].Text);
        Assert.Empty(response.Retries.History); // a proxy passed over is no retry
        Assert.Contains("The next proxy was tried.", response.Report!.ToString(), StringComparison.Ordinal);
        Assert.All(asked, static url => Assert.Equal("http://a.test/x", url));

        clock.Advance(TimeSpan.FromSeconds(29));
        await Send(mode, manager, "GET", "http://b.test/");
        Assert.Equal(2, two.Requests.Count);
        Assert.Equal(0, manager.Pools.Where(static p => p.Key.Proxy == _closed).Sum(static p => p.Value.NumConnections));
        long tried = manager.Pools.Where(static p => p.Key.Proxy == _closed).Sum(static p => p.Value.NumRequests);

        clock.Advance(TimeSpan.FromSeconds(2));
        await Send(mode, manager, "GET", "http://c.test/");
        Assert.Equal(tried + 1, manager.Pools.Where(static p => p.Key.Proxy == _closed).Sum(static p => p.Value.NumRequests));
        Assert.Equal(3, two.Requests.Count);

        first = $"http://127.0.0.1:{one.Port}";
        await Send(mode, manager, "GET", "http://d.test/");
        Assert.Single(one.Requests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task When_none_can_be_reached_the_error_is_that_of_the_last_one(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { ProxySelector = _ => [_closed, _alsoClosed], Retries = Retry.None });

        for (int i = 0; i < 2; i++)
        {
            ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/"));
            Assert.IsType<NewConnectionException>(e.InnerException);
        }

        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task None_and_an_empty_list_mean_directly_and_None_has_its_turn_like_a_proxy(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using MisbehavingServer proxy = Forwarder();
        IReadOnlyList<ProxyOptions> chosen = [];
        await using var manager = new PoolManager(new PoolOptions { ProxySelector = _ => chosen });

        Assert.Null((await Send(mode, manager, "GET", origin.Url + "/get")).Connection.Proxy);
        chosen = [ProxyOptions.None, new($"http://127.0.0.1:{proxy.Port}")];
        Assert.Null((await Send(mode, manager, "GET", origin.Url + "/get")).Connection.Proxy);
        Assert.NotNull((await Send(mode, manager, "GET", "http://127.0.0.1:1/")).Connection.Proxy);
        chosen = [_closed, ProxyOptions.None];
        Assert.Null((await Send(mode, manager, "GET", origin.Url + "/get")).Connection.Proxy);

        Assert.Equal(3, origin.Requests.Count);
        Assert.Single(proxy.Requests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_says_no_is_not_passed_over(Mode mode)
    {
        await using var saysNo = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"));
        await using MisbehavingServer other = Forwarder();
        await using var manager = new PoolManager(new PoolOptions { ProxySelector = _ => [HttpProxy(saysNo.Port), HttpProxy(other.Port)] });

        await Fails<TunnelRefusedException>(Send(mode, manager, "GET", "https://a.test/"));

        Assert.Equal(0, other.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_hangs_is_passed_over(Mode mode)
    {
        var clock = new VirtualTime();
        TimeSpan limit = TimeSpan.FromMilliseconds(200);
        await using var hangs = MisbehavingServer.Start(new Dialogue().ExpectRequest().ExpectEof());
        await using MisbehavingServer other = TunnelToItself();
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = TrustOrigins,
            ProxySelector = _ => [HttpProxy(hangs.Port), HttpProxy(other.Port)],
            Timeout = HttpTimeout.Default with { Proxy = limit },
            Clock = clock,
        });

        Task<UrllibResponse> first = Send(mode, manager, "GET", "https://a.origin.test/");
        hangs.WaitForRequests(1);
        clock.Advance(limit); // the wait for the answer had begun before the request went out
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await Send(mode, manager, "GET", "https://a.origin.test/")).Status);

        Assert.Equal(1, hangs.Connections);
        hangs.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_selector_throws_ends_the_call(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { ProxySelector = _ => throw new InvalidOperationException("mine") });

        InvalidOperationException e = await Fails<InvalidOperationException>(Send(mode, manager, "GET", "http://a.test/"));

        Assert.Equal("mine", e.Message);
        Assert.Empty(manager.Pools);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_selector_that_always_names_others_does_not_prolong_a_call_for_ever(Mode mode)
    {
        int asked = 0;
        await using var manager = new PoolManager(new PoolOptions
        {
            ProxySelector = _ =>
            {
                int n = Interlocked.Increment(ref asked);
                return [$"http://user{n}@127.0.0.1:1", $"http://other{n}@127.0.0.1:1", $"http://third{n}@127.0.0.1:1"];
            },
            Retries = Retry.None,
        });

        await Fails<ProxyException>(Send(mode, manager, "GET", "http://a.test/"));

        Assert.InRange(asked, 1, 10);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_of_the_request_comes_first_and_None_means_none(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using MisbehavingServer mine = Forwarder(), managers = Forwarder();
        PoolOptions[] options =
        [
            new() { Proxy = HttpProxy(managers.Port) },
            new() { ProxySelector = _ => [HttpProxy(managers.Port)] },
        ];
        ProxyOptions leavingOut = HttpProxy(mine.Port) with { NoProxy = ["127.0.0.0/8"] };
        foreach (PoolOptions each in options)
        {
            await using var manager = new PoolManager(each);
            await Send(mode, manager, "GET", origin.Url + "/get");
            await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = HttpProxy(mine.Port) });
            await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = ProxyOptions.None });
            await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = leavingOut });
            await Send(mode, manager, "GET", origin.Url + "/get");
            // The failure of one's own proxy is not a reason to use another.
            await Fails<ProxyException>(Send(mode, manager, "GET", origin.Url, new() { Proxy = _closed, Retries = Retry.None }));
        }

        Assert.Equal((2, 4, 4), (mine.Requests.Count, managers.Requests.Count, origin.Requests.Count));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_with_a_proxy_leaves_the_next_one_direct(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using MisbehavingServer proxy = Forwarder();
        await using TunnelProxy socks = TunnelProxy.Start(origin.Port);
        await using var manager = new PoolManager();

        for (int i = 0; i < 2; i++)
        {
            await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = HttpProxy(proxy.Port) });
            await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = socks.Url("socks5h") });
            Assert.Null((await Send(mode, manager, "GET", origin.Url + "/get")).Connection.Proxy);
        }

        Assert.Equal((2, 1, 4, 2), (proxy.Requests.Count, socks.Requests.Count, origin.Requests.Count, origin.Connections));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task NoProxy_leaves_hosts_out(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using MisbehavingServer proxy = Forwarder();
        await using var manager = new ProxyManager(
            HttpProxy(proxy.Port) with { NoProxy = ["localhost", "127.0.0.0/8"] },
            new PoolOptions { Resolver = Everywhere(origin.Port, "localhost.") });

        await Send(mode, manager, "GET", origin.Url + "/get");
        await Send(mode, manager, "GET", $"http://LOCALHOST.:{origin.Port}/get");
        await Send(mode, manager, "GET", "http://localhost.test/get");

        Assert.Equal(2, origin.Requests.Count);
        Assert.Equal("http://localhost.test/get", Assert.Single(proxy.Requests).Target);
    }

    private static MisbehavingServer Forwarder() =>
        MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
}
