namespace Urllib4.Protocol.Http2;

/// <summary>
/// One request and its response, as far as the protocol is concerned. It belongs to who asks for the response, who may use it again for
/// another request as soon as it is closed.
/// </summary>
/// <param name="owner">Who asks; given back with every event, and not looked at.</param>
internal sealed class Http2Stream(object? owner = null)
{
    /// <summary>Who asks for the response.</summary>
    public object? Owner { get; } = owner;

    /// <summary>The number of the stream; 0 before it was opened.</summary>
    public int Id { get; internal set; }

    /// <summary>Where it stands.</summary>
    public StreamState State { get; internal set; }

    /// <summary>Whether nothing of the request is left to be sent.</summary>
    public bool IsRequestComplete => State is StreamState.HalfClosedLocal or StreamState.Closed;

    /// <summary>Whether the response has come to its end, by itself.</summary>
    public bool IsResponseComplete { get; internal set; }

    /// <summary>Bytes of the body received.</summary>
    public long BodyBytesReceived { get; internal set; }

    /// <summary>Bytes of the body that the owner was given and has not consumed.</summary>
    public int Unconsumed { get; internal set; }

    /// <summary>Whether the request said <c>Expect: 100-continue</c>, and since then came no 100, no answer and no body.</summary>
    public bool AwaitsContinue { get; internal set; }

    /// <summary>What a final head is to be written into, instead of a new one. Set before the stream is opened.</summary>
    public ResponseHead? Target { get; set; }

    internal SendWindow SendWindow;
    internal ReceiveWindow ReceiveWindow;

    internal bool HasFinalHead { get; set; }

    internal bool IsHead { get; private set; }

    internal bool IsConnect { get; private set; }

    /// <summary>What the body must come to; negative when anything may come.</summary>
    internal long ExpectedBytes { get; set; }

    /// <summary>What is left of the announced request body; negative when no length was announced.</summary>
    internal long BodyLeft { get; set; }

    internal long BodySent { get; set; }

    /// <summary>The size of the informational heads so far.</summary>
    internal int HeadBytes { get; set; }

    /// <summary>DATA frames of hardly anything since the owner last had consumed all.</summary>
    internal int SmallFrames { get; set; }

    internal void Start(int id, in RequestTerms terms, BodyFraming framing, int sendWindow, int receiveWindow)
    {
        Id = id;
        State = StreamState.Idle;
        IsHead = terms.IsHead;
        IsConnect = terms.IsConnect;
        AwaitsContinue = terms.ExpectsContinue;
        SendWindow = new SendWindow(sendWindow);
        ReceiveWindow = new ReceiveWindow(receiveWindow);
        BodyLeft = framing.Kind is BodyKind.Length ? framing.Length : framing.Kind is BodyKind.None && !terms.IsConnect ? 0 : -1;
        ExpectedBytes = -1;
        IsResponseComplete = HasFinalHead = false;
        BodyBytesReceived = BodySent = 0;
        Unconsumed = HeadBytes = SmallFrames = 0;
    }
}
