using System.Net;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Requests through a proxy, which is the server of the scenario.</summary>
internal static class ProxyScenarios
{
    private const string Target = "http://target.test/path?query";

    private const string Challenge = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";

    public static IEnumerable<Scenario> All =>
    [
        Through("a GET", static s => s.Try(new(HttpMethod.Get, Target)), Always(Answer())),
        Through("a POST", static s => s.Try(new(HttpMethod.Post, Target) { Content = new StringContent("x") }), Always(Answer())),
        Through("a redirect", static s => s.Try(new(HttpMethod.Get, Target)), By(static r =>
            r.Target.EndsWith("/end", StringComparison.Ordinal) ? Answer() : Answer("", "Location: /end\r\n", "302 Go"))),
        Through("a target that is passed by", static s => s.Try(s.Get("direct")), Always(Answer())) with
        {
            Handler = new() { Proxy = static uri => new WebProxy(uri, BypassOnLocal: true) },
        },
        Through("a target on the list of those that are passed by", static s => s.Try(s.Get("direct")), Always(Answer())) with
        {
            Handler = new() { Proxy = static uri => new WebProxy(uri, false, [@"127\.0\.0\.1"]) },
        },
        Through("a challenge of the proxy without credentials", static s => s.Try(new(HttpMethod.Get, Target)), Always(Challenge)),
        Through("a tunnel that is refused", static s => s.Try(new(HttpMethod.Get, "https://target.test/")),
            static _ => new Dialogue().ExpectHead().Send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").Close()),
        Through("a tunnel that is cut", static s => s.Try(new(HttpMethod.Get, "https://target.test/")),
            static _ => new Dialogue().ExpectHead().Close()),
        Through("a tunnel for a request with a User-Agent", static s =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "https://target.test/");
            request.Headers.UserAgent.ParseAdd("mine/1");
            return s.Try(request);
        }, static _ => new Dialogue().ExpectHead().Send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n").Close()),
        Through("a challenge of the proxy", static s => s.Try(new(HttpMethod.Get, Target)), By(static r =>
            r["Proxy-Authorization"] is null ? Challenge : Answer())) with
        {
            Handler = new() { Proxy = static uri => new WebProxy(uri) { Credentials = new NetworkCredential("user", "secret", "DOMAIN") } },
        },
        Through("a challenge of the proxy, and usual credentials", static s => s.Try(new(HttpMethod.Get, Target)), By(static r =>
            r["Proxy-Authorization"] is null ? Challenge : Answer())) with
        {
            Handler = new()
            {
                Proxy = static uri => new WebProxy(uri),
                Theirs = static h => h.DefaultProxyCredentials = new NetworkCredential("user", "secret"),
                Ours = static h => h.DefaultProxyCredentials = new NetworkCredential("user", "secret"),
            },
        },
        new("proxy: nobody is there", static s => s.Try(new(HttpMethod.Get, Target)))
        {
            Handler = new() { Proxy = static _ => new WebProxy("http://127.0.0.1:9") },
        },
    ];

    private static Scenario Through(string name, Func<Stage, Task> play, Func<int, Dialogue> proxy) => new($"proxy: {name}", play)
    {
        Server = proxy,
        Handler = new() { Proxy = static uri => new WebProxy(uri) },
    };
}
