using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Whatever works with a server works through every way there.</summary>
public sealed class ProxyExchangeTests : ProxyTests, IDisposable
{
    private readonly ProxyWays _ways = new(OriginCertificate, ProxyCertificate, TrustProxies);
    private readonly PoolManager _manager = new(new PoolOptions { Tls = TrustOrigins });

    public static MatrixTheoryData<Mode, Way> Ways { get; } = new(Enum.GetValues<Mode>(), Enum.GetValues<Way>());

    [Theory, MemberData(nameof(Ways))]
    public async Task Uploads_and_downloads_pass_unchanged_on_one_connection(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];
        byte[] data = new byte[1_000_000];
        new Random(1).NextBytes(data);

        for (int i = 0; i < 3; i++)
        {
            RequestBody body = i == 0 ? data : RequestBody.FromStream(new MemoryStream(data)).WithoutLength();
            UrllibResponse response = await Send(
                mode, _manager, "POST", url + "/echo", new() { Proxy = proxy, Body = body, PreloadContent = i == 1 });
            Assert.Equal(data, await ReadAll(mode, response));
        }

        Assert.Equal(1, Assert.Single(_manager.Pools).Value.NumConnections);
        AssertAtRest(_manager);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_body_waits_for_the_word_of_the_server(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];
        List<int> heard = [];
        RequestOptions options = new()
        {
            Proxy = proxy,
            Body = "text",
            Headers = new() { { "Expect", "100-continue" } },
            Timeout = HttpTimeout.Default with { Continue = TimeSpan.FromSeconds(20) },
            OnInformational = response => heard.Add(response.Status),
        };

        Assert.Equal("text", (await Send(mode, _manager, "POST", url + "/echo", options)).Text());
        Assert.Equal([100], heard);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_upgrade_hands_the_connection_over(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];
        UrllibResponse response = await Send(mode, _manager, "GET", url + "/upgrade-echo", new()
        {
            Proxy = proxy,
            Headers = new() { { "Connection", "Upgrade" }, { "Upgrade", "echo" } },
        });

        Assert.Equal(101, response.Status);
        await using Stream stream = response.TakeOver();
        await stream.WriteAsync("hello"u8.ToArray());
        byte[] answer = new byte[5];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(Patience);
        Assert.Equal("hello", Encoding.ASCII.GetString(answer));
        Assert.DoesNotContain(_ways.Origin.Requests, static r => r.Headers.ContainsKey("Proxy-Authorization"));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Callers_of_both_modes_take_turns(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];
        Mode other = mode == Mode.Blocking ? Mode.Asynchronous : Mode.Blocking;

        foreach (Mode each in new[] { mode, other, mode, mode, other, other })
            Assert.Equal("text", (await Send(each, _manager, "POST", url + "/echo", new() { Proxy = proxy, Body = "text" })).Text());

        Assert.InRange(Assert.Single(_manager.Pools).Value.NumConnections, 1, 2);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_redirect_stays_on_the_way(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];

        UrllibResponse response = await Send(mode, _manager, "GET", url + "/redirect/3", new() { Proxy = proxy });

        Assert.Equal(url + "/get", response.Url.Href);
        Assert.Equal(3, response.Retries.History.Count);
        Assert.Equal(1, Assert.Single(_manager.Pools).Value.NumConnections);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task After_the_manager_was_disposed_no_connection_is_left(Mode mode, Way way)
    {
        var (proxy, url) = _ways[way];
        var manager = new PoolManager(new PoolOptions { Tls = TrustOrigins, Proxy = proxy });
        await Send(mode, manager, "GET", url + "/get");
        UrllibResponse half = await Send(mode, manager, "GET", url + "/bytes/500000", new() { PreloadContent = false });
        Task<UrllibResponse> held = Send(mode, manager, "GET", url + "/hold?id=never");
        (way is Way.Forward or Way.SecureForward ? _ways.Forwarder : _ways.Origin).WaitUntilHeld(1);

        manager.Dispose();

        await Fails<ClosedPoolException>(held);
        await half.DisposeAsync();
        Until(() => _ways.OpenConnections == 0);
    }

    public void Dispose()
    {
        _manager.Dispose();
        _ways.Dispose();
    }
}
