using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Redirects: which are followed, how, how often, and what goes along.</summary>
internal static class RedirectScenarios
{
    private static readonly string[] _locations =
    [
        "/end", "end", "?end", "../end", "//127.0.0.1:PORT/end", "http://127.0.0.1:PORT/end", "/end#part",
        "/a b/\u00c3\u00bc/end", "", "http://", "/end?x=%2Fy",
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. from status in new[] { 301, 302, 303, 307, 308 }
           from method in new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH" }
           select new Scenario($"{status} to a {method}", s => s.Try(Asking(s, method)))
           {
               Server = By(r => To(r, status, "/end")),
           },
        .. ((string[])["GET", "HEAD", "POST", "PUT"]).Select(static method => new Scenario(
            $"300 to a {method}", s => s.Try(Asking(s, method)))
        {
            Server = By(static r => To(r, 300, "/end")),
        }),
        new("300 without a Location", static s => s.Try(s.Get())) { Server = Always(Answer("choose", "", "300 Choices")) },
        .. new[] { 304, 305, 306, 399 }.Select(static status => new Scenario($"{status} with a Location", s => s.Try(s.Get()))
        {
            Server = By(r => To(r, status, "/end")),
        }),
        .. _locations.Select(static location => new Scenario($"a redirect to '{location}'", s => s.Try(s.Get("a/b/c?q#frag")))
        {
            Server = By(r => To(r, 302, location)),
        }),
        .. new[] { "ftp://x.invalid/", "javascript:alert(1)", "mailto:a@x.invalid" }.Select(static location =>
            new Scenario($"a redirect to '{location}'", s => s.Try(s.Get()))
            {
                Server = By(r => To(r, 302, location)),
                Difference = "A redirect to something else than HTTP",
                Ours = "302 'Go'",
            }),
        new("a redirect with a letter in percent-encoding", static s => s.Try(s.Get()))
        {
            Server = By(static r => To(r, 302, "/end?x=%41")),
            Difference = "Spelling of redirects",
            Ours = "GET /end?x=%41",
        },
        new("a redirect with a byte that is no UTF-8", static s => s.Try(s.Get()))
        {
            Server = By(static r => To(r, 302, "/\u00fc/end")),
            Difference = "Spelling of URLs",
            Ours = "GET /%FC/end",
        },
        new("a redirect without Location", static s => s.Try(s.Get())) { Server = Always("HTTP/1.1 302 Go\r\nContent-Length: 0\r\n\r\n") },
        new("a redirect with a body", static s => s.Try(s.Get()))
        {
            Server = By(static r => r.Target == "/end" ? Answer("end") : Answer("moved", "Location: /end\r\n", "302 Go")),
        },
        new("redirects switched off", static s => s.Try(s.Get()))
        {
            Server = By(static r => To(r, 302, "/end")),
            Handler = new() { AllowAutoRedirect = false },
        },
        new("as many redirects as allowed", static s => s.Try(s.Get("3")))
        {
            Server = By(Countdown),
            Handler = new() { MaxAutomaticRedirections = 3 },
        },
        new("one redirect more than allowed", static s => s.Try(s.Get("4")))
        {
            Server = By(Countdown),
            Handler = new() { MaxAutomaticRedirections = 3 },
        },
        new("fifty redirects", static s => s.Try(s.Get("50"))) { Server = By(Countdown) },
        new("fifty-one redirects", static s => s.Try(s.Get("51"))) { Server = By(Countdown) },
        new("a circle", static s => s.Try(s.Get()))
        {
            Server = By(static r => To(r, 302, r.Target == "/a" ? "/b" : "/a")),
            Handler = new() { MaxAutomaticRedirections = 20 },
        },
        new("a redirect to itself", static s => s.Try(s.Get())) { Server = By(static r => To(r, 302, r.Target)) },
        new("a redirect with Retry-After", static s => s.Try(s.Get()))
        {
            Server = By(static r => r.Target == "/end" ? Answer("end") : Answer("", "Location: /end\r\nRetry-After: 60\r\n", "302 Go")),
        },
        new("an Authorization on the same origin", static s => s.Try(With(s.Get(), "Authorization", "Bearer t")))
        {
            Server = By(static r => To(r, 302, "/end")),
        },
        new("a header of its own on the same origin", static s => s.Try(With(s.Get(), "X-Own", "1")))
        {
            Server = By(static r => To(r, 302, "/end")),
        },
        new("headers that say nothing to another origin", static s => s.Try(With(s.Get(), "Accept", "a/b")))
        {
            Server = By(static r => To(r, 302, "http://localhost:PORT/end")),
        },
        new("an Authorization to another origin", static s => s.Try(With(s.Get(), "Authorization", "Bearer t")))
        {
            Server = By(static r => To(r, 302, "http://localhost:PORT/end")),
        },
        new("a secret of its own to another origin", static s => s.Try(With(s.Get(), "X-Api-Key", "k")))
        {
            Server = By(static r => To(r, 302, "http://localhost:PORT/end")),
            Difference = "Headers to another origin",
            Ours = "GET /end HTTP/1.1\n  Host: localhost:PORT\n",
        },
        new("a Host of its own to another origin", static s => s.Try(With(s.Get($"?{s.Server.Port}"), "Host", "elsewhere.test")))
        {
            Server = By(static r => To(r, 302, "http://localhost:PORT/end")),
            Difference = "A `Host` of its own",
            Ours = "GET /end HTTP/1.1\n  Host: localhost:PORT\n",
        },
        new("a Host of its own and a relative redirect", static s => s.Try(With(s.Get(), "Host", "elsewhere.test")))
        {
            Server = By(static r => To(r, 302, "/end")),
        },
        .. new (string Name, Func<HttpContent> Make)[]
        {
            ("a stream that can seek", static () => new StreamContent(new MemoryStream("again"u8.ToArray()))),
            ("a form with files", static () => new MultipartFormDataContent("edge") { { new ByteArrayContent([1]), "a", "b" } }),
            ("memory", static () => new ReadOnlyMemoryContent("again"u8.ToArray())),
            ("chunks", static () => new StringContent("again")),
        }.Select(static c => new Scenario($"307 with {c.Name}", async s =>
        {
            HttpRequestMessage request = s.Post(c.Make());
            request.Headers.TransferEncodingChunked = c.Name == "chunks" ? true : null;
            await s.Try(request);
        }) { Server = By(static r => To(r, 307, "/end")) }),
        new("307 with a stream that can be read once", static s => s.Try(s.Post(new StreamContent(new Once()))))
        {
            Server = By(static r => To(r, 307, "/end")),
            Difference = "A content that can be read once",
            Ours = "307 'Go'",
        },
        new("the request of the caller after a redirect", static async s =>
        {
            HttpRequestMessage request = s.Post(new StringContent("x"), "start");
            await s.Try(request);
            s.Note($"{request.Method} {request.RequestUri} {request.Content is not null}");
        })
        {
            Server = By(static r => To(r, 302, "/end")),
            Difference = "The request message",
            Ours = "POST http://127.0.0.1:PORT/start True",
        },
    ];

    private static string To(ReceivedRequest request, int status, string location) => request.Target.Contains("end")
        ? request.Method == "HEAD" ? Answer("") : Answer("the end")
        : $"HTTP/1.1 {status} Go\r\nLocation: {location.Replace("PORT", Port(request))}\r\nContent-Length: 0\r\n\r\n";

    private static string Countdown(ReceivedRequest request) => int.Parse(request.Target[1..]) is > 0 and int left
        ? $"HTTP/1.1 302 Go\r\nLocation: /{left - 1}\r\nContent-Length: 0\r\n\r\n"
        : Answer("the end");

    private static string Port(ReceivedRequest request) => request.Target.Split('?')[^1] is var query && int.TryParse(query, out _)
        ? query
        : request["Host"]!.Split(':')[^1];

    private static HttpRequestMessage Asking(Stage s, string method) => new(new HttpMethod(method), new Uri(s.Uri, "start"))
    {
        Content = method is "POST" or "PUT" or "PATCH" ? new StringContent("body") : null,
    };

    private static HttpRequestMessage With(HttpRequestMessage request, string name, string value)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private sealed class Once() : MemoryStream("once"u8.ToArray())
    {
        public override bool CanSeek => false;
    }
}
