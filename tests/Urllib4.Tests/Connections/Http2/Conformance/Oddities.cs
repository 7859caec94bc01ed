using Urllib4.Protocol.Http2;
using static Urllib4.Http2ErrorCode;
using static Urllib4.Protocol.Http2.FrameType;
using static Urllib4.Tests.Protocol.Http2.Frames;

namespace Urllib4.Tests.Connections.Http2.Conformance;

/// <summary>What a server may do, although few do. Stream 1 is answered with "ok" behind it.</summary>
internal static class Oddities
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("3.4 settings without values", NoError, Settings()),
        new("4.1 a frame of an unknown kind, on no stream", NoError, Settings(), Of((FrameType)0x42, 0xff, 0, 1, 2, 3)),
        new("4.1 a frame of an unknown kind, on a stream", NoError, Settings(), Of((FrameType)0xff, 0xff, 1, new byte[5000])),
        new("4.1 a frame of an unknown kind, on an idle stream", NoError, Settings(), Of((FrameType)0x0b, 0, 99)),
        new("4.1 unknown flags", NoError, Settings(), Of(FrameType.Ping, 0xfe, 0, new byte[8])),
        new("4.1 ALTSVC", NoError, Settings(), Of((FrameType)0x0a, 0, 0, 0, 1, (byte)'a', (byte)'h')),
        new("4.2 a frame of 16,384 bytes", NoError, Settings(), Of((FrameType)0x42, 0, 0, new byte[16_384])),
        new("4.3 the table is emptied and filled again", NoError, Settings(), Rule.Raw("203fe11f88", stream: 3)) { AnswersOther = true },
        new("5.1 RST_STREAM on a stream that has ended", NoError,
            Settings(), Headers(3, ":status: 200", end: true), Reset(3, NoError)) { AnswersOther = true },
        new("5.1 WINDOW_UPDATE on a stream that has ended", NoError,
            Settings(), Headers(3, ":status: 200", end: true), WindowUpdate(3, 100)) { AnswersOther = true },
        new("5.1 PRIORITY on streams in any state", NoError,
            Settings(), Of(Priority, 0, 1, 0, 0, 0, 3, 7), Of(Priority, 0, 77, 0, 0, 0, 3, 7), Of(Priority, 0, 2, 0, 0, 0, 0, 7)),
        new("5.3 a stream that depends on itself", NoError, Settings(), Of(Priority, 0, 1, 0, 0, 0, 1, 7)),
        new("6.2 HEADERS with a priority and padding", NoError,
            Settings(), Of(FrameType.Headers, 0x2d, 3, 2, 0, 0, 0, 1, 7, 0x88, 0, 0)) { AnswersOther = true },
        new("6.5 settings many times", NoError,
            Settings((SettingId.MaxConcurrentStreams, 1)), Settings((SettingId.MaxConcurrentStreams, 0)),
            Settings((SettingId.MaxConcurrentStreams, 100))),
        new("6.5 a value twice in one frame", NoError, Settings((SettingId.MaxConcurrentStreams, 0), (SettingId.MaxConcurrentStreams, 9))),
        new("6.5.2 settings nobody knows", NoError, Settings(((SettingId)0x99, uint.MaxValue), (0, 0), ((SettingId)0xf000, 1))),
        new("6.5.2 every setting at its edge", NoError, Settings(
            (SettingId.HeaderTableSize, uint.MaxValue), (SettingId.EnablePush, 0), (SettingId.MaxConcurrentStreams, uint.MaxValue),
            (SettingId.InitialWindowSize, int.MaxValue), (SettingId.MaxFrameSize, (1 << 24) - 1),
            (SettingId.MaxHeaderListSize, uint.MaxValue))),
        new("6.5.3 an acknowledgement of our settings", NoError, Settings(), Of(FrameType.Settings, 1, 0)),
        new("6.7 an answer to a PING nobody sent", NoError, Settings(), Ping(9, ack: true)),
        new("6.9 WINDOW_UPDATE with its reserved bit", NoError, Settings(), Of(FrameType.WindowUpdate, 0, 1, 0x80, 0, 0, 1)),
        new("6.9.1 the window of the connection at 2^31-1", NoError, Settings(), WindowUpdate(0, int.MaxValue - 65_535)),
        new("6.9.1 the window of a stream at 2^31-1", NoError, Settings(), WindowUpdate(1, int.MaxValue - 65_535)),
        new("6.9.2 windows below nothing", NoError, Settings((SettingId.InitialWindowSize, 0))),
        new("8.1 many 1xx heads", NoError, [Settings(), .. Rule.Flood(100, Headers(1, ":status: 103|link: </a>"))]),
        new("8.2.1 a value of any other bytes", NoError,
            Settings(), Headers(3, ":status: 200|a: \u0001\u007f\u00ff|b: ", end: true)) { AnswersOther = true },
        new("RFC 8336 ORIGIN", NoError, Settings(), Of(Origin, 0, 0, [0, 9, .. "https://a"u8])),
        new("RFC 8336 ORIGIN on a stream", NoError, Settings(), Of(Origin, 0, 1, 0, 0)),
    ];
}
