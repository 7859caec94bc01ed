using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Proxies that cannot be reached (cases 327 to 329): the error says that it was the proxy, and why.</summary>
public sealed class ProxyReachTests : ProxyTests
{
    public static TheoryData<Mode, string, string> Pairs()
    {
        var rows = new TheoryData<Mode, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string proxy in new[] { "http", "https", "socks4", "socks4a", "socks5", "socks5h" })
            {
                rows.Add(mode, proxy, "http");
                rows.Add(mode, proxy, "https");
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Case_327_a_name_that_is_unknown(Mode mode, string proxy, string target)
    {
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = $"{proxy}://alice:secret@nowhere.test",
            Resolver = Everywhere(1, "a.test"),
            Retries = Retry.None,
        });

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", $"{target}://a.test/"));

        Assert.IsType<NameResolutionException>(e.InnerException);
        Assert.DoesNotContain("secret", $"{e}", StringComparison.Ordinal);
        Assert.Contains($"{proxy}://nowhere.test:", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Case_328_a_port_that_is_closed_is_tried_as_often_as_a_closed_server(Mode mode, string proxy, string target)
    {
        await using var manager = new PoolManager(new PoolOptions { Proxy = $"{proxy}://127.0.0.1:1", Resolver = Everywhere(1, "a.test") });
        string url = $"{target}://a.test/";

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", url, new() { Retries = Retry.None }));
        MaxRetryException spent = await Fails<MaxRetryException>(
            Send(mode, manager, "POST", url, new() { Body = "x", Retries = new() { Connect = 2, BackoffFactor = 0 } }));

        Assert.IsType<NewConnectionException>(e.InnerException);
        Assert.Equal((HttpPhase.Proxy, false), (e.Phase, e.ServerMayHaveActed));
        Assert.IsType<ProxyException>(spent.Reason);
        Assert.Equal(3, spent.Attempts);
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Case_329_an_address_that_does_not_answer(Mode mode, string proxy, string target)
    {
        using var hole = new BlackHole();
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = $"{proxy}://{hole.EndPoint}",
            Resolver = Everywhere(1, "a.test"),
            Timeout = HttpTimeout.Default with { Connect = TimeSpan.FromMilliseconds(200) },
            Retries = Retry.None,
        });

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", $"{target}://a.test/"));

        Assert.IsType<ConnectTimeoutException>(e.InnerException);
        AssertAtRest(manager);
    }

    [Theory]
    [InlineData(Mode.Blocking, "http")]
    [InlineData(Mode.Blocking, "https")]
    [InlineData(Mode.Asynchronous, "http")]
    [InlineData(Mode.Asynchronous, "https")]
    public async Task Case_335_a_proxy_without_TLS_that_is_asked_for_it_gets_a_hint(Mode mode, string target)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue().Send("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").Eof());
        await using PoolManager manager = Through($"https://localhost:{proxy.Port}", Retry.None);

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", $"{target}://a.origin.test/"));

        Assert.IsType<TlsException>(e.InnerException);
        Assert.Contains("speaks plain HTTP on this port and not TLS: it answered 'HTTP/1.1 400 Bad Request'. The URL for it begins with http://", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_deadline_of_the_call_is_its_own_error_on_the_way_to_a_proxy_too(Mode mode)
    {
        using var hole = new BlackHole();
        var clock = new VirtualTime();
        var dialing = new Gate();
        await using var manager = new PoolManager(
            new PoolOptions { Proxy = $"http://{hole.EndPoint}", Clock = clock, Events = new ConnectPhase(dialing) });
        TimeSpan limit = TimeSpan.FromMilliseconds(200);
        RequestOptions options = new() { Timeout = HttpTimeout.Default with { Total = limit } };

        Task<UrllibResponse> call = Send(mode, manager, "GET", "http://a.test/", options);
        dialing.Wait();
        await PassTime(clock, limit, call);
        TotalTimeoutException e = await Fails<TotalTimeoutException>(call);

        Assert.Equal(HttpPhase.Connect, e.Phase);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:8080")]
    [InlineData("ftp://google.com")]
    [InlineData("socks6://a.test")]
    public void Case_345_356_another_scheme_names_no_proxy(string url) =>
        Assert.Throws<ProxySchemeUnknownException>(() => new ProxyManager(url));

    [Fact]
    public void Case_346_ports_are_80_443_and_1080_and_none_is_0()
    {
        Assert.Equal(80, new ProxyManager("http://a.test").Proxy.Url.Port);
        Assert.Equal(443, new ProxyManager("https://a.test").Proxy.Url.Port);
        Assert.Equal(1080, new ProxyManager("socks5h://a.test").Proxy.Url.Port);
        Assert.ThrowsAny<LocationValueException>(() => new ProxyManager("http://a.test:0"));
        Assert.Throws<ArgumentNullException>(() => new ProxyManager((ProxyOptions)null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_354_the_connection_to_a_proxy_comes_from_the_address_that_was_chosen(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port),
            SourceAddress = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0),
        });

        UrllibResponse response = await Send(mode, manager, "GET", "http://a.test/");

        Assert.Equal("127.0.0.2", Assert.IsType<IPEndPoint>(response.Connection.LocalEndPoint).Address.ToString());
    }

    private sealed class ConnectPhase(Gate gate) : HttpEvents
    {
        public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase)
        {
            if (phase == HttpPhase.Connect)
                gate.Open();
        }
    }
}
