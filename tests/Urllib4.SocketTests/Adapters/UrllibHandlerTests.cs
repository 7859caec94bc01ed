using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What the handler has that the platform's has not: options of a request, reports, pools that are shared.</summary>
public sealed class UrllibHandlerTests : ClientTests
{
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(100);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_of_a_request_ends_in_a_cancellation_for_want_of_time(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Stall());
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));

        Task<HttpResponseMessage> call = Send(mode, http, Get(server.Url, new() { Timeout = new() { Head = _soon } }));
        var e = await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        Assert.IsType<ReadTimeoutException>(Assert.IsType<TimeoutException>(e.InnerException).InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_on_silence_holds_for_a_streamed_body(Mode mode)
    {
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").Stall());
        using var http = new HttpClient(new UrllibHandler(new PoolOptions { Dialer = dialer, Clock = dialer.Time }));
        HttpRequestMessage request = Get("http://silent.test/", new() { Timeout = new() { Read = TimeSpan.FromSeconds(5) } });

        using HttpResponseMessage response = await Send(mode, http, request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        Task<int> reading = Call(mode, () => body.ReadAtLeast(new byte[9], 9), () => body.ReadAtLeastAsync(new byte[9], 9).AsTask());
        while (!reading.IsCompleted)
        {
            dialer.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var e = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);

        Assert.IsType<ReadTimeoutException>(Assert.IsType<TimeoutException>(e.InnerException).InnerException);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Nothing_is_retried_until_a_request_asks_for_it(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        var options = new RequestOptions { Retries = new Retry { Total = 3, StatusForcelist = [503] } };

        using HttpResponseMessage first = await Send(mode, http, Get($"{bin.Url}/flaky/2?id=a"));
        using HttpResponseMessage second = await Send(mode, http, Get($"{bin.Url}/flaky/2?id=b", options));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(4, bin.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task When_the_retries_are_used_up_the_last_response_is_the_result(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            DefaultRequestOptions = new() { Retries = new Retry { Total = 1, StatusForcelist = [500] } },
        });

        using HttpResponseMessage response = await Send(mode, http, Get($"{bin.Url}/status/500"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(2, bin.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_a_request_says_takes_the_place_of_the_default(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { DefaultRequestOptions = new() { Explain = true } });

        using HttpResponseMessage usual = await Send(mode, http, Get($"{bin.Url}/get"));
        using HttpResponseMessage other = await Send(mode, http, Get($"{bin.Url}/get", new()));

        Assert.Single(UrllibHandler.ReportOf(usual)!.Attempts);
        Assert.Null(UrllibHandler.ReportOf(other));
        Assert.False(UrllibHandler.ConnectionOf(usual)!.IsReused);
        Assert.True(UrllibHandler.ConnectionOf(other)!.IsReused);
    }

    [Fact]
    public void The_response_of_somebody_else_has_no_report_and_no_connection()
    {
        using var response = new HttpResponseMessage { Content = new StringContent("") };

        Assert.Null(UrllibHandler.ReportOf(response));
        Assert.Null(UrllibHandler.ConnectionOf(response));
        Assert.Throws<ArgumentNullException>(() => UrllibHandler.ReportOf(null!));
        Assert.Throws<ArgumentNullException>(() => UrllibHandler.ConnectionOf(null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_policy_of_the_caller_is_asked_about_redirects_and_sees_their_headers(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        string? seen = null;
        RedirectDecision Stop(RedirectContext redirect)
        {
            seen = $"{redirect.ResponseHeaders["Set-Cookie"]} {redirect.Headers["Cookie"]}";
            Assert.Throws<InvalidOperationException>(() => redirect.ResponseHeaders.Remove("Set-Cookie"));
            return RedirectDecision.Stop;
        }

        using HttpResponseMessage response = await Send(
            mode, http, Get($"{bin.Url}/cookies/set?a=1", new() { Redirects = new() { OnRedirect = Stop } }));

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("a=1; Path=/ a=1", seen);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_came_with_its_head_holds_no_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { MaxConnectionsPerServer = 1 });

        using HttpResponseMessage unread = await Send(mode, http, Get(server.Url), HttpCompletionOption.ResponseHeadersRead);
        using HttpResponseMessage next = await Send(mode, http, Get(server.Url), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(1, server.Connections);
        Assert.Equal("ok", await unread.Content.ReadAsStringAsync());
        Assert.Equal("ok", await next.Content.ReadAsStringAsync());
        Assert.False(UrllibHandler.ConnectionOf(unread)!.IsReused);
        Assert.True(UrllibHandler.ConnectionOf(next)!.IsReused);
    }

    // The platform's handler may take such a read for done when the system speaks of bytes that were read before.
    [Fact]
    public async Task A_read_of_no_bytes_can_be_cancelled()
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n").Stall());
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        using HttpResponseMessage response = await http.GetAsync(new Uri(server.Url), HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        using var stop = new CancellationTokenSource();

        Task<int> reading = stream.ReadAsync(Memory<byte>.Empty, stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => reading.WaitAsync(Patience));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Informational_responses_are_told_of(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send($"HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\n{Ok}"));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));
        var told = new List<string?>();

        using HttpResponseMessage response = await Send(
            mode, http, Get(server.Url, new() { OnInformational = i => told.Add(i.Headers["Link"]) }));

        Assert.Equal(["</s>"], told);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_is_the_matter_of_the_message_is_not_taken_from_the_options(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));

        using HttpResponseMessage response = await Send(mode, http, Get($"{server.Url}/mine", new()
        {
            Target = "/other",
            Headers = new() { ["X-Other"] = "1" },
            Fields = new() { ["other"] = "1" },
            PreloadContent = true,
        }));

        Assert.Equal($"GET /mine HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\n\r\n", server.Requests[0].Head);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_manager_shares_its_connections_and_headers_with_the_handler(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        await using var manager = new PoolManager(new PoolOptions { Headers = new() { ["User-Agent"] = "mine/1", ["X-Own"] = "1" } });
        using (var http = new HttpClient(new UrllibHandler(manager, disposeManager: false)))
        {
            await Send(mode, manager, "GET", $"{bin.Url}/get");
            using HttpResponseMessage response = await Send(mode, http, Get($"{bin.Url}/get"));
        }

        Assert.Equal(200, (await Send(mode, manager, "GET", $"{bin.Url}/get")).Status);
        Assert.Equal(1, bin.Connections);
        Assert.All(bin.Requests, static r => Assert.Equal("mine/1 1", $"{r.Headers["User-Agent"]} {r.Headers["X-Own"]}"));
    }

    [Fact]
    public void A_manager_that_was_given_away_is_disposed_with_the_handler()
    {
        var manager = new PoolManager();
        new UrllibHandler(manager).Dispose();

        Assert.Throws<ClosedPoolException>(() => manager.ConnectionFromHost("example.test"));
    }

    [Fact]
    public async Task Settings_stay_as_they_are_once_a_request_was_sent()
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var handler = new UrllibHandler(PoolOptions.Default) { MaxConnectionsPerServer = 3, UseCookies = false };
        using var http = new HttpClient(handler, disposeHandler: false);
        using HttpResponseMessage response = await http.GetAsync($"{bin.Url}/get");

        foreach (Action<UrllibHandler> set in Setters())
            Assert.Throws<InvalidOperationException>(() => set(handler));
        Assert.Equal((3, false), (handler.MaxConnectionsPerServer, handler.UseCookies));
        handler.Dispose();
        foreach (Action<UrllibHandler> set in Setters())
            Assert.Throws<ObjectDisposedException>(() => set(handler));
    }

    [Fact]
    public void What_pools_are_made_with_is_refused_when_they_are_given()
    {
        using var handler = new UrllibHandler(new PoolManager());

        Assert.Throws<InvalidOperationException>(() => handler.MaxConnectionsPerServer = 1);
        Assert.Throws<InvalidOperationException>(() => handler.Credentials = new NetworkCredential("u", "p"));
        Assert.Throws<InvalidOperationException>(() => handler.Proxy = new WebProxy("http://proxy.test"));
        Assert.Throws<InvalidOperationException>(() => handler.UseProxy = false);
        handler.AllowAutoRedirect = false;
    }

    [Fact]
    public void Settings_that_mean_nothing_are_refused()
    {
        using var handler = new UrllibHandler();

        Assert.Throws<ArgumentOutOfRangeException>(() => handler.MaxConnectionsPerServer = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => handler.MaxAutomaticRedirections = 0);
        Assert.Throws<ArgumentNullException>(() => handler.CookieContainer = null!);
        Assert.Throws<ArgumentNullException>(() => handler.DefaultRequestOptions = null!);
        Assert.Throws<ArgumentNullException>(() => new UrllibHandler((PoolOptions)null!));
        Assert.Throws<ArgumentNullException>(() => new UrllibHandler((PoolManager)null!));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_failure_of_the_library_is_the_inner_exception_and_that_of_the_platform_lies_below(Mode mode)
    {
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, http, Get($"http://{hole.LocalEndPoint}/")));

        var own = Assert.IsType<NewConnectionException>(e.InnerException);
        Assert.Equal(HttpPhase.Connect, own.Phase);
        Assert.IsType<SocketException>(own.GetBaseException());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_bomb_ends_at_the_limit_of_the_request(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { AutomaticDecompression = DecompressionMethods.All });
        HttpRequestMessage request = Get($"{bin.Url}/gzip", new() { DecodeLimits = new() { MaxDecodedBytes = 5 } });

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, http, request));

        Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, e.HttpRequestError);
        Assert.IsType<DecodeLimitException>(e.GetBaseException());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_bomb_ends_at_the_limits_of_the_handler_gathered_or_streamed(Mode mode)
    {
        byte[] bomb = Bomb(2 * 1024 * 1024);
        string head = $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n";
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(
            d => d.ExpectRequest().Send(head + Encoding.Latin1.GetString(bomb))));
        foreach (DecodeLimits limits in (DecodeLimits[])[new() { MaxDecodedBytes = 1000 }, new() { MaxRatio = 10 }])
        {
            using var http = new HttpClient(new UrllibHandler(PoolOptions.Default with { DecodeLimits = limits })
            {
                AutomaticDecompression = DecompressionMethods.All,
            });

            var gathered = await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, http, Get(server.Url)));
            using HttpResponseMessage response = await Send(mode, http, Get(server.Url), HttpCompletionOption.ResponseHeadersRead);
            await using Stream body = await response.Content.ReadAsStreamAsync();
            var streamed = await Assert.ThrowsAsync<HttpIOException>(() => Call(
                mode, () => body.ReadAtLeast(new byte[bomb.Length * 1000], bomb.Length * 1000),
                () => body.ReadAtLeastAsync(new byte[bomb.Length * 1000], bomb.Length * 1000).AsTask()));

            Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, gathered.HttpRequestError);
            Assert.Equal(HttpRequestError.ConfigurationLimitExceeded, streamed.HttpRequestError);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_bomb_ends_at_the_default_limits(Mode mode)
    {
        byte[] bomb = Bomb(120 * 1024 * 1024);
        string head = $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n";
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(
            d => d.ExpectRequest().Send(head + Encoding.Latin1.GetString(bomb))));
        using var http = new HttpClient(new UrllibHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.All });

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => Send(mode, http, Get(server.Url)));

        Assert.IsType<DecodeLimitException>(e.GetBaseException());
    }

    [Fact]
    public async Task Whoever_is_told_of_closed_connections_while_the_handler_is_disposed_may_use_it()
    {
        await using var bin = await HttpBinServer.StartAsync();
        var events = new Sender();
        var handler = new UrllibHandler(PoolOptions.Default with { Events = events });
        events.Http = new HttpClient(handler, disposeHandler: false);
        events.Url = $"{bin.Url}/get";
        (await events.Http.GetAsync(events.Url)).Dispose();

        await Stage.OnThread(handler.Dispose).WaitAsync(Patience);

        Assert.IsType<ObjectDisposedException>(events.Failure);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_message_of_the_caller_is_the_same_after_a_call(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var jar = new HttpClient(new UrllibHandler(PoolOptions.Default) { AutomaticDecompression = DecompressionMethods.All });
        var request = new HttpRequestMessage(HttpMethod.Post, $"{bin.Url}/redirect-to?url=/post&status_code=307")
        {
            Content = new StringContent("x"),
        };
        request.Headers.Add("X-A", "1");
        string before = $"{request}";

        using HttpResponseMessage response = await Send(mode, jar, request);

        Assert.Equal(before, $"{request}");
        Assert.Equal("/post", response.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("1", response.RequestMessage.Headers.GetValues("X-A").Single());
        Assert.Same(request.Content, response.RequestMessage.Content);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Many_calls_at_once_get_each_their_own_answer(Mode mode)
    {
        await using var bin = await HttpBinServer.StartAsync();
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { MaxConnectionsPerServer = 8 });

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async n =>
        {
            var content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(new string((char)('a' + (n % 26)), 1000 * n))));
            using HttpResponseMessage response = await Send(mode, http, new(HttpMethod.Post, $"{bin.Url}/echo") { Content = content });
            return await response.Content.ReadAsStringAsync();
        }));

        Assert.All(answers, static (text, n) => Assert.Equal(new string((char)('a' + (n % 26)), 1000 * n), text));
        Assert.InRange(bin.Connections, 1, 8);
    }

    private static IEnumerable<Action<UrllibHandler>> Setters() =>
    [
        static h => h.AllowAutoRedirect = true, static h => h.MaxAutomaticRedirections = 1, static h => h.UseCookies = true,
        static h => h.AutomaticDecompression = default, static h => h.CookieContainer = new(), static h => h.MaxConnectionsPerServer = 1,
        static h => h.Credentials = null, static h => h.UseProxy = true, static h => h.Proxy = null,
        static h => h.RequestHeaderEncodingSelector = null, static h => h.ResponseHeaderEncodingSelector = null,
        static h => h.DefaultRequestOptions = new(),
    ];

    private static HttpRequestMessage Get(string url, RequestOptions? options = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (options is not null)
            request.Options.Set(UrllibHandler.RequestOptionsKey, options);
        return request;
    }

    private static Task<HttpResponseMessage> Send(
        Mode mode, HttpClient http, HttpRequestMessage request, HttpCompletionOption completion = default) =>
        Call(mode, () => http.Send(request, completion), () => http.SendAsync(request, completion)).WaitAsync(Patience);

    private static byte[] Bomb(int length)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[64 * 1024];
            for (int left = length; left > 0; left -= zeros.Length)
                gzip.Write(zeros);
        }

        return packed.ToArray();
    }

    /// <summary>Sends from another thread when it is told that a connection was closed, and waits for what comes of it.</summary>
    private sealed class Sender : HttpEvents
    {
        public HttpClient? Http { get; set; }

        public string Url { get; set; } = "";

        public Exception? Failure { get; private set; }

        public override void ConnectionClosed(Url origin, HttpConnectionInfo connection)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    Http!.Send(Get(Url));
                }
                catch (Exception e)
                {
                    Failure = e;
                }
            });
            thread.Start();
            Assert.True(thread.Join(Patience));
        }
    }
}
