using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Status lines, headers, framings and versions of responses.</summary>
internal static class ResponseScenarios
{
    private static readonly string[] _statuses =
    [
        "200 OK", "201 Created", "202 Accepted", "203 Non-Authoritative Information", "206 Partial Content", "300 Multiple Choices",
        "304 Not Modified", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "407 Proxy Authentication Required",
        "408 Request Timeout", "409 Conflict", "418 I'm a teapot", "429 Too Many Requests", "451 Unavailable For Legal Reasons",
        "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "599 Something Else",
        "777 Unheard Of", "999 Last",
    ];

    private static readonly (string Name, string Head)[] _heads =
    [
        ("no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"),
        ("a reason phrase of its own", "HTTP/1.1 200 Wunderbar genau\r\nContent-Length: 2\r\n\r\nok"),
        ("a reason phrase outside ASCII", "HTTP/1.1 200 Sch\u00f6n\r\nContent-Length: 2\r\n\r\nok"),
        ("a header that comes twice", "HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 2\r\n\r\nok"),
        ("a header whose values stand in one line", "HTTP/1.1 200 OK\r\nVary: a, b\r\nContent-Length: 2\r\n\r\nok"),
        ("several Set-Cookie lines", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1, 2\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok"),
        ("an empty header", "HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok"),
        ("a header of blanks", "HTTP/1.1 200 OK\r\nX-Blank:  \t \r\nContent-Length: 2\r\n\r\nok"),
        ("blanks around a value", "HTTP/1.1 200 OK\r\nX-A: \t a b \t\r\nContent-Length: 2\r\n\r\nok"),
        ("a Latin-1 value", "HTTP/1.1 200 OK\r\nX-A: caf\u00e9\r\nContent-Length: 2\r\n\r\nok"),
        ("names in any case", "HTTP/1.1 200 OK\r\ncontent-TYPE: text/plain\r\nx-lower: 1\r\ncontent-length: 2\r\n\r\nok"),
        ("headers of a request", "HTTP/1.1 200 OK\r\nHost: x\r\nAccept: y\r\nContent-Length: 2\r\n\r\nok"),
        ("every header of a content",
            "HTTP/1.1 200 OK\r\nAllow: GET\r\nContent-Disposition: inline\r\nContent-Encoding: x-own\r\nContent-Language: de\r\n"
            + "Content-Location: /x\r\nContent-MD5: Q2hlY2s=\r\nContent-Range: bytes 0-1/2\r\nContent-Type: text/plain\r\n"
            + "Expires: Thu, 01 Jan 1970 00:00:00 GMT\r\nLast-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok"),
        ("a content type that cannot be parsed", "HTTP/1.1 200 OK\r\nContent-Type: ;;;\r\nContent-Length: 2\r\n\r\nok"),
        ("a hundred headers",
            "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 100).Select(static n => $"X-{n}: {n}\r\n"))
            + "Content-Length: 2\r\n\r\nok"),
        ("a header of 30,000 bytes", $"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 30_000)}\r\nContent-Length: 2\r\n\r\nok"),
        ("an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"),
        ("no chunk but the last", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("chunk extensions", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0;c\r\n\r\n"),
        ("trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\nX-U: 2\r\n\r\n"),
        ("a 103 before the answer", "HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ("a 100 nobody asked for", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ("Retry-After", "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nok"),
        ("a 204 without length", "HTTP/1.1 204 No Content\r\n\r\n"),
        ("a 205 of length 0", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"),
        ("a 304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: \"x\"\r\n\r\n"),
        ("Connection: close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
        ("Keep-Alive hints", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5, max=10\r\nContent-Length: 2\r\n\r\nok"),
        ("version 1.2", "HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ("version 1.9", "HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        ("a trailer Warning and a trailer Date",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nWarning: 199 - x\r\nDate: x\r\nServer: y\r\n\r\n"),
        ("a Location in UTF-8", "HTTP/1.1 201 Created\r\nLocation: /caf\u00c3\u00a9\r\nContent-Length: 2\r\n\r\nok"),
        ("a Location in Latin-1", "HTTP/1.1 201 Created\r\nLocation: /caf\u00e9\r\nContent-Length: 2\r\n\r\nok"),
        ("another header in UTF-8", "HTTP/1.1 200 OK\r\nContent-Location: /caf\u00c3\u00a9\r\nContent-Length: 2\r\n\r\nok"),
        ("two challenges",
            "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Digest realm=\"b\"\r\nContent-Length: 0\r\n\r\n"),
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. _statuses.Select(static status => Getting($"status {status}", Always(Answer(status.StartsWith("304") ? "" : "ok", "", status)))),
        .. _heads.Select(static head => Getting($"a response with {head.Name}", Always(head.Head))),
        Getting("a body that ends with the connection", Once("HTTP/1.1 200 OK\r\n\r\nuntil the end")),
        Getting("HTTP/1.0 with a length", Once("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")),
        Getting("HTTP/1.0 to the end of the connection", Once("HTTP/1.0 200 OK\r\n\r\nold")),
        Getting("a body of a megabyte", Always(Answer(new string('m', 1 << 20)))),
        Getting("a megabyte in chunks", Always(Chunked(1 << 20, 10_000))),
        Getting("a response byte by byte", _ => new Dialogue().ExpectRequest().SendByteByByte(Answer("slow", "X-A: b\r\n"))),
        Getting("chunks byte by byte", _ => new Dialogue().ExpectRequest().SendByteByByte(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")),
        new("HEAD with a length", static s => s.Try(new(HttpMethod.Head, s.Uri)))
        {
            Server = Always("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/plain\r\n\r\n"),
        },
        new("HEAD that would have been chunked", static s => s.Try(new(HttpMethod.Head, s.Uri)))
        {
            Server = Always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        },
        new("two requests on one connection", static async s =>
        {
            await s.Try(s.Get("1"));
            await s.Try(s.Get("2"));
            s.Note($"{s.Server.Connections} connection");
        }) { Server = Always(Answer()) },
        new("headers read first, the body later", static s => s.Try(s.Get(), HttpCompletionOption.ResponseHeadersRead))
        {
            Server = Always(Answer("later")),
        },
        new("trailers after a streamed body", static s => s.Try(s.Get(), HttpCompletionOption.ResponseHeadersRead))
        {
            Server = Always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n"),
        },
        new("UTF-8 trailers, by a selector", static s => s.Try(s.Get()))
        {
            Server = Always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: \u00C3\u00BC\r\n\r\n"),
            Handler = new() { ResponseEncoding = Encoding.UTF8 },
        },
        new("UTF-8 headers of a response, by a selector", static s => s.Try(s.Get()))
        {
            Server = Always(Answer("ok", $"X-A: {Latin1(Encoding.UTF8.GetBytes("naïve 🦊"))}\r\n")),
            Handler = new() { ResponseEncoding = Encoding.UTF8 },
        },
        new("a body over the limit of the client", static async s =>
        {
            s.Client.MaxResponseContentBufferSize = 10;
            await s.Try(s.Get());
        }) { Server = Always(Answer("more than ten bytes")) },
        new("a chunked body over the limit of the client", static async s =>
        {
            s.Client.MaxResponseContentBufferSize = 1000;
            await s.Try(s.Get());
        }) { Server = Always(Chunked(5000, 100)) },
        Getting("folded headers", Always("HTTP/1.1 200 OK\r\nX-A: one\r\n  two\r\nContent-Length: 2\r\n\r\nok")) with
        {
            Difference = "A folded header line",
            Ours = "X-A: one two",
        },
    ];

    private static Scenario Getting(string name, Func<int, Dialogue> server) => new(name, static s => s.Try(s.Get())) { Server = server };

    private static string Chunked(int length, int size)
    {
        var text = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < length; at += size)
            text.Append($"{Math.Min(size, length - at):x}\r\n").Append('c', Math.Min(size, length - at)).Append("\r\n");
        return text.Append("0\r\n\r\n").ToString();
    }
}
