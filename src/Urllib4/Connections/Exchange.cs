using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>What holds for one exchange: its limits, its deadline, and the caller's wish to stop.</summary>
internal readonly record struct ExchangeTerms(HttpTimeout Timeout, Deadline Total, CancellationToken CancellationToken)
{
    /// <summary>What the head of the response is to be written into; null for a new one.</summary>
    public ResponseHead? Head { get; init; }

    /// <summary>Told of each 1xx response.</summary>
    public Action<InformationalResponse>? OnInformational { get; init; }

    /// <summary>Told of each part of the request body that was sent.</summary>
    public IProgress<TransferProgress>? UploadProgress { get; init; }
}

/// <summary>One request and its response on a borrowed connection: send, then the head, then the body.</summary>
internal abstract class Exchange
{
    /// <summary>How far it got: what decides whether sending the request again is safe.</summary>
    public abstract SendProgress Progress { get; }

    /// <summary>Bytes of the request body handed to the network, without framing.</summary>
    public abstract long BodyBytesSent { get; }

    /// <summary>Whether the request body was opened, so that one that can be read only once is spent.</summary>
    public abstract bool HasOpenedBody { get; }

    /// <summary>The figures of the connection it runs on, as they stand now.</summary>
    public abstract ConnectionFigures Stamp { get; }

    /// <summary>The connection it runs on, as it stands now.</summary>
    public HttpConnectionInfo Connection => Stamp.ToInfo();

    /// <summary>Whether the response has been received to its end.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>
    /// Whether the server has switched to another protocol: there is no body, and the connection is to be taken over or closed.
    /// </summary>
    public abstract bool IsSwitched { get; }

    /// <summary>Bytes of the body received so far, without framing.</summary>
    public abstract long BodyBytesReceived { get; }

    /// <summary>The fields after the body, once it has ended; null when there were none.</summary>
    public abstract HttpHeaderDict? Trailers { get; }

    /// <summary>Whether the connection was given back, or closed.</summary>
    public abstract bool IsFinished { get; }

    /// <summary>Sends the request. A write that fails is remembered, not thrown: the server may have answered early.</summary>
    /// <exception cref="HttpException">A limit ran out, or the request cannot be sent as it is.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask Send<TMode>(RequestHead head, RequestBody? body)
        where TMode : struct, IWaitMode => Send(TMode.IsBlocking, head, body);

    /// <summary>Reads the final response head.</summary>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<ResponseHead> ReadHead<TMode>()
        where TMode : struct, IWaitMode => ReadHead(TMode.IsBlocking);

    /// <summary>Reads some of the body as framed, without its framing; 0 at its end.</summary>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<int> ReadBody<TMode>(Memory<byte> destination)
        where TMode : struct, IWaitMode => ReadBody(TMode.IsBlocking, destination);

    /// <summary>
    /// Reads the whole body, as framed; the way for a caller who gets nothing before all of it is there.
    /// </summary>
    /// <param name="announced">The length the server announced, if it did.</param>
    /// <param name="most">The most bytes of it; null for no limit.</param>
    /// <exception cref="HttpException">A limit ran out, a rule was broken, or the connection ended.</exception>
    public ValueTask<byte[]> ReadWhole<TMode>(long? announced, long? most)
        where TMode : struct, IWaitMode =>
        IsComplete ? new([]) : WholeBody.Read<TMode, Parts>(new Parts(this), announced, most);

    /// <summary>
    /// How long the rest of the body is, when all of it lies in memory already, so that nobody has to wait for it; null when it does not,
    /// and when only <see cref="ReadBody"/> can tell.
    /// </summary>
    public abstract int? RestAtHand { get; }

    /// <summary>Takes the rest of the body, which has to be at hand, and with it the response is complete.</summary>
    /// <param name="destination">Room for <see cref="RestAtHand"/> bytes.</param>
    public abstract void TakeRest(Span<byte> destination);

    /// <summary>Moves the end of the call: what is left of the response has to come by then.</summary>
    public abstract void EndBy(Deadline total);

    /// <summary>The caller has got the response: the token of the call means nothing to the body any more.</summary>
    public abstract void ReleaseCaller();

    /// <summary>
    /// Sets the token that ends the following reads: the caller of a streamed body brings one for each read. Undone by disposing.
    /// </summary>
    public abstract CancellationTokenRegistration StopOn(CancellationToken cancellationToken);

    /// <summary>
    /// Cuts the connection, so that whoever waits for the response fails at once. Safe from any thread while the exchange lasts.
    /// </summary>
    public abstract void Abort();

    /// <summary>Whether reading at most so much more of the body may bring the connection to where it can be used again.</summary>
    public abstract bool IsWorthDraining(int most);

    /// <summary>The raw connection, after a switch of protocols. Ends the exchange when it is disposed.</summary>
    public abstract Stream TakeOver();

    /// <summary>Ends the exchange, and gives the connection back if it is good for another or closes it.</summary>
    public abstract void Finish();

    // What every request calls takes the mode as a value: a generic method that is virtual is looked up at each call, and the compiler
    // ahead of time does not follow it.
    private protected abstract ValueTask Send(bool isBlocking, RequestHead head, RequestBody? body);

    private protected abstract ValueTask<ResponseHead> ReadHead(bool isBlocking);

    private protected abstract ValueTask<int> ReadBody(bool isBlocking, Memory<byte> destination);

    /// <summary>The body, part by part, for whoever ends the exchange himself.</summary>
    public readonly struct Parts(Exchange exchange) : IBodyParts
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
