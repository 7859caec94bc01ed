using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Tests.Protocol.Http1;

namespace Urllib4.Tests.Protocol;

public class ResponseHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, 1, "OK")]
    [InlineData("HTTP/1.0 404 Not Found", 404, 0, "Not Found")]
    [InlineData("HTTP/1.2 200 OK", 200, 2, "OK")]
    [InlineData("HTTP/1.9 999 ", 999, 9, "")]
    [InlineData("HTTP/1.1 200", 200, 1, "")]
    [InlineData("HTTP/1.1 200 Sch\u00f6n \t gut", 200, 1, "Sch\u00f6n \t gut")]
    [Trait("check", "DS-22")]
    public void A_status_line_is_a_version_three_digits_and_perhaps_a_reason(string line, int status, int minor, string reason)
    {
        ResponseHead head = Parse(line + "\r\n\r\n");
        Assert.Equal((status, minor, reason), (head.Status, head.Version.Minor, head.Reason));
    }

    [Theory]
    [InlineData("HTTP/1.1 099 X")]
    [InlineData("HTTP/1.1 2000 X")]
    [InlineData("HTTP/1.1 20 X")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1 +20 X")]
    [InlineData("HTTP/1.1 20\u00b2 X")]
    [InlineData("HTTP/1.1  200 X")]
    [InlineData("HTTP/1.1\t200 X")]
    [InlineData("HTTP/1.1 200\tX")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 ")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/0.9 200 OK")]
    [InlineData("HTTP/1.10 200 OK")]
    [InlineData("HTTP/1. 200 OK")]
    [InlineData("HTTP/1.x 200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData("ICY 200 OK")]
    [InlineData(" HTTP/1.1 200 OK")]
    [Trait("check", "DS-22")]
    public void Anything_else_on_the_status_line_is_refused(string line) => AssertRefused(line + "\r\nContent-Length: 0\r\n\r\n");

    [Theory]
    [InlineData("<html>")]
    [InlineData("\u0015\u0003\u0001\0\u0002\u0002")]
    [InlineData("SSH-2.0-x")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("\n")]
    [Trait("check", "DS-23")]
    public void A_peer_that_does_not_speak_HTTP_is_refused_before_it_ends_a_line(string wire) => AssertRefused(wire);

    [Theory]
    [InlineData("Name : v")]
    [InlineData("Name\t: v")]
    [InlineData("Content-Length : 0")]
    [Trait("check", "DS-16")]
    public void Whitespace_before_the_colon_is_refused(string line) => AssertLineRefused(line);

    [Theory]
    [InlineData("Broken Header")]
    [InlineData("Broken")]
    [InlineData(": v")]
    [InlineData(":")]
    [InlineData("N\u00e4me: v")]
    [InlineData("Na(me): v")]
    [InlineData("\u007f: v")]
    [InlineData("\u0001: v")]
    [Trait("check", "DS-17")]
    public void A_line_without_a_token_and_a_colon_is_refused(string line) => AssertLineRefused(line);

    [Theory]
    [InlineData(" X: v")]
    [InlineData("\tX: v")]
    [InlineData("  ")]
    [Trait("check", "DS-17")]
    public void A_first_line_that_begins_with_a_blank_is_refused(string line) => AssertRefused($"HTTP/1.1 200 OK\r\n{line}\r\n\r\n");

    [Fact]
    [Trait("check", "DS-18")]
    public void Folded_lines_are_joined_by_one_blank()
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\r\nA: one\r\n two\r\n\tthree\r\nB:\r\n four\r\nC: 5\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("A: one two three|B: four|C: 5|Content-Length: 0", Text(head));
    }

    [Theory]
    [InlineData("Content-Length: 1\r\n 2")]
    [InlineData("Content-Length:\r\n 2")]
    [InlineData("Transfer-Encoding:\r\n chunked")]
    [InlineData("Transfer-Encoding: chunked\r\n\t")]
    [InlineData("Connection: x,\r\n close")]
    [Trait("check", "DS-18")]
    public void A_folded_framing_field_is_refused(string line) => AssertLineRefused(line);

    [Theory]
    [InlineData("X: a\rb")]
    [InlineData("X: a\0b")]
    [InlineData("X: a\r\rb")]
    [InlineData("X: a\r")]
    [InlineData("X\0: a")]
    [Trait("check", "DS-19")]
    public void A_bare_CR_or_a_NUL_is_refused(string line) => AssertLineRefused(line);

    [Fact]
    [Trait("check", "DS-20")]
    public void Other_control_bytes_are_kept_as_they_came_and_never_sent_again()
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\r\nX: a\u0001\u001b\u007f\tb\u00ff\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("a\u0001\u001b\u007f\tb\u00ff", head.Headers["X"]);
        var request = new RequestHead("GET", "/", "a", head.Headers, BodyFraming.None);
        Assert.Throws<InvalidHeaderException>(() => new Http1Session(HttpLimits.Default).SendHead(request, new ArrayBufferWriter<byte>()));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nX: a\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n\n")]
    [InlineData("HTTP/1.1 200 OK\n\n")]
    [Trait("check", "DS-21")]
    public void A_line_that_ends_in_LF_alone_is_refused(string wire) => AssertRefused(wire);

    [Fact]
    public void Names_keep_their_spelling_values_lose_outer_blanks_and_the_order_stays()
    {
        ResponseHead head = Parse(
            "HTTP/1.1 200 OK\r\nsEt-CoOkIe: a=1\r\nX-Empty:\r\nSet-Cookie:\t b=2 \t\r\nA:b:c\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("sEt-CoOkIe: a=1|X-Empty: |Set-Cookie: b=2|A: b:c|Content-Length: 0", Text(head));
    }

    [Theory]
    [InlineData("HTTP/1.1", "", true)]
    [InlineData("HTTP/1.1", "keep-alive", true)]
    [InlineData("HTTP/1.1", "close", false)]
    [InlineData("HTTP/1.1", "CLOSE", false)]
    [InlineData("HTTP/1.1", "close, keep-alive", false)]
    [InlineData("HTTP/1.1", "keep-alive\r\nConnection: x , Close", false)]
    [InlineData("HTTP/1.1", "disclose, close-not", true)]
    [InlineData("HTTP/1.0", "", false)]
    [InlineData("HTTP/1.0", "x, Keep-Alive", true)]
    [InlineData("HTTP/1.0", "keep-alive, close", false)]
    [InlineData("HTTP/1.0", "x\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive", false)]
    [InlineData("HTTP/1.5", "", true)]
    public void Whether_a_connection_stays_follows_from_version_and_whole_options(string version, string options, bool stays) =>
        Assert.Equal(stays, Http1Player.Play($"{version} 200 OK\r\nContent-Length: 0\r\nConnection: {options}\r\n\r\n").CanReuse);

    [Theory]
    [InlineData("", "ConnectionClosedException")]
    [InlineData("H", "ProtocolException")]
    [InlineData("HTTP/1.1 200 OK\r\n", "ProtocolException")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "ProtocolException")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r", "ProtocolException")]
    [InlineData("HTTP/1.1 103 Early\r\n\r\n", "ProtocolException")]
    [Trait("check", "DS-15")]
    public void A_wire_that_ends_before_the_head_does_gives_no_response(string wire, string error)
    {
        foreach (WireEnd end in new[] { WireEnd.Clean, WireEnd.Cut })
            Assert.Equal(error, Http1Player.Play(wire, end: end).Error);
    }

    [Fact]
    [Trait("check", "IN-12")]
    public void Bytes_of_the_peer_are_shown_escaped_and_cut_short()
    {
        string message = Error("HTTP/1.1 2\u001b[31m" + new string('x', 300) + "\r\n\r\n").Message;
        Assert.DoesNotContain('\u001b', message);
        Assert.DoesNotContain(new string('x', 101), message);
    }

    [Theory]
    [InlineData("Set-Cookie: id=hush\rx")]
    [InlineData("Set-Cookie: id=hush\nx: y")]
    [InlineData("Set-Cookie : id=hush")]
    [InlineData("Set-Cookie: id=\r\n hush\0")]
    [InlineData("Set-Cookie hush")]
    [InlineData(" hush")]
    [InlineData("Content-Length: 1\r\n hush")]
    [Trait("check", "IN-13")]
    public void Values_of_headers_are_not_shown(string line) =>
        Assert.DoesNotContain("hush", Error($"HTTP/1.1 200 OK\r\n{line}\r\n\r\n").Message);

    private static void AssertLineRefused(string line) =>
        AssertRefused($"HTTP/1.1 200 OK\r\nServer: x\r\n{line}\r\nDate: y\r\n\r\n");

    private static void AssertRefused(string wire)
    {
        Played played = Http1Player.Play(wire);
        Assert.Equal(new Played { Error = "ProtocolException" }, played);
    }

    [Theory]
    [InlineData("content-encoding", true)]
    [InlineData("EMPTY", true)]
    [InlineData("Content", false)]
    [InlineData("Content-Encoding-X", false)]
    [InlineData("gzip", false)]
    [InlineData("HTTP/1.1 200 OK", false)]
    public void A_field_is_there_by_its_whole_name_in_any_case(string name, bool isThere)
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nEmpty:\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(isThere, head.Has(Encoding.Latin1.GetBytes(name)));
        Assert.Equal(isThere, head.Headers.Contains(name));
    }

    [Fact]
    public void Only_a_final_head_is_written_into_the_one_that_was_given()
    {
        var given = new ResponseHead();
        var parser = new Http1HeadParser(HttpLimits.Default);

        ResponseHead? early = parser.Parse("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n"u8, out _, given);
        Assert.NotSame(given, early);
        Assert.Equal((103, 0), (early!.Status, given.Status));

        Assert.Same(given, parser.Parse("HTTP/1.1 200 OK\r\nServer: longer than the one before\r\n\r\n"u8, out _, given));
        Assert.Equal((200, "Link: </x>"), (given.Status, Text(early)));
    }

    [Fact]
    public void A_head_that_is_filled_again_has_nothing_of_the_one_before_and_takes_nothing_back()
    {
        var given = new ResponseHead();
        var parser = new Http1HeadParser(HttpLimits.Default);
        parser.Parse("HTTP/1.1 404 Not Found\r\nX-Name: first\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8, out _, given);
        Assert.Equal((404, "Not Found", true, false), (given.Status, given.Reason, given.IsChunked, given.KeepAlive));
        HttpHeaderDict first = given.Headers;

        parser.StartNext();
        parser.Parse("HTTP/1.1 200 OK\r\nX-Name: 2\r\nContent-Length: 5\r\n\r\n"u8, out _, given);
        Assert.Equal((200, "OK", false, true), (given.Status, given.Reason, given.IsChunked, given.KeepAlive));
        Assert.Equal("X-Name: 2|Content-Length: 5", Text(given));
        Assert.Equal("first", first["X-Name"]);
        Assert.Equal(3, first.Count);

        parser.StartNext();
        parser.Parse("HTTP/1.1 200\r\n\r\n"u8, out _, given);
        Assert.Equal(("", null, ""), (given.Reason, given.ContentLength, Text(given)));
        Assert.False(given.Has("content-length"u8));
    }

    private static ProtocolException Error(string wire) => Assert.ThrowsAny<ProtocolException>(() => Parse(wire));

    private static ResponseHead Parse(string wire) =>
        new Http1HeadParser(HttpLimits.Default).Parse(Encoding.Latin1.GetBytes(wire), out _) ?? throw new InvalidOperationException();

    private static string Text(ResponseHead head) => string.Join("|", head.Headers.Select(h => $"{h.Key}: {h.Value}"));
}
