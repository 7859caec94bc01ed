using System.Net;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

/// <summary>Challenges of the scheme Digest that nobody here can answer, beside Basic: the password stays on this side.</summary>
public sealed class UnusableChallengeTests : ClientTests
{
    private const string AskBasic = "Basic realm=\"r\"";
    private static readonly RequestOptions _asked = new() { Auth = HttpAuth.WhenAsked("alice", "secret"), Explain = true };

    /// <summary>The lines of one response, with blanks between them.</summary>
    public static TheoryData<Mode, string> Offers()
    {
        string[] lines =
        [
            $"Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-512-256|{AskBasic}",
            $"{AskBasic}|Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"",
            $"Digest realm=\"r\"|{AskBasic}",
            $"Digest realm=\"open|{AskBasic}",
            $"{AskBasic}, Digest realm=\"r\" nonce=\"n\"",
            $"Negotiate|Digest nonce=\"n\"|{AskBasic}",
            $"Foo realm=\"open, Digest realm=\"r\", nonce=\"n\"|{AskBasic}",
        ];
        var rows = new TheoryData<Mode, string>();
        foreach (string line in lines)
        {
            rows.Add(Mode.Blocking, line);
            rows.Add(Mode.Asynchronous, line);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task The_password_is_not_sent_to_an_origin_that_offers_Digest_too(Mode mode, string lines)
    {
        await using MisbehavingServer server = Asking(401, "WWW-Authenticate", lines);
        await using var manager = new PoolManager();

        UrllibResponse first = await Send(mode, manager, "GET", server.Url, _asked);
        UrllibResponse second = await Send(mode, manager, "GET", server.Url, _asked);

        Assert.Equal((401, 401), (first.Status, second.Status));
        Assert.All(server.Requests, static r => Assert.Null(r["Authorization"]));
        Assert.Contains("Digest challenge was not understood", first.Report!.ToString(), StringComparison.Ordinal);
        Assert.Equal(first.Report.Attempts[^1].NotAnsweredBecause, second.Report!.Attempts[^1].NotAnsweredBecause);
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task Nor_under_HttpClient(Mode mode, string lines)
    {
        await using MisbehavingServer server = Asking(401, "WWW-Authenticate", lines);
        foreach (ICredentials credentials in new ICredentials[]
        {
            new NetworkCredential("alice", "secret"),
            new CredentialCache
            {
                { new Uri(server.Url), "Basic", new("alice", "secret") },
                { new Uri(server.Url), "Digest", new("alice", "secret") },
            },
        })
        {
            using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { Credentials = credentials });
            using HttpResponseMessage response = await Call(
                mode, () => http.Send(new(HttpMethod.Get, server.Url)), () => http.GetAsync(new Uri(server.Url)));

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.All(server.Requests, static r => Assert.Null(r["Authorization"]));
    }

    [Theory, MemberData(nameof(Offers))]
    public async Task Nor_to_a_proxy(Mode mode, string lines)
    {
        await using MisbehavingServer proxy = Asking(407, "Proxy-Authenticate", lines);
        await using var manager = new PoolManager(new PoolOptions { Proxy = new ProxyOptions(proxy.Url) { Auth = _asked.Auth } });

        Assert.Equal(407, (await Send(mode, manager, "GET", "http://origin.test/")).Status);
        var refused = await Fails<TunnelRefusedException>(Send(mode, manager, "GET", "https://origin.test/"));

        Assert.Contains("Digest challenge was not understood", refused.Message, StringComparison.Ordinal);
        Assert.All(proxy.Requests, static r => Assert.Null(r["Proxy-Authorization"]));
    }

    /// <summary>Lists in which something is broken, and what is answered all the same.</summary>
    public static TheoryData<Mode, string, string?> Lists()
    {
        (string, string?)[] lists =
        [
            ($"Foo @, {AskBasic}", "Basic"),
            ($"{AskBasic}, Foo @", "Basic"),
            ($"Foo Bar Baz, {AskBasic}, Foo @", "Basic"),
            ($"=, \"\", @, {AskBasic}", "Basic"),
            ($"Foo realm=\"a, b\"c, {AskBasic}", "Basic"),
            ($"Foo @, Digest realm=\"r\", nonce=\"n\"|{AskBasic}", "Digest"),
            ($"{AskBasic}, Negotiate YWJj, realm=a, Digest realm=\"r\", nonce=\"n\"", "Digest"),
            ($"Foo realm=\"open, {AskBasic}", null),
            ("Foo realm=\"open|" + AskBasic, "Basic"),
            ("Basic realm=\"\u00e9\u0080\"", "Basic"),
            ("Digest realm=\"\u00e9\", nonce=\"\\\"\\\\\"", "Digest"),
            ("Digest realm=\"r\", nonce=\"n\", algorithm=\"\", qop=\"\"", null),
            ("Digest realm=\"r\", nonce=\"n\", stale=perhaps, domain=\"http:// \u0001\"", "Digest"),
            ("Basic", "Basic"),
            ("", null),
            (",,, ,", null),
        ];
        var rows = new TheoryData<Mode, string, string?>();
        foreach ((string lines, string? answer) in lists)
        {
            rows.Add(Mode.Blocking, lines, answer);
            rows.Add(Mode.Asynchronous, lines, answer);
        }

        return rows;
    }

    [Theory, MemberData(nameof(Lists))]
    public async Task A_broken_challenge_takes_no_good_one_along(Mode mode, string lines, string? answer)
    {
        await using MisbehavingServer server = Asking(401, "WWW-Authenticate", lines);
        await using MisbehavingServer proxy = Asking(407, "Proxy-Authenticate", lines);
        await using var manager = new PoolManager();
        await using var behind = new PoolManager(new PoolOptions { Proxy = new ProxyOptions(proxy.Url) { Auth = _asked.Auth } });
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default) { Credentials = new NetworkCredential("alice", "secret") });
        using var through = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            Proxy = new WebProxy(proxy.Url) { Credentials = new NetworkCredential("alice", "secret") },
        });

        Assert.Equal(401, (await Send(mode, manager, "GET", server.Url, _asked)).Status);
        Assert.Equal(answer, Scheme(server.Requests[^1]["Authorization"]));
        Assert.Equal(407, (await Send(mode, behind, "GET", "http://origin.test/")).Status);
        Assert.Equal(answer, Scheme(proxy.Requests[^1]["Proxy-Authorization"]));
        await Fails<TunnelRefusedException>(Send(mode, behind, "GET", "https://origin.test/"));
        Assert.Equal(answer, Scheme(proxy.Requests[^1]["Proxy-Authorization"]));
        using HttpResponseMessage response = await Call(
            mode, () => http.Send(new(HttpMethod.Get, server.Url)), () => http.GetAsync(new Uri(server.Url)));
        Assert.Equal((HttpStatusCode.Unauthorized, answer), (response.StatusCode, Scheme(server.Requests[^1]["Authorization"])));
        using HttpResponseMessage proxied = await Call(
            mode, () => through.Send(new(HttpMethod.Get, "http://origin.test/")), () => through.GetAsync(new Uri("http://origin.test/")));
        Assert.Equal(
            (HttpStatusCode.ProxyAuthenticationRequired, answer),
            (proxied.StatusCode, Scheme(proxy.Requests[^1]["Proxy-Authorization"])));
    }

    private static string? Scheme(string? credentials) => credentials?.Split(' ')[0];

    [Theory, ClassData(typeof(BothModes))]
    public async Task Basic_by_name_is_sent_unasked_and_not_once_more(Mode mode)
    {
        await using MisbehavingServer server = Asking(401, "WWW-Authenticate", $"Digest realm=\"r\"|{AskBasic}");
        await using var manager = new PoolManager();

        for (int i = 0; i < 2; i++)
            await Send(mode, manager, "GET", server.Url, new() { Auth = HttpAuth.Basic("alice", "secret") });

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, static r => Assert.StartsWith("Basic ", r["Authorization"], StringComparison.Ordinal));
    }

    private static MisbehavingServer Asking(int status, string name, string lines)
    {
        var head = new StringBuilder($"HTTP/1.1 {status} Who\r\nContent-Length: 0\r\n");
        foreach (string line in lines.Split('|'))
            head.Append($"{name}: {line}\r\n");
        return MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(_ => head + "\r\n")));
    }
}
