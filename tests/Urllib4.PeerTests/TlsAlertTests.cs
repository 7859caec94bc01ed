using System.Net.Http;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>A server that ends TLS with an alert, before the handshake is over here (TLS 1.2) or behind it (TLS 1.3).</summary>
public sealed class TlsAlertTests(Peers peers) : ClientTests
{
    public static MatrixTheoryData<Mode, TlsVersion> Versions { get; } = new(Enum.GetValues<Mode>(), Enum.GetValues<TlsVersion>());

    private string Url => $"https://localhost:{peers.OpenSsl.Port}/";

    [Theory, MemberData(nameof(Versions))]
    public async Task A_certificate_that_is_missing_is_said_to_be_missing_and_asked_for_once(Mode mode, TlsVersion version)
    {
        var log = new Dialings();
        using var http = new PoolManager(new PoolOptions { Tls = TrustIn(peers) with { SslMaximumVersion = version }, Events = log });

        var refused = await Assert.ThrowsAsync<TlsException>(() => Send(mode, http, "GET", Url));

        Assert.Contains("TlsOptions.ClientCertificate", refused.Message, StringComparison.Ordinal);
        Assert.Contains(version == TlsVersion.Tls13 ? "certificate_required (116)" : "handshake_failure (40)", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (log.Attempts, log.Connects));
        Assert.False(refused.IsTransient);

        using var below = new HttpClient(new UrllibHandler(new PoolOptions { Tls = TrustIn(peers) with { SslMaximumVersion = version } }));
        var mapped = await Assert.ThrowsAsync<HttpRequestException>(
            () => Call(mode, () => below.Send(new(HttpMethod.Get, Url)), () => below.GetAsync(new Uri(Url))));
        Assert.Equal(HttpRequestError.SecureConnectionError, mapped.HttpRequestError);
        Assert.IsType<TlsException>(mapped.InnerException);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_certificate_that_is_not_accepted_is_named(Mode mode, TlsVersion version)
    {
        using var strangers = new CertificateAuthority("strangers");
        using IssuedCertificate stranger = strangers.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        TlsOptions tls = TrustIn(peers) with { SslMaximumVersion = version, ClientCertificate = new(stranger.Certificate) };
        using var http = new PoolManager(new PoolOptions { Tls = tls });

        var refused = await Assert.ThrowsAsync<TlsException>(() => Send(mode, http, "POST", Url, new() { Body = new byte[100_000] }));

        Assert.Contains("does not accept the certificate of TlsOptions.ClientCertificate", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task An_https_proxy_that_wants_a_certificate_is_named_with_its_option(Mode mode, TlsVersion version)
    {
        var proxy = new ProxyOptions(Url) { Tls = TrustIn(peers) with { SslMaximumVersion = version } };
        using var http = new PoolManager(new PoolOptions { Proxy = proxy });

        var tunnel = await Assert.ThrowsAsync<ProxyException>(() => Send(mode, http, "GET", "https://origin.test/"));
        Exception? forwarded = await Record.ExceptionAsync(() => Send(mode, http, "GET", "http://origin.test/"));

        Assert.IsType<TlsException>(tunnel.InnerException);
        Assert.Contains("ProxyOptions.Tls.ClientCertificate", tunnel.Message, StringComparison.Ordinal);
        Assert.Contains("ProxyOptions.Tls.ClientCertificate", forwarded!.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Who_has_one_is_let_in(Mode mode, TlsVersion version)
    {
        using IssuedCertificate me = peers.Authority.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        TlsOptions tls = TrustIn(peers) with { SslMaximumVersion = version, ClientCertificate = new(me.Certificate) };
        using var http = new PoolManager(new PoolOptions { Tls = tls });

        Assert.Equal(200, (await Send(mode, http, "GET", Url)).Status);
    }

    private sealed class Dialings : HttpEvents
    {
        public int Attempts { get; private set; }

        public int Connects { get; private set; }

        public override void AttemptStarted(HttpAttempt attempt) => Attempts++;

        public override void PhaseStarted(HttpAttempt attempt, HttpPhase phase) => Connects += phase == HttpPhase.Connect ? 1 : 0;
    }
}
