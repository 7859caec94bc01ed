namespace Urllib4.Protocol.Http2;

/// <summary>What came over the connection.</summary>
internal enum Http2EventKind : byte
{
    /// <summary>Nothing more for now: all input was taken.</summary>
    None,

    /// <summary>A 1xx head of a stream: <see cref="Http2Event.Head"/>.</summary>
    Informational,

    /// <summary>The final head of a stream: <see cref="Http2Event.Head"/>.</summary>
    Head,

    /// <summary>A part of the body of a stream: <see cref="Http2Event.Data"/>, which may be empty at the end.</summary>
    Data,

    /// <summary>The end of a stream, with trailers or, when all of them were dropped, without: <see cref="Http2Event.Trailers"/>.</summary>
    Trailers,

    /// <summary>A stream ended before its response did: <see cref="Http2Event.Error"/>.</summary>
    Reset,

    /// <summary>The server wants no more of the request; its response was complete, and stays good (RFC 9113, section 8.1).</summary>
    UploadStopped,

    /// <summary>There is room again for the body of a request: on a stream, or, without one, on the connection.</summary>
    WindowOpened,

    /// <summary>The server has said something about itself: <see cref="Http2Session.Peer"/>. Windows and limits may have changed.</summary>
    SettingsChanged,

    /// <summary>The server has taken up our settings.</summary>
    SettingsAcknowledged,

    /// <summary>A PING has come back: <see cref="Http2Event.Ping"/>.</summary>
    PingAcknowledged,

    /// <summary>
    /// The server takes no new streams: <see cref="Http2Event.GoAway"/>. A <see cref="Reset"/> follows for each that it has not looked at.
    /// </summary>
    GoAway,

    /// <summary>The server names origins that it answers for: <see cref="Http2Event.Origins"/>.</summary>
    Origins,
}

/// <summary>Something that came over the connection. It lasts until the next call.</summary>
internal readonly ref struct Http2Event
{
    private readonly object? _item;

    public Http2Event(Http2EventKind kind, Http2Stream? stream = null, object? item = null, bool isEnd = false)
    {
        Kind = kind;
        Stream = stream;
        _item = item;
        IsEnd = isEnd;
    }

    public Http2Event(Http2Stream stream, ReadOnlySpan<byte> data, bool isEnd)
    {
        Kind = Http2EventKind.Data;
        Stream = stream;
        Data = data;
        IsEnd = isEnd;
    }

    /// <summary>What it is.</summary>
    public Http2EventKind Kind { get; }

    /// <summary>The stream it concerns; null for the connection.</summary>
    public Http2Stream? Stream { get; }

    /// <summary>Whether the response is complete with it.</summary>
    public bool IsEnd { get; }

    /// <summary>A part of a body, in the input.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The eight bytes of a PING.</summary>
    public ulong Ping { get; init; }

    /// <summary>A head.</summary>
    public ResponseHead Head => (ResponseHead)_item!;

    /// <summary>Trailers, or null.</summary>
    public HttpHeaderDict? Trailers => (HttpHeaderDict?)_item;

    /// <summary>What to throw at who waits for the response.</summary>
    public ProtocolException Error => (ProtocolException)_item!;

    /// <summary>The server's farewell.</summary>
    public GoAwayFrame GoAway => (GoAwayFrame)_item!;

    /// <summary>Origins, as text.</summary>
    public IReadOnlyList<string> Origins => (IReadOnlyList<string>)_item!;
}
