namespace Urllib4.Protocol.Http2;

/// <summary>The states of RFC 9113, section 5.1. A client whose server may not push never sees the reserved ones.</summary>
internal enum StreamState : byte
{
    Idle,
    Open,
    HalfClosedLocal,
    HalfClosedRemote,
    Closed,
}

/// <summary>What happens to a stream, seen from this side.</summary>
internal enum StreamInput : byte
{
    SendHeaders,
    SendData,
    SendEnd,
    SendReset,
    ReceiveHeaders,
    ReceiveData,
    ReceiveEnd,
    ReceiveReset,
    ReceiveWindowUpdate,
}

/// <summary>
/// The diagram of RFC 9113, section 5.1, as a table. The end of a message is an input of its own, behind the frame that carries it.
/// </summary>
internal static class StreamTransitions
{
    /// <summary>Not legal for this side: a mistake of who drives the session.</summary>
    public const StreamState Misuse = (StreamState)0xff;

    /// <summary>The peer's: a connection error of type PROTOCOL_ERROR.</summary>
    public const StreamState ConnectionFault = (StreamState)0xfe;

    /// <summary>The peer's: a stream error of type STREAM_CLOSED; of the connection, when the stream is closed.</summary>
    public const StreamState ClosedFault = (StreamState)0xfd;

    private const int Inputs = 9;

    // Columns: SendHeaders, SendData, SendEnd, SendReset | ReceiveHeaders, ReceiveData, ReceiveEnd, ReceiveReset, ReceiveWindowUpdate.
    private static ReadOnlySpan<StreamState> Table =>
    [
        /* Idle   */ StreamState.Open, Misuse, Misuse, Misuse,
                     ConnectionFault, ConnectionFault, ConnectionFault, ConnectionFault, ConnectionFault,
        /* Open   */ StreamState.Open, StreamState.Open, StreamState.HalfClosedLocal, StreamState.Closed,
                     StreamState.Open, StreamState.Open, StreamState.HalfClosedRemote, StreamState.Closed, StreamState.Open,
        /* Local  */ Misuse, Misuse, Misuse, StreamState.Closed,
                     StreamState.HalfClosedLocal, StreamState.HalfClosedLocal, StreamState.Closed, StreamState.Closed,
                     StreamState.HalfClosedLocal,
        /* Remote */ StreamState.HalfClosedRemote, StreamState.HalfClosedRemote, StreamState.Closed, StreamState.Closed,
                     ClosedFault, ClosedFault, ClosedFault, StreamState.Closed, StreamState.HalfClosedRemote,
        /* Closed */ Misuse, Misuse, Misuse, StreamState.Closed,
                     ClosedFault, ClosedFault, ClosedFault, StreamState.Closed, StreamState.Closed,
    ];

    /// <summary>The next state, or one of the three faults.</summary>
    public static StreamState Next(StreamState state, StreamInput input) => Table[((int)state * Inputs) + (int)input];
}
