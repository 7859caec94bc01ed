using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>A port that speaks something else, an alert, an end without farewell: each is said as what it is.</summary>
public sealed class TlsEndingTests : TlsClientTests
{
    private const string Plain = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

    // RFC 8446, section 6: an alert that is fatal, with the number of protocol_version.
    private static readonly byte[] _alert = [21, 3, 1, 0, 2, 2, 70];

    [Theory, ClassData(typeof(BothModes))]
    public async Task Plain_HTTP_on_a_port_for_TLS_is_recognised_and_not_tried_again(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Send(Plain).Stall());
        using var http = new PoolManager(new PoolOptions { Tls = Trusting });

        var e = await Fails<TlsException>(Send(mode, http, "GET", server.SecureUrl));

        Assert.Contains("speaks plain HTTP on this port and not TLS: it answered 'HTTP/1.1 400 Bad Request'", e.Message, StringComparison.Ordinal);
        Assert.Contains("begins with http://", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Whatever_else_is_no_TLS_is_shown(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Send("SSH-2.0-x\r\n").Stall());
        using PoolManager http = Client(server, Trusting);

        var e = await Fails<TlsException>(Send(mode, http, "GET", server.SecureUrl));

        Assert.Contains("does not speak TLS on this port: it began with 'SSH-2.0-x'", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task TLS_on_a_port_for_plain_HTTP_is_recognised(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Send(_alert).Stall());
        using PoolManager http = Client(server, Trusting);

        var e = await Fails<ProtocolException>(Send(mode, http, "GET", server.Url));

        Assert.Contains("this is TLS and not HTTP", e.Message, StringComparison.Ordinal);
        Assert.Contains("https://", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Both_are_recognised_of_a_proxy_and_behind_one(Mode mode)
    {
        await using var plain = MisbehavingServer.Start(_ => new Dialogue().Send(Plain).Stall());
        await using var secure = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Send(_alert).Stall());
        await using var tunnel = MisbehavingServer.Start(
            _ => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\n").ExpectBytes([22]).Send(Plain).Stall());

        var first = await Fails<ProxyException>(Through(plain.SecureUrl));
        var second = await Fails<ProxyException>(Through(secure.Url));
        var third = await Fails<TlsException>(Through(tunnel.Url));

        Assert.Contains("speaks plain HTTP", first.Message, StringComparison.Ordinal);
        Assert.Contains("this is TLS and not HTTP", second.Message, StringComparison.Ordinal);
        Assert.Contains("'origin.test' speaks plain HTTP", third.Message, StringComparison.Ordinal);

        async Task<UrllibResponse> Through(string proxy)
        {
            using var http = new PoolManager(new PoolOptions { Proxy = proxy, Retries = Retry.None });
            return await Send(mode, http, "GET", "https://origin.test/");
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_alert_in_the_handshake_is_named_with_its_option(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        await using MisbehavingServer old = Showing(certificate, static o => o.EnabledSslProtocols = SslProtocols.Tls12);
        await using MisbehavingServer other = Showing(certificate, static o => o.ApplicationProtocols = [SslApplicationProtocol.Http2]);

        var version = await Fails<TlsException>(Ask(mode, old, Trusting with { SslMinimumVersion = TlsVersion.Tls13 }));
        var protocol = await Fails<TlsException>(Ask(mode, other, Trusting));

        Assert.Contains("the alert protocol_version (70): ", version.Message, StringComparison.Ordinal);
        Assert.Contains("TlsOptions.SslMinimumVersion", version.Message, StringComparison.Ordinal);
        Assert.Contains("the alert no_application_protocol (120): ", protocol.Message, StringComparison.Ordinal);
        Assert.Contains("TlsOptions.OfferAlpn", protocol.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Mode.Blocking, "")]
    [InlineData(Mode.Asynchronous, "")]
    [InlineData(Mode.Blocking, "Content-Length: 9\r\n")]
    [InlineData(Mode.Asynchronous, "Transfer-Encoding: chunked\r\n")]
    public async Task An_end_without_the_closing_alert_is_said_to_be_one(Mode mode, string framing)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(
            new Dialogue().StartTls(certificate).ExpectRequest().Send($"HTTP/1.1 200 OK\r\n{framing}\r\n4\r\nhalf").Cut());
        using PoolManager http = Client(server, Trusting);

        var e = await Fails<IncompleteReadException>(Send(mode, http, "GET", server.SecureUrl));

        Assert.Contains("close_notify", e.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_negotiates_anew_is_refused_until_an_option_allows_it(Mode mode)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        using IssuedCertificate me = Authority.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        using var server = new AskingLate(certificate);
        TlsOptions tls = Trusting with { ClientCertificate = new(me.Certificate), SslMaximumVersion = TlsVersion.Tls12 };
        using var strict = new PoolManager(new PoolOptions { Tls = tls });
        using var lenient = new PoolManager(new PoolOptions { Tls = tls with { AllowRenegotiation = true } });

        var e = await Fails<TlsException>(Send(mode, strict, "GET", server.Url));
        UrllibResponse first = await Send(mode, lenient, "GET", server.Url);
        UrllibResponse second = await Send(mode, lenient, "GET", server.Url);

        Assert.Contains("TlsOptions.AllowRenegotiation", e.Message, StringComparison.Ordinal);
        Assert.Equal(("CN=me", "CN=me"), (first.Text(), second.Text()));
    }

    [Theory]
    [InlineData(Mode.Blocking, true, false)]
    [InlineData(Mode.Asynchronous, false, true)]
    [InlineData(Mode.Blocking, true, true)]
    [InlineData(Mode.Asynchronous, false, false)]
    public async Task Under_the_handler_it_is_allowed_if_either_side_says_so(Mode mode, bool platform, bool own)
    {
        using IssuedCertificate certificate = Authority.Issue("localhost");
        using IssuedCertificate me = Authority.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        using var server = new AskingLate(certificate);
        TlsOptions tls = Trusting with
        {
            ClientCertificate = new(me.Certificate), SslMaximumVersion = TlsVersion.Tls12, AllowRenegotiation = own,
        };
        using var client = new HttpClient(new UrllibHandler(new PoolOptions { Tls = tls })
        {
            SslOptions = new SslClientAuthenticationOptions { AllowRenegotiation = platform },
        });

        if (platform || own)
        {
            using HttpResponseMessage response = await Sent();
            Assert.Equal("CN=me", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        else
        {
            var e = await Assert.ThrowsAsync<HttpRequestException>(Sent);
            Assert.Contains("TlsOptions.AllowRenegotiation", e.ToString(), StringComparison.Ordinal);
        }

        Task<HttpResponseMessage> Sent() => Call(
            mode, () => client.Send(new(HttpMethod.Get, server.Url)), () => client.SendAsync(new(HttpMethod.Get, server.Url)));
    }

    [Theory]
    [InlineData(Mode.Blocking, "*.ex.test", "a_b.ex.test")]
    [InlineData(Mode.Asynchronous, "*.ex.test", "a_b.ex.test")]
    [InlineData(Mode.Asynchronous, "a_b.ex.test", "a_b.ex.test")]
    [InlineData(Mode.Blocking, "www.ex.test.", "www.ex.test")]
    [InlineData(Mode.Asynchronous, "*.ex.test.", "www.ex.test.")]
    public async Task Names_with_underscores_and_final_dots_are_found(Mode mode, string name, string host)
    {
        using IssuedCertificate certificate = Authority.Issue(new Leaf { Names = [name] });
        await using MisbehavingServer server = Showing(certificate);

        Assert.Equal(200, (await Ask(mode, server, Trusting, host)).Status);
    }

    /// <summary>A server of TLS 1.2 that asks for a certificate when it has read the request, as IIS does for some paths.</summary>
    private sealed class AskingLate : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly SslServerAuthenticationOptions _options;

        public AskingLate(IssuedCertificate certificate)
        {
            _options = certificate.ServerOptions();
            _options.EnabledSslProtocols = SslProtocols.Tls12;
            _options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
            _listener.Start();
            _ = Accept();
        }

        public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

        public void Dispose() => _listener.Dispose();

        private async Task Accept()
        {
            try
            {
                while (true)
                    _ = Serve(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task Serve(TcpClient client)
        {
            try
            {
                using (client)
                {
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(_options);
                    byte[] buffer = new byte[4096];
                    while (await tls.ReadAsync(buffer) > 0)
                    {
                        if (tls.RemoteCertificate is null)
#pragma warning disable CA1416 // where a server cannot ask anew, the test fails
                            await tls.NegotiateClientCertificateAsync();
#pragma warning restore CA1416
                        string who = tls.RemoteCertificate?.Subject ?? "nobody";
                        await tls.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {who.Length}\r\n\r\n{who}"));
                    }
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException or InvalidOperationException)
            {
            }
        }
    }
}
