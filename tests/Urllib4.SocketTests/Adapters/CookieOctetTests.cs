using System.Net;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Cookies that are not ASCII, under <see cref="HttpClient"/>: they go back as the octets that came.</summary>
public sealed class CookieOctetTests : ClientTests
{
    /// <summary>What a server sets, each character a byte, and what it is to get back.</summary>
    private static readonly (string Line, string Back)[] _cookies =
    [
        ("n=J\u00C3\u00BCr", "n=J\u00C3\u00BCr"),
        ("n=citt\u00C3\u00A0", "n=citt\u00C3\u00A0"), // the last byte is a blank of Latin-1
        ("n=\u00D1\u0085; Path=/; HttpOnly", "n=\u00D1\u0085"), // and this one a line end
        ("n=\u00FF\u00FE", "n=\u00FF\u00FE"), // no UTF-8
        ("n=\u00C3\u00BC=\u00C3\u00BC", "n=\u00C3\u00BC=\u00C3\u00BC"),
        ("n=\"\u00C3\u00BC\"", "n=\"\u00C3\u00BC\""),
        ("a=1, n=\u00C3\u00BC", "a=1; n=\u00C3\u00BC"),
    ];

    private static readonly Encoding?[] _encodings = [null, Encoding.UTF8, Encoding.Latin1];

    public static TheoryData<string, string, Mode, string?, string?> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, Mode, string?, string?>();
            foreach ((string line, string back) in _cookies)
            {
                foreach (Encoding? reading in _encodings)
                {
                    foreach (Encoding? writing in _encodings)
                    {
                        rows.Add(line, back, Mode.Blocking, reading?.WebName, writing?.WebName);
                        rows.Add(line, back, Mode.Asynchronous, reading?.WebName, writing?.WebName);
                    }
                }
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task What_came_goes_back_as_the_same_octets_also_on_redirects(
        string line, string back, Mode mode, string? reading, string? writing)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(r => r.Target == "/set"
            ? $"HTTP/1.1 302 Go\r\nSet-Cookie: {line}\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
        using var http = new HttpClient(Handler(reading, writing));

        using HttpResponseMessage first = await Send(mode, http, $"{server.Url}/set");
        using HttpResponseMessage second = await Send(mode, http, $"{server.Url}/again");

        Assert.Equal([null, back, back], server.Requests.Select(static r => r["Cookie"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cookie_of_the_caller_is_written_as_he_says_beside_one_that_came(Mode mode)
    {
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(
            d => d.ExpectRequest().Send("HTTP/1.1 200 OK\r\nSet-Cookie: n=\u00FC; Path=/\r\nContent-Length: 0\r\n\r\n")));
        UrllibHandler handler = Handler(null, "utf-8");
        using var http = new HttpClient(handler);
        using HttpResponseMessage first = await Send(mode, http, server.Url);
        handler.CookieContainer.Add(new Uri(server.Url), new Cookie("mine", "\u00FC"));

        using HttpResponseMessage second = await Send(mode, http, server.Url);
        foreach (Cookie cookie in handler.CookieContainer.GetAllCookies())
            cookie.Value = "changed\u00FC";
        using HttpResponseMessage third = await Send(mode, http, server.Url);

        Assert.Equal(
            ["mine=\u00C3\u00BC", "n=\u00FC"], server.Requests[1]["Cookie"]!.Split("; ").Order(StringComparer.Ordinal));
        Assert.All(
            server.Requests[2]["Cookie"]!.Split("; "), static c => Assert.EndsWith("=changed\u00C3\u00BC", c, StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_cookie_that_is_replaced_by_another_is_forgotten(Mode mode)
    {
        int requests = 0;
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(_ =>
            $"HTTP/1.1 200 OK\r\nSet-Cookie: n={(requests++ == 0 ? "\u00FC" : "plain")}; Path=/\r\nContent-Length: 0\r\n\r\n")));
        using var http = new HttpClient(Handler(null, null));

        for (int i = 0; i < 3; i++)
            (await Send(mode, http, server.Url)).Dispose();

        Assert.Equal([null, "n=\u00FC", "n=plain"], server.Requests.Select(static r => r["Cookie"]));
    }

    private static UrllibHandler Handler(string? reading, string? writing)
    {
        var handler = new UrllibHandler(PoolOptions.Default);
        if (reading is not null)
            handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(reading);
        if (writing is not null)
            handler.RequestHeaderEncodingSelector = (_, _) => Encoding.GetEncoding(writing);
        return handler;
    }

    private static Task<HttpResponseMessage> Send(Mode mode, HttpClient http, string url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        return Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);
    }
}
