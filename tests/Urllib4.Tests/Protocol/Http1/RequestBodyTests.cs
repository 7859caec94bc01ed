using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

public class RequestBodyTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Http1Session _session = new(HttpLimits.Default);

    [Fact]
    public void Chunks_have_their_size_in_hexadecimal_before_and_CRLF_behind()
    {
        Start(BodyFraming.Chunked);
        Send("foo");
        Send("");
        Send(new string('x', 31));
        Send("a\r\n\u00ff");
        _session.EndRequest(null, _output);
        Assert.Equal($"3\r\nfoo\r\n1f\r\n{new string('x', 31)}\r\n4\r\na\r\n\u00ff\r\n0\r\n\r\n", Written());
        Assert.True(_session.IsRequestComplete);
    }

    [Fact]
    public void The_largest_chunk_fits_its_line()
    {
        Start(BodyFraming.Chunked);
        _session.BeginData(int.MaxValue, _output);
        Assert.Equal("7fffffff\r\n", Written());
    }

    [Fact]
    public void A_chunked_body_may_be_empty()
    {
        Start(BodyFraming.Chunked);
        _session.EndRequest(null, _output);
        Assert.Equal("0\r\n\r\n", Written());
    }

    [Fact]
    public void A_body_of_announced_length_has_no_framing_of_its_own()
    {
        Start(BodyFraming.OfLength(5));
        Send("hel");
        Send("");
        Send("lo");
        Assert.False(_session.IsRequestComplete);
        _session.EndRequest(null, _output);
        Assert.Equal("hello", Written());
        Assert.True(_session.IsRequestComplete);
    }

    [Fact]
    [Trait("check", "IN-07")]
    public void A_body_that_is_too_long_is_stopped_before_the_part_that_is()
    {
        Start(BodyFraming.OfLength(5));
        Send("hell");
        BodyLengthException error = Assert.Throws<BodyLengthException>(() => _session.BeginData(2, _output));
        Assert.Equal((5, 6), (error.Announced, error.Actual));
        Assert.Equal("hell", Written());
        AssertFailed();
    }

    [Fact]
    [Trait("check", "IN-07")]
    public void A_body_that_is_too_short_is_not_padded()
    {
        Start(BodyFraming.OfLength(5));
        Send("hell");
        BodyLengthException error = Assert.Throws<BodyLengthException>(() => _session.EndRequest(null, _output));
        Assert.Equal((5, 4), (error.Announced, error.Actual));
        AssertFailed();
    }

    [Fact]
    public void Trailers_follow_the_last_chunk()
    {
        Start(BodyFraming.Chunked);
        _session.EndRequest(new HttpHeaderDict { { "X-Sum", " 1 " }, { "x-sum", "2" } }, _output);
        Assert.Equal("0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n", Written());
    }

    [Theory]
    [InlineData("Content-Length", "1")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("HOST", "a")]
    [InlineData("Authorization", "x")]
    [InlineData("A b", "x")]
    [InlineData("A", "x\ny")]
    [InlineData("A", "\u010a")]
    [Trait("check", "IN-03")]
    public void A_trailer_that_may_not_be_sent_is_refused_before_the_last_chunk(string name, string value)
    {
        Start(BodyFraming.Chunked);
        Assert.Throws<InvalidHeaderException>(() => _session.EndRequest(new HttpHeaderDict { { "Fine", "1" }, { name, value } }, _output));
        Assert.Equal("", Written());
        Assert.False(_session.IsRequestComplete);
        _session.EndRequest(null, _output);
        Assert.True(_session.IsRequestComplete);
    }

    [Fact]
    public void Only_a_chunked_body_has_trailers()
    {
        Start(BodyFraming.OfLength(1));
        Send("x");
        Assert.Throws<InvalidRequestException>(() => _session.EndRequest(new HttpHeaderDict { { "A", "b" } }, _output));
    }

    [Fact]
    public void Calls_out_of_order_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => _session.BeginData(1, _output));
        Start(BodyFraming.Chunked);
        Assert.Throws<InvalidOperationException>(() => _session.EndData(_output));
        Assert.Throws<ArgumentOutOfRangeException>(() => _session.BeginData(-1, _output));
        _session.BeginData(1, _output);
        Assert.Throws<InvalidOperationException>(() => _session.BeginData(1, _output));
        Assert.Throws<InvalidOperationException>(() => _session.EndRequest(null, _output));
        _session.EndData(_output);
        Assert.Throws<InvalidOperationException>(() => Start(BodyFraming.None));
        _session.EndRequest(null, _output);
        Assert.Throws<InvalidOperationException>(() => _session.BeginData(1, _output));
        Assert.Throws<InvalidOperationException>(() => _session.EndRequest(null, _output));
    }

    private void Start(BodyFraming framing)
    {
        _session.SendHead(new RequestHead("PUT", "/", "a", new HttpHeaderDict(), framing), _output);
        _output.ResetWrittenCount();
    }

    private void Send(string part)
    {
        _session.BeginData(part.Length, _output);
        _output.Write(Encoding.Latin1.GetBytes(part));
        _session.EndData(_output);
    }

    private void AssertFailed()
    {
        Assert.False(_session.IsRequestComplete);
        Assert.Throws<InvalidOperationException>(() => _session.BeginData(0, _output));
        Assert.Equal(HeadResult.Final, _session.ReceiveHead("HTTP/1.1 204 X\r\n\r\n"u8, out _, out _));
        Assert.False(_session.CanReuse);
    }

    private string Written() => Encoding.Latin1.GetString(_output.WrittenSpan);
}
