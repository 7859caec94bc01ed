using System.Net.Security;
using System.Security.Cryptography;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>Two parties may prove who they are, the proxy and the origin, and neither counts for the other (PX-08, PX-09).</summary>
public sealed class ProxyTlsTests : ProxyTests
{
    private const string Https = "https://a.origin.test/";

    /// <summary>What is wrong with the certificate of the proxy.</summary>
    public static TheoryData<Mode, string, string> BadProxies()
    {
        var rows = new TheoryData<Mode, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string fault in new[] { "unknown root", "wrong name", "no names", "pin", "fingerprint" })
            {
                rows.Add(mode, fault, Https);
                rows.Add(mode, fault, "http://a.origin.test/");
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(BadProxies))]
    public async Task PX_08_a_proxy_is_refused_though_any_origin_would_be_accepted(Mode mode, string fault, string url)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = fault switch
        {
            "wrong name" => authority.Issue("proxy.test"),
            "no names" => authority.Issue(new Leaf { CommonName = "localhost" }),
            _ => authority.Issue("localhost"),
        };
        TlsOptions tls = fault == "unknown root" ? TrustOrigins : new() { CaCerts = new([authority.Root]) };
        tls = fault switch
        {
            "pin" => tls with { Pins = new(new string('A', 43) + '=', new string('B', 42) + "A=") },
            "fingerprint" => tls with { AssertFingerprint = new string('0', 64) },
            _ => tls,
        };
        await using var proxy = MisbehavingServer.Start(new Dialogue().StartTls(certificate).ExpectEof());
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port, isSecure: true) with { Tls = tls },
            Tls = new() { DangerousAcceptAnyCertificate = true },
        });

        ProxyException e = await Fails<ProxyException>(Send(mode, manager, "GET", url));

        Assert.IsType<CertificateException>(e.InnerException);
        Assert.Empty(proxy.Requests);
        Assert.Equal(1, proxy.Connections);
        AssertAtRest(manager);
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task Case_339_344_an_origin_is_refused_though_any_proxy_would_be_accepted(Mode mode, bool isSecure)
    {
        using IssuedCertificate wrong = CertificateAuthority.SelfSigned(Leaf.For("a.origin.test"));
        await using MisbehavingServer proxy = TlsInTls(isSecure, wrong);
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port, isSecure) with { Tls = new() { DangerousAcceptAnyCertificate = true } },
            Tls = TrustOrigins,
        });

        await Fails<CertificateException>(Send(mode, manager, "GET", Https));

        Assert.Equal(["CONNECT"], proxy.Requests.Select(static r => r.Method));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_315_320_TLS_within_TLS_verifies_both(Mode mode)
    {
        await using MisbehavingServer proxy = TlsInTls(true, OriginCertificate);
        await using PoolManager manager = Through(HttpProxy(proxy.Port, isSecure: true));
        byte[] data = new byte[300_000];
        new Random(1).NextBytes(data);

        UrllibResponse response = await Send(mode, manager, "POST", Https, new() { Body = data });
        Assert.Equal(data, proxy.Requests[^1].Body);

        Assert.Equal(["localhost", "a.origin.test"], proxy.ServerNames);
        HttpConnectionInfo connection = response.Connection;
        Assert.True(connection.Tls!.IsVerified && connection.ProxyTls!.IsVerified);
        Assert.NotEqual(connection.Tls.PeerCertificate.Subject, connection.Tls.PeerCertificate.Issuer);
        Assert.NotEqual(connection.ProxyTls.PeerCertificate.Issuer, connection.Tls.PeerCertificate.Issuer);
        Assert.Equal("http/1.1", connection.ProxyTls.ApplicationProtocol ?? "http/1.1"); // case 338: never h2
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task A_tunnel_that_was_closed_while_it_was_idle_is_not_used_again(Mode mode, bool isSecure)
    {
        var end = new Gate();
        await using var proxy = MisbehavingServer.Start(n =>
        {
            Dialogue dialogue = isSecure ? new Dialogue().StartTls(ProxyCertificate) : new Dialogue();
            dialogue.ExpectRequest().Send(Established).StartTls(OriginCertificate).ExpectRequest().Send(Ok);
            return n == 0 ? dialogue.WaitFor(end).Close() : dialogue;
        });
        await using PoolManager manager = Through(HttpProxy(proxy.Port, isSecure), Retry.None);

        Assert.Equal("ok", (await Send(mode, manager, "GET", Https)).Text());
        end.Open();
        proxy.WaitUntilAllClosed();
        Assert.Equal("ok", (await Send(mode, manager, "POST", Https, new() { Body = "text" })).Text());

        Assert.Equal(2, proxy.Connections);
        Assert.Single(proxy.Requests, static r => r.Method == "POST");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_320_forwarded_to_over_TLS_only_the_proxy_is_verified(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            _ => new Dialogue().StartTls(ProxyCertificate).Loop(d => d.ExpectRequest().Send(Ok)));
        await using PoolManager manager = Through(HttpProxy(proxy.Port, isSecure: true));

        UrllibResponse response = await Send(mode, manager, "GET", "http://a.origin.test/x");

        Assert.Null(response.Connection.Tls);
        Assert.True(response.Connection.ProxyTls!.IsVerified);
        Assert.Equal("http://a.origin.test/x", Assert.Single(proxy.Requests).Target);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_342_347_a_proxy_may_be_asked_for_https_and_then_reads_everything(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(
            _ => new Dialogue().StartTls(ProxyCertificate).Loop(d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = HttpProxy(proxy.Port, isSecure: true) with { UseForwardingForHttps = true },
            Tls = new() { CaCerts = new([]) }, // trusts no origin, and need not
        });

        foreach (string url in new[] { "https://a.origin.test/x", "http://a.origin.test/x", "https://b.origin.test:444/y" })
            Assert.Equal("ok", (await Send(mode, manager, "GET", url)).Text());

        Assert.Equal(
            ["https://a.origin.test/x", "http://a.origin.test/x", "https://b.origin.test:444/y"],
            proxy.Requests.Select(static r => r.Target));
        Assert.Equal(["a.origin.test", "a.origin.test", "b.origin.test:444"], proxy.Requests.Select(static r => r["Host"]));
        Assert.Equal(1, proxy.Connections);
        Assert.Single(manager.Pools);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_342_an_http_proxy_does_not_forward_https(Mode mode)
    {
        await using MisbehavingServer proxy = TunnelToItself();
        await using PoolManager manager = Through(HttpProxy(proxy.Port) with { UseForwardingForHttps = true });

        await Send(mode, manager, "GET", Https);

        Assert.Equal(["CONNECT", "GET"], proxy.Requests.Select(static r => r.Method));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PX_08_the_client_certificate_of_one_is_never_shown_to_the_other(Mode mode)
    {
        var seen = new List<string>();
        SslServerAuthenticationOptions Asking(IssuedCertificate certificate, string who)
        {
            SslServerAuthenticationOptions options = certificate.ServerOptions();
            options.ClientCertificateRequired = true;
            options.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                lock (seen)
                    seen.Add($"{who}: {shown?.Subject ?? "nobody"}");
                return true;
            };
            return options;
        }

        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().StartTls(Asking(ProxyCertificate, "proxy"))
            .ExpectRequest().Send(Established).StartTls(Asking(OriginCertificate, "origin")).Loop(d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager(new PoolOptions { Tls = TrustOrigins });
        ProxyOptions plain = HttpProxy(proxy.Port, isSecure: true);
        ProxyOptions known = plain with { Tls = plain.Tls with { ClientCertificate = NewClientCertificate("for-proxy") } };
        TlsOptions own = TrustOrigins with { ClientCertificate = NewClientCertificate("for-origin") };

        await Send(mode, manager, "GET", Https, new() { Proxy = plain, Tls = own });
        await Send(mode, manager, "GET", Https, new() { Proxy = known });
        await Send(mode, manager, "GET", Https, new() { Proxy = known, Tls = own });

        Assert.Equal(
            [
                "proxy: nobody", "origin: CN=for-origin",
                "proxy: CN=for-proxy", "origin: nobody",
                "proxy: CN=for-proxy", "origin: CN=for-origin",
            ],
            seen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_341_a_fingerprint_of_the_proxy_is_for_the_proxy_alone(Mode mode)
    {
        await using MisbehavingServer proxy = TlsInTls(true, OriginCertificate);
        ProxyOptions pinned = HttpProxy(proxy.Port, isSecure: true);
        pinned = pinned with { Tls = pinned.Tls with { AssertFingerprint = FingerprintOf(ProxyCertificate) } };
        TlsOptions tls = TrustOrigins with { AssertFingerprint = FingerprintOf(OriginCertificate) };
        await using var manager = new PoolManager(new PoolOptions { Proxy = pinned, Tls = tls });

        Assert.Equal(200, (await Send(mode, manager, "GET", Https)).Status);
    }

    [Theory]
    [InlineData(Mode.Blocking, "socks5h")]
    [InlineData(Mode.Asynchronous, "socks5h")]
    [InlineData(Mode.Blocking, "socks4a")]
    [InlineData(Mode.Asynchronous, "socks4a")]
    public async Task PX_08_case_355_through_SOCKS_the_trust_is_that_of_the_origin(Mode mode, string scheme)
    {
        await using HttpBinServer origin = await HttpBinServer.StartAsync(new() { Certificate = OriginCertificate });
        await using TunnelProxy socks = TunnelProxy.Start(origin.TlsPort);
        await using PoolManager trusting = Through(socks.Url(scheme)), wary = new(new PoolOptions { Proxy = socks.Url(scheme) });

        Assert.Equal(200, (await Send(mode, trusting, "GET", Https)).Status);
        await Fails<CertificateException>(Send(mode, wary, "GET", Https));
        await Fails<CertificateException>(Send(mode, trusting, "GET", "https://other.test/"));
    }

    [Theory]
    [InlineData(Mode.Blocking)]
    [InlineData(Mode.Asynchronous)]
    public async Task PX_09_a_session_of_the_proxy_is_not_taken_up_by_an_origin_of_the_same_name(Mode mode)
    {
        // Both are called localhost, and hold one certificate: all that a cache of sessions could tell them apart by is the port.
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().StartTls(OriginCertificate).ExpectRequest().Send(Established)
            .StartTls(OriginCertificate).ExpectRequest().Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok").Eof());
        await using PoolManager manager = Through(new($"https://localhost:{proxy.Port}") { Tls = TrustOrigins });

        for (int i = 0; i < 4; i++)
        {
            UrllibResponse response = await Send(mode, manager, "GET", "https://localhost/");
            Assert.False(response.Connection.Tls!.IsResumed);
        }

        Assert.Equal(4, proxy.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Case_343_the_final_dot_of_a_target_is_not_part_of_its_name(Mode mode)
    {
        await using MisbehavingServer proxy = TunnelToItself();
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        Assert.Equal(200, (await Send(mode, manager, "GET", "https://a.origin.test./")).Status);
        Assert.Equal(["a.origin.test"], proxy.ServerNames);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_01_06_neither_http_nor_less_trust_opens_a_way_for_more(Mode mode)
    {
        using IssuedCertificate wrong = CertificateAuthority.SelfSigned(Leaf.For("a.origin.test"));
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest()
            .Send(Established).StartTls(wrong).Loop(d => d.ExpectRequest().Send(Ok)));
        await using PoolManager manager = Through(HttpProxy(proxy.Port));

        Assert.Equal(200, (await Send(mode, manager, "GET", Https, new() { Tls = new() { DangerousAcceptAnyCertificate = true } })).Status);
        await Fails<CertificateException>(Send(mode, manager, "GET", Https));

        Assert.Equal(2, proxy.Connections);
        Assert.Equal(["CONNECT", "GET", "CONNECT"], proxy.Requests.Select(static r => r.Method));
    }

    private static string FingerprintOf(IssuedCertificate issued) => issued.Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static MisbehavingServer TlsInTls(bool isSecure, IssuedCertificate origin) => MisbehavingServer.Start(_ =>
    {
        Dialogue dialogue = isSecure ? new Dialogue().StartTls(ProxyCertificate) : new Dialogue();
        return dialogue.ExpectRequest().Send(Established).StartTls(origin).Loop(d => d.ExpectRequest().Send(Ok));
    });
}
