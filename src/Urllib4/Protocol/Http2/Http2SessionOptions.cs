namespace Urllib4.Protocol.Http2;

/// <summary>What a session is told about itself.</summary>
internal sealed record Http2SessionOptions
{
    /// <summary>The scheme of all requests.</summary>
    public string Scheme { get; init; } = "https";

    /// <summary>What the server may send in heads and trailers.</summary>
    public HttpLimits Limits { get; init; } = HttpLimits.Default;

    /// <summary>How much of a body a stream takes before somebody reads it. Default 512 KiB.</summary>
    public int StreamWindow { get; init; } = 512 * 1024;

    /// <summary>How much of all bodies the connection takes. Default 4 MiB, so that one slow reader leaves room for seven others.</summary>
    public int ConnectionWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest frame the server may send. Default 64 KiB: larger ones save a little, and keep other streams waiting.</summary>
    public int MaxFrameSize { get; init; } = 64 * 1024;

    /// <summary>Names of fields that are secrets beside those that always are; compared as the set does.</summary>
    public IReadOnlySet<string>? Secrets { get; init; }

    /// <summary>The number of the first stream; odd. Tests begin near the last, 2^31-1.</summary>
    public int FirstStreamId { get; init; } = 1;

    /// <summary>How many streams may be opened before the server has said how many it takes.</summary>
    public int ExpectedStreams { get; init; } = Http2Settings.StreamsBeforeSettings;
}
