using System.Globalization;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>Who gets the credentials of an origin: it, and nobody else (AU-01, AU-09, RD-01).</summary>
public sealed class OriginAuthTests : ClientTests, IAsyncLifetime
{
    private HttpBinServer _one = null!, _two = null!;
    private PoolManager _manager = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await HttpBinServer.StartAsync();
        _two = await HttpBinServer.StartAsync();
        _manager = new PoolManager();
    }

    public async ValueTask DisposeAsync()
    {
        AssertAtRest(_manager);
        await _manager.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Theory]
    [InlineData("alice:secret", "alice:secret")]
    [InlineData("alice", "alice:")]
    [InlineData("alice:", "alice:")]
    [InlineData(":secret", ":secret")]
    [InlineData("al%40ice:p%3Ass%2F", "al@ice:p:ss/")]
    [InlineData("%C3%A4:%E2%82%AC", "ä:€")]
    public async Task AU_09_user_information_becomes_Basic_and_is_seen_nowhere_else(string userInfo, string credential)
    {
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            UrllibResponse response = await Send(mode, _manager, "GET", $"http://{userInfo}@127.0.0.1:{_one.Port}/headers");
            Assert.Equal(200, response.Status);
        }

        foreach (LoggedRequest request in _one.Requests)
        {
            Assert.Equal(BasicOf(credential), request.Headers["Authorization"]);
            Assert.Equal(("/headers", $"127.0.0.1:{_one.Port}"), (request.Target, request.Headers["Host"]));
            Assert.False(request.Headers.ContainsKey("Referer"));
        }

        Assert.DoesNotContain(_manager.Pools.Keys, k => k.ToString().Contains('@', StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_09_a_user_with_a_colon_is_refused(Mode mode)
    {
        await Fails<InvalidHeaderException>(Send(mode, _manager, "GET", $"http://al%3Aice:x@127.0.0.1:{_one.Port}/get"));
        Assert.Empty(_one.Requests);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_01_a_redirect_takes_them_within_the_origin_and_never_beyond(Mode mode)
    {
        foreach (RequestOptions options in new RequestOptions[] { new(), new() { Auth = HttpAuth.Basic("alice", "secret") } })
        {
            string user = options.Auth is null ? "alice:secret@" : "";
            int first = _one.Requests.Count, second = _two.Requests.Count;
            string away = "/redirect-to?url=" + Uri.EscapeDataString(_two.Url + "/headers");
            string home = "/redirect-to?url=" + Uri.EscapeDataString(
                $"{_two.Url}/redirect-to?url={Uri.EscapeDataString(_one.Url + "/headers")}");

            await Send(mode, _manager, "GET", $"http://{user}127.0.0.1:{_one.Port}/redirect/2", options);
            await Send(mode, _manager, "GET", $"http://{user}127.0.0.1:{_one.Port}{away}", options);
            await Send(mode, _manager, "GET", $"http://{user}127.0.0.1:{_one.Port}{home}", options);

            LoggedRequest[] atHome = [.. _one.Requests.Skip(first)];
            Assert.All(atHome[..^1], static r => Assert.Equal(BasicOf("alice:secret"), r.Headers["Authorization"]));
            Assert.False(atHome[^1].Headers.ContainsKey("Authorization")); // the other origin chose this path (RD-08)
            Assert.Equal(3 + 1 + 2, atHome.Length);
            Assert.All(_two.Requests.Skip(second), static r => Assert.False(r.Headers.ContainsKey("Authorization")));
            Assert.Equal(2, _two.Requests.Count - second);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_header_of_the_caller_wins_over_everything(Mode mode)
    {
        var source = new Source(static _ => HttpAuth.Bearer("source"));
        await using var manager = new PoolManager(new PoolOptions { Credentials = source });
        RequestOptions own = new() { Headers = new() { { "authorization", "Mine 1" } }, Auth = HttpAuth.Bearer("option") };

        await Send(mode, manager, "GET", $"http://alice:secret@127.0.0.1:{_one.Port}/headers", own);
        await Send(mode, manager, "GET", $"http://alice:secret@127.0.0.1:{_one.Port}/headers", new() { Auth = HttpAuth.Bearer("option") });
        await Send(mode, manager, "GET", $"http://alice:secret@127.0.0.1:{_one.Port}/headers");
        Assert.Empty(source.Asked);
        await Send(mode, manager, "GET", _one.Url + "/headers");

        Assert.Equal(
            ["Mine 1", "Bearer option", BasicOf("alice:secret"), "Bearer source"],
            _one.Requests.Select(static r => r.Headers["Authorization"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_header_of_the_caller_that_is_refused_is_the_callers_business(Mode mode)
    {
        var source = new Source(static _ => HttpAuth.WhenAsked("alice", "a"));
        await using var manager = new PoolManager(new PoolOptions { Credentials = source });
        RequestOptions own = new() { Headers = new() { { "authorization", "Mine 1" } } };

        Assert.Equal(401, (await Send(mode, manager, "GET", _one.Url + "/basic-auth/alice/a", own)).Status);

        Assert.Equal("Mine 1", Assert.Single(_one.Requests).Headers["Authorization"]);
        Assert.Empty(source.Asked);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_07_a_request_without_credentials_has_none_on_the_same_connection(Mode mode)
    {
        await Send(mode, _manager, "GET", _one.Url + "/headers", new() { Auth = HttpAuth.Basic("alice", "a") });
        await Send(mode, _manager, "GET", _one.Url + "/headers");
        await Send(mode, _manager, "GET", _one.Url + "/headers", new() { Auth = HttpAuth.Basic("bob", "b") });

        Assert.Equal(
            [BasicOf("alice:a"), null, BasicOf("bob:b")], _one.Requests.Select(static r => r.Headers.GetValueOrDefault("Authorization")));
        Assert.Equal(1, _one.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Basic_is_sent_when_asked_and_unasked_once_it_has_worked(Mode mode)
    {
        var auth = HttpAuth.WhenAsked("alice", "secret");
        string url = _one.Url + "/basic-auth/alice/secret";

        for (int i = 0; i < 3; i++)
            Assert.Equal(200, (await Send(mode, _manager, "GET", url, new() { Auth = auth })).Status);
        Assert.Equal(401, (await Send(mode, _manager, "GET", url, new() { Auth = HttpAuth.WhenAsked("alice", "wrong") })).Status);
        Assert.Equal(401, (await Send(mode, _manager, "GET", url, new() { Auth = HttpAuth.Basic("alice", "wrong") })).Status);

        Assert.Equal(4 + 2 + 1, _one.Requests.Count);
        Assert.Equal(
            [null, "1", "1", "1", null, "1", "1"],
            _one.Requests.Select(static r => r.Headers.ContainsKey("Authorization") ? "1" : null));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_that_was_lost_is_given_again(Mode mode)
    {
        const string Challenge = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
        await using var origin = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(Challenge).ExpectRequest().Close(), new Dialogue().ExpectRequest().Send(Ok));

        UrllibResponse response = await Send(
            mode, _manager, "GET", origin.Url, new() { Auth = HttpAuth.WhenAsked("alice", "secret") });

        Assert.Equal(200, response.Status);
        Assert.Equal([null, BasicOf("alice:secret"), BasicOf("alice:secret")], origin.Requests.Select(static r => r["Authorization"]));
        origin.Verify();
    }

    [Theory]
    [InlineData(Mode.Blocking, "NTLM")]
    [InlineData(Mode.Asynchronous, "Negotiate")]
    [InlineData(Mode.Blocking, "Negotiate oYG2MIGzoAMKAQE=")]
    [InlineData(Mode.Asynchronous, "NTLM, Kerberos, Bearer, SCRAM-SHA-256 realm=\"x\"")]
    public async Task PK_03_schemes_that_are_bound_to_connections_are_not_answered(Mode mode, string challenge)
    {
        await using var origin = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Send(
            $"HTTP/1.1 401 No\r\nWWW-Authenticate: {challenge}\r\nContent-Length: 0\r\n\r\n")));

        Assert.Equal(401, (await Send(mode, _manager, "GET", origin.Url, new() { Auth = HttpAuth.WhenAsked("alice", "secret") })).Status);

        Assert.Null(Assert.Single(origin.Requests)["Authorization"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_token_is_asked_for_with_each_request_and_a_refused_one_replaced_once(Mode mode)
    {
        int asked = 0;
        await using var origin = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(
            static r => r["Authorization"] is "Bearer t2" or "Bearer t3"
                ? Ok
                : "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\nContent-Length: 0\r\n\r\n")));
        var auth = HttpAuth.Bearer(() => $"t{Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture)}");

        Assert.Equal(200, (await Send(mode, _manager, "GET", origin.Url, new() { Auth = auth })).Status);
        Assert.Equal(200, (await Send(mode, _manager, "POST", origin.Url, new() { Auth = auth, Body = "text" })).Status);
        Assert.Equal(401, (await Send(mode, _manager, "GET", origin.Url, new() { Auth = auth })).Status);
        Assert.Equal(401, (await Send(mode, _manager, "GET", origin.Url, new() { Auth = HttpAuth.Bearer("fixed") })).Status);

        Assert.Equal(
            ["Bearer t1", "Bearer t2", "Bearer t3", "Bearer t4", "Bearer t5", "Bearer fixed"],
            origin.Requests.Select(static r => r["Authorization"]));
        await Fails<InvalidOperationException>(
            Send(mode, _manager, "GET", origin.Url, new() { Auth = HttpAuth.Bearer(static () => throw new InvalidOperationException()) }));
        await Fails<InvalidHeaderException>(
            Send(mode, _manager, "GET", origin.Url, new() { Auth = HttpAuth.Bearer(static () => "a\r\nX: b") }));
        Assert.Equal(6, origin.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_source_is_asked_for_each_origin_of_the_way_in_the_mode_of_the_call(Mode mode)
    {
        var source = new Source(url => url.Port == _one.Port ? HttpAuth.Basic("one", "1") : HttpAuth.WhenAsked("two", "2"));
        await using var manager = new PoolManager(new PoolOptions { Credentials = source });
        string away = "/redirect-to?url=" + Uri.EscapeDataString(_two.Url + "/basic-auth/two/2");

        Assert.Equal(200, (await Send(mode, manager, "GET", $"http://carol@127.0.0.1:{_one.Port}{away}")).Status);

        Assert.Equal([$"http://carol@127.0.0.1:{_one.Port}", _two.Url], source.Asked);
        Assert.Equal(mode == Mode.Blocking ? (2, 0) : (0, 2), (source.Blocking, source.Asynchronous));
        Assert.Equal(BasicOf("one:1"), _one.Requests[0].Headers["Authorization"]);
        Assert.Equal([null, BasicOf("two:2")], _two.Requests.Select(static r => r.Headers.GetValueOrDefault("Authorization")));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_source_that_knows_nothing_or_throws(Mode mode)
    {
        await using var ignorant = new PoolManager(new PoolOptions { Credentials = new Source(static _ => null) });
        await using var broken = new PoolManager(
            new PoolOptions { Credentials = new Source(static _ => throw new TimeoutException("vault")) });

        Assert.Equal(401, (await Send(mode, ignorant, "GET", _one.Url + "/basic-auth/a/b")).Status);
        Assert.Equal(200, (await Send(mode, ignorant, "GET", $"http://alice@127.0.0.1:{_one.Port}/headers")).Status);
        Assert.Equal(BasicOf("alice:"), _one.Requests[^1].Headers["Authorization"]);
        Assert.Equal("vault", (await Fails<TimeoutException>(Send(mode, broken, "GET", _one.Url + "/get"))).Message);

        Assert.Equal(2, _one.Requests.Count);
        AssertAtRest(broken);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_05_netrc_speaks_to_the_hosts_it_names_and_default_to_none(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write(
            "netrc", "machine 127.0.0.1 login one password 1\nmachine 127.0.0.1 login bob password b\ndefault login all password x\n");
        await using var manager = new PoolManager(new PoolOptions { Credentials = CredentialSource.FromNetrc(path) });
        string away = "/redirect-to?url=" + Uri.EscapeDataString($"http://localhost:{_two.Port}/headers");

        await Send(mode, manager, "GET", _one.Url + away);
        await Send(mode, manager, "GET", $"http://bob@127.0.0.1:{_one.Port}/headers");
        await Send(mode, manager, "GET", $"http://eve@127.0.0.1:{_one.Port}/headers");

        Assert.Equal(
            [BasicOf("one:1"), BasicOf("bob:b"), BasicOf("eve:")], _one.Requests.Select(static r => r.Headers["Authorization"]));
        Assert.False(Assert.Single(_two.Requests).Headers.ContainsKey("Authorization"));
        await using var none = new PoolManager(new PoolOptions { Credentials = CredentialSource.FromNetrc(path + ".missing") });
        Assert.Equal(200, (await Send(mode, none, "GET", _one.Url + "/get")).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_09_no_error_and_no_report_shows_a_secret(Mode mode)
    {
        RequestOptions options = new() { Auth = HttpAuth.Basic("alice", "hunter2"), Explain = true, Retries = Retry.None };
        string proxy = "http://bob:hunter3@127.0.0.1:1";

        UrllibResponse response = await Send(mode, _manager, "GET", $"http://carol:hunter4@127.0.0.1:{_one.Port}/get", options);
        Exception refused = await Fails<ProxyException>(Send(mode, _manager, "GET", _one.Url, options with { Proxy = proxy }));

        string all = $"{response} {response.Report} {response.Connection} {refused} {options} {(refused as HttpException)?.Report}"
            + string.Join(' ', _manager.Pools.Keys);
        Assert.DoesNotContain("hunter2", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter3", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter4", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_waited_for_as_long_as_the_call_may_take()
    {
        var clock = new VirtualTime();
        using var manager = new PoolManager(new PoolOptions { Clock = clock, Credentials = new SilentSource() });
        var options = new RequestOptions { Timeout = HttpTimeout.Default with { Total = TimeSpan.FromSeconds(5) } };
        Task<UrllibResponse> call = manager.RequestAsync("GET", "http://a.test/", options);
        clock.WaitUntilTimers(1);
        clock.Advance(TimeSpan.FromSeconds(5));
        TotalTimeoutException error = await Fails<TotalTimeoutException>(call);
        Assert.Equal(HttpPhase.Prepare, error.Phase);
        AssertAtRest(manager);
    }

    private static string BasicOf(string credential) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credential));

    private sealed class SilentSource : CredentialSource
    {
        private readonly TaskCompletionSource<HttpAuth?> _never = new();

        public override HttpAuth? Find(Url origin) => throw new NotSupportedException();

        public override ValueTask<HttpAuth?> FindAsync(Url origin, CancellationToken cancellationToken) => new(_never.Task);
    }

    private sealed class Source(Func<Url, HttpAuth?> find) : CredentialSource
    {
        public List<string> Asked { get; } = [];

        public int Blocking { get; private set; }

        public int Asynchronous { get; private set; }

        public override HttpAuth? Find(Url origin)
        {
            Blocking++;
            Asked.Add(origin.Href.TrimEnd('/'));
            return find(origin);
        }

        public override async ValueTask<HttpAuth?> FindAsync(Url origin, CancellationToken cancellationToken)
        {
            Asynchronous++;
            await Task.Yield();
            Asked.Add(origin.Href.TrimEnd('/'));
            return find(origin);
        }
    }
}
