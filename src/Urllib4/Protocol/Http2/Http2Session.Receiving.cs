using System.Buffers;
using Urllib4.Primitives;

namespace Urllib4.Protocol.Http2;

// Bytes on their way in: frames are cut out of them, and each goes to the method for its kind.
internal sealed partial class Http2Session
{
    private byte[] _partial = []; // the beginning of a frame whose end has not come
    private int _partialLength;
    private int _skip; // of a frame that is ignored
    private Http2Stream? _dataStream; // of the DATA frame that is coming in; null when its bytes are dropped
    private int _dataLeft;
    private int _paddingLeft;
    private bool _dataEnds;
    private byte[] _block = []; // a header block whose end has not come
    private int _blockLength;
    private int _blockStream; // 0 when there is none
    private bool _blockEnds;
    private int _continuations;

    /// <summary>
    /// How many of the next bytes of the wire are a body and nothing else, so that they may be received straight into the buffer of who
    /// waits for it, and reported with <see cref="TookDirect"/>. Valid when all input was taken.
    /// </summary>
    public int DirectBytes => _dataStream is null ? 0 : _dataLeft;

    /// <summary>Whose body that is.</summary>
    public Http2Stream? DirectStream => _dataStream;

    /// <summary>Takes bytes of the wire up to the next event. All of them are taken when it is <see cref="Http2EventKind.None"/>.</summary>
    /// <param name="input">What was received; afterwards what was not looked at yet. Nothing of it is needed again.</param>
    /// <param name="output">Gets the answers that are due.</param>
    /// <exception cref="Http2Exception">The connection has to be closed, when what was written has been sent.</exception>
    public Http2Event Receive(scoped ref ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (_isFailed)
            throw new InvalidOperationException("After an error of the connection nothing of it is read.");
        try
        {
            while (true)
            {
                if (_unprocessed.TryDequeue(out Http2Stream? stream))
                    return Unprocessed(stream, output);
                if (_dataLeft > 0 && _dataStream is not null)
                    return input.IsEmpty ? default : TakeData(ref input);
                SkipIgnored(ref input);
                if (input.IsEmpty || !TryReadFrame(ref input, out FrameHeader header, out ReadOnlySpan<byte> frame))
                    return default;
                Http2Event found = Take(header, frame, output);
                if (found.Kind is not Http2EventKind.None)
                    return found;
            }
        }
        catch (Http2Exception e) when (e.StreamId == 0)
        {
            Fail(e.ErrorCode, output);
            throw;
        }
    }

    /// <summary>Accounts for bytes of a body that were received without passing here, at most <see cref="DirectBytes"/>.</summary>
    /// <returns>Whether the response is complete with them.</returns>
    public bool TookDirect(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, DirectBytes);
        return count > 0 && CountData(_dataStream!, count);
    }

    private Http2Event TakeData(scoped ref ReadOnlySpan<byte> input)
    {
        Http2Stream stream = _dataStream!;
        ReadOnlySpan<byte> data = input[..Math.Min(_dataLeft, input.Length)];
        input = input[data.Length..];
        bool isEnd = CountData(stream, data.Length);
        return new Http2Event(stream, data, isEnd);
    }

    private bool CountData(Http2Stream stream, int count)
    {
        _dataLeft -= count;
        stream.BodyBytesReceived += count;
        stream.Unconsumed += count;
        if (_dataLeft > 0)
            return false;
        _dataStream = null;
        if (_dataEnds)
            EndResponse(stream);
        return _dataEnds;
    }

    private void SkipIgnored(scoped ref ReadOnlySpan<byte> input)
    {
        Skip(ref input, ref _dataLeft);
        Skip(ref input, ref _paddingLeft);
        Skip(ref input, ref _skip);
    }

    private static void Skip(scoped ref ReadOnlySpan<byte> input, ref int count)
    {
        int length = Math.Min(input.Length, count);
        input = input[length..];
        count -= length;
    }

    private bool TryReadFrame(scoped ref ReadOnlySpan<byte> input, out FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        if (_partialLength == 0 && input.Length >= FrameHeader.Size)
        {
            header = FrameHeader.Read(input);
            Check(header, input);
            int length = LengthAtOnce(header);
            if (input.Length >= length)
            {
                frame = input[..length];
                input = input[length..];
                return true;
            }
        }

        frame = default;
        header = default;
        if (!TryKeep(ref input, FrameHeader.Size))
            return false;
        header = FrameHeader.Read(_partial);
        Check(header, _partial);
        int needed = LengthAtOnce(header);
        if (!TryKeep(ref input, needed))
            return false;
        frame = _partial.AsSpan(0, needed);
        _partialLength = 0;
        return true;
    }

    private bool TryKeep(scoped ref ReadOnlySpan<byte> input, int length)
    {
        if (_partial.Length < length)
            Array.Resize(ref _partial, length <= KeptBytes ? KeptBytes : length);
        int count = Math.Clamp(length - _partialLength, 0, input.Length);
        input[..count].CopyTo(_partial.AsSpan(_partialLength));
        input = input[count..];
        _partialLength += count;
        return _partialLength >= length;
    }

    /// <summary>
    /// How much of a frame has to be there before it is looked at: bodies may come in pieces, what is ignored need not be kept.
    /// </summary>
    private static int LengthAtOnce(FrameHeader header) => header.Type switch
    {
        FrameType.Data when header.Length > 0 => DataFrame.HeadLength(header),
        FrameType.PushPromise => FrameHeader.Size,
        <= FrameType.Continuation or FrameType.Origin => FrameHeader.Size + header.Length,
        _ => FrameHeader.Size,
    };

    // What is wrong already with the beginning of a frame, so that nothing of the rest is kept.
    private void Check(FrameHeader header, ReadOnlySpan<byte> bytes)
    {
        bool isFirst = !_hasSettings;
        if (isFirst && bytes.StartsWith("HTTP/"u8))
            throw Http2Errors.Connection(
                Http2ErrorCode.ProtocolError, $"does not speak HTTP/2 but '{Escaping.Show(bytes[..8])}' (RFC 9113, section 3.4)");
        if (isFirst && (header.Type is not FrameType.Settings || header.Has(FrameHeader.Ack)))
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "did not begin with SETTINGS (RFC 9113, section 3.4)");
        if (header.Length > _options.MaxFrameSize)
            throw Http2Errors.Connection(
                Http2ErrorCode.FrameSizeError,
                $"sent a frame of {header.Length} bytes, past the {_options.MaxFrameSize} allowed (RFC 9113, section 4.2)");
        if (_blockStream != 0 && (header.Type is not FrameType.Continuation || header.StreamId != _blockStream))
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent another frame within a header block (RFC 9113, section 6.10)");
        if (_blockStream == 0 && header.Type is FrameType.Continuation)
            throw Http2Errors.Connection(Http2ErrorCode.ProtocolError, "sent CONTINUATION outside a header block (RFC 9113, section 6.10)");
    }

    private Http2Event Take(FrameHeader header, ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> payload = frame[FrameHeader.Size..];
        switch (header.Type)
        {
            case FrameType.Data:
                return TakeDataHead(header, frame, output);
            case FrameType.Headers:
                return TakeHeaders(header, HeadersFrame.Read(header, payload), output);
            case FrameType.Continuation:
                return TakeContinuation(header, payload, output);
            case FrameType.RstStream:
                return TakeReset(header, RstStreamFrame.Read(header, payload), output);
            case FrameType.Settings:
                return TakeSettings(header, payload, output);
            case FrameType.Ping:
                return TakePing(header, PingFrame.Read(header, payload), output);
            case FrameType.GoAway:
                return TakeGoAway(GoAwayFrame.Read(header, payload));
            case FrameType.WindowUpdate:
                return TakeWindowUpdate(header, WindowUpdateFrame.Read(header, payload), output);
            case FrameType.PushPromise:
                throw Http2Errors.Connection(
                    Http2ErrorCode.ProtocolError, "sent PUSH_PROMISE, which was turned off (RFC 9113, section 8.4)");
            case FrameType.PriorityUpdate:
                throw PriorityUpdateFrame.Refuse();
        }

        _guard.Charge();
        if (header.Type is FrameType.Origin)
            return OriginFrame.Read(header, payload) is { } origins ? new Http2Event(Http2EventKind.Origins, item: origins) : default;
        if (header.Type is FrameType.Priority)
            return TakePriority(header, output);
        _skip = header.Length; // RFC 9113, section 4.1: what nobody knows is ignored
        return default;
    }

    /// <summary>The stream of a frame; null when it is closed, and the server may not have known.</summary>
    private Http2Stream? Find(int id, StreamInput input)
    {
        if (_streams.TryGetValue(id, out Http2Stream? stream))
            return stream;
        // What we have not opened is idle; that includes all numbers of the server, which may open none.
        bool isIdle = (id & 1) == 0 || id >= _nextId || id < _options.FirstStreamId;
        StreamState next = StreamTransitions.Next(isIdle ? StreamState.Idle : StreamState.Closed, input);
        if (next is StreamTransitions.ConnectionFault)
            throw Http2Errors.Connection(
                Http2ErrorCode.ProtocolError, $"sent a frame on stream {id}, which is not open (RFC 9113, section 5.1)");
        if (next is StreamTransitions.ClosedFault && _resets?.MayHave(id) is not true)
            throw Http2Errors.Connection(Http2ErrorCode.StreamClosed, $"sent a frame on stream {id} after its end (RFC 9113, section 5.1)");
        return null;
    }

    /// <summary>A rule was broken on a stream, which ends with that; the connection goes on.</summary>
    private Http2Event Refuse(Http2Stream stream, Http2ErrorCode code, string rule, IBufferWriter<byte> output) =>
        Refuse(stream, code, Http2Errors.Stream(stream.Id, code, rule, stream.HasFinalHead ? HttpPhase.Body : HttpPhase.Head), output);

    private Http2Event Refuse(Http2Stream stream, Http2ErrorCode code, ProtocolException error, IBufferWriter<byte> output)
    {
        _guard.Charge(Http2Guard.StreamErrorCost);
        _guard.Answer();
        Reset(stream, code, output);
        return new Http2Event(stream.IsResponseComplete ? Http2EventKind.UploadStopped : Http2EventKind.Reset, stream, error);
    }

    private Http2Event Unprocessed(Http2Stream stream, IBufferWriter<byte> output)
    {
        Drop(stream, output);
        return new Http2Event(Http2EventKind.Reset, stream, Http2Errors.Unprocessed(stream.Id, _goAwayCode));
    }

    private void EndResponse(Http2Stream stream)
    {
        stream.State = StreamTransitions.Next(stream.State, StreamInput.ReceiveEnd);
        stream.IsResponseComplete = true;
        _guard.Credit(Http2Guard.PerExchange);
        if (stream.State is StreamState.Closed)
            Close(stream);
    }
}
