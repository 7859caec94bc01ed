using Urllib4.Protocol.Http2;
using static Urllib4.Tests.Protocol.Http2.Http2Player;

namespace Urllib4.Tests.Protocol.Http2;

public class Http2ResponseTests
{
    [Fact]
    public void A_response_is_a_head_a_body_and_trailers() => Assert.Equal(
        "1 103|link: x\n1 200|server: x|set-cookie: a|set-cookie: b\n1 data hello\n1 trailers grpc-status: 0 end",
        Play(
            Frames.Headers(1, ":status: 103|link: x"),
            Frames.Headers(1, ":status: 200|server: x|set-cookie: a|set-cookie: b"),
            Frames.Data(1, "hel"),
            Frames.Data(1, "lo"),
            Frames.Headers(1, "grpc-status: 0", end: true)));

    [Fact]
    public void A_head_may_be_all_there_is() => Assert.Equal("1 204 end", Play(Frames.Headers(1, ":status: 204", end: true)));

    [Fact]
    public void The_end_may_come_in_a_frame_of_its_own() => Assert.Equal(
        "1 200\n1 data hi end", Play(Frames.Headers(1, ":status: 200"), Frames.Data(1, "hi"), Frames.Data(1, "", end: true)));

    [Fact]
    [Trait("check", "H2-14")]
    public void Padding_is_no_part_of_anything() => Assert.Equal(
        "1 200|a: b\n1 data hi end",
        Play(
            Frames.Of(FrameType.Headers, 0x2c, 1, [3, 0, 0, 0, 0, 0, .. Frames.Block(":status: 200|a: b"), 1, 2, 3]),
            Frames.Of(FrameType.Data, 0x8, 1, [255, .. "h"u8, .. new byte[255]]),
            Frames.Of(FrameType.Data, 0x8, 1, [0]),
            Frames.Of(FrameType.Data, 0x9, 1, [1, .. "i"u8, 0])));

    [Fact]
    public void A_block_may_come_in_many_frames()
    {
        byte[] block = Frames.Block(":status: 200|server: x");
        Assert.Equal(
            "1 200|server: x end",
            Play(
                Frames.Of(FrameType.Headers, Frames.End, 1, block[..3]),
                Frames.Of(FrameType.Continuation, 0, 1, block[3..7]),
                Frames.Of(FrameType.Continuation, 0, 1),
                Frames.Of(FrameType.Continuation, Frames.Whole, 1, block[7..])));
    }

    // RFC 9113, sections 8.1 to 8.3.
    [Theory]
    [InlineData("")]
    [InlineData("server: x")]
    [InlineData(":status: 200|:status: 200")]
    [InlineData("server: x|:status: 200")]
    [InlineData(":status: 200|:path: /")]
    [InlineData(":method: GET|:status: 200")]
    [InlineData(":status: 200|:x: y")]
    [InlineData(":status: ")]
    [InlineData(":status: 20")]
    [InlineData(":status: 2000")]
    [InlineData(":status: +20")]
    [InlineData(":status: 099")]
    [InlineData(":status: 101")]
    [InlineData(":status: 200|Server: x")]
    [InlineData(":status: 200|a b: x")]
    [InlineData(":status: 200|a\u00e9: x")]
    [InlineData(":status: 200|a\n: x")]
    [InlineData(":status: 200|: x")]
    [InlineData(":status: 200|a: x\ry")]
    [InlineData(":status: 200|a: x\ny")]
    [InlineData(":status: 200|a: x\0y")]
    [InlineData(":status: 200|a:  x")]
    [InlineData(":status: 200|a: x ")]
    [InlineData(":status: 200|a: x\t")]
    [InlineData(":status: 200|connection: close")]
    [InlineData(":status: 200|keep-alive: timeout=5")]
    [InlineData(":status: 200|proxy-connection: close")]
    [InlineData(":status: 200|transfer-encoding: chunked")]
    [InlineData(":status: 200|upgrade: h2c")]
    [InlineData(":status: 200|te: gzip")]
    [InlineData(":status: 200|content-length: 5x")]
    [InlineData(":status: 200|content-length: ")]
    [InlineData(":status: 200|content-length: -1")]
    [InlineData(":status: 200|content-length: 5|content-length: 6")]
    [InlineData(":status: 200|content-length: 9223372036854775808")]
    [Trait("check", "H2-24")]
    public void A_head_that_breaks_a_rule_ends_its_stream_and_no_other(string fields) =>
        Assert.Equal("1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Headers(1, fields)));

    [Theory]
    [InlineData(":status: 200|content-length: 5|content-length: 5")]
    [InlineData(":status: 200|te: trailers")]
    [InlineData(":status: 200|a: \u00e9\u00ff\u0001")]
    [InlineData(":status: 200|a: ")]
    [InlineData(":status: 999|!#$%&'*+-.^_`|~: x")]
    public void A_head_that_is_merely_strange_is_taken(string fields)
    {
        var client = new Http2Client();
        client.Get();
        client.Receive(Frames.Headers(1, fields.Replace("`|~", "`~", StringComparison.Ordinal)));
        Assert.DoesNotContain("reset", client.Events(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":status: 100")]
    [InlineData(":status: 103")]
    [Trait("check", "H2-25")]
    public void An_informational_head_cannot_end_a_stream(string fields) =>
        Assert.Equal("1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Headers(1, fields, end: true)));

    [Fact]
    [Trait("check", "H2-25")]
    public void Informational_heads_may_be_many()
    {
        byte[][] frames = [.. Enumerable.Repeat(Frames.Headers(1, ":status: 103"), 100), Frames.Headers(1, ":status: 204", end: true)];
        string played = Play(frames);
        Assert.Equal(100, played.Split("1 103\n").Length - 1);
        Assert.DoesNotContain("reset", played, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("check", "H2-25")]
    public void The_bytes_of_informational_heads_count_like_those_of_the_head()
    {
        byte[][] frames = [.. Enumerable.Repeat(Frames.Headers(1, ":status: 103"), 3)];
        Assert.Equal("1 103\n1 103\n1 reset MaxHeaderBytes > RST 1 EnhanceYourCalm", Play("GET", new() { MaxHeaderBytes = 100 }, frames));
    }

    [Theory]
    [InlineData(":status: 200")]
    [InlineData("a: b|:path: /")]
    [InlineData("A: b")]
    [InlineData("connection: close")]
    [Trait("check", "H2-16")]
    public void Trailers_that_break_a_rule_end_their_stream(string fields) => Assert.Equal(
        "1 200\n1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Headers(1, ":status: 200"), Frames.Headers(1, fields, end: true)));

    [Fact]
    [Trait("check", "H2-16")]
    public void Trailers_that_do_not_end_the_stream_are_refused() => Assert.Equal(
        "1 200\n1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Headers(1, ":status: 200"), Frames.Headers(1, "a: b")));

    [Fact]
    [Trait("check", "H2-16")]
    public void Trailers_have_a_limit_of_their_own() => Assert.Equal(
        "1 200\n1 reset MaxTrailerBytes > RST 1 EnhanceYourCalm",
        Play("GET", new() { MaxTrailerBytes = 40 }, Frames.Headers(1, ":status: 200"), Frames.Headers(1, "abcde: fghi", end: true)));

    [Fact]
    public void Trailers_that_have_no_business_there_are_dropped() => Assert.Equal(
        "1 200\n1 trailers a: b end",
        Play(Frames.Headers(1, ":status: 200"), Frames.Headers(1, "content-length: 9|a: b|set-cookie: x", end: true)));

    // RFC 9113, section 8.1.1.
    [Theory]
    [InlineData("GET", "5", "hell")]
    [InlineData("GET", "5", "hello!")]
    [InlineData("GET", "5", "")]
    [InlineData("GET", "0", "x")]
    [InlineData("HEAD", "5", "hello")]
    [Trait("check", "H2-24")]
    public void A_body_has_the_length_that_was_announced(string method, string length, string body)
    {
        byte[] head = Frames.Headers(1, $":status: 200|content-length: {length}");
        string refused = $"1 200|content-length: {length}\n1 reset ProtocolError > RST 1 ProtocolError";
        Assert.Equal(refused, Play(method, null, head, Frames.Data(1, body, end: true)));
        if (int.Parse(length) < body.Length)
            Assert.Equal(refused, Play(method, null, head, Frames.Data(1, body)));
        else if (method == "GET")
            Assert.EndsWith("1 reset ProtocolError > RST 1 ProtocolError", Play(method, null, head, Frames.Data(1, body), Frames.Headers(1, "a: b", end: true)));
    }

    [Fact]
    [Trait("check", "H2-24")]
    public void A_head_that_announces_a_body_cannot_be_all() => Assert.Equal(
        "1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Headers(1, ":status: 200|content-length: 5", end: true)));

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 304)]
    [InlineData("GET", 204)]
    public void What_has_no_body_may_say_how_long_it_would_be(string method, int status)
    {
        byte[] head = Frames.Headers(1, $":status: {status}|content-length: 5", end: true);
        Assert.Equal($"1 {status}|content-length: 5 end", Play(method, null, head));
        byte[] open = Frames.Headers(1, $":status: {status}|content-length: 5");
        Assert.Equal($"1 {status}|content-length: 5\n1 data  end", Play(method, null, open, Frames.Data(1, "", end: true)));
        Assert.EndsWith("RST 1 ProtocolError", Play(method, null, open, Frames.Data(1, "hello", end: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tunnel_is_as_long_as_it_is()
    {
        var client = new Http2Client();
        Http2Stream tunnel = client.Get("CONNECT", "example.com:443");
        Assert.Equal("HEADERS 1 :method: CONNECT|:authority: example.com:443", client.Written());
        client.Receive(Frames.Headers(1, ":status: 200|content-length: 1"), Frames.Data(1, "abc"));
        client.Send(tunnel, "xyz", isLast: false);
        Assert.Equal("1 200|content-length: 1\n1 data abc", client.Events());
        Assert.Equal("DATA 1 xyz", client.Written());
    }

    [Fact]
    public void A_body_before_a_head_is_refused() => Assert.Equal(
        "1 reset ProtocolError > RST 1 ProtocolError", Play(Frames.Data(1, "hello"), Frames.Data(1, "more")));

    [Fact]
    [Trait("check", "H2-15")]
    public void A_head_past_the_limit_ends_its_stream_and_the_tables_stay_in_step()
    {
        var client = new Http2Client(new() { Limits = new() { MaxHeaderBytes = 200, MaxHeaderLines = 3 } });
        client.Get();
        client.Get();
        client.Get();
        client.Written();
        byte[] large = [0x88, 0x40, 1, (byte)'a', 1, (byte)'1', 0, 1, (byte)'b', 100, .. new string('x', 100).Select(static c => (byte)c), 0x40, 1, (byte)'c', 1, (byte)'3'];
        client.Receive(Frames.Of(FrameType.Headers, Frames.Whole, 1, large));
        client.Receive(Frames.Of(FrameType.Headers, Frames.Whole, 3, 0x88, 0xbe, 0xbf, 0xbe, 0xbe));
        client.Receive(Frames.Of(FrameType.Headers, Frames.Whole, 5, 0x88, 0xbe, 0xbf));
        Assert.Equal("1 reset MaxHeaderBytes\n3 reset MaxHeaderLines\n5 200|c: 3|a: 1", client.Events());
        Assert.Equal("RST 1 EnhanceYourCalm\nRST 3 EnhanceYourCalm", client.Written());
    }

    [Fact]
    [Trait("check", "H2-07")]
    public void A_head_of_few_bytes_that_stands_for_many_ends_the_connection()
    {
        var client = new Http2Client();
        client.Get();
        byte[] bomb = [0x88, 0x40, 1, (byte)'a', 0x7f, 0x81, 0x1e, .. new byte[3968], .. Enumerable.Repeat((byte)0xbe, 10_000)];
        client.Receive(Frames.Of(FrameType.Headers, Frames.Whole, 1, bomb));
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        Assert.Equal("", client.Events());
    }

    [Fact]
    [Trait("check", "H2-12")]
    public void A_reset_behind_the_end_takes_nothing_away()
    {
        var client = new Http2Client { Consumes = false };
        int window = client.Session.ReceiveRoom;
        Http2Stream stream = client.Get("POST", framing: BodyFraming10);
        client.Receive(Frames.Headers(1, ":status: 413"), Frames.Data(1, "too large", end: true), Frames.Reset(1, Http2ErrorCode.NoError));
        Assert.Equal("1 413\n1 data too large end\n1 UploadStopped", client.Events());
        Assert.Equal((true, 9, window - 9), (stream.IsResponseComplete, stream.Unconsumed, client.Session.ReceiveRoom));
        Assert.Throws<InvalidOperationException>(() => client.Send(stream, "x", isLast: false));
    }

    [Theory]
    [InlineData(Http2ErrorCode.RefusedStream, false)]
    [InlineData(Http2ErrorCode.Http11Required, true)]
    [InlineData(Http2ErrorCode.Cancel, true)]
    [InlineData((Http2ErrorCode)0x99, true)]
    [Trait("check", "H2-10")]
    internal void A_reset_says_whether_the_server_may_have_acted(Http2ErrorCode code, bool mayHaveActed)
    {
        var session = new Http2Client();
        session.Get("POST", framing: BodyFraming10);
        ReadOnlySpan<byte> input = Frames.Reset(1, code);
        Http2Event found = session.Session.Receive(ref input, session.Output);
        var error = (Http2Exception)found.Error;
        Assert.Equal((Http2EventKind.Reset, 1, code, mayHaveActed), (found.Kind, error.StreamId, error.ErrorCode, error.ServerMayHaveActed));
        Assert.Equal(0, session.Session.ActiveStreams);
    }

    private static Urllib4.Protocol.BodyFraming BodyFraming10 => Urllib4.Protocol.BodyFraming.OfLength(10);
}
