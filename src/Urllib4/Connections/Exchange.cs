using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;

namespace Urllib4.Connections;

/// <summary>What holds for one exchange: its limits, its deadline, and the caller's wish to stop.</summary>
internal readonly record struct ExchangeTerms(HttpTimeout Timeout, Deadline Total, CancellationToken CancellationToken)
{
    /// <summary>What the head of the response is to be written into; null for a new one.</summary>
    public ResponseHead? Head { get; init; }

    /// <summary>
    /// Whether the wait that was begun on the wire holds for the whole exchange, so that no phase begins one of its own: while a way is
    /// being opened, the limit is on that.
    /// </summary>
    public bool KeepsWait { get; init; }

    /// <summary>Told of each 1xx response.</summary>
    public Action<InformationalResponse>? OnInformational { get; init; }

    /// <summary>Told of each part of the request body that was sent.</summary>
    public IProgress<TransferProgress>? UploadProgress { get; init; }
}

/// <summary>
/// One request and its response on a borrowed connection: send, then the head, then the body. A connection may use one object for many
/// exchanges, so nobody holds it but by an <see cref="ExchangeHandle"/>, which knows which of them it means.
/// </summary>
internal abstract class Exchange
{
    private int _use; // odd while an exchange is under way

    /// <summary>The number of the exchange that is under way, or of the last one plus one.</summary>
    public int Use => Volatile.Read(ref _use);

    /// <summary>How far it got: what decides whether sending the request again is safe.</summary>
    public abstract SendProgress Progress { get; }

    /// <inheritdoc cref="ExchangeHandle.BodyBytesSent"/>
    public abstract long BodyBytesSent { get; }

    /// <inheritdoc cref="ExchangeHandle.HasOpenedBody"/>
    public abstract bool HasOpenedBody { get; }

    /// <inheritdoc cref="ExchangeHandle.Stamp"/>
    public abstract ConnectionFigures Stamp { get; }

    /// <inheritdoc cref="ExchangeHandle.IsComplete"/>
    public abstract bool IsComplete { get; }

    /// <inheritdoc cref="ExchangeHandle.IsSwitched"/>
    public abstract bool IsSwitched { get; }

    /// <inheritdoc cref="ExchangeHandle.IsStream"/>
    public virtual bool IsStream => false;

    /// <inheritdoc cref="ExchangeHandle.BodyBytesReceived"/>
    public abstract long BodyBytesReceived { get; }

    /// <inheritdoc cref="ExchangeHandle.Trailers"/>
    public abstract HttpHeaderDict? Trailers { get; }

    /// <inheritdoc cref="ExchangeHandle.RestAtHand"/>
    public abstract int? RestAtHand { get; }

    // What every request calls takes the mode as a value: a generic method that is virtual is looked up at each call, and the compiler
    // ahead of time does not follow it.

    /// <inheritdoc cref="ExchangeHandle.Send"/>
    public abstract ValueTask Send(bool isBlocking, RequestHead head, RequestBody? body);

    /// <inheritdoc cref="ExchangeHandle.ReadHead"/>
    public abstract ValueTask<ResponseHead> ReadHead(bool isBlocking);

    /// <inheritdoc cref="ExchangeHandle.ReadBody"/>
    public abstract ValueTask<int> ReadBody(bool isBlocking, Memory<byte> destination);

    /// <inheritdoc cref="ExchangeHandle.TakeRest"/>
    public abstract void TakeRest(Span<byte> destination);

    /// <inheritdoc cref="ExchangeHandle.EndBy"/>
    public abstract void EndBy(Deadline total);

    /// <inheritdoc cref="ExchangeHandle.ReleaseCaller"/>
    public abstract void ReleaseCaller();

    /// <inheritdoc cref="ExchangeHandle.StopOn"/>
    public abstract CancellationTokenRegistration StopOn(CancellationToken cancellationToken);

    /// <inheritdoc cref="ExchangeHandle.Abort"/>
    public abstract void Abort();

    /// <inheritdoc cref="ExchangeHandle.IsWorthDraining"/>
    public abstract bool IsWorthDraining(int most);

    /// <inheritdoc cref="ExchangeHandle.TakeOver"/>
    public abstract Stream TakeOver();

    /// <summary>Ends the exchange of that number if it is the one under way.</summary>
    public void Finish(int use)
    {
        if (use == Use && Interlocked.CompareExchange(ref _use, use + 1, use) == use)
            End();
    }

    /// <summary>Gives the next exchange its number.</summary>
    protected int NextUse() => Interlocked.Increment(ref _use);

    /// <summary>Ends the exchange, and gives the connection back if it is good for another or closes it. Called once for each.</summary>
    protected abstract void End();
}
