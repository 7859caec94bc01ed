using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>Where frames may stand and how long they are (RFC 9113, sections 4 to 6).</summary>
public class Http2FrameTests
{
    [Theory]
    [InlineData(FrameType.Data, 0, 0, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Data, 0, 2, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Data, 0, 5, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Data, 8, 1, 0, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Headers, 4, 0, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Headers, 4, 2, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Headers, 0, 5, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Headers, 0x0c, 1, 0, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Headers, 0x24, 1, 4, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Priority, 0, 0, 5, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Priority, 0, 5, 4, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.RstStream, 0, 0, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.RstStream, 0, 5, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.RstStream, 0, 1, 3, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.RstStream, 0, 1, 5, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Settings, 0, 1, 0, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Settings, 0, 0, 5, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Settings, 1, 0, 6, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.PushPromise, 4, 1, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Ping, 0, 1, 8, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Ping, 0, 0, 7, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.Ping, 1, 0, 9, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.GoAway, 0, 1, 8, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.GoAway, 0, 0, 7, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.WindowUpdate, 0, 0, 3, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.WindowUpdate, 0, 1, 5, Http2ErrorCode.FrameSizeError)]
    [InlineData(FrameType.WindowUpdate, 0, 5, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.WindowUpdate, 0, 0, 4, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.Continuation, 4, 1, 1, Http2ErrorCode.ProtocolError)]
    [InlineData(FrameType.PriorityUpdate, 0, 0, 4, Http2ErrorCode.ProtocolError)]
    [Trait("check", "H2-10")]
    internal void A_frame_in_the_wrong_place_or_of_the_wrong_length_ends_the_connection(
        FrameType type, int flags, int stream, int length, Http2ErrorCode code) =>
        Assert.StartsWith(
            $"{code}:", Http2Client.Refuse(Frames.Of(FrameType.Ping, 1, 0, new byte[8]), Frames.Of(type, flags, stream, new byte[length])), StringComparison.Ordinal);

    [Theory]
    [InlineData(FrameType.Data, 8, 1, "05 6162")]
    [InlineData(FrameType.Data, 8, 1, "01")]
    [InlineData(FrameType.Headers, 0x0c, 1, "02 88")]
    [InlineData(FrameType.Headers, 0x0c, 1, "ff 88")]
    [Trait("check", "H2-14")]
    internal void Padding_longer_than_the_payload_ends_the_connection(FrameType type, int flags, int stream, string payload) =>
        Assert.StartsWith("ProtocolError:", Http2Client.Refuse(Frames.Of(type, flags, stream, Hpack.HpackText.Bytes(payload))), StringComparison.Ordinal);

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    [InlineData(FrameType.Settings)]
    [InlineData(FrameType.GoAway)]
    [InlineData((FrameType)0x77)]
    internal void A_frame_longer_than_we_allow_is_refused_at_its_header(FrameType type) => Assert.StartsWith(
        "FrameSizeError:", Http2Client.Refuse(Frames.Claiming((64 * 1024) + 1, type, 0, type is FrameType.Settings or FrameType.GoAway ? 0 : 1)), StringComparison.Ordinal);

    [Fact]
    [Trait("check", "H2-09")]
    public void Frames_that_nobody_knows_are_ignored_everywhere()
    {
        var client = new Http2Client();
        client.Get();
        client.Written();
        for (int type = 0xa; type <= 0xff; type++)
        {
            foreach (int stream in new[] { 0, 1, 2, 99, int.MaxValue })
            {
                if ((FrameType)type is not (FrameType.PriorityUpdate or FrameType.Origin))
                    client.Receive(type, Frames.Of((FrameType)type, 0xff, stream, new byte[type % 30]));
            }
        }

        client.Receive(Frames.Headers(1, ":status: 200", end: true));
        Assert.Equal(("1 200 end", ""), (client.Events(), client.Written()));
    }

    [Fact]
    public void The_bit_before_the_number_of_a_stream_and_unknown_flags_are_ignored()
    {
        byte[] head = Frames.Of(FrameType.Headers, 0xd4 | Frames.End, 1, Frames.Block(":status: 200"));
        head[5] |= 0x80;
        Assert.Equal("1 200 end", Http2Player.Play(head));
    }

    [Fact]
    public void A_priority_means_nothing_anywhere() => Assert.Equal(
        "1 200 end",
        Http2Player.Play(
            Frames.Of(FrameType.Priority, 0, 1, 0, 0, 0, 1, 0), // on itself
            Frames.Of(FrameType.Priority, 0, 99, 0, 0, 0, 0, 0),
            Frames.Of(FrameType.Priority, 0, 2, 0, 0, 0, 0, 0),
            Frames.Headers(1, ":status: 200", end: true)));

    [Theory]
    [InlineData("another kind")]
    [InlineData("an unknown kind")]
    [InlineData("another stream")]
    public void Nothing_may_stand_within_a_header_block(string what)
    {
        byte[] begin = Frames.Of(FrameType.Headers, 0, 1, Frames.Block(":status: 200"));
        byte[] between = what switch
        {
            "another kind" => Frames.Ping(1),
            "an unknown kind" => Frames.Of((FrameType)0x99, 0, 0),
            _ => Frames.Of(FrameType.Continuation, Frames.Whole, 3),
        };
        Assert.StartsWith("ProtocolError:", Http2Client.Refuse(begin, between), StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_after_the_end_of_its_block_is_refused() => Assert.StartsWith(
        "ProtocolError:", Http2Client.Refuse(Frames.Headers(1, ":status: 200"), Frames.Of(FrameType.Continuation, Frames.Whole, 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("40")]
    [InlineData("ff")]
    [InlineData("3fe21f")]
    [Trait("check", "H2-08")]
    public void A_block_that_cannot_be_decoded_ends_the_connection(string block)
    {
        string told = Http2Client.Refuse(Frames.Of(FrameType.Headers, Frames.Whole, 1, Hpack.HpackText.Bytes("88" + (block.Length == 0 ? "be" : block))));
        Assert.StartsWith("CompressionError:", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_server_that_answers_in_HTTP_1_is_told_apart(int piece)
    {
        var client = new Http2Client(begin: false);
        client.Receive(piece, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        Assert.Contains("does not speak HTTP/2 but 'HTTP/1.1'", Assert.IsType<Http2Exception>(client.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_frame_of_a_server_is_its_settings()
    {
        foreach (byte[] frame in new[] { Frames.Ping(1), Frames.Of(FrameType.Settings, FrameHeader.Ack, 0), Frames.Of((FrameType)0x99, 0, 0) })
        {
            var client = new Http2Client(begin: false);
            client.Receive(frame);
            Assert.Equal(Http2ErrorCode.ProtocolError, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
        }
    }

    [Fact]
    public void A_response_to_a_stream_that_has_ended_ends_the_connection() => Assert.StartsWith(
        "StreamClosed:",
        Http2Client.Refuse(Frames.Headers(1, ":status: 200", end: true), Frames.Headers(1, ":status: 200", end: true)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    internal void A_response_that_goes_on_after_its_end_ends_its_stream_while_the_request_lasts(FrameType type)
    {
        var client = new Http2Client();
        client.Get("POST", framing: Urllib4.Protocol.BodyFraming.Chunked);
        client.Receive(Frames.Headers(1, ":status: 200", end: true));
        client.Written();
        client.Receive(type is FrameType.Data ? Frames.Data(1, "x") : Frames.Headers(1, "a: b", end: true));
        Assert.Equal(("1 200 end\n1 UploadStopped", "RST 1 StreamClosed"), (client.Events(), client.Written()));
        Assert.Equal(0, client.Session.ActiveStreams);
    }

    [Fact]
    public void Frames_that_were_under_way_when_a_stream_was_reset_are_dropped_and_the_tables_stay_in_step()
    {
        var client = new Http2Client();
        int window = client.Session.ReceiveRoom;
        Http2Stream stream = client.Get();
        client.Get();
        client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
        client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
        Assert.EndsWith("RST 1 Cancel", client.Written(), StringComparison.Ordinal);
        client.Receive(
            Frames.WindowUpdate(1, 0), // no longer an error
            Frames.Of(FrameType.Headers, Frames.Whole, 1, 0x88, 0x40, 1, (byte)'a', 1, (byte)'1'),
            Frames.Data(1, new string('x', 1000)),
            Frames.Data(1, "x", end: true),
            Frames.Of(FrameType.Headers, Frames.Whole, 3, 0x88, 0xbe));
        Assert.Equal("3 200|a: 1", client.Events());
        Assert.InRange(client.Session.ReceiveRoom, window - 1001, window);
        client.Receive(Frames.Data(1, "x")); // its end has come, so this cannot have been under way
        Assert.Equal(Http2ErrorCode.StreamClosed, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
    }

    [Fact]
    public void A_ping_comes_back_as_it_is_and_an_answer_is_told()
    {
        var client = new Http2Client();
        client.Session.Ping(7, client.Output);
        client.Receive(1, Frames.Ping(200), Frames.Ping(7, ack: true));
        Assert.Equal(("PING 7\nPING ack 200", "ping 7"), (client.Written(), client.Events()));
    }

    [Theory]
    [InlineData("0013 68747470733a2f2f6578616d706c652e636f6d 0000 0001 61 0002 61", 0, 0, "origins https://example.com a")]
    [InlineData("", 0, 0, "origins")]
    [InlineData("0001 61", 1, 0, "")]
    [InlineData("0001 61", 0, 1, "")]
    [InlineData("0001 0a", 0, 0, "origins")]
    public void Origins_are_told_unless_the_frame_is_to_be_ignored(string payload, int flags, int stream, string told)
    {
        var client = new Http2Client();
        client.Get();
        client.Receive(1, Frames.Of(FrameType.Origin, flags, stream, Hpack.HpackText.Bytes(payload)));
        Assert.Equal(told, client.Events());
    }
}
