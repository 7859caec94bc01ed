using Urllib4.Protocol.Http2;
using static Urllib4.Http2ErrorCode;
using static Urllib4.Protocol.Http2.FrameType;
using static Urllib4.Tests.Protocol.Http2.Frames;

namespace Urllib4.Tests.Connections.Http2.Conformance;

/// <summary>What ends stream 1 when a server does it, and nothing else.</summary>
internal static class StreamRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("6.3 PRIORITY of 4 bytes", FrameSizeError, Settings(), Of(Priority, 0, 1, 0, 0, 0, 0)),
        new("6.9 WINDOW_UPDATE of 0 for a stream", ProtocolError, Settings(), WindowUpdate(1, 0)),
        new("6.9.1 the window of a stream grows past 2^31-1", FlowControlError, Settings(), WindowUpdate(1, int.MaxValue)),
        new("8.1 DATA before a head", ProtocolError, Settings(), Data(1, "x", end: true)),
        new("8.1 DATA behind a 1xx head", ProtocolError, Settings(), Headers(1, ":status: 103"), Data(1, "x", end: true)),
        new("8.1 the end before a head", ProtocolError, Settings(), Data(1, "", end: true)),
        new("8.1 a 1xx head with the end", ProtocolError, Settings(), Headers(1, ":status: 103", end: true)),
        new("8.1 a second head", ProtocolError, Settings(), Headers(1, ":status: 200"), Headers(1, ":status: 200")),
        new("8.1 a second head with the end", ProtocolError,
            Settings(), Headers(1, ":status: 200"), Headers(1, ":status: 200", end: true)),
        new("8.1 a 1xx head behind the head", ProtocolError, Settings(), Headers(1, ":status: 200"), Headers(1, ":status: 103")),
        new("8.1 trailers without the end", ProtocolError,
            Settings(), Headers(1, ":status: 200"), Data(1, "x"), Headers(1, "a: b")),
        new("8.1 trailers with a pseudo-field", ProtocolError,
            Settings(), Headers(1, ":status: 200"), Data(1, "x"), Headers(1, "a: b|:path: /", end: true)),
        new("8.1.1 a body shorter than announced", ProtocolError,
            Settings(), Headers(1, ":status: 200|content-length: 5"), Data(1, "four", end: true)),
        new("8.1.1 a body longer than announced", ProtocolError,
            Settings(), Headers(1, ":status: 200|content-length: 3"), Data(1, "four", end: true)),
        new("8.1.1 a body longer than announced in its second frame", ProtocolError,
            Settings(), Headers(1, ":status: 200|content-length: 5"), Data(1, "four"), Data(1, "xx")),
        new("8.1.1 a head with the end announces a body", ProtocolError,
            Settings(), Headers(1, ":status: 200|content-length: 5", end: true)),
        new("8.1.1 trailers before the announced end", ProtocolError,
            Settings(), Headers(1, ":status: 200|content-length: 5"), Data(1, "four"), Headers(1, "a: b", end: true)),
        new("8.1.1 two lengths", ProtocolError, Head("content-length: 5|content-length: 6")),
        new("8.1.1 a length that is no number", ProtocolError, Head("content-length: five")),
        new("8.1.1 a negative length", ProtocolError, Head("content-length: -1")),
        new("8.1.1 a body of a 204", ProtocolError, Settings(), Headers(1, ":status: 204"), Data(1, "x", end: true)),
        new("8.1.1 a body of a 304", ProtocolError, Settings(), Headers(1, ":status: 304"), Data(1, "x", end: true)),
        new("8.2 a name in capitals", ProtocolError, Head("Server: x")),
        new("8.2.1 a name with a blank", ProtocolError, Head("a b: x")),
        new("8.2.1 a name with a colon", ProtocolError, Head("a:b: x")),
        new("8.2.1 a name with DEL", ProtocolError, Head("a\u007f: x")),
        new("8.2.1 a name with a byte past 127", ProtocolError, Head("a\u00e9: x")),
        new("8.2.1 a name with a NUL", ProtocolError, Head("a\0: x")),
        new("8.2.1 an empty name", ProtocolError, Head(": x")),
        new("8.2.1 a value with CR", ProtocolError, Head("a: x\ry")),
        new("8.2.1 a value with LF", ProtocolError, Head("a: x\ny")),
        new("8.2.1 a value with NUL", ProtocolError, Head("a: x\0y")),
        new("8.2.1 a value that begins with a blank", ProtocolError, Head("a:  x")),
        new("8.2.1 a value that ends with a tab", ProtocolError, Head("a: x\t")),
        new("8.2.2 Connection", ProtocolError, Head("connection: keep-alive")),
        new("8.2.2 Keep-Alive", ProtocolError, Head("keep-alive: timeout=5")),
        new("8.2.2 Proxy-Connection", ProtocolError, Head("proxy-connection: close")),
        new("8.2.2 Transfer-Encoding", ProtocolError, Head("transfer-encoding: chunked")),
        new("8.2.2 Upgrade", ProtocolError, Head("upgrade: h2c")),
        new("8.2.2 TE that is not trailers", ProtocolError, Head("te: gzip")),
        new("8.2.2 Connection in trailers", ProtocolError,
            Settings(), Headers(1, ":status: 200"), Headers(1, "connection: close", end: true)),
        new("8.3 a pseudo-field of requests", ProtocolError, Head(":path: /")),
        new("8.3 a pseudo-field nobody knows", ProtocolError, Head(":what: x")),
        new("8.3 :status behind a field", ProtocolError, Settings(), Headers(1, "a: b|:status: 200", end: true)),
        new("8.3 :status twice", ProtocolError, Head(":status: 200")),
        new("8.3.2 no :status", ProtocolError, Settings(), Headers(1, "server: x", end: true)),
        new("8.3.2 no field at all", ProtocolError, Settings(), Headers(1, "", end: true)),
        new("8.3.2 an empty :status", ProtocolError, Settings(), Headers(1, ":status: ", end: true)),
        new("8.3.2 a :status of letters", ProtocolError, Settings(), Headers(1, ":status: abc", end: true)),
        new("8.3.2 a :status of four digits", ProtocolError, Settings(), Headers(1, ":status: 2000", end: true)),
        new("8.6 the status 101", ProtocolError, Settings(), Headers(1, ":status: 101")),
    ];

    private static byte[] Head(string fields) => Join(Settings(), Headers(1, ":status: 200|" + fields, end: true));
}
