using Urllib4.Protocol;
using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>Whatever bytes a server sends: one meaning in whatever pieces they come, or an error of the peer, and nothing else.</summary>
public class Http2PropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Any_row_of_frames_means_the_same_in_whatever_pieces_it_comes(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[][] frames = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => AnyFrame(random))];
            Http2Client whole = Play(0, frames);
            string events = whole.Events();
            string written = whole.Written();
            foreach (int piece in new[] { 1, 5, 13 })
            {
                Http2Client other = Play(piece, frames);
                Assert.Equal((whole.Error?.Message, events, written), (other.Error?.Message, other.Events(), other.Written()));
            }
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_frame_with_one_byte_changed_is_understood_or_refused(int seed)
    {
        var random = new Random(seed);
        byte[] wire = Frames.Join(
            Frames.Settings((SettingId.MaxFrameSize, 20_000)), Frames.Headers(1, ":status: 103"), Frames.Headers(1, ":status: 200|content-length: 5"),
            Frames.Of(FrameType.Data, 8, 1, 2, 104, 105, 0, 0), Frames.WindowUpdate(3, 5), Frames.Ping(4), Frames.Data(1, "llo", end: true),
            Frames.Of(FrameType.Headers, 0, 3, 0x88), Frames.Of(FrameType.Continuation, 4, 3), Frames.Reset(3, Http2ErrorCode.NoError),
            Frames.GoAway(3, Http2ErrorCode.NoError, "bye"));
        Assert.Null(Play(0, wire).Error);
        for (int at = 0; at < wire.Length; at++)
        {
            for (int i = 0; i < 20; i++)
            {
                byte[] changed = [.. wire];
                changed[at] ^= (byte)random.Next(1, 256);
                Play(0, changed);
            }
        }
    }

    private static Http2Client Play(int piece, params byte[][] frames)
    {
        var client = new Http2Client();
        client.Get();
        client.Get("POST", framing: BodyFraming.Chunked);
        client.Get("HEAD");
        client.Session.Reset(client.Get(), Http2ErrorCode.Cancel, client.Output);
        client.Written();
        return client.Receive(piece, frames);
    }

    private static byte[] AnyFrame(Random random)
    {
        int stream = random.Next(0, 9);
        bool end = random.Next(4) == 0;
        string[] heads = [":status: 200", ":status: 200|content-length: 5", ":status: 103", "a: b", ":status: 204", "A: b"];
        return random.Next(12) switch
        {
            0 or 1 or 2 => Frames.Headers(stream | 1, heads[random.Next(heads.Length)], end),
            3 or 4 or 5 => Frames.Data(stream | 1, new string('x', random.Next(0, 6)), end),
            6 => Frames.Ping((byte)random.Next(256), end),
            7 => Frames.WindowUpdate(stream, random.Next(0, 3)),
            8 => Frames.Reset(stream | 1, (Http2ErrorCode)random.Next(0, 16)),
            9 => Frames.Settings(((SettingId)random.Next(0, 12), (uint)random.Next(0, 20_000))),
            10 => random.Next(3) == 0 ? Frames.GoAway(stream, Http2ErrorCode.NoError) : Frames.Of(FrameType.Headers, 0, stream | 1, 0x88),
            _ => Frames.Of((FrameType)random.Next(0, 20), random.Next(256), stream, new byte[random.Next(0, 12)]),
        };
    }
}
