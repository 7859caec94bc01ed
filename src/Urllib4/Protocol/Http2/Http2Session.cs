using System.Buffers;
using Urllib4.Primitives;
using Urllib4.Protocol.Hpack;

namespace Urllib4.Protocol.Http2;

/// <summary>
/// The client's side of one HTTP/2 connection, without the connection: requests and bytes in, frames and events out (RFC 9113).
/// </summary>
/// <remarks>
/// <para>
/// What it has to send it appends to the writer that each call brings, in the order in which it has to reach the wire; only the bytes of
/// bodies go there on their own, each behind the head that <see cref="BeginData"/> writes. Many calls may share one writer and so one send.
/// </para>
/// <para>
/// A rule that the server broke on one stream is an event, and the others go on. One that it broke on the connection is thrown from
/// <see cref="Receive"/>, after the GOAWAY that says so was written: send what is there, and close. Behind it nothing is written any more.
/// </para>
/// <para>Not thread-safe: one lock around every call.</para>
/// </remarks>
internal sealed partial class Http2Session
{
    private const int KeptBytes = 1024;

    private static readonly byte[] _preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Http2SessionOptions _options;
    private readonly Dictionary<int, Http2Stream> _streams = [];
    private readonly Queue<Http2Stream> _unprocessed = new();
    private readonly FieldListWriter _writer;
    private readonly FieldListReader _reader;
    private readonly HpackDecoder _decoder = new();
    private readonly int _maxBlock;
    private ResetMemory? _resets;
    private Http2Guard _guard = new();
    private SendWindow _sendWindow = new(Http2Settings.DefaultWindow);
    private ReceiveWindow _receiveWindow = new(Http2Settings.DefaultWindow);
    private Http2Settings _peer = new();
    private long _nextId;
    private int _lastProcessed = int.MaxValue;
    private int _unacknowledged;
    private bool _hasSettings;
    private bool _isFailed;

    public Http2Session(Http2SessionOptions options)
    {
        _options = options;
        _nextId = options.FirstStreamId;
        _writer = new FieldListWriter(options.Scheme, options.Secrets);
        _reader = new FieldListReader(options.Limits);
        _maxBlock = (int)Math.Min((long)Http2Guard.ExcessiveHeaders * options.Limits.MaxHeaderBytes, int.MaxValue / 2);
    }

    /// <summary>What the server has said about itself.</summary>
    public Http2Settings Peer => _peer;

    /// <summary>Whether the server has said anything about itself.</summary>
    public bool HasSettings => _hasSettings;

    /// <summary>Whether the server has not taken up our settings yet.</summary>
    public bool AwaitsSettingsAck => _unacknowledged > 0;

    /// <summary>The streams that are not closed; they change with every call.</summary>
    public Dictionary<int, Http2Stream>.ValueCollection Streams => _streams.Values;

    /// <summary>How many streams are not closed.</summary>
    public int ActiveStreams => _streams.Count;

    /// <summary>
    /// How many streams may be opened now: what the server allows, less those that are not closed. It may change to 0 at any time.
    /// </summary>
    public int FreeStreams => IsClosing ? 0
        : Math.Max(MaxStreams - _streams.Count, 0);

    /// <summary>How many streams may be open at once: what the server has said, or what is expected of it.</summary>
    public int MaxStreams => (int)Math.Min(
        _peer.MaxConcurrentStreams ?? (uint)(_hasSettings ? Http2Settings.StreamsBeforeSettings : _options.ExpectedStreams), int.MaxValue);

    /// <summary>Whether no stream can ever be opened any more: after a GOAWAY, an error, or the last number.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Bytes of bodies that may be sent now on all streams together; less than 1 for none.</summary>
    public int SendRoom => _sendWindow.Available;

    /// <summary>Bytes of bodies that the server may still send on all streams together.</summary>
    public int ReceiveRoom => _receiveWindow.Available;

    /// <summary>Writes what a connection begins with: the preface, our settings, and the room for bodies.</summary>
    public void Start(IBufferWriter<byte> output)
    {
        output.Write(_preface);
        SettingsFrame.Write(
            [
                (SettingId.EnablePush, 0),
                (SettingId.InitialWindowSize, (uint)_options.StreamWindow),
                (SettingId.MaxFrameSize, (uint)_options.MaxFrameSize),
                (SettingId.MaxHeaderListSize, (uint)_options.Limits.MaxHeaderBytes),
                (SettingId.NoRfc7540Priorities, 1),
            ],
            output);
        _unacknowledged++;
        GrowWindow(_options.ConnectionWindow, output);
    }

    /// <summary>Everything that was written so far has gone to the network.</summary>
    public void Flushed() => _guard.AnswersSent();

    /// <summary>
    /// Some seconds have passed since the last call: what a server may ask for nothing is counted anew. Call it about every ten seconds,
    /// or when bytes come after a longer silence.
    /// </summary>
    public void BeginPeriod() => _guard.BeginPeriod();

    /// <summary>Gives back memory that the next frames will ask for again. For a connection that falls idle.</summary>
    public void Trim()
    {
        if (_partialLength == 0)
            _partial = [];
        if (_blockStream == 0)
            _block = [];
        if (_streams.Count == 0)
            _streams.TrimExcess();
        _unprocessed.TrimExcess();
    }

    /// <summary>Says that the connection ends, for the reason given. The server may end it too as soon as it has read this.</summary>
    public void GoAway(Http2ErrorCode code, IBufferWriter<byte> output)
    {
        IsClosing = true;
        GoAwayFrame.Write(code, output);
    }

    /// <summary>Asks the server to send these eight bytes back.</summary>
    public void Ping(ulong opaque, IBufferWriter<byte> output)
    {
        if (!_isFailed)
            PingFrame.Write(opaque, isAck: false, output);
    }

    /// <summary>Says how urgent a stream has become.</summary>
    public void ChangePriority(Http2Stream stream, HttpPriority priority, IBufferWriter<byte> output)
    {
        if (!_isFailed && stream.State is not (StreamState.Idle or StreamState.Closed))
            PriorityUpdateFrame.Write(stream.Id, priority, output);
    }

    /// <summary>Ends a stream at once, and drops what of it was not consumed. One that is closed already stays so.</summary>
    public void Reset(Http2Stream stream, Http2ErrorCode code, IBufferWriter<byte> output)
    {
        Drop(stream, output);
        if (stream.State is StreamState.Idle or StreamState.Closed)
            return;
        (_resets ??= new ResetMemory()).Add(stream.Id);
        Close(stream);
        if (!_isFailed)
            RstStreamFrame.Write(stream.Id, code, output);
    }

    /// <summary>The owner has done with bytes of the body that events gave him, so that the server may send others.</summary>
    /// <param name="stream">The stream; may be closed.</param>
    /// <param name="count">How many bytes. More than are left are not counted: what was dropped with a stream was counted then.</param>
    /// <param name="output">Gets the WINDOW_UPDATEs that are due.</param>
    public void Consume(Http2Stream stream, int count, IBufferWriter<byte> output)
    {
        count = Math.Min(count, stream.Unconsumed);
        stream.Unconsumed -= count;
        if (stream.Unconsumed == 0)
            stream.SmallFrames = 0;
        Free(stream, count, output);
    }

    /// <summary>Lets the server send more of all bodies together before somebody reads. Windows never shrink.</summary>
    public void GrowWindow(int size, IBufferWriter<byte> output) => Announce(0, _receiveWindow.GrowTo(size), output);

    /// <summary>Lets the server send more of one body before somebody reads.</summary>
    public void GrowWindow(Http2Stream stream, int size, IBufferWriter<byte> output)
    {
        if (MayReceive(stream))
            Announce(stream.Id, stream.ReceiveWindow.GrowTo(size), output);
    }

    private static bool MayReceive(Http2Stream stream) => stream.State is StreamState.Open or StreamState.HalfClosedLocal;

    private void Announce(int streamId, int increment, IBufferWriter<byte> output)
    {
        if (increment > 0 && !_isFailed)
            WindowUpdateFrame.Write(streamId, increment, output);
    }

    private void Free(Http2Stream stream, int count, IBufferWriter<byte> output)
    {
        FreeConnection(count, output);
        if (!MayReceive(stream) || !stream.ReceiveWindow.Frees(count))
            return;
        // The end of a body of known length fits in what the server has already. The next frame may be padded, which takes room as well.
        bool hasRoom = stream.ExpectedBytes >= 0
            && stream.ExpectedBytes - stream.BodyBytesReceived <= stream.ReceiveWindow.Available - DataFrame.MostPadding;
        if (!hasRoom)
            Announce(stream.Id, stream.ReceiveWindow.GiveBack(), output);
    }

    private void FreeConnection(int count, IBufferWriter<byte> output)
    {
        if (_receiveWindow.Frees(count))
            Announce(0, _receiveWindow.GiveBack(), output);
    }

    // Bytes that nobody will read any more count as read: the window is everybody's.
    private void Drop(Http2Stream stream, IBufferWriter<byte> output)
    {
        int count = stream.Unconsumed;
        if (ReferenceEquals(stream, _dataStream))
        {
            count += _dataLeft;
            _dataStream = null;
        }

        stream.Unconsumed = 0;
        FreeConnection(count, output);
    }

    private void Close(Http2Stream stream)
    {
        stream.State = StreamState.Closed;
        stream.AwaitsContinue = false;
        _streams.Remove(stream.Id);
    }

    private void Fail(Http2ErrorCode code, IBufferWriter<byte> output)
    {
        _isFailed = true;
        GoAway(code, output);
    }
}
