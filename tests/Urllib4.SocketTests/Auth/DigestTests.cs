using System.Globalization;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>Digest over real connections: what is said how often, and to whom.</summary>
public sealed class DigestTests : ClientTests
{
    private static readonly HttpAuth _alice = HttpAuth.Digest(DigestOrigin.User, DigestOrigin.Password);

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_nonce_is_counted_across_calls_and_asked_for_once(Mode mode)
    {
        using var origin = new DigestOrigin();
        await using var manager = new PoolManager();

        foreach (string target in new[] { "/", "/a?b=c", "/%C3%A4%2F?x=%41" })
            Assert.Equal("ok", (await Send(mode, manager, "GET", origin.Url + target, new() { Auth = _alice })).Text());
        Assert.Equal("ok", (await Send(mode, manager, "POST", origin.Url + "/p", new() { Auth = _alice, Body = "text" })).Text());

        Assert.Equal(["", "00000001", "00000002", "00000003", "00000004"], origin.Counts);
        Assert.Equal(["/", "/a?b=c", "/%C3%A4%2F?x=%41", "/p"], // AU-03
            origin.Server.Requests.Skip(1).Select(static r => DigestOrigin.Part(r["Authorization"]!, "uri")));
        Assert.Equal(1, origin.Server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Many_callers_never_say_the_same_count_twice(Mode mode)
    {
        using var origin = new DigestOrigin();
        await using var manager = new PoolManager();

        UrllibResponse[] responses = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => Send(mode, manager, "GET", origin.Url, new() { Auth = _alice })));

        Assert.All(responses, static r => Assert.Equal(200, r.Status));
        string[] counts = [.. origin.Counts.Where(static c => c.Length > 0).Order(StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(1, 60).Select(static n => n.ToString("x8", CultureInfo.InvariantCulture)), counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_10_a_nonce_that_is_too_old_is_replaced(Mode mode)
    {
        using var origin = new DigestOrigin();
        await using var manager = new PoolManager();

        await Send(mode, manager, "GET", origin.Url, new() { Auth = _alice });
        origin.Forget();
        UrllibResponse response = await Send(mode, manager, "POST", origin.Url, new() { Auth = _alice, Body = "text" });

        Assert.Equal(200, response.Status);
        Assert.Equal(["", "00000001", "00000002", "00000001"], origin.Counts);
        Assert.Equal("text", origin.Server.Requests[^1].Text);
        Assert.Empty(response.Retries.History);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_10_neither_a_wrong_password_nor_a_forgetful_server_goes_on_for_ever(Mode mode)
    {
        using DigestOrigin origin = new(), forgetful = new() { IsForgetful = true };
        await using var manager = new PoolManager();

        UrllibResponse wrong = await Send(mode, manager, "GET", origin.Url, new() { Auth = HttpAuth.Digest("alice", "wrong") });
        UrllibResponse never = await Send(mode, manager, "GET", forgetful.Url, new() { Auth = _alice });

        Assert.Equal((401, "no"), (wrong.Status, wrong.Text()));
        Assert.Equal(401, never.Status);
        Assert.Equal(2, origin.Server.Requests.Count);
        Assert.InRange(forgetful.Server.Requests.Count, 2, 3);
    }

    [Theory]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, true)]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, false)]
    public async Task AU_04_a_server_that_proves_something_else_is_no_answer(Mode mode, bool isRight)
    {
        using var origin = new DigestOrigin(request =>
        {
            string proof = DigestOrigin.Proof(request["Authorization"]!, "", password: isRight ? DigestOrigin.Password : "guessed");
            return $"HTTP/1.1 200 OK\r\nAuthentication-Info: rspauth=\"{proof}\"\r\nContent-Length: 2\r\n\r\nok";
        });
        await using var manager = new PoolManager();
        Task<UrllibResponse> call = Send(mode, manager, "GET", origin.Url, new() { Auth = _alice });

        if (isRight)
            Assert.Equal("ok", (await call).Text());
        else
            Assert.Contains("prove", (await Fails<ProtocolException>(call)).Message, StringComparison.Ordinal);
        Assert.Equal(2, origin.Server.Requests.Count);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_that_cannot_be_sent_again_leaves_the_challenge_and_the_next_call_knows_it(Mode mode)
    {
        using var origin = new DigestOrigin();
        await using var manager = new PoolManager();

        UrllibResponse refused = await Send(mode, manager, "POST", origin.Url, new() { Auth = _alice, Body = Once("one") });
        UrllibResponse answered = await Send(mode, manager, "POST", origin.Url, new() { Auth = _alice, Body = Once("two") });

        Assert.Equal((401, 200), (refused.Status, answered.Status));
        Assert.Equal(["one", "two"], origin.Server.Requests.Select(static r => r.Text));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task With_Expect_such_a_body_is_kept_for_the_answer(Mode mode)
    {
        await using var origin = MisbehavingServer.Start(
            new Dialogue().ExpectHead().Send("HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"o\", nonce=\"1\", qop=\"auth\", "
                + "algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n").ExpectEof(),
            new Dialogue().ExpectHead().Send("HTTP/1.1 100 Continue\r\n\r\n").ExpectBody().Send(Ok));
        await using var manager = new PoolManager();

        UrllibResponse response = await Send(mode, manager, "POST", origin.Url, new()
        {
            Auth = _alice,
            Body = Once("once"),
            Headers = new() { { "Expect", "100-continue" } },
            Timeout = HttpTimeout.Default with { Continue = TimeSpan.FromSeconds(20) },
        });

        Assert.Equal(200, response.Status);
        Assert.Equal("once", Assert.Single(origin.Requests).Text);
        origin.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_has_an_answer_of_its_own_with_its_own_method_and_target(Mode mode)
    {
        using var origin = new DigestOrigin(static r => r.Target == "/from"
            ? "HTTP/1.1 303 See Other\r\nLocation: /to?x=1\r\nContent-Length: 0\r\n\r\n"
            : Ok);
        await using var manager = new PoolManager();

        UrllibResponse response = await Send(mode, manager, "POST", origin.Url + "/from", new() { Auth = _alice, Body = "text" });

        Assert.Equal(200, response.Status);
        Assert.Equal(["POST /from", "POST /from", "GET /to?x=1"], origin.Server.Requests.Select(static r => $"{r.Method} {r.Target}"));
        Assert.Equal(["", "00000001", "00000002"], origin.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task AU_01_what_one_origin_asked_is_not_answered_to_another(Mode mode)
    {
        using DigestOrigin one = new(), two = new();
        await using var manager = new PoolManager();

        foreach (DigestOrigin origin in new[] { one, two, one, two })
            await Send(mode, manager, "GET", origin.Url, new() { Auth = _alice });
        await Send(mode, manager, "GET", one.Url, new() { Auth = HttpAuth.Digest("Alice", DigestOrigin.Password) }); // PK-04
        await Send(mode, manager, "GET", one.Url); // PK-07

        Assert.Equal(["", "00000001", "00000002", "", "00000001", ""], one.Counts);
        Assert.Equal(["", "00000001", "00000002"], two.Counts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_strong_scheme_is_not_exchanged_for_Basic(Mode mode)
    {
        await using var origin = MisbehavingServer.Start(_ => new Dialogue().Loop(static d => d.ExpectRequest().Send(
            "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")));
        await using var manager = new PoolManager();

        Assert.Equal(401, (await Send(mode, manager, "GET", origin.Url, new() { Auth = _alice })).Status);

        Assert.Null(Assert.Single(origin.Requests)["Authorization"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_forwarded_request_answers_origin_and_proxy_each_on_its_own_terms(Mode mode)
    {
        const string Rest = "qop=\"auth\", algorithm=SHA-256\r\nContent-Length: 0\r\n\r\n";
        int asked = 0;
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(_ =>
            Interlocked.Increment(ref asked) switch
            {
                1 => $"HTTP/1.1 407 P\r\nProxy-Authenticate: Digest realm=\"p\", nonce=\"p1\", {Rest}",
                2 => $"HTTP/1.1 401 O\r\nWWW-Authenticate: Digest realm=\"o\", nonce=\"o1\", {Rest}",
                _ => Ok,
            })));
        await using var manager = new ProxyManager($"http://bob:b@127.0.0.1:{proxy.Port}");

        Assert.Equal(200, (await Send(mode, manager, "GET", "http://a.test/x", new() { Auth = _alice })).Status);

        Assert.Equal(3, proxy.Requests.Count);
        ReceivedRequest last = proxy.Requests[2];
        string toProxy = last["Proxy-Authorization"]!, toOrigin = last["Authorization"]!;
        Assert.Equal(("http://a.test/x", "bob"), (DigestOrigin.Part(toProxy, "uri"), DigestOrigin.Part(toProxy, "username")));
        Assert.Equal(("/x", "alice"), (DigestOrigin.Part(toOrigin, "uri"), DigestOrigin.Part(toOrigin, "username")));
        Assert.Equal(DigestOrigin.Proof(toOrigin, "GET"), DigestOrigin.Part(toOrigin, "response"));
        Assert.Equal(DigestOrigin.Proof(toProxy, "GET", "bob", "b"), DigestOrigin.Part(toProxy, "response"));
    }

    private static RequestBody Once(string text) => RequestBody.FromStream(new OnceStream(System.Text.Encoding.ASCII.GetBytes(text)));

    private sealed class OnceStream(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
