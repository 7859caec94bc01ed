using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Real proxies of every kind in front of nginx: who gets through, who learns what, and on how many connections.</summary>
public sealed class ProxyTests(Peers peers) : ClientTests
{
    private static int _marks;

    private readonly NginxPeer _nginx = peers.Nginx;

    /// <summary>The proxies.</summary>
    public enum Kind
    {
        /// <summary>squid.</summary>
        Squid,

        /// <summary>squid, spoken to over TLS.</summary>
        SquidTls,

        /// <summary>squid for users by Basic.</summary>
        SquidBasic,

        /// <summary>squid for users by Digest.</summary>
        SquidDigest,

        /// <summary>squid, reached through dante.</summary>
        SquidViaDante,

        /// <summary>tinyproxy.</summary>
        Tinyproxy,

        /// <summary>tinyproxy for users.</summary>
        TinyproxyBasic,

        /// <summary>mitmdump.</summary>
        Mitmdump,

        /// <summary>dante by SOCKS 4.</summary>
        Dante4,

        /// <summary>dante by SOCKS 5, with names resolved here.</summary>
        Dante5,

        /// <summary>dante by SOCKS 5, with names resolved there.</summary>
        Dante5Names,

        /// <summary>microsocks, for users.</summary>
        Microsocks,
    }

    public static MatrixTheoryData<Mode, Kind, bool> Ways { get; } = new(Enum.GetValues<Mode>(), Enum.GetValues<Kind>(), [false, true]);

    public static MatrixTheoryData<Mode, Kind, bool, string> Strangers { get; } = new(
        Enum.GetValues<Mode>(),
        [Kind.SquidBasic, Kind.SquidDigest, Kind.TinyproxyBasic, Kind.Microsocks],
        [false, true],
        ["", "mallory:wrong@", "alice:wrong@"]);

    [Theory, MemberData(nameof(Ways))]
    public async Task Each_leads_to_the_origin_and_its_secrets_stay_with_it(Mode mode, Kind kind, bool isHttps)
    {
        string user = IsGuarded(kind) ? $"{ProxyUser.Known.Name}:{ProxyUser.Known.Password}@" : "";
        using PoolManager http = Through(kind, user);
        string mark = $"/proxy-authorization?mark={Interlocked.Increment(ref _marks)}-";
        HttpHeaderDict stray = new() { { "Proxy-Authorization", "Basic c3RyYXk=" } };

        for (int i = 0; i < 3; i++)
        {
            // A proxy that forwards takes the caller's header for its own; any other way it must not leave.
            bool isForwarded = !isHttps && !IsSocks(kind);
            UrllibResponse response = await Send(
                mode, http, "GET", Origin(isHttps) + mark + i, new() { Headers = isForwarded ? null : stray });
            Assert.Equal((200, "[]"), (response.Status, response.Text()));
            Assert.Equal(isHttps, response.Connection.Tls is not null);
            Assert.Equal(kind is Kind.SquidTls, response.Connection.ProxyTls is not null);
        }

        // What tinyproxy forwards is HTTP/1.0, and ends with the connection.
        bool isKept = isHttps || kind is not (Kind.Tinyproxy or Kind.TinyproxyBasic);
        Assert.Equal(isKept ? 1 : 3, Assert.Single(http.Pools).Value.NumConnections);
        if (isHttps || IsSocks(kind))
            Assert.Single(Enumerable.Range(0, 3).Select(i => _nginx.WaitForLog($"GET {mark}{i} ").Split(' ')[0]).Distinct());
        http.Dispose(); // squid reports a tunnel when it is closed
        if (kind is Kind.SquidBasic or Kind.SquidDigest)
            peers.Squid.WaitForLog(isHttps ? $"CONNECT localhost:{_nginx.TlsPort} alice " : $"{mark}2 alice ");
    }

    [Theory, MemberData(nameof(Strangers))]
    public async Task Strangers_are_refused_and_the_origin_hears_nothing(Mode mode, Kind kind, bool isHttps, string user)
    {
        using PoolManager http = Through(kind, user);
        string target = $"/small.txt?stranger={Interlocked.Increment(ref _marks)}";
        int refusal = kind == Kind.TinyproxyBasic && user.Length > 0 ? 401 : 407; // so tinyproxy says that it knows somebody not

        Task<UrllibResponse> call = Send(mode, http, "GET", Origin(isHttps) + target);

        if (IsSocks(kind))
            Assert.DoesNotContain("wrong", (await Assert.ThrowsAsync<ProxyException>(() => call)).ToString(), StringComparison.Ordinal);
        else if (isHttps)
            Assert.Equal(refusal, (await Assert.ThrowsAsync<TunnelRefusedException>(() => call)).Status);
        else
            Assert.Equal(refusal, (await call).Status);

        await Send(mode, http, "GET", _nginx.Url + "/small.txt?after" + target, new() { Proxy = ProxyOptions.None });
        _nginx.WaitForLog("/small.txt?after" + target);
        Assert.DoesNotContain($"GET {target}", _nginx.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", string.Join(' ', http.Pools.Keys), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_nonce_that_is_known_spares_the_next_connection_the_question(Mode mode)
    {
        using PoolManager http = Through(Kind.SquidDigest, "alice:wonder-land@");

        await Send(mode, http, "GET", _nginx.TlsUrl + "/small.txt");
        // Nobody else goes through squid to this port, which answers 400 to who has no certificate.
        Assert.Equal(400, (await Send(mode, http, "GET", $"https://localhost:{_nginx.ClientCertificatePort}/small.txt")).Status);

        http.Dispose(); // squid reports a tunnel when it is closed
        peers.Squid.WaitForLog($"CONNECT localhost:{_nginx.ClientCertificatePort} alice ");
        Assert.DoesNotContain(
            peers.Squid.Log.Split('\n'),
            l => l.Contains("TCP_DENIED", StringComparison.Ordinal)
                && l.Contains($"localhost:{_nginx.ClientCertificatePort}", StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_proxy_forbids_is_an_error_that_says_so(Mode mode)
    {
        using PoolManager squid = Through(Kind.Squid), dante = Through(Kind.Dante5), dante4 = Through(Kind.Dante4);

        TunnelRefusedException refused = await Assert.ThrowsAsync<TunnelRefusedException>(
            () => Send(mode, squid, "GET", $"https://localhost:{SquidPeer.RefusedPort}/"));
        Assert.Equal(403, refused.Status);
        Assert.Contains("ERR_ACCESS_DENIED", refused.Headers["X-Squid-Error"], StringComparison.Ordinal);
        Assert.False(refused.Body.IsEmpty);
        foreach (PoolManager http in new[] { dante, dante4 })
            await Assert.ThrowsAsync<ProxyException>(() => Send(mode, http, "GET", $"http://127.0.0.1:{DantePeer.RefusedPort}/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_looks_into_TLS_is_found_out_by_who_does_not_trust_it(Mode mode)
    {
        using PoolManager wary = new(new PoolOptions { Proxy = $"http://127.0.0.1:{peers.Mitmdump.Port}", Tls = TrustIn(peers) });

        CertificateException e = await Assert.ThrowsAsync<CertificateException>(
            () => Send(mode, wary, "GET", _nginx.TlsUrl + "/small.txt"));

        Assert.Equal(CertificateFailure.Chain, e.Failure);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task All_of_http_shares_one_pool_and_each_https_server_has_its_own(Mode mode)
    {
        using ProxyManager http = new($"http://127.0.0.1:{peers.Squid.Port}", new PoolOptions { Tls = TrustIn(peers) });

        foreach (string url in new[] { _nginx.Url, $"http://localhost:{_nginx.Port}", $"http://127.0.0.1:{_nginx.ShortLivedPort}" })
            Assert.Equal(WebRoot.Small, (await Send(mode, http, "GET", url + "/small.txt")).Text());
        Assert.IsType<HttpConnectionPool>(Assert.Single(http.Pools).Value);
        Assert.Equal((1, 3), (http.Pools.Single().Value.NumConnections, http.Pools.Single().Value.NumRequests));

        foreach (int port in new[] { _nginx.TlsPort, _nginx.ClientCertificatePort, _nginx.TlsPort })
            await Send(mode, http, "GET", $"https://localhost:{port}/small.txt");
        await Send(mode, http, "GET", $"https://127.0.0.1:{_nginx.TlsPort}/small.txt");
        Assert.Equal(1 + 3, http.Pools.Count);
        Assert.Equal(3, http.Pools.Count(static p => p.Value is HttpsConnectionPool));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_with_TLS_may_be_asked_for_https(Mode mode)
    {
        ProxyOptions proxy = new($"https://localhost:{peers.Squid.TlsPort}") { Tls = TrustIn(peers), UseForwardingForHttps = true };
        using ProxyManager http = new(proxy, new PoolOptions { Tls = new() { CaCerts = new CertificateSet([]) } });
        string target = $"{_nginx.TlsUrl}/small.txt?forwarded={Interlocked.Increment(ref _marks)}";

        UrllibResponse response = await Send(mode, http, "GET", target);

        Assert.Equal(WebRoot.Small, response.Text());
        Assert.Null(response.Connection.Tls);
        peers.Squid.WaitForLog($"GET {target} ");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Large_bodies_pass_both_ways(Mode mode, Kind kind, bool isHttps)
    {
        using PoolManager http = Through(kind, IsGuarded(kind) ? "alice:wonder-land@" : "");
        var body = RequestBody.FromBytes(WebRoot.TenMegabytes);

        UrllibResponse whole = await Send(mode, http, "POST", Origin(isHttps) + "/upload", new() { Body = body });
        Assert.Equal("10485760", whole.Text());
        await using UrllibResponse down = await Send(
            mode, http, "GET", Origin(isHttps) + "/chunked/small.txt", new() { PreloadContent = false });
        Assert.Equal(WebRoot.Small, System.Text.Encoding.UTF8.GetString(await ReadAll(mode, down)));
    }

    private static bool IsSocks(Kind kind) => kind >= Kind.Dante4;

    private static bool IsGuarded(Kind kind) => kind is Kind.SquidBasic or Kind.SquidDigest or Kind.TinyproxyBasic or Kind.Microsocks;

    private string Origin(bool isHttps) => isHttps ? _nginx.TlsUrl : _nginx.Url;

    private PoolManager Through(Kind kind, string user = "")
    {
        ProxyOptions proxy = kind switch
        {
            Kind.Squid => $"http://{user}127.0.0.1:{peers.Squid.Port}",
            Kind.SquidTls => new ProxyOptions($"https://{user}localhost:{peers.Squid.TlsPort}") { Tls = TrustIn(peers) },
            Kind.SquidBasic => $"http://{user}127.0.0.1:{peers.Squid.BasicPort}",
            Kind.SquidDigest => $"http://{user}127.0.0.1:{peers.Squid.DigestPort}",
            Kind.SquidViaDante =>
                new ProxyOptions($"http://localhost:{peers.Squid.Port}") { Via = $"socks5h://127.0.0.1:{peers.Dante.Port}" },
            Kind.Tinyproxy => $"http://{user}127.0.0.1:{peers.Tinyproxy.Port}",
            Kind.TinyproxyBasic => $"http://{user}127.0.0.1:{peers.GuardedTinyproxy.Port}",
            Kind.Mitmdump => $"http://{user}127.0.0.1:{peers.Mitmdump.Port}",
            Kind.Dante4 => $"socks4://127.0.0.1:{peers.Dante.Port}",
            Kind.Dante5 => $"socks5://127.0.0.1:{peers.Dante.Port}",
            Kind.Dante5Names => $"socks5h://127.0.0.1:{peers.Dante.Port}",
            _ => $"socks5h://{user}127.0.0.1:{peers.Microsocks.Port}",
        };
        TlsOptions tls = kind == Kind.Mitmdump ? new() { CaCerts = new CertificateSet([peers.Mitmdump.Root]) } : TrustIn(peers);
        // On a busy machine ten megabytes through a proxy and two handshakes take their time; no test here is about a limit.
        TimeSpan endless = Timeout.InfiniteTimeSpan;
        HttpTimeout timeout = new()
        {
            Connect = endless, Proxy = endless, Tls = endless, Send = endless, Read = endless,
        };
        return new PoolManager(new PoolOptions { Proxy = proxy, Tls = tls, Timeout = timeout });
    }
}
