using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

public class Http2GoAwayTests
{
    [Fact]
    [Trait("check", "H2-18")]
    public void What_the_server_has_not_looked_at_is_told_once_and_the_rest_goes_on()
    {
        var client = new Http2Client();
        Http2Stream[] streams = [client.Get(), client.Get("POST", framing: Urllib4.Protocol.BodyFraming.Chunked), client.Get(), client.Get()];
        client.Receive(1, Frames.GoAway(int.MaxValue, Http2ErrorCode.NoError, "soon\n"), Frames.Headers(5, ":status: 200", end: true));
        Assert.Equal(@"goaway 2147483647 NoError soon\n" + "\n5 200 end", client.Events());
        Assert.Equal((true, 0, 3), (client.Session.IsClosing, client.Session.FreeStreams, client.Session.ActiveStreams));
        Assert.Throws<InvalidOperationException>(() => client.Get());

        client.Receive(1, Frames.GoAway(1, Http2ErrorCode.NoError), Frames.Headers(1, ":status: 200", end: true));
        Assert.Equal(
            "goaway 1 NoError\n3 reset NoError\n7 reset NoError\n1 200 end".Split('\n').Order(),
            client.Events().Split('\n').Order());
        Assert.Equal(0, client.Session.ActiveStreams);
        Assert.All(streams, static s => Assert.Equal(StreamState.Closed, s.State));
    }

    [Fact]
    [Trait("check", "H2-18")]
    public void A_stream_that_was_not_looked_at_was_not_acted_on()
    {
        var client = new Http2Client();
        client.Get("POST", framing: Urllib4.Protocol.BodyFraming.Chunked);
        ReadOnlySpan<byte> input = Frames.GoAway(0, Http2ErrorCode.EnhanceYourCalm);
        Assert.Equal(Http2EventKind.GoAway, client.Session.Receive(ref input, client.Output).Kind);
        var error = (Http2Exception)client.Session.Receive(ref input, client.Output).Error;
        Assert.Equal((Http2ErrorCode.EnhanceYourCalm, false, true, 1), (error.ErrorCode, error.ServerMayHaveActed, error.IsTransient, error.StreamId));
        Assert.Equal(Http2EventKind.None, client.Session.Receive(ref input, client.Output).Kind);
    }

    [Fact]
    public void The_last_stream_may_fall_and_not_rise()
    {
        Assert.StartsWith(
            "ProtocolError:", Http2Client.Refuse(Frames.GoAway(1, Http2ErrorCode.NoError), Frames.GoAway(3, Http2ErrorCode.NoError)), StringComparison.Ordinal);
        Assert.Equal("goaway 3 NoError\ngoaway 1 InternalError", Http2Player.Play(
            Frames.GoAway(3, Http2ErrorCode.NoError), Frames.GoAway(1, Http2ErrorCode.InternalError)));
    }

    [Fact]
    public void What_a_server_adds_for_people_is_escaped_and_cut()
    {
        string told = Http2Player.Play(Frames.GoAway(1, Http2ErrorCode.NoError, "\u001b[31m" + new string('x', 5000)));
        Assert.StartsWith(@"goaway 1 NoError \x1b[31mxxx", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 50, 150);
    }

    [Fact]
    [Trait("fault", "F59")]
    public void After_the_last_number_there_are_no_streams()
    {
        var client = new Http2Client(new() { FirstStreamId = int.MaxValue - 2 });
        client.Get();
        Assert.False(client.Session.IsClosing);
        Http2Stream last = client.Get();
        Assert.Equal((int.MaxValue, true, 0), (last.Id, client.Session.IsClosing, client.Session.FreeStreams));
        client.Receive(Frames.Headers(int.MaxValue, ":status: 200", end: true), Frames.Headers(int.MaxValue - 2, ":status: 200", end: true));
        Assert.Equal($"{int.MaxValue} 200 end\n{int.MaxValue - 2} 200 end", client.Events());
    }

    [Fact]
    public void A_stream_may_be_used_again_when_it_is_closed_and_not_before()
    {
        var client = new Http2Client();
        Http2Stream stream = client.Get();
        var head = new Urllib4.Protocol.RequestHead("GET", "/", "example.com", [], default);
        Assert.Throws<InvalidOperationException>(() => client.Session.Open(stream, head, client.Output));
        client.Receive(Frames.Headers(1, ":status: 200|content-length: 2"), Frames.Data(1, "hi", end: true));
        client.Session.Open(stream, head, client.Output);
        client.Receive(Frames.Headers(3, ":status: 204", end: true));
        Assert.Equal("1 200|content-length: 2\n1 data hi end\n3 204 end", client.Events());
        Assert.Equal((3, 0L), (stream.Id, stream.BodyBytesReceived));
    }
}
