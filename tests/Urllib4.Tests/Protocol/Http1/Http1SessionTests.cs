using System.Buffers;
using System.Text;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Tests.Protocol.Http1;

public class Http1SessionTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Http1Session _session = new(HttpLimits.Default);

    [Fact]
    public void One_session_serves_exchange_after_exchange()
    {
        const string chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n";
        foreach (string framing in new[] { "Content-Length: 3\r\n\r\nabc", chunked, "Content-Length: 3\r\n\r\nabc" })
        {
            Ask("GET");
            Assert.Equal("abc", Receive($"HTTP/1.1 200 OK\r\n{framing}"));
            Assert.Equal(3, _session.BodyBytesReceived);
            Assert.Equal(framing == chunked, _session.Trailers is not null);
            Assert.True(_session.CanReuse);
            _session.StartNext();
            Assert.Equal(0, _session.BodyBytesReceived);
            Assert.Null(_session.Trailers);
        }
    }

    [Fact]
    [Trait("check", "DS-01")]
    public void A_response_that_came_before_its_request_answers_nothing()
    {
        Ask("GET");
        Assert.Equal("ok", Receive(Ok + Ok));
        Assert.True(_session.IsResponseComplete);
        Assert.False(_session.CanReuse);
        Assert.Throws<InvalidOperationException>(_session.StartNext);
    }

    [Fact]
    [Trait("check", "DS-01")]
    public void A_session_that_asked_nothing_reads_no_response()
    {
        Assert.Throws<InvalidOperationException>(() => Head(Ok));
        Ask("GET");
        Receive(Ok);
        Assert.Throws<InvalidOperationException>(() => Head(Ok));
        _session.StartNext();
        Assert.Throws<InvalidOperationException>(() => Head(Ok));
    }

    [Theory]
    [InlineData("GET", Ok)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 X\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [Trait("check", "DS-02")]
    [Trait("check", "DS-03")]
    public void Bytes_behind_a_complete_response_leave_it_whole_and_spend_the_connection(string method, string wire)
    {
        foreach (string excess in new[] { "x", "\r\n", Ok })
        {
            var other = new Http1SessionTests();
            other.Ask(method);
            other.Receive(wire + excess);
            Assert.True(other._session.IsResponseComplete);
            Assert.False(other._session.CanReuse);
        }
    }

    [Fact]
    [Trait("check", "DS-25")]
    public void Informational_responses_take_no_answer_away()
    {
        Ask("GET");
        Assert.Equal("ok", Receive("HTTP/1.1 103 A\r\nLink: x\r\n\r\nHTTP/1.1 103 B\r\n\r\n" + Ok));
        _session.StartNext();
        Ask("HEAD");
        Receive("HTTP/1.1 102 A\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        Assert.True(_session.CanReuse);
    }

    [Fact]
    [Trait("check", "DS-26")]
    public void A_body_that_waits_for_100_goes_on_when_it_comes()
    {
        Ask("PUT", BodyFraming.OfLength(2), ("Expect", "100-continue"));
        Assert.True(_session.AwaitsContinue);
        Assert.Equal(HeadResult.Informational, Head("HTTP/1.1 103 Early\r\n\r\n"));
        Assert.True(_session.AwaitsContinue);
        Assert.Equal(HeadResult.Informational, Head("HTTP/1.1 100 Continue\r\n\r\n"));
        Assert.False(_session.AwaitsContinue);
        Send("hi");
        _session.EndRequest(null, _output);
        Assert.Equal("ok", Receive(Ok));
        Assert.True(_session.CanReuse);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(417)]
    [Trait("check", "DS-26")]
    public void An_answer_instead_of_100_leaves_a_connection_that_only_the_whole_body_can_save(int status)
    {
        Ask("PUT", BodyFraming.OfLength(2), ("Expect", "100-continue"));
        Assert.Equal("", Receive($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"));
        Assert.False(_session.AwaitsContinue);
        Assert.True(_session.IsResponseComplete);
        Assert.False(_session.IsRequestComplete);
        Assert.False(_session.CanReuse);
        Send("hi");
        Assert.False(_session.CanReuse);
        _session.EndRequest(null, _output);
        Assert.True(_session.CanReuse);
    }

    [Fact]
    [Trait("check", "DS-26")]
    public void Who_sends_the_body_no_longer_waits()
    {
        Ask("PUT", BodyFraming.Chunked, ("Expect", "100-Continue"));
        Send("hi");
        Assert.False(_session.AwaitsContinue);
    }

    [Fact]
    public void An_answer_in_the_middle_of_an_upload_can_be_read_to_its_end()
    {
        Ask("PUT", BodyFraming.Chunked);
        Send("some");
        Assert.Equal(HeadResult.Final, Head("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"));
        Send("more");
        Assert.Equal("no", Body("no"));
        Assert.False(_session.CanReuse);
    }

    [Theory]
    [InlineData(null, "websocket")]
    [InlineData("websocket", null)]
    [InlineData("websocket", "notwebsocket")]
    [InlineData("websocket", "web")]
    [InlineData("websocket", "websocket, h2c")]
    [InlineData("websocket", "")]
    [InlineData("foo/1", "foo")]
    [Trait("check", "DS-27")]
    public void A_101_that_was_not_offered_is_fatal(string? offered, string? named)
    {
        Ask("GET", BodyFraming.None, offered is null ? [] : [("Connection", "Upgrade"), ("Upgrade", offered)]);
        string field = named is null ? "" : $"Upgrade: {named}\r\n";
        Assert.Throws<ProtocolException>(() => Head($"HTTP/1.1 101 X\r\nConnection: upgrade\r\n{field}\r\n"));
        Assert.Throws<InvalidOperationException>(() => Head(Ok));
    }

    [Theory]
    [InlineData("websocket", "WebSocket")]
    [InlineData("foo/1, bar", "bar")]
    [InlineData("foo/1, bar", "Foo/1\r\nUpgrade: bar")]
    public void A_101_that_was_offered_ends_HTTP_on_the_connection(string offered, string named)
    {
        Ask("GET", BodyFraming.None, ("Connection", "Upgrade"), ("Upgrade", offered));
        byte[] wire = Encoding.Latin1.GetBytes($"HTTP/1.1 101 X\r\nUpgrade: {named}\r\n\r\n\u0081\u0000");
        Assert.Equal(HeadResult.Switching, _session.ReceiveHead(wire, out int consumed, out ResponseHead? head));
        Assert.Equal((101, wire.Length - 2), (head!.Status, consumed));
        Assert.False(_session.CanReuse);
        Assert.Throws<InvalidOperationException>(() => Head(Ok));
        _session.ReceiveEof(clean: false);
    }

    [Fact]
    [Trait("check", "DS-27")]
    public void A_101_in_the_middle_of_an_upload_is_fatal()
    {
        Ask("PUT", BodyFraming.Chunked, ("Connection", "Upgrade"), ("Upgrade", "x"));
        Assert.Throws<ProtocolException>(() => Head("HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n"));
    }

    [Fact]
    public void A_request_that_says_close_is_the_last()
    {
        Ask("GET", BodyFraming.None, ("connection", "x, Close"));
        Assert.Equal("ok", Receive(Ok));
        Assert.False(_session.CanReuse);
    }

    [Fact]
    public void The_end_of_an_idle_wire_is_no_error_but_spends_the_connection()
    {
        Ask("GET");
        Receive(Ok);
        _session.ReceiveEof(clean: true);
        Assert.True(_session.IsResponseComplete);
        Assert.False(_session.CanReuse);
    }

    [Fact]
    public void The_end_of_a_wire_tells_what_came_what_was_missing_and_why()
    {
        Ask("PUT", BodyFraming.OfLength(2));
        var cause = new InvalidOperationException();
        var closed = Assert.Throws<ConnectionClosedException>(() => _session.ReceiveEof(clean: false, cause));
        Assert.Equal((HttpPhase.Send, cause), (closed.Phase, closed.InnerException));

        var other = new Http1SessionTests();
        other.Ask("GET");
        other.Receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        var incomplete = Assert.Throws<IncompleteReadException>(() => other._session.ReceiveEof(clean: true));
        Assert.Equal((3, 10), (incomplete.Received, incomplete.Expected));
    }

    [Fact]
    public void Direct_bytes_are_what_is_left_until_framing_comes()
    {
        Ask("GET");
        Assert.Equal(0, _session.DirectBytes);
        Head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        Assert.Equal(5, _session.DirectBytes);
        _session.TookDirect(2);
        Assert.Equal(3, _session.DirectBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => _session.TookDirect(4));
        Assert.Equal("l", Body("l"));
        _session.TookDirect(2);
        Assert.Equal((0, 5, true), (_session.DirectBytes, _session.BodyBytesReceived, _session.CanReuse));

        _session.StartNext();
        Ask("GET");
        Head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.Equal(0, _session.DirectBytes);
        Assert.Equal("he", Body("5\r\nhe"));
        Assert.Equal(3, _session.DirectBytes);
        _session.TookDirect(3);
        Assert.Equal(0, _session.DirectBytes);
        Assert.Equal("", Body("\r\n0\r\n\r\n"));
        Assert.True(_session.CanReuse);

        _session.StartNext();
        Ask("GET");
        Head("HTTP/1.1 200 OK\r\n\r\n");
        Assert.Equal(long.MaxValue, _session.DirectBytes);
    }

    [Fact]
    public void An_empty_destination_asks_whether_there_is_data()
    {
        Ask("GET");
        Head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.Equal(BodyResult.NeedMore, _session.ReceiveBody("2\r\n"u8, [], out int consumed, out _));
        Assert.Equal(3, consumed);
        Assert.Equal(BodyResult.Data, _session.ReceiveBody("hi\r\n0\r\n\r\n"u8, [], out consumed, out _));
        Assert.Equal(0, consumed);
        Assert.Equal(BodyResult.End, _session.ReceiveBody("hi\r\n0\r\n\r\n"u8, new byte[2], out consumed, out int written));
        Assert.Equal((9, 2), (consumed, written));
        Assert.Equal(BodyResult.End, _session.ReceiveBody([], [], out _, out _));
    }

    [Fact]
    public void After_an_error_of_the_peer_nothing_more_is_read()
    {
        Ask("GET");
        Head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        Assert.Throws<InvalidChunkException>(() => Body("zz\r\n"));
        Assert.Throws<InvalidOperationException>(() => Body("1\r\nx\r\n0\r\n\r\n"));
        Assert.Equal((false, 0L), (_session.CanReuse, _session.DirectBytes));
    }

    private void Ask(string method, BodyFraming framing = default, params (string Name, string Value)[] headers)
    {
        var fields = new HttpHeaderDict();
        foreach ((string name, string value) in headers)
            fields.Add(name, value);
        _session.SendHead(new RequestHead(method, "/", "a", fields, framing), _output);
    }

    private void Send(string part)
    {
        _session.BeginData(part.Length, _output);
        _session.EndData(_output);
    }

    private HeadResult Head(string wire) => _session.ReceiveHead(Encoding.Latin1.GetBytes(wire), out _, out _);

    private string Receive(string wire)
    {
        while (true)
        {
            HeadResult result = _session.ReceiveHead(Encoding.Latin1.GetBytes(wire), out int consumed, out _);
            wire = wire[consumed..];
            if (result is HeadResult.Final)
                return Body(wire);
        }
    }

    private string Body(string wire)
    {
        byte[] destination = new byte[1024];
        _session.ReceiveBody(Encoding.Latin1.GetBytes(wire), destination, out _, out int written);
        return Encoding.Latin1.GetString(destination, 0, written);
    }
}
