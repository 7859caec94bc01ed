namespace Urllib4.Tests.Protocol.Http1;

public class ChunkedResponseTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\nhello\r\n0\r\n\r\n")]
    [InlineData("5\rhello\r\n0\r\n\r\n")]
    [Trait("check", "DS-11")]
    public void A_chunk_line_without_CRLF_is_fatal(string body) => AssertFatal(body, "");

    [Theory]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("5\r\nhelloXX0\r\n\r\n")]
    [InlineData("5\r\nhello\r0\r\n\r\n")]
    [InlineData("5\r\nhello world\r\n0\r\n\r\n")]
    [Trait("check", "DS-12")]
    public void Chunk_data_without_CRLF_behind_it_is_fatal_after_the_data(string body) => AssertFatal(body, "hello");

    [Theory]
    [InlineData("")]
    [InlineData("0x5")]
    [InlineData(" 5")]
    [InlineData("+5")]
    [InlineData("-5")]
    [InlineData("5_0")]
    [InlineData("ZZZ")]
    [InlineData("5 5")]
    [InlineData("5,5")]
    [InlineData("\u0665")]
    [InlineData(";a=b")]
    [InlineData("00000000000000005")]
    [InlineData("11111111111111111")]
    [InlineData("8000000000000000")]
    [InlineData("ffffffffffffffff")]
    [Trait("check", "DS-13")]
    public void A_chunk_size_that_is_not_plain_hexadecimal_is_fatal(string size) => AssertFatal($"{size}\r\nhello\r\n0\r\n\r\n", "");

    [Theory]
    [InlineData("5 ;x=y")]
    [InlineData("5;x=y")]
    [InlineData("5\t;\tx = \"y;\\\"z\"")]
    [InlineData("5;")]
    [InlineData("5  ")]
    [InlineData("0000000000000005")]
    [Trait("check", "DS-14")]
    public void Extensions_and_blanks_behind_a_size_are_ignored(string line)
    {
        Played played = Http1Player.Play($"{Head}{line}\r\nhello\r\n0;last\r\n\r\n");
        Assert.Equal(new Played { Heads = "200", Body = "hello", Complete = true, CanReuse = true }, played);
    }

    [Theory]
    [InlineData("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\\\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\r\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\0\r\nhello\r\n0\r\n\r\n")]
    [Trait("check", "DS-14")]
    public void A_line_end_inside_a_quoted_extension_is_fatal(string body) => AssertFatal(body, "");

    [Theory]
    [InlineData("5\r\nhello\r\n", "hello")]
    [InlineData("5\r\nhel", "hel")]
    [InlineData("5\r\nhello", "hello")]
    [InlineData("5\r\nhello\r", "hello")]
    [InlineData("5", "")]
    [InlineData("", "")]
    [InlineData("5\r\nhello\r\n0", "hello")]
    [InlineData("5\r\nhello\r\n0\r\n", "hello")]
    [InlineData("5\r\nhello\r\n0\r\nA: b\r\n", "hello")]
    [InlineData("5\r\nhello\r\n0\r\nA: b\r\n\r", "hello")]
    [Trait("check", "DS-15")]
    public void A_body_that_ends_before_its_last_line_is_incomplete(string body, string received)
    {
        foreach (WireEnd end in new[] { WireEnd.Clean, WireEnd.Cut })
        {
            Played played = Http1Player.Play(Head + body, end: end);
            Assert.Equal(new Played { Heads = "200", Body = received, Error = "IncompleteReadException" }, played with { Left = "" });
        }
    }

    [Fact]
    public void Trailers_are_kept_apart_in_order_and_spelling()
    {
        Played played = Http1Player.Play(Head + "1\r\nx\r\n0\r\nX-Sum: 1\r\nx-sum:2 \r\nServer-Timing: \r\n\r\n");
        Assert.Equal(
            new Played { Heads = "200", Body = "x", Trailers = "X-Sum: 1|x-sum: 2|Server-Timing: ", Complete = true, CanReuse = true },
            played);
    }

    [Fact]
    public void Trailers_that_would_change_the_message_are_dropped()
    {
        Played played = Http1Player.Play(
            Head + "0\r\nContent-Length: 7\r\nA: 1\r\ntransfer-encoding: gzip\r\nSet-Cookie: a=b\r\nHost: x\r\nETag: y\r\n\r\n");
        Assert.Equal("A: 1|ETag: y", played.Trailers);
        Assert.Null(Http1Player.Play(Head + "0\r\nContent-Length: 7\r\n\r\n").Trailers);
    }

    [Theory]
    [InlineData("A : b\r\n")]
    [InlineData("A\r\n")]
    [InlineData(": b\r\n")]
    [InlineData(" A: b\r\n")]
    [InlineData("A: b\r\n c\r\n")]
    [InlineData("A: b\n")]
    [InlineData("A: b\rc\r\n")]
    [InlineData("A: \0\r\n")]
    [InlineData("X: ok\r\nB\u00e9: b\r\n")]
    [Trait("check", "DS-16")]
    public void A_trailer_line_is_held_to_the_rules_of_a_header_line(string trailer)
    {
        Played played = Http1Player.Play($"{Head}1\r\nx\r\n0\r\n{trailer}\r\n");
        Assert.Equal("ProtocolException", played.Error);
        Assert.Equal("x", played.Body);
    }

    [Fact]
    [Trait("check", "LM-03")]
    public void Trailers_may_have_as_many_bytes_as_the_limit_and_no_more()
    {
        var limits = new HttpLimits { MaxTrailerBytes = 20 };
        string exact = $"A: {new string('x', 15)}\r\n";
        Assert.Equal(20, exact.Length);
        Assert.True(Http1Player.Play($"{Head}0\r\n{exact}\r\n", limits: limits).Complete);
        foreach (string more in new[] { $"x{exact}\r\n", $"{exact}B", new string('x', 23), $"A: b\r\n{exact}\r\n" })
        {
            Played played = Http1Player.Play($"{Head}0\r\n{more}\r\n", limits: limits);
            Assert.Equal("LimitExceededException MaxTrailerBytes", played.Error);
        }

        Assert.True(Http1Player.Play($"{Head}0\r\n\r\n", limits: new HttpLimits { MaxTrailerBytes = 0 }).Complete);
    }

    [Theory]
    [InlineData('0')]
    [InlineData('5')]
    [InlineData(' ')]
    [Trait("check", "LM-04")]
    public void A_chunk_line_that_never_ends_is_cut_off(char filler)
    {
        var limits = new HttpLimits { MaxChunkLineBytes = 64 };
        Assert.Equal("LimitExceededException MaxChunkLineBytes", Http1Player.Play(Head + new string(filler, 67), limits: limits).Error);
        Assert.Null(Http1Player.Play(Head + new string(filler, 64), limits: limits).Error);
    }

    [Fact]
    [Trait("check", "LM-05")]
    public void A_chunk_line_may_have_as_many_bytes_as_the_limit_and_no_more()
    {
        var limits = new HttpLimits { MaxChunkLineBytes = 32 };
        string exact = "5;" + new string('x', 30);
        Assert.True(Http1Player.Play($"{Head}{exact}\r\nhello\r\n0\r\n\r\n", limits: limits).Complete);
        Played played = Http1Player.Play($"{Head}{exact}x\r\nhello\r\n0\r\n\r\n", limits: limits);
        Assert.Equal("LimitExceededException MaxChunkLineBytes", played.Error);
    }

    [Fact]
    [Trait("check", "LM-05")]
    public void Extensions_of_one_body_may_not_outgrow_it_by_more_than_the_limit()
    {
        var limits = new HttpLimits { MaxChunkExtensionBytes = 100 };
        string chunk = $"1;{new string('e', 9)}\r\nx\r\n";
        string Chunks(int count) => Head + string.Concat(Enumerable.Repeat(chunk, count)) + "0\r\n\r\n";

        // The nth chunk brings the extensions to 10 n bytes, and finds n - 1 bytes of body: 10 n may be at most 100 + n - 1.
        Assert.True(Http1Player.Play(Chunks(11), limits: limits).Complete);
        Played played = Http1Player.Play(Chunks(12), limits: limits);
        Assert.Equal("LimitExceededException MaxChunkExtensionBytes", played.Error);
        Assert.Equal(new string('x', 11), played.Body);
    }

    [Fact]
    [Trait("check", "LM-05")]
    public void Extensions_of_a_large_body_are_no_offence()
    {
        var limits = new HttpLimits { MaxChunkExtensionBytes = 0 };
        string chunks = string.Concat(Enumerable.Range(1, 20).Select(i => $"{(i > 1 ? "10;e" : "10")}\r\n{new string('x', 16)}\r\n"));
        Assert.Equal(320, Http1Player.Play($"{Head}{chunks}0\r\n\r\n", limits: limits).Body.Length);
    }

    private static void AssertFatal(string body, string received)
    {
        Played played = Http1Player.Play(Head + body);
        Assert.Equal("InvalidChunkException", played.Error);
        Assert.Equal(received, played.Body);
    }
}
