using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>Both levels of flow control, in both directions (RFC 9113, sections 5.2 and 6.9).</summary>
public class Http2FlowControlTests
{
    [Fact]
    public void A_body_is_sent_no_faster_than_the_stream_has_room()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.InitialWindowSize, 4)));
        Http2Stream stream = client.Get("POST", framing: BodyFraming.OfLength(6));
        client.Written();
        client.Events();
        Assert.Equal((4, 0), (client.Send(stream, "abcdef", isLast: true), client.Send(stream, "ef", isLast: true)));
        client.Receive(Frames.WindowUpdate(1, 1), Frames.WindowUpdate(1, 100));
        Assert.Equal("1 WindowOpened", client.Events());
        Assert.Equal(2, client.Send(stream, "ef", isLast: true));
        Assert.Equal("DATA 1 abcd\nDATA 1 end ef", client.Written());
        Assert.True(stream.IsRequestComplete);
    }

    [Fact]
    public void All_bodies_together_are_sent_no_faster_than_the_connection_has_room()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.InitialWindowSize, 1_000_000), (SettingId.MaxFrameSize, 1_000_000)));
        Http2Stream first = client.Get("POST", framing: BodyFraming.Chunked);
        Http2Stream second = client.Get("POST", framing: BodyFraming.Chunked);
        client.Events();
        Assert.Equal(60_000, client.Session.BeginData(first, 60_000, isLast: false, client.Output));
        Assert.Equal(5_535, client.Session.BeginData(second, 60_000, isLast: true, client.Output));
        Assert.Equal(0, client.Session.BeginData(first, 1, isLast: true, client.Output));
        client.Receive(Frames.WindowUpdate(1, 1000));
        Assert.Equal("", client.Events());
        client.Receive(Frames.WindowUpdate(0, 10));
        Assert.Equal("0 WindowOpened", client.Events());
        Assert.Equal((10, 0), (client.Session.BeginData(second, 54_465, isLast: true, client.Output), client.Session.SendRoom));
    }

    [Fact]
    public void The_end_needs_no_room()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.InitialWindowSize, 0)));
        Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
        client.Written();
        Assert.Equal(0, client.Send(stream, "", isLast: false));
        Assert.Equal(0, client.Send(stream, "", isLast: true));
        Assert.Equal("DATA 1 end ", client.Written());
    }

    [Fact]
    public void A_window_may_become_negative_and_is_worked_off()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
        Assert.Equal(16_384, client.Session.BeginData(stream, 16_384, isLast: false, client.Output));
        client.Receive(Frames.Settings((SettingId.InitialWindowSize, 10_000)));
        Assert.Equal(0, client.Session.BeginData(stream, 1, isLast: false, client.Output));
        client.Events();
        client.Receive(Frames.WindowUpdate(1, 6_384));
        Assert.Equal(("", 0), (client.Events(), client.Session.BeginData(stream, 1, isLast: false, client.Output)));
        client.Receive(Frames.WindowUpdate(1, 1));
        Assert.Equal(("1 WindowOpened", 1), (client.Events(), client.Session.BeginData(stream, 9, isLast: false, client.Output)));
        client.Receive(Frames.Settings((SettingId.InitialWindowSize, 10_007)));
        Assert.Equal(7, client.Session.BeginData(stream, 9, isLast: false, client.Output));
    }

    [Fact]
    public void A_window_past_2_to_the_31_is_the_streams_or_the_connections_error()
    {
        Assert.StartsWith("FlowControlError:", Http2Client.Refuse(Frames.WindowUpdate(0, int.MaxValue)), StringComparison.Ordinal);
        Assert.StartsWith(
            "FlowControlError:",
            Http2Client.Refuse(Frames.WindowUpdate(1, int.MaxValue - 65_535), Frames.Settings((SettingId.InitialWindowSize, 65_536))),
            StringComparison.Ordinal);
        Assert.Equal("1 reset FlowControlError > RST 1 FlowControlError", Http2Player.Play(Frames.WindowUpdate(1, int.MaxValue - 65_534)));
        Assert.Equal("", Http2Player.Play(Frames.WindowUpdate(1, int.MaxValue - 65_535), Frames.WindowUpdate(0, int.MaxValue - 65_535)));
    }

    [Fact]
    public void An_increment_of_nothing_is_the_streams_error() =>
        Assert.Equal("1 reset ProtocolError > RST 1 ProtocolError", Http2Player.Play(Frames.WindowUpdate(1, 0)));

    [Fact]
    public void A_server_that_sends_more_than_a_stream_has_room_for_loses_the_stream()
    {
        var client = new Http2Client(new() { StreamWindow = 10 }) { Consumes = false };
        client.Get();
        client.Written();
        client.Receive(Frames.Headers(1, ":status: 200"), Frames.Data(1, "0123456789"), Frames.Data(1, "x"));
        Assert.Equal(("1 200\n1 data 0123456789\n1 reset FlowControlError", "RST 1 FlowControlError"), (client.Events(), client.Written()));
    }

    [Fact]
    public void A_server_that_sends_more_than_the_connection_has_room_for_loses_it()
    {
        var client = new Http2Client(new() { ConnectionWindow = 0, StreamWindow = 100_000 }) { Consumes = false };
        client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"), Frames.Data(1, new string('x', 60_000)), Frames.Data(1, new string('x', 5_536)));
        Assert.Equal(Http2ErrorCode.FlowControlError, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
    }

    [Fact]
    public void Padding_counts_and_is_given_back()
    {
        var client = new Http2Client(new() { StreamWindow = 10 });
        client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"), Frames.Of(FrameType.Data, 8, 1, 4, 1, 0, 0, 0, 0));
        Assert.EndsWith("WINDOW_UPDATE 1 5", client.Written(), StringComparison.Ordinal);
        client.Receive(Frames.Of(FrameType.Data, 8, 1, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)); // 11 bytes, of which none is body
        Assert.Contains("FlowControlError", client.Events(), StringComparison.Ordinal);
    }

    [Fact]
    public void Room_is_given_back_in_halves_of_the_window_not_in_drops()
    {
        var client = new Http2Client(new() { StreamWindow = 100 }) { Consumes = false };
        Http2Stream stream = client.Get();
        client.Receive(Frames.Headers(1, ":status: 200"), Frames.Data(1, new string('x', 100)));
        client.Written();
        client.Session.Consume(stream, 49, client.Output);
        Assert.Equal("", client.Written());
        client.Session.Consume(stream, 1, client.Output);
        Assert.Equal("WINDOW_UPDATE 1 50", client.Written());
        client.Session.Consume(stream, 1000, client.Output);
        Assert.Equal(("WINDOW_UPDATE 1 50", 0), (client.Written(), stream.Unconsumed));
    }

    [Fact]
    public void No_room_is_given_that_the_rest_of_the_body_does_not_need()
    {
        var client = new Http2Client(new() { StreamWindow = 1000 });
        client.Get();
        client.Receive(Frames.Headers(1, ":status: 200|content-length: 1300"), Frames.Data(1, new string('x', 600)));
        Assert.EndsWith("WINDOW_UPDATE 1 600", client.Written(), StringComparison.Ordinal);
        client.Receive(Frames.Data(1, new string('x', 600)));
        Assert.Equal("", client.Written());
    }

    [Fact]
    public void A_window_grows_when_it_is_told_and_never_shrinks()
    {
        var client = new Http2Client(new() { StreamWindow = 100 });
        Http2Stream stream = client.Get();
        client.Written();
        client.Session.GrowWindow(stream, 300, client.Output);
        client.Session.GrowWindow(stream, 200, client.Output);
        client.Session.GrowWindow(5 * 1024 * 1024, client.Output);
        Assert.Equal("WINDOW_UPDATE 1 200\nWINDOW_UPDATE 0 1048576", client.Written());
        client.Receive(Frames.Headers(1, ":status: 200"), Frames.Data(1, new string('x', 300)));
        Assert.Null(client.Error);
    }

    [Fact]
    public void Bytes_that_go_straight_to_their_reader_count_all_the_same()
    {
        var client = new Http2Client { Consumes = false };
        Http2Stream stream = client.Get();
        byte[] frame = Frames.Data(1, "hello", end: true);
        client.Receive(Frames.Headers(1, ":status: 200"), frame[..11]);
        Assert.Equal("1 200\n1 data he", client.Events());
        Assert.Equal((3, stream), (client.Session.DirectBytes, client.Session.DirectStream));
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Session.TookDirect(4));
        Assert.False(client.Session.TookDirect(2));
        Assert.True(client.Session.TookDirect(1));
        Assert.Equal((5, 5, true, 0), (stream.BodyBytesReceived, stream.Unconsumed, stream.IsResponseComplete, client.Session.DirectBytes));
        client.Receive(Frames.Ping(1));
        Assert.EndsWith("PING ack 1", client.Written(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_is_reset_within_a_frame_gives_everybody_their_room_back()
    {
        var client = new Http2Client(new() { ConnectionWindow = 65_535 }) { Consumes = false };
        Http2Stream stream = client.Get();
        byte[] frame = Frames.Of(FrameType.Data, 9, 1, [10, .. new byte[40_000], .. new byte[10]]);
        client.Receive(Frames.Headers(1, ":status: 200"), frame[..20_000]);
        client.Written();
        client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
        Assert.Equal("WINDOW_UPDATE 0 40011\nRST 1 Cancel", client.Written());
        client.Receive(frame[20_000..], Frames.Ping(3));
        Assert.Equal(("PING ack 3", 65_535), (client.Written(), client.Session.ReceiveRoom));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("check", "H2-11")]
    public void After_any_mix_of_streams_the_windows_are_back_and_the_tables_empty(int seed)
    {
        var random = new Random(seed);
        var client = new Http2Client(new() { ConnectionWindow = 100_000, StreamWindow = 20_000 }) { Consumes = false };
        var open = new List<Http2Stream>();
        for (int i = 0; i < 20_000; i++)
        {
            if (open.Count < 20)
                open.Add(client.Get(random.Next(3) == 0 ? "POST" : "GET", framing: random.Next(2) == 0 ? BodyFraming.Chunked : default));
            Http2Stream stream = open[random.Next(open.Count)];
            Act(client, stream, random);
            open.RemoveAll(s => s.State is StreamState.Closed && s.Unconsumed == 0);
            client.Output.ResetWrittenCount();
            if (i % 100 == 0)
                client.Session.BeginPeriod();
            client.Session.Flushed();
            Assert.Null(client.Error);
        }

        open.ForEach(s => client.Session.Reset(s, Http2ErrorCode.Cancel, client.Output));
        Assert.Equal(0, client.Session.ActiveStreams);
        Assert.InRange(client.Session.ReceiveRoom, 50_001, 100_000); // less than half a window waits to be announced
        client.Session.GrowWindow(100_001, client.Output);
        Assert.Equal(100_001, client.Session.ReceiveRoom);
    }

    private static void Act(Http2Client client, Http2Stream stream, Random random)
    {
        int id = stream.Id;
        bool isOpen = stream.State is StreamState.Open or StreamState.HalfClosedLocal;
        string text = new('x', random.Next(0, 3000));
        bool fits = stream.ReceiveWindow.Available > 4000 && client.Session.ReceiveRoom > 4000;
        switch (random.Next(8))
        {
            case 0 when isOpen && !stream.HasFinalHead:
                client.Receive(Frames.Headers(id, ":status: 200"));
                break;
            case 1 when isOpen && fits:
                client.Receive(Frames.Data(id, text)); // before the head it costs the stream
                break;
            case 2 when isOpen && fits && stream.HasFinalHead:
                client.Receive(Frames.Of(FrameType.Data, 8, id, [200, .. new byte[text.Length + 200]]));
                break;
            case 3 when isOpen && stream.HasFinalHead:
                client.Receive(Frames.Data(id, "", end: true));
                break;
            case 4 when stream.State is not StreamState.Closed && random.Next(4) == 0:
                client.Receive(Frames.Reset(id, Http2ErrorCode.Cancel));
                break;
            case 5 when random.Next(3) == 0:
                bool wasOpen = isOpen && fits;
                client.Session.Reset(stream, Http2ErrorCode.Cancel, client.Output);
                if (wasOpen)
                    client.Receive(Frames.Data(id, text, end: true)); // was under way
                break;
            case 6 when stream.State is StreamState.Open or StreamState.HalfClosedRemote && stream.BodyLeft < 0:
                client.Send(stream, "abc", isLast: random.Next(2) == 0);
                client.Receive(Frames.WindowUpdate(0, 3));
                break;
            default:
                client.Session.Consume(stream, random.Next(0, 5000), client.Output);
                break;
        }
    }

    // A server whose room is used up says nothing any more; so nothing may be kept from it that it might need.
    [Theory]
    [InlineData(200_000, 255, 0)]
    [InlineData(200_000, 255, 100)]
    [InlineData(200_000, 255, 199)]
    [InlineData(200_000, 255, 200)]
    [InlineData(65_536, 255, 65)]
    [InlineData(200_000, 0, 1000)]
    [InlineData(65_535, 0, 1000)]
    [Trait("check", "H2-14")]
    public void A_server_that_pads_from_some_frame_on_never_runs_out_of_room(int length, int padding, int from)
    {
        var client = new Http2Client(new() { StreamWindow = 65_536 });
        client.Get();
        client.Written();
        client.Receive(Frames.Headers(1, $":status: 200|content-length: {length}"));
        int room = 65_536;
        for (int sent = 0, frame = 0; sent <= length; frame++)
        {
            // The end comes in a frame of its own.
            int body = Math.Min(1000, length - sent);
            int overhead = frame >= from ? padding + 1 : 0;
            room -= body + overhead;
            Assert.True(room >= 0, $"{sent} bytes were sent when there was no more room");
            byte[] data = new byte[body + overhead];
            if (overhead > 0)
                data[0] = (byte)padding;
            client.Receive(Frames.Of(FrameType.Data, (overhead > 0 ? FrameHeader.Padded : 0) | (body == 0 ? Frames.End : 0), 1, data));
            const string Update = "WINDOW_UPDATE 1 ";
            foreach (string update in client.Written().Split('\n').Where(static f => f.StartsWith(Update, StringComparison.Ordinal)))
                room += int.Parse(update[Update.Length..], System.Globalization.CultureInfo.InvariantCulture);
            sent += Math.Max(body, 1);
        }

        Assert.EndsWith(" end", client.Events(), StringComparison.Ordinal);
    }
}
