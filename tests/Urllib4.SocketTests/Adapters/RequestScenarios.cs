using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Methods, targets, headers and versions of requests.</summary>
internal static class RequestScenarios
{
    private static readonly string[] _paths =
    [
        "a/b?c=d&e=f", "a b", "ä/ö?ü=ß", "%7Euser/%2e%2e/x", "a/../b/./c", "?only=query", "#fragment", "a;b=c,d?x=y;z", "a%2Fb", "%zz",
        "a/x|y^z", "a//b", "?a=%C3%A4&b=+",
    ];

    private static readonly (string Name, string Key, string Value)[] _headers =
    [
        ("a header of its own", "X-Own", "value"), ("a Host of its own", "Host", "elsewhere.test"),
        ("a User-Agent", "User-Agent", "Mine/1.0 (x)"),
        ("an Authorization", "Authorization", "Bearer t0ken"), ("an Accept with qualities", "Accept", "a/b, c/d; q=0.5"),
        ("an Accept-Encoding of its own", "Accept-Encoding", "gzip"), ("a Cookie of its own", "Cookie", "a=1; b=2"),
        ("an empty header", "X-Empty", ""), ("Connection: close", "Connection", "close"), ("a Range", "Range", "bytes=0-1"),
        ("a Date", "Date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("If-None-Match", "If-None-Match", "\"x\", W/\"y\""),
        ("an unknown header in odd case", "x-oDD", "1"), ("TE: trailers without Connection", "X-TE", "trailers"),
    ];

    private static readonly string[] _methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    public static IEnumerable<Scenario> All =>
    [
        .. _methods.Select(static method => new Scenario($"{method} without a content", s => s.Try(new(new HttpMethod(method), s.Uri)))
        {
            Server = Always(method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" : Answer()),
        }),
        new("a method of its own without a content", static s => s.Try(new(new HttpMethod("PROPFIND"), s.Uri)))
        {
            Server = Always(Answer()),
            Difference = "A method of its own without content",
            Ours = "PROPFIND / HTTP/1.1\n  Host",
        },
        .. _paths.Select(static path => new Scenario($"the path '{path}'", s => s.Try(s.Get(path))) { Server = Always(Answer()) }),
        new("a path with brackets", static s => s.Try(s.Get("[x]")))
        {
            Server = Always(Answer()),
        },
        .. _headers.Select(static h => Sending(h.Name, r => r.TryAddWithoutValidation(h.Key, h.Value))),
        Sending("a control character in a header", static h => h.TryAddWithoutValidation("X-Own", "a\u0001b")) with
        {
            Difference = "A control character in a header",
            Ours = "HttpRequestException",
        },
        Sending("several values of one header", static h => h.Add("X-Many", ["a", "b", "c"])),
        Sending("typed headers", static h =>
        {
            h.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html", 0.5));
            h.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
            h.CacheControl = new CacheControlHeaderValue { NoCache = true, MaxAge = TimeSpan.FromSeconds(5) };
            h.UserAgent.ParseAdd("Product/1.0 (comment) Other/2");
            h.IfModifiedSince = DateTimeOffset.UnixEpoch;
            h.Referrer = new Uri("http://example.test/ä");
            h.Authorization = new AuthenticationHeaderValue("Basic", "eDp5");
            h.AcceptLanguage.ParseAdd("de, en;q=0.8");
            h.Via.ParseAdd("1.1 proxy");
        }),
        Sending("two Cookie values", static h => h.Add("Cookie", ["a=1", "b=2"])),
        Sending("ConnectionClose", static h => h.ConnectionClose = true),
        Sending("Connection: keep-alive", static h => h.Connection.Add("keep-alive")),
        Sending("Expect: 100-continue without a content", static h => h.ExpectContinue = true) with
        {
            Difference = "`Expect` without content",
            Ours = "GET / HTTP/1.1\n  Host",
        },
        Sending("a Latin-1 value and no encoding", static h => h.TryAddWithoutValidation("X-A", "café")),
        Sending("a name that is not ASCII in the Host", static h => h.Host = "example.test:81"),
        Sending("TE: deflate", static h => h.TE.ParseAdd("deflate")) with
        {
            Difference = "`TE`",
            Ours = "HttpRequestException",
        },
        Sending("TE: trailers", static h => h.TE.ParseAdd("trailers")) with
        {
            Difference = "`TE`",
            Ours = "Connection: TE",
        },
        Sending("Upgrade without Connection", static h => h.Upgrade.ParseAdd("echo/1")) with
        {
            Difference = "`Upgrade`",
            Ours = "HttpRequestException",
        },
        Sending("UTF-8 headers, by a selector", static h => h.TryAddWithoutValidation("X-A", "naïve 🦊")) with
        {
            Handler = new() { RequestEncoding = Encoding.UTF8 },
        },
        Sending("Latin-1 headers, by a selector", static h => h.TryAddWithoutValidation("X-A", "café")) with
        {
            Handler = new() { RequestEncoding = Encoding.Latin1 },
        },
        Sending("default headers of the client", static _ => { }) with
        {
            Play = static async s =>
            {
                s.Client.DefaultRequestHeaders.UserAgent.ParseAdd("Mine/2.0");
                s.Client.DefaultRequestHeaders.Add("X-Api-Key", "k");
                await s.Try(s.Get());
            },
        },
        new("headers that change from request to request", static async s =>
        {
            foreach (string headers in (string[])["A1", "A1", "A2", "", "A1 B2", "A1", "A1 A2", "B1 A2"])
            {
                HttpRequestMessage request = s.Get();
                foreach (string header in headers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    request.Headers.Add($"X-{header[0]}", header[1..]);
                await s.Try(request);
            }
        }) { Server = Always(Answer()) },
        new("requests by turns with and without a content", static async s =>
        {
            foreach (string? content in (string?[])[null, "a", null, "b", null])
            {
                HttpRequestMessage request = s.Post(content is null ? null : new StringContent(content));
                request.Headers.Add("X-A", "1");
                await s.Try(request);
            }
        }) { Server = Always(Answer()) },
        new("a base address", static async s =>
        {
            s.Client.BaseAddress = new Uri(s.Uri, "base/");
            await s.Try(new HttpRequestMessage(HttpMethod.Get, "relative?x"));
        }) { Server = Always(Answer()) },
        new("a user in the URI", static s => s.Try(new(HttpMethod.Get, $"http://user:secret@127.0.0.1:{s.Server.Port}/x")))
        {
            Server = Always(Answer()),
        },
        new("the same message twice", static async s =>
        {
            HttpRequestMessage request = s.Get();
            await s.Try(request);
            await s.Try(request);
        }) { Server = Always(Answer()) },
        new("one message over the bare handler twice", static async s =>
        {
            HttpRequestMessage request = s.Post(new StringContent("again"));
            for (int i = 0; i < 2; i++)
            {
                using HttpResponseMessage response = await Stage.Invoke(s, request);
                await s.Show(response);
            }
        }) { Server = Always(Answer()) },
        new("a relative URI over the bare handler", static s => s.Try("send", () => Stage.Invoke(s, new(HttpMethod.Get, "/relative"))))
        {
            Server = Always(Answer()),
        },
        new("a scheme that is none of HTTP", static s => s.Try("send", () => Stage.Invoke(s, new(HttpMethod.Get, "ftp://example.test/")))),
        .. Versions(),
    ];

    private static IEnumerable<Scenario> Versions()
    {
        foreach (HttpVersionPolicy policy in Enum.GetValues<HttpVersionPolicy>())
        {
            yield return Sending($"version 1.1, {policy}", static _ => { }, HttpVersion.Version11, policy) with
            {
                Difference = policy == HttpVersionPolicy.RequestVersionOrHigher ? "Blocking calls and HTTP/2" : null,
                DiffersIn = Mode.Blocking,
                Ours = "200 'OK' HTTP/1.1",
            };
        }

        yield return Sending("version 2.0 or lower", static _ => { }, HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower) with
        {
            Difference = "Blocking calls and HTTP/2",
            DiffersIn = Mode.Blocking,
            Ours = "200 'OK' HTTP/1.1",
        };
        yield return Sending("version 3.0 or lower", static _ => { }, HttpVersion.Version30, HttpVersionPolicy.RequestVersionOrLower) with
        {
            Difference = "Blocking calls and HTTP/2",
            DiffersIn = Mode.Blocking,
            Ours = "200 'OK' HTTP/1.1",
        };
        yield return Sending("version 1.0", static _ => { }, HttpVersion.Version10, HttpVersionPolicy.RequestVersionOrLower) with
        {
            Difference = "Version 1.0",
            Ours = "GET / HTTP/1.1",
        };
    }

    private static Scenario Sending(
        string name,
        Action<HttpRequestHeaders> set,
        Version? version = null,
        HttpVersionPolicy policy = HttpVersionPolicy.RequestVersionOrLower) =>
        new($"a request with {name}", async s =>
        {
            HttpRequestMessage request = With(s.Get(), set);
            request.Version = version ?? HttpVersion.Version11;
            request.VersionPolicy = policy;
            await s.Try(request);
        }) { Server = Always(Answer()) };

    private static HttpRequestMessage With(HttpRequestMessage request, Action<HttpRequestHeaders> set)
    {
        set(request.Headers);
        return request;
    }
}
