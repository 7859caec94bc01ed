using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>The variables of this very process, so nothing runs beside these.</summary>
[Collection(AloneGroup.Name)]
public sealed class ProxyVariablesTests : ProxyTests, IDisposable
{
    private static readonly string[] _names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD"];

    private readonly Dictionary<string, string?> _before = _names.Concat(_names.Select(static n => n.ToUpperInvariant())).Distinct()
        .ToDictionary(static n => n, Environment.GetEnvironmentVariable);

    public ProxyVariablesTests()
    {
        foreach (string name in _before.Keys)
            Environment.SetEnvironmentVariable(name, null);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task They_count_for_a_manager_that_trusts_them_as_they_were_when_it_was_made(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        Environment.SetEnvironmentVariable("HTTP_PROXY", $"http://alice:a@127.0.0.1:{proxy.Port}");
        Environment.SetEnvironmentVariable("no_proxy", "127.0.0.1");
        var trusting = new PoolOptions { TrustEnvironment = true };
        await using PoolManager manager = new(trusting), wary = new();
        await using var pool = new HttpConnectionPool("a.test", options: trusting);
        Environment.SetEnvironmentVariable("HTTP_PROXY", null);

        await Send(mode, manager, "GET", "http://a.test/1");
        await Send(mode, pool, "GET", "/2");
        await Send(mode, manager, "GET", origin.Url + "/get");
        await Send(mode, wary, "GET", origin.Url + "/get");
        await Send(mode, manager, "GET", origin.Url + "/get", new() { Proxy = ProxyOptions.None });

        Assert.Equal(["http://a.test/1", "http://a.test/2"], proxy.Requests.Select(static r => r.Target));
        Assert.All(proxy.Requests, static r => Assert.Equal("Basic YWxpY2U6YQ==", r["Proxy-Authorization"]));
        Assert.Equal(3, origin.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_option_comes_before_them_and_one_that_cannot_be_used_is_not_passed_by(Mode mode)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using TunnelProxy socks = TunnelProxy.Start(origin.Port);
        Environment.SetEnvironmentVariable("all_proxy", "gopher://127.0.0.1:1");
        await using var manager = new PoolManager(new PoolOptions { TrustEnvironment = true });
        await using var with = new PoolManager(new PoolOptions { TrustEnvironment = true, Proxy = socks.Url("socks5h") });

        await Fails<ProxySchemeUnknownException>(Send(mode, manager, "GET", origin.Url + "/get"));
        Assert.Equal(200, (await Send(mode, with, "GET", origin.Url + "/get")).Status);

        Assert.Single(origin.Requests);
    }

    [Theory]
    [InlineData(Mode.Blocking, "all_proxy", "socks://")]
    [InlineData(Mode.Asynchronous, "ALL_PROXY", "socks://")]
    [InlineData(Mode.Blocking, "HTTP_PROXY", "SOCKS://")]
    [InlineData(Mode.Asynchronous, "http_proxy", "Socks://")]
    public async Task A_scheme_socks_is_a_proxy_that_resolves_names(Mode mode, string name, string scheme)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync();
        await using TunnelProxy socks = TunnelProxy.Start(origin.Port);
        Environment.SetEnvironmentVariable(name, socks.Url("socks5h").Replace("socks5h://", scheme, StringComparison.Ordinal));
        await using var manager = new PoolManager(new PoolOptions { TrustEnvironment = true });
        using var client = new HttpClient(new UrllibHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://unknown.test/get");

        Assert.Equal(200, (await Send(mode, manager, "GET", "http://unknown.test/get")).Status);
        using HttpResponseMessage response = await Call(mode, () => client.Send(request), () => client.SendAsync(request));

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(2, origin.Requests.Count);
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }
}
