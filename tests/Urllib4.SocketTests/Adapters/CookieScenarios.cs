using System.Net;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Cookies: kept, sent, replaced and forgotten.</summary>
internal static class CookieScenarios
{
    private static readonly string[] _cookies =
    [
        "a=1", "a=1; Path=/", "a=1; Path=/x", "a=1; Path=/other", "a=1; HttpOnly", "a=1; Secure", "a=1; Max-Age=0", "a=1; Max-Age=1000",
        "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "a=1; Domain=127.0.0.1",
        "a=1; Domain=example.test", "a=1; SameSite=Lax", "a", "=1", "a=\"quoted\"", "a=b=c", "a=", ";", "a=1, b=2",
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. _cookies.Select(static line => new Scenario($"Set-Cookie: {line}", static async s =>
        {
            await s.Try(s.Get("x/set"));
            await s.Try(s.Get("x/y"));
            await s.Try(s.Get());
            s.Note($"jar: {s.Jar.GetCookieHeader(new Uri(s.Uri, "x/set"))}");
        }) { Server = By(r => r.Target == "/x/set" ? Answer("ok", $"Set-Cookie: {line}\r\n") : Answer()) }),
        new("several cookies", static async s =>
        {
            await s.Try(s.Get());
            await s.Try(s.Get());
        }) { Server = Always(Answer("ok", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n")) },
        new("a cookie from the container", static s => s.Try(s.Get()))
        {
            Server = Always(Answer()),
            Handler = new() { Jar = static (jar, uri) => jar.Add(uri, new Cookie("kept", "1")) },
        },
        new("a cookie from the container beside one of its own", static s => s.Try(Own(s)))
        {
            Server = Always(Answer()),
            Handler = new() { Jar = static (jar, uri) => jar.Add(uri, new Cookie("kept", "1")) },
        },
        new("a cookie that a redirect sets", static s => s.Try(s.Get("set"))) { Server = By(Setting("a=1; Path=/", "/end")) },
        new("a cookie that a redirect sets for another path", static s => s.Try(s.Get("set")))
        {
            Server = By(Setting("a=1; Path=/z", "/end")),
        },
        new("a cookie that a redirect deletes", static s => s.Try(s.Get("set")))
        {
            Server = By(Setting("kept=; Max-Age=0; Path=/", "/end")),
            Handler = new() { Jar = static (jar, uri) => jar.Add(uri, new Cookie("kept", "1")) },
        },
        new("a cookie of its own and a redirect that sets one", static s => s.Try(Own(s, "set")))
        {
            Server = By(Setting("a=1; Path=/", "/end")),
        },
        new("a cookie of its own to another origin", static s => s.Try(Own(s, "set")))
        {
            Server = By(static r => r.Target == "/end" ? Answer()
                : Answer("", $"Location: http://localhost:{r["Host"]!.Split(':')[1]}/end\r\n", "302 Go")),
            Difference = "Headers to another origin",
            Ours = "GET /end HTTP/1.1\n  Host: localhost:PORT\n",
        },
        new("a kept cookie does not go to another host", static s => s.Try(s.Get("set")))
        {
            Server = By(static r => r.Target == "/end" ? Answer()
                : Answer("", $"Set-Cookie: a=1\r\nLocation: http://localhost:{r["Host"]!.Split(':')[1]}/end\r\n", "302 Go")),
        },
        new("cookies switched off", static async s =>
        {
            await s.Try(s.Get());
            await s.Try(Own(s));
            s.Note($"jar: {s.Jar.Count}");
        })
        {
            Server = Always(Answer("ok", "Set-Cookie: a=1\r\n")),
            Handler = new() { UseCookies = false, Jar = static (jar, uri) => jar.Add(uri, new Cookie("kept", "1")) },
        },
        new("a cookie that is no ASCII", static async s =>
        {
            await s.Try(s.Get());
            await s.Try(s.Get());
        })
        {
            Server = Always(Answer("ok", "Set-Cookie: n=J\u00C3\u00BCr\r\n")),
            Difference = "A cookie that is not ASCII",
            Ours = "  Cookie: n=J\u00C3\u00BCr",
        },
        new("a cookie that is no ASCII, with an encoding", static async s =>
        {
            await s.Try(s.Get());
            await s.Try(s.Get());
            s.Note($"jar: {s.Jar.GetCookieHeader(s.Uri)}");
        })
        {
            Server = Always(Answer("ok", "Set-Cookie: n=J\u00C3\u00BCr\r\n")),
            Handler = new() { RequestEncoding = Encoding.UTF8, ResponseEncoding = Encoding.UTF8 },
        },
        new("a cookie with an error", static async s =>
        {
            await s.Try(s.Get());
            await s.Try(s.Get());
        }) { Server = Always(Answer("no", "Set-Cookie: a=1\r\n", "500 No")) },
    ];

    private static Func<ReceivedRequest, string> Setting(string cookie, string location) => r => r.Target == "/end"
        ? Answer("end")
        : Answer("", $"Set-Cookie: {cookie}\r\nLocation: {location}\r\n", "302 Go");

    private static HttpRequestMessage Own(Stage s, string path = "")
    {
        HttpRequestMessage request = s.Get(path);
        request.Headers.Add("Cookie", "own=1");
        return request;
    }
}
