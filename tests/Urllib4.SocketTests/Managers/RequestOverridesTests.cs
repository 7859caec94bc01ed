using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>What a request says replaces what it names, and takes away nothing else that its manager demands.</summary>
public sealed class RequestOverridesTests : ClientTests, IAsyncLifetime
{
    private static readonly PublicKeyPins _strangers = new(
        "sha256/" + Convert.ToBase64String(new byte[32]), "sha256/" + Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray()));

    private readonly CertificateAuthority _authority = new();
    private HttpBinServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await HttpBinServer.StartAsync(new HttpBinOptions { Certificate = _authority.Issue("localhost") });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Pins_of_the_manager_hold_for_a_request_that_names_its_roots(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { Tls = new() { CaCerts = Roots, Pins = _strangers } });
        RequestOptions own = new() { Tls = new() { CaCerts = Roots }, Retries = Retry.None };

        var refused = await Fails<CertificateException>(Send(mode, manager, "GET", _server.SecureUrl + "/get", own));
        Assert.Equal(CertificateFailure.Pin, refused.Failure);

        using var http = new HttpClient(new UrllibHandler(manager, disposeManager: false) { DefaultRequestOptions = own });
        var below = await Assert.ThrowsAsync<HttpRequestException>(() => Sent(mode, http, new() { Explain = true }));
        Assert.Equal(CertificateFailure.Pin, Assert.IsType<CertificateException>(below.InnerException).Failure);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_request_names_takes_the_place_of_what_the_manager_says(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { Tls = new() { CaCerts = Roots, Pins = _strangers } });
        var right = new PublicKeyPins(PublicKeyPins.Of(_authority.Root), "sha256/" + Convert.ToBase64String(new byte[32]));

        UrllibResponse response = await Send(mode, manager, "GET", _server.SecureUrl + "/get", new() { Tls = new() { Pins = right } });

        Assert.Equal(200, response.Status);
        Assert.True(response.Connection.Tls!.IsVerified);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Both_conditions_have_to_accept(Mode mode)
    {
        int asked = 0;
        var demands = new TlsOptions { CaCerts = Roots, AdditionalCheck = _ => Interlocked.Increment(ref asked) > 0 ? "never" : null };
        await using var manager = new PoolManager(new PoolOptions { Tls = demands });

        var refused = await Fails<CertificateException>(Send(
            mode, manager, "GET", _server.SecureUrl + "/get", new() { Tls = new() { AdditionalCheck = static _ => null } }));

        Assert.Equal((CertificateFailure.Condition, 1), (refused.Failure, asked));
        Assert.Contains("never", refused.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_danger_holds_only_where_it_is_said(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions { Tls = new() { DangerousAcceptAnyCertificate = true } });

        Assert.Equal(200, (await Send(mode, manager, "GET", _server.SecureUrl + "/get")).Status);
        await Fails<CertificateException>(Send(
            mode,
            manager,
            "GET",
            _server.SecureUrl + "/get",
            new() { Tls = new() { CaCerts = CertificateSet.Empty }, Retries = Retry.None }));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_total_of_the_manager_holds_for_a_request_that_sets_another_limit(Mode mode)
    {
        await using var silent = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().Stall());
        var demands = new PoolOptions { Timeout = HttpTimeout.Seconds(total: 0.2) };
        RequestOptions own = new() { Timeout = HttpTimeout.Seconds(connect: 5) };
        await using var manager = new PoolManager(demands);

        await Fails<TotalTimeoutException>(Send(mode, manager, "GET", silent.Url, own));

        using var http = new HttpClient(new UrllibHandler(demands));
        var request = new HttpRequestMessage(HttpMethod.Get, silent.Url);
        request.Options.Set(UrllibHandler.RequestOptionsKey, own);
        var cancelled = await Assert.ThrowsAsync<TaskCanceledException>(
            () => Call(mode, () => http.Send(request), () => http.SendAsync(request)));
        Assert.IsType<TotalTimeoutException>(cancelled.InnerException!.InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_on_decoding_stays_when_the_other_one_is_set(Mode mode)
    {
        await using var manager = new PoolManager(
            new PoolOptions { Tls = new() { CaCerts = Roots }, DecodeLimits = new() { MaxDecodedBytes = 10 } });

        await Fails<DecodeLimitException>(Send(
            mode, manager, "GET", _server.SecureUrl + "/gzip", new() { DecodeLimits = new() { MaxRatio = 500 }, Retries = Retry.None }));
        UrllibResponse unlimited = await Send(
            mode, manager, "GET", _server.SecureUrl + "/gzip", new() { DecodeLimits = DecodeLimits.None });

        Assert.Equal(200, unlimited.Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_is_asked_about_redirects_is_asked_though_the_request_has_options_of_its_own(Mode mode)
    {
        await using var manager = new PoolManager(new PoolOptions
        {
            Tls = new() { CaCerts = Roots },
            Redirects = new() { OnRedirect = static _ => RedirectDecision.Stop },
        });

        UrllibResponse response = await Send(
            mode, manager, "GET", _server.SecureUrl + "/redirect/1", new() { Redirects = new() { KeepMethod = true } });

        Assert.Equal(302, response.Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_certificate_of_the_same_proxy_has_to_fulfil_what_the_manager_demands(Mode mode)
    {
        using IssuedCertificate certificate = _authority.Issue("localhost");
        await using var proxy = MisbehavingServer.Start(new Dialogue().StartTls(certificate).ExpectEof());
        string url = proxy.SecureUrl;
        await using var manager = new PoolManager(new PoolOptions
        {
            Proxy = new ProxyOptions(url) { Tls = new() { CaCerts = Roots, Pins = _strangers } },
        });

        var failure = await Fails<ProxyException>(Send(
            mode, manager, "GET", "http://origin.test/", new() { Proxy = url, Retries = Retry.None }));

        Assert.Equal(CertificateFailure.Pin, Assert.IsType<CertificateException>(failure.InnerException).Failure);
    }

    private CertificateSet Roots => new([_authority.Root]);

    private Task<HttpResponseMessage> Sent(Mode mode, HttpClient http, RequestOptions own)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _server.SecureUrl + "/get");
        request.Options.Set(UrllibHandler.RequestOptionsKey, own);
        return Call(mode, () => http.Send(request), () => http.SendAsync(request));
    }
}
