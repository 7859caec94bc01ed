using Urllib4.Protocol.Http2;
using Urllib4.Tests.Protocol.Hpack;
using Urllib4.Tests.Protocol.Http2;

namespace Urllib4.Tests.Connections.Http2.Conformance;

/// <summary>
/// One rule of RFC 9113 for a server, and frames that break it or go to its edge. When they come, the client has two requests without a
/// body under way, on the streams 1 and 3, and has opened no others.
/// </summary>
/// <param name="Name">The section, and what the server does.</param>
/// <param name="Code">What the client answers with; for frames that break nothing, not used.</param>
/// <param name="Frames">What the server sends.</param>
internal sealed record Rule(string Name, Http2ErrorCode Code, params byte[][] Frames)
{
    /// <summary>Whether the response on stream 1 was complete before the rule was broken.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Whether the response on stream 3 is among the frames.</summary>
    public bool AnswersOther { get; init; }

    /// <summary>A header block in one frame, from its bytes.</summary>
    public static byte[] Raw(string hex, int stream = 1) =>
        Tests.Protocol.Http2.Frames.Of(FrameType.Headers, FrameHeader.EndHeaders | FrameHeader.EndStream, stream, HpackText.Bytes(hex));

    /// <summary>The same frame many times.</summary>
    public static byte[][] Flood(int count, byte[] frame) => [.. Enumerable.Repeat(frame, count)];
}
