namespace Urllib4.Tests.Protocol.Http1;

public class ResponseFramingTests
{
    private const string Length = "Content-Length: 5\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    [Theory]
    [InlineData("HEAD", 200, "")]
    [InlineData("HEAD", 200, Length)]
    [InlineData("HEAD", 200, Chunked)]
    [InlineData("HEAD", 404, Length)]
    [InlineData("GET", 204, "")]
    [InlineData("GET", 204, Length)]
    [InlineData("GET", 204, Chunked)]
    [InlineData("GET", 304, "")]
    [InlineData("GET", 304, Length)]
    [InlineData("GET", 304, Chunked)]
    [Trait("check", "DS-24")]
    public void A_response_that_cannot_have_a_body_ends_with_its_head(string method, int status, string fields)
    {
        Played played = Http1Player.Play($"HTTP/1.1 {status} X\r\n{fields}\r\n", method);
        // A 204 that announces a body may send one all the same.
        bool canReuse = status != 204 || fields.Length == 0;
        Assert.Equal(new Played { Heads = $"{status}", Complete = true, CanReuse = canReuse }, played);
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [Trait("check", "DS-24")]
    public void A_response_without_a_body_but_with_both_framing_fields_is_the_last_of_its_connection(string method, int status)
    {
        Played played = Http1Player.Play($"HTTP/1.1 {status} X\r\n{Length}{Chunked}\r\n", method);
        Assert.Equal(new Played { Heads = $"{status}", Complete = true }, played);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Length)]
    [InlineData(Chunked)]
    [InlineData(Length + Chunked)]
    [Trait("check", "DS-24")]
    public void A_1xx_has_no_body_whatever_its_head_says(string fields)
    {
        Played played = Http1Player.Play($"HTTP/1.1 103 X\r\n{fields}\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal(new Played { Heads = "103 200", Body = "ok", Complete = true, CanReuse = true }, played);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, Length)]
    [InlineData(200, Chunked)]
    [InlineData(299, Length + Chunked)]
    [Trait("check", "PX-11")]
    public void A_2xx_to_CONNECT_is_a_tunnel_whatever_its_head_says(int status, string fields)
    {
        Played played = Http1Player.Play($"HTTP/1.1 {status} X\r\n{fields}\r\nSSH-2.0", "CONNECT");
        Assert.Equal(new Played { Heads = $"{status}", Switched = true, Left = "SSH-2.0" }, played);
    }

    [Fact]
    [Trait("check", "PX-06")]
    public void Any_other_answer_to_CONNECT_has_a_body_and_opens_no_tunnel()
    {
        Played played = Http1Player.Play("HTTP/1.1 407 X\r\nContent-Length: 2\r\n\r\nno", "CONNECT");
        Assert.Equal(new Played { Heads = "407", Body = "no", Complete = true, CanReuse = true }, played);
    }

    [Fact]
    public void An_announced_length_ends_the_body_with_its_last_byte()
    {
        Played played = Http1Player.Play($"HTTP/1.1 200 OK\r\n{Length}\r\nhello");
        Assert.Equal(new Played { Heads = "200", Body = "hello", Complete = true, CanReuse = true }, played);
    }

    [Fact]
    public void A_length_of_zero_ends_the_response_with_its_head()
    {
        Played played = Http1Player.Play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(new Played { Heads = "200", Complete = true, CanReuse = true }, played);
    }

    [Fact]
    public void Chunks_are_joined()
    {
        Played played = Http1Player.Play($"HTTP/1.1 200 OK\r\n{Chunked}\r\n2\r\nfo\r\n1\r\no\r\n00A\r\n0123456789\r\n0\r\n\r\n");
        Assert.Equal(new Played { Heads = "200", Body = "foo0123456789", Complete = true, CanReuse = true }, played);
    }

    [Fact]
    public void A_205_is_read_like_any_other_response()
    {
        Assert.Equal("hello", Http1Player.Play($"HTTP/1.1 205 X\r\n{Length}\r\nhello").Body);
    }

    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.0")]
    public void Without_framing_the_body_runs_to_a_clean_end_and_the_connection_is_spent(string version)
    {
        Played played = Http1Player.Play($"{version} 200 OK\r\nConnection: keep-alive\r\n\r\nhello", end: WireEnd.Clean);
        Assert.Equal(new Played { Heads = "200", Body = "hello", Complete = true }, played);
    }

    [Fact]
    [Trait("check", "DS-15")]
    public void Without_framing_any_other_end_is_an_error()
    {
        Played played = Http1Player.Play("HTTP/1.1 200 OK\r\n\r\nhello", end: WireEnd.Cut);
        Assert.Equal(new Played { Heads = "200", Body = "hello", Error = "IncompleteReadException" }, played);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\nContent-Length: 10\r\n")]
    [InlineData("Content-Length: 10\r\nX: y\r\ncontent-LENGTH: 3\r\n")]
    [Trait("check", "DS-04")]
    public void Two_lengths_that_differ_are_fatal(string fields) => AssertFatal(fields);

    [Theory]
    [InlineData("Content-Length: 3, 3\r\n")]
    [InlineData("Content-Length: 3\r\ncontent-length: 3\r\n")]
    [InlineData("Content-Length: 3,3 , 3\r\nContent-Length: 003\r\n")]
    [Trait("check", "DS-05")]
    public void The_same_length_again_is_accepted(string fields)
    {
        Played played = Http1Player.Play($"HTTP/1.1 200 OK\r\n{fields}\r\nabc");
        Assert.Equal(new Played { Heads = "200", Body = "abc", Complete = true, CanReuse = true }, played);
    }

    [Theory]
    [InlineData("3, 4")]
    [InlineData("+3")]
    [InlineData("-1")]
    [InlineData("0x3")]
    [InlineData("3 4")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("3,")]
    [InlineData(",3")]
    [InlineData("3;3")]
    [InlineData("3.0")]
    [InlineData("\u00b3")]
    [InlineData("\v3")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551619")]
    [Trait("check", "DS-06")]
    public void A_length_that_is_not_one_number_is_fatal(string value) => AssertFatal($"Content-Length: {value}\r\n");

    [Fact]
    [Trait("check", "LM-06")]
    public void The_largest_length_is_only_a_number()
    {
        Played played = Http1Player.Play("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx", end: WireEnd.Clean);
        Assert.Equal(new Played { Heads = "200", Body = "x", Error = "IncompleteReadException" }, played);
    }

    [Theory]
    [InlineData(Length + Chunked)]
    [InlineData(Chunked + Length)]
    [InlineData("Content-Length: 0\r\n" + Chunked)]
    [Trait("check", "DS-07")]
    public void A_length_and_chunks_together_are_fatal(string fields) => AssertFatal(fields);

    [Theory]
    [InlineData("xchunked")]
    [InlineData("chunked, identity")]
    [InlineData("chunked, chunked")]
    [InlineData("\vchunked")]
    [InlineData("chunked\u00a0")]
    [InlineData("chunked;q=1")]
    [InlineData("\"chunked\"")]
    [InlineData("identity")]
    [InlineData("")]
    [InlineData("chunked\r\nTransfer-Encoding: chunked")]
    [InlineData("chunked\r\ntransfer-encoding: identity")]
    [Trait("check", "DS-08")]
    public void A_transfer_coding_that_is_not_chunked_once_is_fatal(string value) => AssertFatal($"Transfer-Encoding: {value}\r\n");

    [Theory]
    [InlineData("gzip, chunked")]
    [InlineData("gzip")]
    [InlineData("gzip\r\nTransfer-Encoding: chunked")]
    [Trait("check", "DS-09")]
    public void A_coding_we_cannot_undo_is_fatal_rather_than_handed_out_raw(string value) => AssertFatal($"Transfer-Encoding: {value}\r\n");

    [Theory]
    [InlineData("chunked")]
    [InlineData("Chunked")]
    [InlineData("\t CHUNKED \t")]
    public void The_name_of_the_coding_has_no_case(string value) =>
        Assert.Equal("x", Http1Player.Play($"HTTP/1.1 200 OK\r\nTransfer-Encoding:{value}\r\n\r\n1\r\nx\r\n0\r\n\r\n").Body);

    [Fact]
    [Trait("check", "DS-10")]
    public void Chunks_in_HTTP_1_0_are_read_and_the_connection_is_spent()
    {
        Played played = Http1Player.Play($"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n{Chunked}\r\n1\r\nx\r\n0\r\n\r\n");
        Assert.Equal(new Played { Heads = "200", Body = "x", Complete = true }, played);
    }

    private static void AssertFatal(string fields)
    {
        Played played = Http1Player.Play($"HTTP/1.1 200 OK\r\n{fields}\r\nabc");
        Assert.Equal("ProtocolException", played.Error);
        Assert.Equal("", played.Body);
    }
}
