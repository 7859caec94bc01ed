using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>
/// The way to one exchange for whoever began it. It knows the number of its exchange and checks it on every call, because the object behind
/// it serves one request after another: an old handle neither reads nor ends the exchange of somebody else.
/// </summary>
/// <remarks>The default value is the handle of no exchange: nothing was sent, and to finish it does nothing.</remarks>
internal readonly struct ExchangeHandle(Exchange exchange, int use)
{
    private readonly Exchange? _exchange = exchange;

    /// <summary>Whether there is no exchange.</summary>
    public bool IsNone => _exchange is null;

    /// <summary>
    /// How far it got: what decides whether sending the request again is safe. Still told when it is over. A connection that serves
    /// somebody else by now was given back, so the response to this request had come.
    /// </summary>
    public SendProgress Progress => IsNone ? SendProgress.NothingWritten : IsKnown ? _exchange!.Progress : SendProgress.HeadStarted;

    /// <summary>Bytes of the request body handed to the network, without framing. Still told when the exchange is over.</summary>
    public long BodyBytesSent => !IsNone && IsKnown ? _exchange!.BodyBytesSent : 0;

    /// <summary>
    /// Whether the request body was opened, so that one that can be read only once is spent. Still told when the exchange is over.
    /// </summary>
    public bool HasOpenedBody => !IsNone && (!IsKnown || _exchange!.HasOpenedBody);

    /// <summary>The figures of the connection it runs on: as they stand now, or as they stood at the end.</summary>
    public ConnectionFigures Stamp => _exchange!.Stamp;

    /// <summary>The connection it runs on, with the same figures.</summary>
    public HttpConnectionInfo Connection => Stamp.ToInfo();

    /// <summary>Whether the response has been received to its end.</summary>
    public bool IsComplete => Current.IsComplete;

    /// <summary>
    /// Whether the server has switched to another protocol: there is no body, and the connection is to be taken over or closed.
    /// </summary>
    public bool IsSwitched => Current.IsSwitched;

    /// <summary>Whether its connection carries others at the same time (HTTP/2). Still told when it is over.</summary>
    public bool IsStream => _exchange is { IsStream: true };

    /// <summary>Bytes of the body received so far, without framing; 0 when the exchange is over.</summary>
    public long BodyBytesReceived => IsCurrent ? _exchange!.BodyBytesReceived : 0;

    /// <summary>The fields after the body, once it has ended; null when there were none.</summary>
    public HttpHeaderDict? Trailers => Current.Trailers;

    /// <summary>
    /// How long the rest of the body is, when all of it lies in memory already, so that nobody has to wait for it; null when it does not,
    /// and when only <see cref="ReadBody"/> can tell.
    /// </summary>
    public int? RestAtHand => Current.RestAtHand;

    private bool IsCurrent => _exchange is { } known && known.Use == use;

    // Under way, or the last one that was.
    private bool IsKnown => _exchange!.Use - use is 0 or 1;

    private Exchange Current => IsCurrent ? _exchange! : throw new ObjectDisposedException(
        null, "The exchange is over, and its connection may serve another request.");

    /// <summary>Sends the request. A write that fails is remembered, not thrown: the server may have answered early.</summary>
    /// <exception cref="HttpException">A limit ran out, or the request cannot be sent as it is.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask Send<TMode>(RequestHead head, RequestBody? body)
        where TMode : struct, IWaitMode => Current.Send(TMode.IsBlocking, head, body);

    /// <summary>Reads the final response head.</summary>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<ResponseHead> ReadHead<TMode>()
        where TMode : struct, IWaitMode => Current.ReadHead(TMode.IsBlocking);

    /// <summary>
    /// Reads some of the body as framed, without its framing; 0 at its end. Without room for a byte it waits until there is something to
    /// read or the end, and holds no memory meanwhile.
    /// </summary>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<int> ReadBody<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode => Current.ReadBody(TMode.IsBlocking, destination);

    /// <summary>
    /// Reads the whole body, as framed; the way for a caller who gets nothing before all of it is there.
    /// </summary>
    /// <param name="announced">The length the server announced, if it did.</param>
    /// <param name="most">The most bytes of it, no more than an array can hold.</param>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    public ValueTask<byte[]> ReadWhole<TMode>(long? announced, int most)
        where TMode : struct, IWaitMode =>
        IsComplete ? new([]) : WholeBody.Read<TMode, Parts>(new Parts(this), announced, most);

    /// <summary>Takes the rest of the body, which has to be at hand, and with it the response is complete.</summary>
    /// <param name="destination">Room for <see cref="RestAtHand"/> bytes.</param>
    public void TakeRest(Span<byte> destination) => Current.TakeRest(destination);

    /// <summary>Moves the end of the call: what is left of the response has to come by then.</summary>
    public void EndBy(Deadline total) => Current.EndBy(total);

    /// <summary>The caller has got the response: the token of the call means nothing to the body any more.</summary>
    public void ReleaseCaller() => Current.ReleaseCaller();

    /// <summary>
    /// Sets the token that ends the following reads: the caller of a streamed body brings one for each read. Undone by disposing.
    /// </summary>
    public CancellationTokenRegistration StopOn(CancellationToken cancellationToken) => Current.StopOn(cancellationToken);

    /// <summary>
    /// Cuts the exchange off, so that whoever waits for the response fails at once. Safe from any thread; nothing when it is over.
    /// </summary>
    public void Abort()
    {
        if (IsCurrent)
            _exchange!.Abort();
    }

    /// <summary>Whether reading at most so much more of the body may bring the connection to where it can be used again.</summary>
    public bool IsWorthDraining(int most) => Current.IsWorthDraining(most);

    /// <summary>The raw connection, after a switch of protocols. Ends the exchange when it is disposed.</summary>
    public Stream TakeOver() => Current.TakeOver();

    /// <summary>
    /// Ends the exchange, and gives the connection back if it is good for another or closes it. Safe from any thread; nothing when it is
    /// over.
    /// </summary>
    public void Finish() => _exchange?.Finish(use);

    /// <summary>The body, part by part, for whoever ends the exchange himself.</summary>
    public readonly struct Parts(ExchangeHandle exchange) : IBodyParts
    {
        public bool IsAtEnd => exchange.IsComplete;

        public ValueTask<int> Read<TMode>(Memory<byte> destination)
            where TMode : struct, IWaitMode => exchange.ReadBody<TMode>(destination);

        // Whoever gets the error ends the exchange, which was cut short and so ends the connection.
        public void Fail(HttpException error)
        {
        }
    }
}
