using System.Net;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Methods in every spelling, and the one that makes a tunnel.</summary>
internal static class MethodScenarios
{
    private static readonly string[] _spellings =
        ["get", "Get", "head", "HeAd", "post", "put", "patch", "delete", "options", "trace", "own"];

    public static IEnumerable<Scenario> All =>
    [
        .. _spellings.Select(static method => new Scenario($"method: {method}", s => s.Try(new(new HttpMethod(method), s.Uri)))
        {
            Server = By(static r => r.Method.Equals("head", StringComparison.OrdinalIgnoreCase)
                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : Answer()),
            Difference = method is "own" or "trace" ? "A method of its own without content" : null,
            Ours = " / HTTP/1.1\n  Host",
        }),
        new("method: post with a content", static s => s.Try(new(new HttpMethod("post"), s.Uri) { Content = new StringContent("x") }))
        {
            Server = Always(Answer()),
        },
        new("method: head, redirected", static s => s.Try(new(new HttpMethod("head"), s.Uri)))
        {
            Server = By(static r => r.Target == "/end"
                ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : "HTTP/1.1 302 Go\r\nLocation: /end\r\nContent-Length: 5\r\n\r\n"),
        },
        new("method: CONNECT", static async s =>
        {
            using HttpResponseMessage response = await s.Send(Connect(s, "CONNECT"), HttpCompletionOption.ResponseHeadersRead);
            s.Note($"{(int)response.StatusCode}");
            await using Stream tunnel = await s.Open(response);
            s.Note($"{tunnel.CanRead} {tunnel.CanWrite} {tunnel.CanSeek}");
            await tunnel.WriteAsync("ping\n"u8.ToArray());
            byte[] answer = new byte[5];
            await tunnel.ReadExactlyAsync(answer);
            s.Note(Encoding.ASCII.GetString(answer));
        })
        {
            Server = static _ => new Dialogue().ExpectHead().Send("HTTP/1.1 200 OK\r\n\r\n").ExpectBytes("ping\n").Send("pong\n").Stall(),
        },
        new("method: connect, refused", static s => s.Try(Connect(s, "connect"), HttpCompletionOption.ResponseHeadersRead))
        {
            Server = Always(Answer("no", "", "403 No")),
        },
    ];

    private static HttpRequestMessage Connect(Stage s, string method)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), s.Uri);
        request.Headers.Host = "example.test:345";
        return request;
    }
}
