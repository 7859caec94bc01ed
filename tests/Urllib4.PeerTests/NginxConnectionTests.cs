using System.Globalization;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Connections to nginx: kept, ended by it after a few requests, and secured.</summary>
public sealed class NginxConnectionTests(Peers peers) : ClientTests
{
    private readonly NginxPeer _nginx = peers.Nginx;

    [Theory, ClassData(typeof(BothModes))]
    public async Task Five_requests_go_over_one_connection(Mode mode)
    {
        using var http = new PoolManager();
        string[] targets = [.. Enumerable.Range(1, 5).Select(n => $"/small.txt?kept={n}-{mode}")];

        foreach (string target in targets)
            Assert.Equal(WebRoot.Small, (await Send(mode, http, "GET", _nginx.Url + target)).Text());

        Assert.Equal(["1", "2", "3", "4", "5"], targets.Select(t => LogOf(t)[1]));
        Assert.Single(targets.Select(t => LogOf(t)[0]).Distinct());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_ends_after_three_requests_is_never_noticed(Mode mode)
    {
        using var http = new PoolManager();
        string url = $"http://127.0.0.1:{_nginx.ShortLivedPort}";

        for (int i = 0; i < 100; i++)
            await AssertGood(mode, http, url, i);

        Assert.Equal(100, http.ConnectionFromUrl(url).NumRequests);
        Assert.Equal(34, http.ConnectionFromUrl(url).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nor_is_it_by_many_callers(Mode mode)
    {
        using var http = new PoolManager(PoolOptions.Default with { MaxSize = 4, Block = true });
        string url = $"http://127.0.0.1:{_nginx.ShortLivedPort}";

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AssertGood(mode, http, url, i)));

        Assert.Equal(100, http.ConnectionFromUrl(url).NumRequests);
        Assert.InRange(http.ConnectionFromUrl(url).NumConnections, 34, 37);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Both_names_of_the_certificate_are_good_on_every_handshake(Mode mode)
    {
        using var http = new PoolManager(PoolOptions.Default with { Tls = TrustIn(peers) });

        // Each closes its connection, so that the next handshake may resume the session.
        for (int i = 0; i < 3; i++)
        {
            foreach (string host in (string[])["localhost", "127.0.0.1"])
            {
                UrllibResponse response = await Send(
                    mode, http, "GET", $"https://{host}:{_nginx.TlsPort}/until-close/small.txt");
                Assert.Equal(WebRoot.Small, response.Text());
            }
        }

        Assert.Equal([3, 3], http.Pools.Select(static p => p.Value.NumConnections));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Secured_connections_are_kept_too(Mode mode)
    {
        using var http = new PoolManager(PoolOptions.Default with { Tls = TrustIn(peers) });

        for (int i = 0; i < 10; i++)
            Assert.Equal(204, (await Send(mode, http, "GET", $"{_nginx.TlsUrl}/large-headers")).Status);

        Assert.Equal(1, http.ConnectionFromUrl(_nginx.TlsUrl).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_unknown_authority_is_not_trusted(Mode mode)
    {
        using var http = new PoolManager();

        CertificateException error = await Assert.ThrowsAsync<CertificateException>(() => Send(mode, http, "GET", $"{_nginx.TlsUrl}/small.txt"));

        Assert.False(error.ServerMayHaveActed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_name_that_the_certificate_has_not_is_refused(Mode mode)
    {
        using var http = new PoolManager(PoolOptions.Default with
        {
            Tls = TrustIn(peers),
            Resolver = Everywhere(_nginx.TlsPort, "other.example"),
        });

        await Assert.ThrowsAsync<CertificateException>(() => Send(mode, http, "GET", "https://other.example/small.txt"));
    }

    private static async Task AssertGood(Mode mode, PoolManager http, string url, int number)
    {
        if (number % 3 == 0)
        {
            UrllibResponse posted = await Send(mode, http, "POST", $"{url}/upload", new() { Body = new byte[number] });
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), posted.Text());
        }
        else
        {
            Assert.Equal(WebRoot.Small, (await Send(mode, http, "GET", $"{url}/small.txt")).Text());
        }
    }

    // The number of the connection, and that of the request on it.
    private string[] LogOf(string target) => _nginx.WaitForLog($"GET {target} ").Split(' ');
}
