using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

public class Http2SettingsTests
{
    [Fact]
    public void A_connection_begins_with_the_preface_our_settings_and_room_for_bodies()
    {
        var client = new Http2Client(begin: false);
        Assert.Equal(
            """
            PREFACE
            SETTINGS EnablePush=0 InitialWindowSize=524288 MaxFrameSize=65536 MaxHeaderListSize=65536 NoRfc7540Priorities=1
            WINDOW_UPDATE 0 4128769
            """,
            client.Written());
        Assert.Equal(Http2Settings.StreamsBeforeSettings, client.Session.FreeStreams);
    }

    [Fact]
    public void Settings_are_answered_and_told_in_their_order()
    {
        var client = new Http2Client(begin: false);
        client.Written();
        client.Receive(1, Frames.Settings((SettingId.MaxConcurrentStreams, 3)), Frames.Of(FrameType.Settings, FrameHeader.Ack, 0), Frames.Settings());
        Assert.Equal("0 SettingsChanged\n0 SettingsAcknowledged\n0 SettingsChanged", client.Events());
        Assert.Equal("SETTINGS ack\nSETTINGS ack", client.Written());
        Assert.Equal((3, false, true), (client.Session.FreeStreams, client.Session.AwaitsSettingsAck, client.Session.HasSettings));
    }

    [Fact]
    public void An_answer_to_settings_that_were_not_sent_is_refused() => Assert.StartsWith(
        "ProtocolError:",
        Http2Client.Refuse(Frames.Of(FrameType.Settings, FrameHeader.Ack, 0), Frames.Of(FrameType.Settings, FrameHeader.Ack, 0)),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(SettingId.EnablePush, 1u, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.EnablePush, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.InitialWindowSize, 0x8000_0000u, Http2ErrorCode.FlowControlError)]
    [InlineData(SettingId.InitialWindowSize, uint.MaxValue, Http2ErrorCode.FlowControlError)]
    [InlineData(SettingId.MaxFrameSize, 0u, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxFrameSize, 16_383u, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxFrameSize, 1u << 24, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.EnableConnectProtocol, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(SettingId.NoRfc7540Priorities, 2u, Http2ErrorCode.ProtocolError)]
    [Trait("check", "H2-05")]
    [Trait("check", "H2-24")]
    internal void A_value_that_a_setting_cannot_have_ends_the_connection(SettingId id, uint value, Http2ErrorCode code) =>
        Assert.StartsWith($"{code}:", Http2Client.Refuse(Frames.Settings((id, value))), StringComparison.Ordinal);

    [Theory]
    [InlineData(SettingId.EnablePush, 0u)]
    [InlineData(SettingId.HeaderTableSize, uint.MaxValue)]
    [InlineData(SettingId.MaxConcurrentStreams, uint.MaxValue)]
    [InlineData(SettingId.InitialWindowSize, 0x7fff_ffffu)]
    [InlineData(SettingId.InitialWindowSize, 0u)]
    [InlineData(SettingId.MaxFrameSize, 16_384u)]
    [InlineData(SettingId.MaxFrameSize, (1u << 24) - 1)]
    [InlineData(SettingId.MaxHeaderListSize, uint.MaxValue)]
    [InlineData((SettingId)0x99, uint.MaxValue)]
    [InlineData((SettingId)0, 0u)]
    [Trait("check", "H2-06")]
    internal void A_value_that_a_setting_may_have_is_taken_and_costs_no_memory(SettingId id, uint value)
    {
        var client = new Http2Client();
        client.Get();
        long before = GC.GetAllocatedBytesForCurrentThread();
        client.Receive(Frames.Settings((id, value)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        client.Get();
        Assert.Null(client.Error);
    }

    [Fact]
    public void CONNECT_with_a_protocol_waits_until_the_server_takes_it_and_that_cannot_be_taken_back()
    {
        var client = new Http2Client();
        var head = new RequestHead("CONNECT", "/chat?x", "example.com", [], BodyFraming.None) { Protocol = "websocket" };
        Assert.Throws<InvalidRequestException>(() => client.Open(head));
        client.Receive(Frames.Settings((SettingId.EnableConnectProtocol, 1)));
        client.Written();
        client.Open(head);
        Assert.Equal("HEADERS 1 :method: CONNECT|:protocol: websocket|:scheme: https|:path: /chat?x|:authority: example.com", client.Written());
        client.Receive(Frames.Settings((SettingId.EnableConnectProtocol, 0)));
        Assert.Equal(Http2ErrorCode.ProtocolError, Assert.IsType<Http2Exception>(client.Error).ErrorCode);
    }

    [Fact]
    [Trait("check", "H2-17")]
    public void The_number_of_streams_follows_the_server_down_to_none_and_up_again()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, 2)));
        Http2Stream first = client.Get();
        client.Get();
        Assert.Equal(0, client.Session.FreeStreams);
        Assert.Throws<InvalidOperationException>(() => client.Get());
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, 1)));
        client.Session.Reset(first, Http2ErrorCode.Cancel, client.Output);
        Assert.Equal(0, client.Session.FreeStreams);
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, 0)), Frames.Headers(3, ":status: 200", end: true));
        Assert.Equal((0, 0), (client.Session.FreeStreams, client.Session.ActiveStreams));
        client.Receive(Frames.Settings((SettingId.MaxConcurrentStreams, uint.MaxValue)));
        Assert.InRange(client.Session.FreeStreams, 1, int.MaxValue);
        Assert.False(client.Session.IsClosing);
    }

    [Fact]
    [Trait("check", "H2-06")]
    public void The_table_for_our_fields_follows_the_server()
    {
        var client = new Http2Client();
        client.Get(headers: new() { { "a", "1" } });
        client.Receive(Frames.Settings((SettingId.HeaderTableSize, 0), (SettingId.HeaderTableSize, 100_000)));
        client.Output.ResetWrittenCount();
        client.Get(headers: new() { { "a", "1" } });
        Assert.Equal([0x20, 0x3f, 0xe1, 0x1f], client.Output.WrittenSpan.Slice(FrameHeader.Size, 4).ToArray());
    }

    [Fact]
    public void A_frame_is_as_long_as_the_server_allows()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get("POST", framing: BodyFraming.Chunked);
        Assert.Equal(16_384, client.Session.BeginData(stream, 50_000, isLast: true, client.Output));
        client.Receive(Frames.Settings((SettingId.MaxFrameSize, 20_000)));
        Assert.Equal(20_000, client.Session.BeginData(stream, 50_000, isLast: true, client.Output));
    }

    [Fact]
    public void A_head_longer_than_a_frame_goes_on_in_others()
    {
        var client = new Http2Client();
        string value = new('\u00e9', 40_000);
        client.Get(headers: new() { { "a", value } });
        byte[] wire = client.Output.WrittenSpan.ToArray();
        string[] frames = client.Written().Split('\n');
        Assert.Equal(("Headers 1 end 16384", "Continuation 1 16384", 3), (frames[0], frames[1], frames.Length));
        Assert.EndsWith(" last", frames[2], StringComparison.Ordinal);
        byte[] block = [.. wire[9..(9 + 16_384)], .. wire[(18 + 16_384)..(18 + 32_768)], .. wire[(27 + 32_768)..]];
        Assert.EndsWith($"|a: {value}", Hpack.HpackText.Decode(new(), block), StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_larger_than_the_server_takes_is_not_sent()
    {
        var client = new Http2Client();
        client.Receive(Frames.Settings((SettingId.MaxHeaderListSize, 1000)));
        client.Written();
        Assert.Throws<InvalidRequestException>(() => client.Get(headers: new() { { "a", new string('x', 1000) } }));
        Assert.Equal((0, ""), (client.Session.ActiveStreams, client.Written()));
        client.Get();
        Assert.StartsWith("HEADERS 1 end", client.Written(), StringComparison.Ordinal);
    }
}
