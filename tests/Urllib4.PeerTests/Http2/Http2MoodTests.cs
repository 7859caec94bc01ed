using System.Collections.Concurrent;
using System.Net;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.Http2;

/// <summary>HTTP/2 with servers that go, refuse, reset and change their minds: Node, and nginx whose connections end soon.</summary>
public sealed class Http2MoodTests(Peers peers) : ClientTests
{
    private const string Own = "with their own answer";
    private const string Lost = "lost with their connection";

    private readonly string _url = peers.Node.Url;

    [Theory, ClassData(typeof(BothModes))]
    public async Task Informational_heads_are_told(Mode mode)
    {
        using PoolManager http = Manager();
        var links = new List<string?>();
        UrllibResponse response = await Send(mode, http, "GET", _url + "/hints", new()
        {
            OnInformational = hint => links.Add(hint.Headers["Link"]),
        });
        Assert.Equal("hinted", response.Text());
        Assert.Equal(["</0>", "</1>", "</2>"], links);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_refused_POST_is_sent_again_at_once(Mode mode)
    {
        using PoolManager http = Manager();
        string id = Guid.NewGuid().ToString();
        UrllibResponse response = await Send(mode, http, "POST", _url + "/refused", new()
        {
            Body = "x", Headers = new() { { "X-Request-Id", id } }, Retries = Retry.None,
        });
        Assert.Equal((200, id, 2), (response.Status, response.Text(), response.Attempts));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_wants_HTTP_1_gets_it_and_is_not_asked_again(Mode mode)
    {
        using PoolManager http = Manager();
        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, http, "POST", _url + "/http-1.1", new() { Body = "x", Retries = Retry.None });
            Assert.Equal((HttpVersion.Version11, "HTTP/1.1", i == 0 ? 2 : 1), (response.Version, response.Text(), response.Attempts));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_answer_before_the_end_of_the_upload_is_the_result(Mode mode)
    {
        using PoolManager http = Manager();
        UrllibResponse response = await Send(mode, http, "POST", _url + "/too-large", new() { Body = new byte[4 << 20] });
        Assert.Equal((413, "too large"), (response.Status, response.Text()));
        Assert.Equal(200, (await Send(mode, http, "GET", _url + "/small.txt")).Status);
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_reset_or_a_body_cut_short_is_an_error_of_its_stream_alone(Mode mode)
    {
        using PoolManager http = Manager();
        foreach ((string target, Http2ErrorCode code, HttpPhase phase) in new[]
        {
            ("/reset", Http2ErrorCode.InternalError, HttpPhase.Head), ("/cut-short", Http2ErrorCode.ProtocolError, HttpPhase.Body),
        })
        {
            Exception? failure = await Record.ExceptionAsync(() => Send(mode, http, "POST", _url + target, new() { Body = "x" }));
            var error = Assert.IsType<Http2Exception>(failure);
            Assert.Equal((target, code, phase), (target, error.ErrorCode, error.Phase));
        }

        Assert.Equal(2, (await Send(mode, http, "GET", _url + "/small.txt")).Connection!.RequestsServed);
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_lost_connection_is_an_error_that_says_how_far_it_came(Mode mode)
    {
        using PoolManager http = Manager();
        Exception? before = await Record.ExceptionAsync(
            () => Send(mode, http, "POST", _url + "/lost", new() { Body = "x", Retries = Retry.None }));
        Assert.IsType<ConnectionClosedException>(before);
        Exception? within = await Record.ExceptionAsync(() => Send(mode, http, "GET", _url + "/lost-half-way"));
        Assert.Equal(4, Assert.IsType<IncompleteReadException>(within).Received);
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_limit_may_fall_to_one_and_rise_again(Mode mode)
    {
        using PoolManager http = Manager();
        foreach (string target in new[] { "/one-at-a-time", "/many-again" })
        {
            Assert.Equal(200, (await Send(mode, http, "GET", _url + target)).Status);
            UrllibResponse[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send(mode, http, "GET", _url + "/small.txt")));
            Assert.All(all, static r => Assert.Equal(WebRoot.Small, r.Text()));
        }

        AssertAtRest(http);
    }

    [Fact]
    public async Task While_servers_say_goodbye_everybody_gets_his_own_answer()
    {
        using PoolManager http = Manager();
        var crowd = new Crowd(http, Prepare, Judge);
        await crowd.Run(32, 1000);
        Assert.Equal((Own, 1000), (Assert.Single(crowd.Outcomes).Key, crowd.Outcomes.Values.Sum()));
        AssertAtRest(http);
    }

    // One request in twenty takes the connection with it. What was on it then is sent again, since all may be repeated.
    [Fact]
    public async Task While_connections_are_lost_nobody_gets_the_answer_of_another()
    {
        using PoolManager http = Manager(RetryBudget.Unlimited);
        var crowd = new Crowd(
            http, (number, random) => random.Next(20) == 0 ? Ask(number, "/lost", Retry.None) : Ask(number, "/request-id"), Judge);
        await crowd.Run(16, 1000);
        Assert.Equal(1000, crowd.Outcomes.Values.Sum());
        Assert.Equal([Lost, Own], crowd.Outcomes.Keys.Order());
        Assert.True(crowd.Outcomes[Own] > 500);
        AssertAtRest(http);
    }

    private static string Judge(Errand errand, UrllibResponse? response, Exception? failure) => failure switch
    {
        ConnectionClosedException or MaxRetryException or Http2Exception { ServerMayHaveActed: false } => Lost,
        not null => $"failed: {failure}",
        _ when response!.Text() == errand.Id => Own,
        _ => $"got '{response.Text()}' for '{errand.Id}'",
    };

    private static void AssertAtRest(PoolManager http) => Assert.All(
        http.Pools.Select(static p => p.Value.Snapshot()), static p => Assert.Equal((0, 0), (p.Busy.Count, p.Waiting)));

    // nginx closes a connection after twenty requests, Node whenever it is asked to.
    private Errand Prepare(int number, Random random) => random.Next(2) == 0
        ? Ask(number, random.Next(20) == 0 ? "/goodbye" : "/request-id")
        : new($"{number}") { Url = $"{peers.Nginx.Http2Url}/request-id", Options = Named(number) };

    private Errand Ask(int number, string target, Retry? retries = null) =>
        new($"{number}") { Url = _url + target, Options = Named(number) with { Retries = retries } };

    private static RequestOptions Named(int number) => new() { Headers = new() { { "X-Request-Id", $"{number}" } } };

    private PoolManager Manager(RetryBudget? budget = null) => new(PoolOptions.Default with
    {
        RetryBudget = budget ?? RetryBudget.Default,
        HttpVersions = HttpVersions.Http11 | HttpVersions.Http2,
        Tls = TrustIn(peers),
    });
}
