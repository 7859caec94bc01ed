using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

public sealed class UrllibHandlerTests : HandlerTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <summary>For each property: sets another value than the default, and says whether it is read back.</summary>
    private static readonly Dictionary<string, Func<UrllibHandler, bool>> _properties = new()
    {
        ["MaxConnectionsPerServer"] = static h => (h.MaxConnectionsPerServer = 3) == 3 && h.MaxConnectionsPerServer == 3,
        ["Credentials"] = static h => (h.Credentials = new NetworkCredential("a", "b")) == h.Credentials,
        ["UseProxy"] = static h => !(h.UseProxy = false) && !h.UseProxy,
        ["Proxy"] = static h => (h.Proxy = new WebProxy("http://p.test")) == h.Proxy,
        ["DefaultProxyCredentials"] = static h => (h.DefaultProxyCredentials = new NetworkCredential()) == h.DefaultProxyCredentials,
        ["ConnectTimeout"] = static h => (h.ConnectTimeout = _minute) == h.ConnectTimeout,
        ["Expect100ContinueTimeout"] = static h => (h.Expect100ContinueTimeout = _minute) == h.Expect100ContinueTimeout,
        ["PooledConnectionIdleTimeout"] = static h => (h.PooledConnectionIdleTimeout = _minute * 2) == h.PooledConnectionIdleTimeout,
        ["PooledConnectionLifetime"] = static h => (h.PooledConnectionLifetime = _minute) == h.PooledConnectionLifetime,
        ["MaxResponseHeadersLength"] = static h => (h.MaxResponseHeadersLength = 2) == h.MaxResponseHeadersLength,
        ["PreAuthenticate"] = static h => (h.PreAuthenticate = true) && h.PreAuthenticate,
        ["DefaultRequestOptions"] = static h =>
            (h.DefaultRequestOptions = new RequestOptions { Explain = true }) == h.DefaultRequestOptions,
        ["AllowAutoRedirect"] = static h => !(h.AllowAutoRedirect = false) && !h.AllowAutoRedirect,
        ["MaxAutomaticRedirections"] = static h => (h.MaxAutomaticRedirections = 2) == h.MaxAutomaticRedirections,
        ["AutomaticDecompression"] = static h => (h.AutomaticDecompression = DecompressionMethods.All) == h.AutomaticDecompression,
        ["UseCookies"] = static h => !(h.UseCookies = false) && !h.UseCookies,
        ["CookieContainer"] = static h => (h.CookieContainer = new CookieContainer()) == h.CookieContainer,
        ["RequestHeaderEncodingSelector"] = static h =>
            (h.RequestHeaderEncodingSelector = static (_, _) => null) == h.RequestHeaderEncodingSelector,
        ["ResponseHeaderEncodingSelector"] = static h =>
            (h.ResponseHeaderEncodingSelector = static (_, _) => null) == h.ResponseHeaderEncodingSelector,
        ["MaxResponseDrainSize"] = static h => (h.MaxResponseDrainSize = 0) == h.MaxResponseDrainSize,
        ["ResponseDrainTimeout"] = static h => (h.ResponseDrainTimeout = _minute) == h.ResponseDrainTimeout,
        ["ActivityHeadersPropagator"] = static h =>
            (h.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator()) == h.ActivityHeadersPropagator,
        ["KeepAlivePingDelay"] = static h => (h.KeepAlivePingDelay = _minute) == h.KeepAlivePingDelay,
        ["KeepAlivePingTimeout"] = static h => (h.KeepAlivePingTimeout = _minute) == h.KeepAlivePingTimeout,
        ["KeepAlivePingPolicy"] = static h =>
            (h.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests) == h.KeepAlivePingPolicy,
        ["EnableMultipleHttp2Connections"] = static h => (h.EnableMultipleHttp2Connections = true) && h.EnableMultipleHttp2Connections,
        ["EnableMultipleHttp3Connections"] = static h => (h.EnableMultipleHttp3Connections = true) && h.EnableMultipleHttp3Connections,
        ["InitialHttp2StreamWindowSize"] = static h => (h.InitialHttp2StreamWindowSize = 70_000) == h.InitialHttp2StreamWindowSize,
        ["SslOptions"] = static h => (h.SslOptions = new SslClientAuthenticationOptions()) == h.SslOptions,
        ["ServerCertificateCustomValidationCallback"] = static h =>
            (h.ServerCertificateCustomValidationCallback = static (_, _, _, _) => true) == h.ServerCertificateCustomValidationCallback,
        ["ClientCertificateOptions"] = static h =>
            (h.ClientCertificateOptions = ClientCertificateOption.Automatic) == h.ClientCertificateOptions,
        ["SslProtocols"] = static h => (h.SslProtocols = SslProtocols.Tls13) == h.SslProtocols
            && h.SslOptions.EnabledSslProtocols == SslProtocols.Tls13,
        ["CheckCertificateRevocationList"] = static h => (h.CheckCertificateRevocationList = true) && h.CheckCertificateRevocationList
            && h.SslOptions.CertificateRevocationCheckMode == X509RevocationMode.Online,
    };

    public static TheoryData<string> Properties => [.. _properties.Keys];

    [Theory, MemberData(nameof(Properties))]
    public void A_property_gives_back_what_it_was_given(string name)
    {
        using var handler = new UrllibHandler();
        Assert.True(_properties[name](handler));
    }

    [Theory, MemberData(nameof(Properties))]
    public async Task A_property_stays_as_it_is_once_a_request_was_sent(string name)
    {
        var handler = new UrllibHandler(Over(Answering(Ok)));
        using var http = new HttpClient(handler);
        await Get(Mode.Asynchronous, http);
        Assert.Throws<InvalidOperationException>(() => _properties[name](handler));
    }

    [Theory, MemberData(nameof(Properties))]
    public void A_property_of_a_disposed_handler_is_not_set(string name)
    {
        var handler = new UrllibHandler();
        handler.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _properties[name](handler));
    }

    [Fact]
    public void Client_certificates_are_named_by_hand_only()
    {
        using var handler = new UrllibHandler();
        Assert.Empty(handler.ClientCertificates);
        Assert.Same(handler.ClientCertificates, handler.SslOptions.ClientCertificates);
        handler.ClientCertificateOptions = ClientCertificateOption.Automatic;
        Assert.Throws<InvalidOperationException>(() => handler.ClientCertificates);
        Assert.Throws<ArgumentOutOfRangeException>(() => handler.ClientCertificateOptions = (ClientCertificateOption)9);
    }

    [Fact]
    public void Properties_are_one_dictionary_and_null_is_no_value()
    {
        using var handler = new UrllibHandler();
        handler.Properties["key"] = 1;
        Assert.Equal(1, handler.Properties["key"]);
        Assert.Throws<ArgumentNullException>(() => handler.CookieContainer = null!);
        Assert.Throws<ArgumentNullException>(() => handler.DefaultRequestOptions = null!);
        Assert.Throws<ArgumentNullException>(() => handler.SslOptions = null!);
        Assert.Throws<ArgumentNullException>(() => new UrllibHandler((PoolOptions)null!));
        Assert.Throws<ArgumentNullException>(() => new UrllibHandler((PoolManager)null!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manager_that_was_given_is_disposed_with_the_handler_unless_its_owner_keeps_it(bool disposes)
    {
        using var manager = new PoolManager(Over(new MemoryDialer((_, _) => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)))));
        var handler = new UrllibHandler(manager, disposes);
        Assert.Throws<InvalidOperationException>(() => handler.MaxConnectionsPerServer = 1);
        using (var http = new HttpClient(handler))
            await Get(Mode.Blocking, http);

        if (disposes)
            Assert.Throws<ClosedPoolException>(() => manager.Request("GET", "http://a.test/"));
        else
            Assert.Equal(200, manager.Request("GET", "http://a.test/").Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handler_that_was_disposed_sends_nothing_but_a_response_that_is_there_is_read_to_its_end(Mode mode)
    {
        var rest = new Gate();
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nte").WaitFor(rest).Send("xt"));
        var handler = new UrllibHandler(Over(dialer));
        using var http = new HttpClient(handler);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using HttpResponseMessage response = await Send(
            mode, http, new HttpRequestMessage(HttpMethod.Get, "http://a.test/"), HttpCompletionOption.ResponseHeadersRead);

        handler.Dispose();
        rest.Open();

        Assert.Equal("text", await TextOf(mode, response));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Call(
            mode,
            () => invoker.Send(new HttpRequestMessage(HttpMethod.Get, "http://a.test/"), default),
            () => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://a.test/"), default)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_token_that_is_cancelled_before_asks_for_no_connection(Mode mode)
    {
        var dialer = new MemoryDialer();
        using HttpClient http = Client(dialer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Send(
            mode, http, new HttpRequestMessage(HttpMethod.Get, "http://a.test/"), token: new CancellationToken(canceled: true)));
        Assert.Empty(dialer.Targets);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Failures_come_as_the_platforms(Mode mode)
    {
        var dialer = new MemoryDialer((_, n) => n == 0
            ? new Dialogue().ExpectRequest().Send("SSH-2.0\r\n\r\n").Close()
            : throw new IOException("the cable is out"));
        using HttpClient http = Client(dialer);

        var garbage = await Assert.ThrowsAsync<HttpRequestException>(() => Get(mode, http));
        var unreachable = await Assert.ThrowsAsync<HttpRequestException>(() => Get(mode, http));

        Assert.Equal(HttpRequestError.InvalidResponse, garbage.HttpRequestError);
        Assert.Equal(HttpRequestError.ConnectionError, unreachable.HttpRequestError);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_wrong_password_is_not_sent_for_ever_and_a_right_one_is_sent_when_asked(Mode mode)
    {
        const string Asking = "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n";
        var dialer = new MemoryDialer((_, _) => new Dialogue().Loop(static d => d.ExpectRequest().Respond(
            static r => r["Authorization"] == "Basic YTpi" ? Ok : Asking)));
        using HttpClient right = Client(dialer, static h => h.Credentials = new NetworkCredential("a", "b"));
        using HttpClient wrong = Client(dialer, static h => h.Credentials = new NetworkCredential("a", "x"));

        Assert.Equal(HttpStatusCode.OK, (await Get(mode, right)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Get(mode, wrong)).StatusCode);

        Assert.Equal(2, dialer.Peers[0].Requests.Count);
        Assert.Equal(2, dialer.Peers[1].Requests.Count);
    }
}
