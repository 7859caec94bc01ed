using System.Buffers;

namespace Urllib4.Protocol.Http2;

// Requests on their way out.
internal sealed partial class Http2Session
{
    /// <summary>Opens a stream with the head of a request; without a body, that is all of it.</summary>
    /// <param name="stream">A new one, or one that is closed.</param>
    /// <param name="head">The head, as HTTP/1.1 would have it.</param>
    /// <param name="output">Gets HEADERS, and CONTINUATION if one frame is not enough. Nothing, when this throws.</param>
    /// <exception cref="InvalidRequestException">It cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">There is no free stream, or this one is in use.</exception>
    public void Open(Http2Stream stream, in RequestHead head, IBufferWriter<byte> output)
    {
        if (FreeStreams == 0)
            throw new InvalidOperationException("The server allows no more streams at this moment.");
        if (stream.State is not (StreamState.Idle or StreamState.Closed))
            throw new InvalidOperationException($"Stream {stream.Id} is in use.");
        if (head.Protocol is not null && !_peer.EnablesConnectProtocol)
            throw new InvalidRequestException("The server takes no protocols in CONNECT (RFC 8441, section 3).");
        RequestTerms terms = RequestRules.Check(head, isHttp2: true);
        bool isEnd = !terms.IsConnect && head.Framing is { Kind: BodyKind.None } or { Kind: BodyKind.Length, Length: 0 };
        int id = (int)_nextId;
        _writer.WriteHead(head, terms, id, isEnd, _peer, output);
        _nextId += 2;
        IsClosing |= _nextId > int.MaxValue;
        stream.Start(id, terms, head.Framing, _peer.InitialWindowSize, _options.StreamWindow);
        Apply(stream, StreamInput.SendHeaders);
        if (isEnd)
            Apply(stream, StreamInput.SendEnd);
        _streams.Add(id, stream);
        _guard.Credit(Http2Guard.PerExchange);
    }

    /// <summary>
    /// Writes what stands before the next part of a body, which then goes to the wire as it is. A part is as long as the windows and the
    /// frames of the server allow, so ask again for the rest, at once or after <see cref="Http2EventKind.WindowOpened"/>.
    /// </summary>
    /// <param name="stream">An open stream whose request is not complete.</param>
    /// <param name="length">How much of the body is at hand.</param>
    /// <param name="isLast">Whether that is all of it.</param>
    /// <param name="output">Gets the head of a DATA frame, or nothing.</param>
    /// <returns>How many bytes follow the head; 0 when there is no room, or no byte and no end to send.</returns>
    /// <exception cref="BodyLengthException">The body has not the announced length. Nothing was written; reset the stream.</exception>
    public int BeginData(Http2Stream stream, int length, bool isLast, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Apply(stream, StreamInput.SendData);
        if (stream.BodyLeft >= 0 && (length > stream.BodyLeft || (isLast && length < stream.BodyLeft)))
            throw new BodyLengthException(stream.BodySent + stream.BodyLeft, stream.BodySent + length);
        int part = Math.Min(Math.Min(length, _peer.MaxFrameSize), Math.Min(_sendWindow.Available, stream.SendWindow.Available));
        if (length > 0 ? part <= 0 : !isLast)
            return 0;
        // An empty frame with the end needs no room, and there may be less than none.
        part = Math.Max(part, 0);
        bool ends = isLast && part == length;
        DataFrame.WriteHead(stream.Id, part, ends, output);
        _sendWindow.Take(part);
        stream.SendWindow.Take(part);
        stream.BodySent += part;
        stream.BodyLeft -= stream.BodyLeft >= 0 ? part : 0;
        stream.AwaitsContinue = false;
        _guard.Credit(Http2Guard.PerDataFrame);
        if (ends)
            EndRequest(stream);
        return part;
    }

    /// <summary>Ends a request with trailers.</summary>
    /// <exception cref="BodyLengthException">The body is shorter than was announced. Nothing was written; reset the stream.</exception>
    /// <exception cref="InvalidRequestException">A trailer cannot be sent; nothing was written.</exception>
    public void SendTrailers(Http2Stream stream, HttpHeaderDict trailers, IBufferWriter<byte> output)
    {
        Apply(stream, StreamInput.SendHeaders);
        if (stream.BodyLeft > 0)
            throw new BodyLengthException(stream.BodySent + stream.BodyLeft, stream.BodySent);
        _writer.WriteTrailers(trailers, stream.Id, _peer, output);
        EndRequest(stream);
    }

    private void EndRequest(Http2Stream stream)
    {
        Apply(stream, StreamInput.SendEnd);
        stream.AwaitsContinue = false;
        if (stream.State is StreamState.Closed)
            Close(stream);
    }

    private static void Apply(Http2Stream stream, StreamInput input)
    {
        StreamState next = StreamTransitions.Next(stream.State, input);
        if (next is StreamTransitions.Misuse)
            throw new InvalidOperationException($"Stream {stream.Id} is {stream.State}, so there can be no {input}.");
        stream.State = next;
    }
}
