using System.Buffers;
using System.Net;

namespace Urllib4.Protocol.Http2;

// Frames that carry responses: heads, bodies, trailers.
internal sealed partial class Http2Session
{
    private Http2Event TakeHeaders(FrameHeader header, ReadOnlySpan<byte> part, IBufferWriter<byte> output)
    {
        if (header.Has(FrameHeader.EndHeaders))
            return TakeBlock(header.StreamId, header.Has(FrameHeader.EndStream), part, output);
        Find(header.StreamId, StreamInput.ReceiveHeaders); // nothing is kept for a stream that cannot be
        _blockStream = header.StreamId;
        _blockEnds = header.Has(FrameHeader.EndStream);
        _continuations = _blockLength = 0;
        Append(part);
        return default;
    }

    private Http2Event TakeContinuation(FrameHeader header, ReadOnlySpan<byte> part, IBufferWriter<byte> output)
    {
        if (++_continuations > Http2Guard.MaxContinuations(_maxBlock))
            throw Http2Guard.TooMuch($"sent more than {_continuations - 1} CONTINUATION frames for one header block");
        Append(part);
        if (!header.Has(FrameHeader.EndHeaders))
            return default;
        _blockStream = 0;
        Http2Event found = TakeBlock(header.StreamId, _blockEnds, _block.AsSpan(0, _blockLength), output);
        if (_block.Length > FrameHeader.DefaultMaxLength)
            _block = [];
        return found;
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        int length = _blockLength + part.Length;
        if (length > _maxBlock)
            throw Http2Guard.TooMuch($"sent a header block of more than {_maxBlock} bytes");
        if (_block.Length < length)
            Array.Resize(ref _block, Math.Max(2 * _block.Length, length));
        part.CopyTo(_block.AsSpan(_blockLength));
        _blockLength = length;
    }

    // Decoded whatever became of the stream, or the tables of the two sides would part (RFC 9113, section 4.3).
    private Http2Event TakeBlock(int id, bool isEnd, ReadOnlySpan<byte> block, IBufferWriter<byte> output)
    {
        Http2Stream? stream = Find(id, StreamInput.ReceiveHeaders);
        bool isTrailers = stream?.HasFinalHead is true;
        _reader.Read(_decoder, block, isTrailers, stream?.HeadBytes ?? 0);
        if (_reader.Size > _maxBlock)
            throw Http2Guard.TooMuch($"sent header fields of {_reader.Size} bytes, {Http2Guard.ExcessiveHeaders} times the limit");
        if (stream is null)
        {
            _guard.Charge();
            if (isEnd)
                _resets!.Remove(id);
            return default;
        }

        if (StreamTransitions.Next(stream.State, StreamInput.ReceiveHeaders) is StreamTransitions.ClosedFault)
            return Refuse(
                stream, Http2ErrorCode.StreamClosed, "sent HEADERS after the end of the response (RFC 9113, section 5.1)", output);
        if (_reader.LimitName is not null)
            return Refuse(stream, Http2ErrorCode.EnhanceYourCalm, TooLarge(_reader.LimitName, isTrailers), output);
        if (_reader.Fault is not null)
            return Refuse(stream, Http2ErrorCode.ProtocolError, _reader.Fault, output);
        return isTrailers ? TakeTrailers(stream, isEnd, output)
            : _reader.Status < 200 ? TakeInformational(stream, isEnd, output)
            : TakeHead(stream, isEnd, output);
    }

    private LimitExceededException TooLarge(string limitName, bool isTrailers)
    {
        HttpPhase phase = isTrailers ? HttpPhase.Body : HttpPhase.Head;
        return limitName switch
        {
            nameof(HttpLimits.MaxHeaderLines) => new(limitName, _options.Limits.MaxHeaderLines, "The number of header lines", phase),
            nameof(HttpLimits.MaxTrailerBytes) => new(limitName, _options.Limits.MaxTrailerBytes, "The bytes of the trailers", phase),
            _ => new(limitName, _options.Limits.MaxHeaderBytes, "The response head", phase),
        };
    }

    private Http2Event TakeInformational(Http2Stream stream, bool isEnd, IBufferWriter<byte> output)
    {
        if (isEnd)
            return Refuse(stream, Http2ErrorCode.ProtocolError, "ended a stream with a 1xx response (RFC 9113, section 8.1)", output);
        // Not their number but their bytes are bounded, together with those of the head.
        stream.HeadBytes += (int)_reader.Size;
        stream.AwaitsContinue &= _reader.Status != 100;
        return new Http2Event(Http2EventKind.Informational, stream, new ResponseHead(Terms(), [], _reader.Lines));
    }

    private Http2Event TakeHead(Http2Stream stream, bool isEnd, IBufferWriter<byte> output)
    {
        int status = _reader.Status;
        bool isTunnel = stream.IsConnect && status < 300; // Content-Length means nothing there (RFC 9110, section 9.3.6)
        bool hasNoBody = stream.IsHead || status is 204 or 304;
        stream.ExpectedBytes = isTunnel ? -1 : hasNoBody ? 0 : _reader.ContentLength ?? -1;
        if (isEnd && stream.ExpectedBytes > 0)
            return Refuse(stream, Http2ErrorCode.ProtocolError, WrongLength(stream, 0), output);
        stream.HasFinalHead = true;
        stream.AwaitsContinue = false;
        ResponseHead head;
        if (stream.Target is { } target)
        {
            head = target;
            head.Fill(Terms(), [], _reader.Lines);
        }
        else
        {
            head = new ResponseHead(Terms(), [], _reader.Lines);
        }

        if (isEnd)
            EndResponse(stream);
        return new Http2Event(Http2EventKind.Head, stream, head, isEnd);
    }

    private ResponseTerms Terms() => new(HttpVersion.Version20, _reader.Status, _reader.ContentLength, IsChunked: false, KeepAlive: true);

    private Http2Event TakeTrailers(Http2Stream stream, bool isEnd, IBufferWriter<byte> output)
    {
        if (!isEnd)
            return Refuse(
                stream, Http2ErrorCode.ProtocolError, "sent a second head that does not end the stream (RFC 9113, section 8.1)", output);
        if (stream.ExpectedBytes >= 0 && stream.ExpectedBytes != stream.BodyBytesReceived)
            return Refuse(stream, Http2ErrorCode.ProtocolError, WrongLength(stream, stream.BodyBytesReceived), output);
        HttpHeaderDict? trailers = _reader.Lines.IsEmpty ? null : HttpHeaderDict.FromWire(_reader.Lines.ToArray());
        EndResponse(stream);
        return new Http2Event(Http2EventKind.Trailers, stream, trailers, isEnd: true);
    }

    private Http2Event TakeDataHead(FrameHeader header, ReadOnlySpan<byte> head, IBufferWriter<byte> output)
    {
        bool isEnd = header.Has(FrameHeader.EndStream);
        if (header.Length == 0 && header.Has(FrameHeader.Padded))
            throw Http2Errors.Connection(
                Http2ErrorCode.FrameSizeError, "sent padded DATA without its length of padding (RFC 9113, section 6.1)");
        (int body, int padding) = DataFrame.Read(header, head);
        Http2Stream? stream = Find(header.StreamId, StreamInput.ReceiveData);
        // The window of the connection counts every byte of every frame, whatever becomes of it (RFC 9113, section 6.9.1).
        if (!_receiveWindow.TryTake(header.Length))
            throw Http2Errors.Connection(
                Http2ErrorCode.FlowControlError, "sent more than the window of the connection allows (RFC 9113, section 6.9)");
        _dataLeft = body;
        _paddingLeft = padding;
        _dataEnds = isEnd;
        Count(stream, body, isEnd);
        if (stream is null)
        {
            if (isEnd)
                _resets!.Remove(header.StreamId);
            FreeConnection(header.Length, output);
            return default;
        }

        if (Fault(stream, header.Length, body, isEnd, out Http2ErrorCode code) is { } fault)
        {
            FreeConnection(header.Length, output);
            return Refuse(stream, code, fault, output);
        }

        if (header.Length > body)
            Free(stream, header.Length - body, output);
        if (body > 0)
            _dataStream = stream;
        else if (isEnd)
            EndResponse(stream);
        return body == 0 && isEnd ? new Http2Event(stream, [], isEnd) : default;
    }

    // A frame with hardly a byte in it costs more to take than to send: those nobody waits for are paid for, the others are kept in bounds.
    private void Count(Http2Stream? stream, int body, bool isEnd)
    {
        if (body >= Http2Guard.SmallFrame)
            _guard.Credit(Http2Guard.PerDataFrame);
        else if (stream is null || (body == 0 && !isEnd))
            _guard.Charge();
        else if (++stream.SmallFrames > Http2Guard.MaxSmallFrames)
            throw Http2Guard.TooMuch($"sent more than {Http2Guard.MaxSmallFrames:N0} small DATA frames that nobody has read");
    }

    private static string? Fault(Http2Stream stream, int length, int body, bool isEnd, out Http2ErrorCode code)
    {
        code = Http2ErrorCode.StreamClosed;
        if (StreamTransitions.Next(stream.State, StreamInput.ReceiveData) is StreamTransitions.ClosedFault)
            return "sent DATA after the end of the response (RFC 9113, section 5.1)";
        code = Http2ErrorCode.FlowControlError;
        if (!stream.ReceiveWindow.TryTake(length))
            return "sent more than the window of the stream allows (RFC 9113, section 6.9)";
        code = Http2ErrorCode.ProtocolError;
        if (!stream.HasFinalHead)
            return "sent DATA before a response head (RFC 9113, section 8.1)";
        long received = stream.BodyBytesReceived + body;
        if (stream.ExpectedBytes >= 0 && (received > stream.ExpectedBytes || (isEnd && received < stream.ExpectedBytes)))
            return WrongLength(stream, received);
        return null;
    }

    private static string WrongLength(Http2Stream stream, long received) => stream.ExpectedBytes == 0
        ? $"sent {received} bytes of a body that cannot have any (RFC 9113, section 8.1.1)"
        : $"sent a body of {received} bytes, but announced {stream.ExpectedBytes} (RFC 9113, section 8.1.1)";
}
