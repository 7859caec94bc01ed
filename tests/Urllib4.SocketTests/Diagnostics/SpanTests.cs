using System.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

[Collection(AloneGroup.Name)]
public sealed class SpanTests : ClientTests
{
    private const string Later = "HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_call_is_a_client_span_with_the_tags_of_the_conventions(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager();
        using var spans = new Spans();

        UrllibResponse first = await Send(mode, manager, "GET", server.Url + "/a?token=x#part");
        await Send(mode, manager, "POST", server.Url);

        Activity span = spans.Ended[0];
        Assert.Equal(2, spans.Ended.Count);
        Assert.Equal((ActivityKind.Client, "GET", ActivityStatusCode.Unset), (span.Kind, span.DisplayName, span.Status));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["http.request.method"] = "GET",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = $"{server.Port}",
                ["url.full"] = $"{server.Url}/a?*",
                ["http.response.status_code"] = "200",
                ["network.protocol.version"] = "1.1",
                ["network.peer.address"] = "127.0.0.1",
                ["network.peer.port"] = $"{server.Port}",
                ["urllib4.connection.id"] = $"{first.Connection.Id}",
                ["urllib4.connection.reused"] = "False",
            },
            Spans.Tags(span));
        Assert.Equal(
            ["urllib4.resolve", "urllib4.connect", "urllib4.send", "urllib4.head"], span.Events.Select(static e => e.Name));
        Assert.Equal("POST", spans.Ended[1].DisplayName);
        Assert.Equal("True", Spans.Tags(spans.Ended[1])["urllib4.connection.reused"]);
        Assert.Equal(["urllib4.send", "urllib4.head"], spans.Ended[1].Events.Select(static e => e.Name));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_handshake_of_tls_is_an_event_of_the_span(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(new Dialogue().StartTls(certificate).ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } });
        using var spans = new Spans();

        await Send(mode, manager, "GET", server.SecureUrl);

        Activity span = Assert.Single(spans.Ended);
        Assert.Equal(
            ["urllib4.resolve", "urllib4.connect", "urllib4.tls", "urllib4.send", "urllib4.head"],
            span.Events.Select(static e => e.Name));
        Assert.Equal(($"{server.SecureUrl}/", "localhost"), (Spans.Tags(span)["url.full"], Spans.Tags(span)["server.address"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_status_of_400_and_above_is_an_error(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.0 404 No\r\nContent-Length: 0\r\n\r\n"));
        await using var manager = new PoolManager();
        using var spans = new Spans();

        await Send(mode, manager, "BREW", server.Url);

        Activity span = Assert.Single(spans.Ended);
        Dictionary<string, string> tags = Spans.Tags(span);
        Assert.Equal((ActivityStatusCode.Error, "HTTP"), (span.Status, span.DisplayName));
        Assert.Equal(("404", "404"), (tags["error.type"], tags["http.response.status_code"]));
        Assert.Equal(("_OTHER", "BREW"), (tags["http.request.method"], tags["http.request.method_original"]));
        Assert.Equal("1.0", tags["network.protocol.version"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_is_an_error_of_its_kind(Mode mode)
    {
        Activity? before = Activity.Current;
        var server = MisbehavingServer.Start(static _ => new Dialogue().ExpectRequest().Stall());
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });
        using var spans = new Spans();
        using var cancellation = new CancellationTokenSource();

        await Fails<ReadTimeoutException>(Send(
            mode, manager, "GET", server.Url, new() { Timeout = new HttpTimeout { Read = TimeSpan.FromMilliseconds(30) } }));
        Task<UrllibResponse> call = Send(mode, manager, "GET", server.Url, null, cancellation.Token);
        server.WaitForRequests(2);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await server.DisposeAsync();
        await Fails<NewConnectionException>(Send(mode, manager, "GET", server.Url));

        Assert.Equal(
            ["Urllib4.ReadTimeoutException", "System.OperationCanceledException", "connection_error"],
            spans.Ended.Select(static span => Spans.Tags(span)["error.type"]));
        Assert.All(spans.Ended, static span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.All(spans.Ended, static span => Assert.DoesNotContain("http.response.status_code", Spans.Tags(span).Keys));
        Assert.Same(before, Activity.Current);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Retries_redirects_and_replays_are_spans_of_their_own_that_are_counted(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue()
                .ExpectRequest().Send(Later)
                .ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /there?token=x\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Close(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Retries = new Retry { StatusForcelist = [503] } });
        using var spans = new Spans();
        using var parent = new Activity("the caller's own");
        parent.Start();

        await Send(mode, manager, "GET", server.Url);

        Dictionary<string, string>[] tags = [.. spans.Ended.Select(Spans.Tags)];
        Assert.Equal(4, tags.Length);
        Assert.Equal([null, "1", "2", "3"], tags.Select(static t => t.GetValueOrDefault("http.request.resend_count")));
        Assert.Equal(
            [null, "Retry", "Redirect", "Replay"], tags.Select(static t => t.GetValueOrDefault("urllib4.attempt.cause")));
        Assert.Equal(["503", "302", null, "200"], tags.Select(static t => t.GetValueOrDefault("http.response.status_code")));
        Assert.Equal([$"{server.Url}/", $"{server.Url}/", $"{server.Url}/there?*", $"{server.Url}/there?*"], tags.Select(static t => t["url.full"]));
        Assert.Equal("response_ended", tags[2]["error.type"]);
        Assert.Equal($"the redirect was followed to {server.Url}/there?***", tags[2]["urllib4.attempt.reason"]);
        Assert.All(spans.Ended, span => Assert.Equal(parent.SpanId, span.ParentSpanId));
        Assert.Equal(
            spans.Ended.Select(static span => span.Id), server.Requests.Select(static request => request["traceparent"]));
        Assert.Same(parent, Activity.Current);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_challenge_and_a_proxy_that_cannot_be_used_are_spans_of_their_own(Mode mode)
    {
        await using var proxy = MisbehavingServer.Start(new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest().Send(Ok));
        await using var gone = MisbehavingServer.Start();
        gone.Dispose();
        await using var manager = new PoolManager(new PoolOptions
        {
            ProxySelector = _ => [gone.Url, proxy.Url],
        });
        using var spans = new Spans();
        using var metrics = new Measurements();

        await Send(mode, manager, "GET", "http://origin.test/", new() { Auth = HttpAuth.WhenAsked("user", "password") });

        Dictionary<string, string>[] tags = [.. spans.Ended.Select(Spans.Tags)];
        Assert.Equal([null, "Rerouted", "Amended"], tags.Select(static t => t.GetValueOrDefault("urllib4.attempt.cause")));
        Assert.Equal([null, "401", "200"], tags.Select(static t => t.GetValueOrDefault("http.response.status_code")));
        Assert.All(tags, static t => Assert.Equal(("origin.test", "80"), (t["server.address"], t["server.port"])));
        Assert.Equal($"{proxy.Port}", tags[2]["network.peer.port"]);
        Assert.Equal(spans.Ended.Skip(1).Select(static span => span.Id), proxy.Requests.Select(static request => request["traceparent"]));
        Assert.Equal(0, metrics.Of("http.client.active_requests", 80).Sum(static m => m.Value));
        Assert.Equal(3, metrics.Of("http.client.request.duration", 80).Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_is_read_later_does_not_hold_the_span_nor_touch_the_current_activity(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        using var spans = new Spans();

        using UrllibResponse response = await Send(mode, manager, "GET", server.Url, new() { PreloadContent = false });
        Assert.Single(spans.Ended);
        using var own = new Activity("after the call");
        own.Start();
        await ReadAll(mode, response);

        Assert.Same(own, Activity.Current);
    }

    [Fact]
    public async Task A_blocking_call_leaves_the_current_activity_of_its_thread_as_it_was()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok).ExpectRequest().Close());
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });
        using var spans = new Spans();
        await OnThread(() =>
        {
            using var own = new Activity("the thread's own");
            own.Start();
            manager.Request("GET", server.Url);
            Assert.Same(own, Activity.Current);
            Assert.Throws<ConnectionClosedException>(() => manager.Request("POST", server.Url, new() { Body = "x" }));
            Assert.Same(own, Activity.Current);
            return true;
        });

        Assert.Equal(2, spans.Ended.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_trace_of_the_caller_is_handed_on_when_nobody_samples(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        await using var manager = new PoolManager();
        using var parent = new Activity("the caller's own") { TraceStateString = "vendor=1" };
        parent.AddBaggage("user", "7");
        parent.Start();

        await Send(mode, manager, "GET", server.Url);
        using (var spans = new Spans(sampling: ActivitySamplingResult.None))
            await Send(mode, manager, "GET", server.Url);

        Assert.All(server.Requests, request => Assert.Equal(parent.Id, request["traceparent"]));
        Assert.All(server.Requests, static request => Assert.Equal("vendor=1", request["tracestate"]));
        Assert.All(server.Requests, static request => Assert.Contains("user", string.Join(',', request.Headers), StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_trace_that_the_caller_names_himself_stays_as_it_is(Mode mode)
    {
        const string own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Headers = new() { ["TraceParent"] = own } });
        using var spans = new Spans();
        using var parent = new Activity("another") { TraceStateString = "vendor=1" };
        parent.Start();

        await Send(mode, manager, "GET", server.Url);

        Assert.Equal(own, server.Requests[0]["traceparent"]);
        Assert.Null(server.Requests[0]["tracestate"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_a_trace_nothing_is_added_to_a_request(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();

        await Send(mode, manager, "GET", server.Url);

        Assert.Null(server.Requests[0]["traceparent"]);
    }
}
