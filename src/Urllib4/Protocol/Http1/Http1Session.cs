using System.Buffers;

namespace Urllib4.Protocol.Http1;

/// <summary>
/// The client's side of one HTTP/1.1 connection, without the connection: heads and body parts in, bytes out; bytes in, heads and body
/// parts out (RFC 9112). One exchange at a time, and as many after one another as both sides agree to.
/// </summary>
/// <remarks>
/// What comes in always begins at the first byte that no call has consumed, so the receive buffer has to hold a whole head
/// (<see cref="HttpLimits.MaxHeaderBytes"/>), chunk-size line or trailer section.
/// A peer's mistake is a <see cref="ProtocolException"/>, and nothing is read as HTTP after it; the caller's mistakes in a request are
/// <see cref="InvalidRequestException"/>s; calls out of order are <see cref="InvalidOperationException"/>s.
/// Not thread-safe, with one exception: one thread may send while another receives.
/// </remarks>
internal sealed class Http1Session(HttpLimits limits, ResponseLeniency leniency = ResponseLeniency.None)
{
    private readonly Http1HeadParser _heads = new(limits, leniency);
    private readonly LengthReader _length = new();
    private ChunkedReader? _chunked; // many connections never see a chunk
    private UntilCloseReader? _untilClose;
    private Http1State _state;
    private OutgoingBody _outgoing;
    private RequestTerms _terms;
    private BodyReader? _body;

    /// <summary>Whether everything that was announced of the request has been handed out.</summary>
    public bool IsRequestComplete => _state.Request is RequestState.Complete;

    /// <summary>Whether the final response has ended, by its own framing.</summary>
    public bool IsResponseComplete => _state.Response is ResponseState.Complete;

    /// <summary>
    /// Whether another request may follow: both sides complete, both willing, and not a byte too many received. An answer that came
    /// before the request was complete leaves a choice: complete it, or close (RFC 9112, section 9.5).
    /// </summary>
    public bool CanReuse => _state.CanReuse;

    /// <summary>Whether the request said <c>Expect: 100-continue</c>, and since then came no 100, no answer and no body.</summary>
    public bool AwaitsContinue { get; private set; }

    /// <summary>Bytes of the response body received, without framing.</summary>
    public long BodyBytesReceived => _body?.Received ?? 0;

    /// <summary>
    /// How many of the next bytes of the wire are body bytes and nothing else, so that they may be received straight into the caller's
    /// buffer and reported with <see cref="TookDirect"/>; 0 when framing comes next, <see cref="long.MaxValue"/> up to the end of the wire.
    /// </summary>
    public long DirectBytes => _state.Response is ResponseState.Body ? _body!.DirectBytes : 0;

    /// <summary>The trailers of a complete chunked response; null when there were none. Never merged into the headers.</summary>
    public HttpHeaderDict? Trailers => IsResponseComplete && _body is ChunkedReader chunked ? chunked.Trailers : null;

    /// <summary>Writes the request head; Host and framing header too if the caller gave none. Without a body, that is all.</summary>
    /// <exception cref="InvalidRequestException">It cannot be sent; nothing was written, and another head may be tried.</exception>
    public void SendHead(in RequestHead head, IBufferWriter<byte> output)
    {
        bool hasBody = head.Framing.Kind is BodyKind.Chunked || head.Framing.Length > 0;
        RequestEvent sent = hasBody ? RequestEvent.HeadWithBody : RequestEvent.HeadAlone;
        _state.Require(sent);
        _terms = head.Terms ?? RequestRules.Check(head);
        Http1RequestWriter.Write(head, _terms, output);
        _outgoing.Start(head.Framing);
        AwaitsContinue = _terms.ExpectsContinue;
        if (_terms.Closes)
            _state.ForbidReuse();
        _state.Apply(sent);
    }

    /// <summary>Writes what stands before the next part of the body, which then goes to the wire as it is.</summary>
    /// <exception cref="BodyLengthException">The part is longer than the rest of the announced length; none of it may be sent.</exception>
    public void BeginData(int length, IBufferWriter<byte> output)
    {
        _state.Apply(RequestEvent.Data);
        AwaitsContinue = false;
        try
        {
            _outgoing.BeginData(length, output);
        }
        catch (BodyLengthException)
        {
            _state.Apply(RequestEvent.Fail);
            throw;
        }
    }

    /// <summary>Writes what stands behind a part of the body.</summary>
    public void EndData(IBufferWriter<byte> output)
    {
        _state.Apply(RequestEvent.Data);
        _outgoing.EndData(output);
    }

    /// <summary>Writes the end of a request with a body. One without is complete with its head.</summary>
    /// <exception cref="BodyLengthException">The body was shorter than announced.</exception>
    /// <exception cref="InvalidRequestException">A trailer cannot be sent; nothing was written.</exception>
    public void EndRequest(HttpHeaderDict? trailers, IBufferWriter<byte> output)
    {
        _state.Require(RequestEvent.End);
        try
        {
            _outgoing.End(trailers, output);
        }
        catch (BodyLengthException)
        {
            _state.Apply(RequestEvent.Fail);
            throw;
        }

        _state.Apply(RequestEvent.End);
    }

    /// <summary>Reads the next head of the response. Informational ones may come any number of times before the final one.</summary>
    public HeadResult ReceiveHead(
        ReadOnlySpan<byte> input, out int consumed, out ResponseHead? head, ResponseHead? target = null)
    {
        _state.Require(ResponseEvent.Informational);
        try
        {
            head = _heads.Parse(input, out consumed, target);
            return head is null ? HeadResult.NeedMore : Accept(head, input.Length > consumed);
        }
        catch (ProtocolException)
        {
            _state.Apply(ResponseEvent.Fail);
            throw;
        }
    }

    /// <summary>
    /// Reads the body: fills the destination across chunk borders, and reports <see cref="BodyResult.End"/> as soon as the end has been
    /// received, again and again when asked.
    /// </summary>
    public BodyResult ReceiveBody(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = 0;
        if (IsResponseComplete)
            return BodyResult.End;
        _state.Apply(ResponseEvent.Data);
        try
        {
            BodyResult result = _body!.Read(input, destination, out consumed, out written);
            if (result is BodyResult.End)
                Complete(ResponseEvent.End, input.Length > consumed);
            return result;
        }
        catch (ProtocolException)
        {
            _state.Apply(ResponseEvent.Fail);
            throw;
        }
    }

    /// <summary>Accounts for body bytes that were received without passing here, at most <see cref="DirectBytes"/>.</summary>
    public void TookDirect(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, DirectBytes);
        if (count > 0 && _body!.TookDirect(count))
            Complete(ResponseEvent.End, excess: false);
    }

    /// <summary>The wire ended, and everything it brought has been offered. Returns if nothing is missing from the response.</summary>
    /// <param name="clean">Whether the peer closed in order: FIN, and under TLS a close_notify before it.</param>
    /// <param name="cause">What the platform said, if anything; becomes the inner exception.</param>
    /// <exception cref="ConnectionClosedException">Nothing of a response had come.</exception>
    /// <exception cref="IncompleteReadException">A body was cut short.</exception>
    /// <exception cref="ProtocolException">A head was cut short, or the final head is missing.</exception>
    public void ReceiveEof(bool clean, Exception? cause = null)
    {
        _state.ForbidReuse();
        try
        {
            if (_state.Response is ResponseState.Head)
                throw MissingHead(cause);
            if (_state.Response is not ResponseState.Body)
                return;
            _body!.ReceiveEof(clean, cause);
            _state.Apply(ResponseEvent.End);
        }
        catch (ProtocolException)
        {
            _state.Apply(ResponseEvent.Fail);
            throw;
        }
    }

    /// <summary>Makes ready for another request.</summary>
    /// <exception cref="InvalidOperationException">The connection cannot be reused.</exception>
    public void StartNext()
    {
        _state.StartNext();
        _heads.StartNext();
        _body = null;
    }

    private HeadResult Accept(ResponseHead head, bool excess)
    {
        if (head.Status == 101)
            return Upgrade(head);
        if (head.Status == 100 || !head.IsInformational)
            AwaitsContinue = false;
        if (head.IsInformational)
        {
            _state.Apply(ResponseEvent.Informational);
            return HeadResult.Informational;
        }

        // RFC 9110, section 9.3.6: whatever framing the head claims, what follows belongs to the tunnel.
        if (_terms.IsConnect && head.Status < 300)
        {
            _state.Apply(ResponseEvent.Switch);
            return HeadResult.Switching;
        }

        BodyFraming framing = BodyFraming.OfResponse(head, _terms.IsHead);
        // A 204 has no body (RFC 9110, section 6.4.1). One that announces one may send it all the same, and it answers nothing we asked.
        bool maySendMore = head.Status == 204 && (head.IsChunked || head.ContentLength > 0);
        if (!head.KeepAlive || maySendMore)
            _state.ForbidReuse();
        _body = ReaderFor(framing);
        if (_body is null)
            Complete(ResponseEvent.HeadAlone, excess);
        else
            _state.Apply(ResponseEvent.HeadWithBody);
        return HeadResult.Final;
    }

    private HeadResult Upgrade(ResponseHead head)
    {
        if (!IsRequestComplete || !_terms.Covers(head.Headers))
            throw new ProtocolException(
                "The server switched to a protocol that the request had not offered (RFC 9110, section 7.8).", HttpPhase.Head);
        _state.Apply(ResponseEvent.Switch);
        return HeadResult.Switching;
    }

    private BodyReader? ReaderFor(BodyFraming framing)
    {
        switch (framing.Kind)
        {
            case BodyKind.Length:
                _length.Start(framing.Length);
                return _length;
            case BodyKind.Chunked:
                _chunked ??= new ChunkedReader(limits);
                _chunked.Start(_heads.Received);
                return _chunked;
            case BodyKind.UntilClose:
                _untilClose ??= new UntilCloseReader();
                _untilClose.Start();
                return _untilClose;
            default:
                return null;
        }
    }

    // Bytes behind the end answer nothing we asked; as the next response they would answer the wrong request (RFC 9112, section 6.3).
    private void Complete(ResponseEvent how, bool excess)
    {
        if (excess)
            _state.ForbidReuse();
        _state.Apply(how);
    }

    private ProtocolException MissingHead(Exception? cause)
    {
        if (_heads.HasBegun)
            return new ProtocolException("The connection ended before the response head was complete.", HttpPhase.Head, cause)
            {
                Initiator = Initiator.Network,
                IsTransient = true,
            };
        HttpPhase phase = IsRequestComplete ? HttpPhase.Head : HttpPhase.Send;
        string what = cause is null or EndOfStreamException ? "The server closed the connection" : "The connection broke";
        return new ConnectionClosedException($"{what} before the first byte of a response.", phase, cause);
    }
}
