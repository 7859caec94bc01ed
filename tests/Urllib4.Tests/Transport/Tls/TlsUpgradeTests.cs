using System.Net.Security;
using System.Security.Authentication;
using Urllib4.TestKit;

namespace Urllib4.Tests.Transport;

/// <summary>Handshakes with a TLS server in memory, in both modes, and what is known of each afterwards.</summary>
public sealed class TlsUpgradeTests : MemoryTests, IDisposable
{
    private readonly CertificateAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_tells_what_was_agreed_on_and_the_connection_is_used_again(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        var dialer = new MemoryTlsDialer(certificate, Ok);
        using PoolManager manager = Manager(dialer);

        UrllibResponse first = await Send(mode, manager, "GET", "https://a.test/");
        UrllibResponse second = await Send(mode, manager, "GET", "https://a.test/");

        TlsConnectionInfo tls = first.Connection.Tls!;
        Assert.Equal(("a.test", true, "ok"), (tls.ServerName, tls.IsVerified, first.Text()));
        Assert.True(tls.Version is TlsVersion.Tls12 or TlsVersion.Tls13);
        Assert.Equal(certificate.Certificate.RawData, tls.PeerCertificate.Der.ToArray());
        Assert.Equal((1, true), (dialer.Connections, second.Connection.IsReused));
        Assert.Null(first.Connection.ProxyTls);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_protocol_that_the_server_chose_is_told(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        SslServerAuthenticationOptions server = certificate.ServerOptions();
        server.ApplicationProtocols = [SslApplicationProtocol.Http11];
        using PoolManager manager = Manager(new MemoryTlsDialer([server], Ok));
        Assert.Equal("http/1.1", (await Send(mode, manager, "GET", "https://a.test/")).Connection.Tls?.ApplicationProtocol);
    }

    [Theory]
    [InlineData(Mode.Blocking, TlsVersion.Tls12)]
    [InlineData(Mode.Asynchronous, TlsVersion.Tls12)]
    [InlineData(Mode.Blocking, TlsVersion.Tls13)]
    [InlineData(Mode.Asynchronous, TlsVersion.Tls13)]
    public async Task A_version_that_is_asked_for_alone_is_the_one_that_is_spoken(Mode mode, TlsVersion version)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        using PoolManager manager = Manager(new MemoryTlsDialer(certificate, Ok), new TlsOptions
        {
            SslMinimumVersion = version, SslMaximumVersion = version, CaCerts = new([_authority.Root]),
        });
        Assert.Equal(version, (await Send(mode, manager, "GET", "https://a.test/")).Connection.Tls?.Version);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_without_a_version_in_common_is_told_which_are_accepted(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        SslServerAuthenticationOptions server = certificate.ServerOptions();
        server.EnabledSslProtocols = SslProtocols.Tls12;
        using PoolManager manager = Manager(new MemoryTlsDialer([server], Ok), new TlsOptions { SslMinimumVersion = TlsVersion.Tls13 });
        var e = await Assert.ThrowsAsync<TlsException>(() => Send(mode, manager, "GET", "https://a.test/"));
        Assert.Contains("TLS 1.3 only", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Certificates that are refused: how they are made, and what is found fault with.</summary>
    private static readonly Dictionary<
        string, (Func<CertificateAuthority, IssuedCertificate> Issue, CertificateFailure Failure, string Says)> _refused = new()
        {
            ["an unknown root"] = (static _ => Foreign(), CertificateFailure.Chain, "chain"),
            ["self-signed"] = (static _ => CertificateAuthority.SelfSigned(Leaf.For("a.test")), CertificateFailure.Chain, "self-signed"),
            ["another name"] = (static a => a.Issue("b.test"), CertificateFailure.Name, "not made out to 'a.test'"),
            ["expired"] = (
                static a => a.Issue(Leaf.For("a.test") with
                {
                    NotBefore = TimeProvider.System.GetUtcNow().AddDays(-2), NotAfter = TimeProvider.System.GetUtcNow().AddDays(-1),
                }),
                CertificateFailure.Date,
                "expired on"),
            ["not valid yet"] = (
                static a => a.Issue(Leaf.For("a.test") with { NotBefore = TimeProvider.System.GetUtcNow().AddDays(1) }),
                CertificateFailure.Date,
                "not valid before"),
            ["for clients"] = (
                static a => a.Issue(Leaf.For("a.test") with { Usages = [Leaf.ClientUsage] }),
                CertificateFailure.Usage,
                "not meant for servers"),
            ["no intermediate"] = (
                static a => a.Intermediate().Issue("a.test").WithoutIntermediates(), CertificateFailure.Chain, "intermediate"),
        };

    public static MatrixTheoryData<Mode, string> Refused => new(Enum.GetValues<Mode>(), _refused.Keys);

    [Theory, MemberData(nameof(Refused))]
    public async Task A_certificate_is_refused_with_what_is_wrong_with_it(Mode mode, string name)
    {
        (Func<CertificateAuthority, IssuedCertificate> issue, CertificateFailure failure, string says) = _refused[name];
        using IssuedCertificate certificate = issue(_authority);
        using PoolManager manager = Manager(new MemoryTlsDialer(certificate, Ok));

        var e = await Assert.ThrowsAsync<CertificateException>(() => Send(mode, manager, "GET", "https://a.test/"));

        Assert.Equal(failure, e.Failure);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Equal(certificate.Certificate.RawData, e.Certificate?.Der.ToArray());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_chain_that_the_server_completes_is_trusted(Mode mode)
    {
        using CertificateAuthority between = _authority.Intermediate();
        using IssuedCertificate certificate = between.Issue("a.test");
        using PoolManager manager = Manager(new MemoryTlsDialer(certificate, Ok));
        Assert.True((await Send(mode, manager, "GET", "https://a.test/")).Connection.Tls?.IsVerified);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_caller_accepts_unseen_is_not_called_verified(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(Leaf.For("other.test"));
        using PoolManager manager = Manager(new MemoryTlsDialer(certificate, Ok), new TlsOptions { DangerousAcceptAnyCertificate = true });
        Assert.False((await Send(mode, manager, "GET", "https://a.test/")).Connection.Tls?.IsVerified);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_condition_of_the_caller_has_the_last_word(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        using PoolManager manager = Manager(new MemoryTlsDialer(certificate, Ok), new TlsOptions
        {
            CaCerts = new([_authority.Root]), AdditionalCheck = static peer => $"no {peer.Host}",
        });
        var e = await Assert.ThrowsAsync<CertificateException>(() => Send(mode, manager, "GET", "https://a.test/"));
        Assert.Equal(CertificateFailure.Condition, e.Failure);
        Assert.Contains("no a.test", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_peer_that_speaks_no_tls_or_goes_away_is_said_so(Mode mode)
    {
        using var plain = new PoolManager(Over(new MemoryDialer(new Dialogue().Send("HTTP/1.1 400 Bad Request\r\n\r\n").Stall())));
        using var gone = new PoolManager(Over(new MemoryDialer(new Dialogue().Eof())));
        await Assert.ThrowsAsync<TlsException>(() => Send(mode, plain, "GET", "https://a.test/"));
        var e = await Assert.ThrowsAsync<TlsException>(() => Send(mode, gone, "GET", "https://a.test/"));
        Assert.Contains("ended during the TLS handshake", e.Message, StringComparison.Ordinal);
        Assert.True(e.IsTransient);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handshake_that_stalls_runs_into_its_limit(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().Stall());
        using var manager = new PoolManager(Over(dialer));
        Task<UrllibResponse> call = Send(mode, manager, "GET", "https://a.test/");
        Assert.True(SpinWait.SpinUntil(() => dialer.Peers is [{ WaitingReads: > 0 }], Patience));
        dialer.Time.Advance(HttpTimeout.Default.Tls);
        await Assert.ThrowsAsync<TlsTimeoutException>(() => call);
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_tunnel_leads_through_a_proxy_that_sees_only_where_to(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("a.test");
        using PoolManager manager = Manager(
            new MemoryTlsDialer(certificate, Ok) { BeginsWithTunnel = true }, proxy: new ProxyOptions("http://p.test"));
        UrllibResponse response = await Send(mode, manager, "GET", "https://a.test/");
        Assert.Equal(("ok", "p.test"), (response.Text(), response.Connection.Proxy?.Host));
        Assert.Null(response.Connection.ProxyTls);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Tls_inside_the_tls_of_a_proxy_is_two_agreements(Mode mode)
    {
        using IssuedCertificate origin = _authority.Issue("a.test");
        using IssuedCertificate proxy = _authority.Issue("p.test");
        var trust = new TlsOptions { CaCerts = new([_authority.Root]) };
        using PoolManager manager = Manager(
            new MemoryTlsDialer([proxy.ServerOptions(), origin.ServerOptions()], Ok),
            trust,
            new ProxyOptions("https://p.test") { Tls = trust });

        UrllibResponse response = await Send(mode, manager, "GET", "https://a.test/");

        Assert.Equal(
            ("ok", "a.test", "p.test"), (response.Text(), response.Connection.Tls?.ServerName, response.Connection.ProxyTls?.ServerName));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handler_asks_its_callback_and_the_callback_has_the_last_word(Mode mode)
    {
        using IssuedCertificate certificate = CertificateAuthority.SelfSigned(Leaf.For("other.test"));
        foreach (bool accepts in new[] { true, false })
        {
            HttpRequestMessage? told = null;
            var handler = new UrllibHandler(new PoolOptions { Dialer = new MemoryTlsDialer(certificate, Ok) })
            {
                ServerCertificateCustomValidationCallback = (message, _, _, errors) =>
                {
                    told = message;
                    return accepts && errors != SslPolicyErrors.None;
                },
            };
            using var http = new HttpClient(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://a.test/");
            Task<HttpResponseMessage> call = Call(mode, () => http.Send(request), () => http.SendAsync(request))
                .WaitAsync(Patience, CancellationToken.None);

            if (accepts)
                Assert.False(UrllibHandler.ConnectionOf(await call)?.Tls?.IsVerified);
            else
                await Assert.ThrowsAsync<HttpRequestException>(() => call);
            Assert.Same(request, told);
        }
    }

    private PoolManager Manager(Dialer dialer, TlsOptions? tls = null, ProxyOptions? proxy = null) => new(new PoolOptions
    {
        Dialer = dialer,
        Retries = Retry.None,
        Tls = tls ?? new TlsOptions { CaCerts = new([_authority.Root]) },
        Proxy = proxy,
    });

    private static IssuedCertificate Foreign()
    {
        using var other = new CertificateAuthority("Somebody else");
        return other.Issue("a.test");
    }
}
