using System.Net;
using System.Net.Http;
using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>The body of a response as a content: read once, both ways of waiting.</summary>
internal abstract class ResponseContent : HttpContent
{
    private bool _isTaken;

    /// <summary>The story of the call; null when nobody asked for it.</summary>
    public abstract ExchangeReport? Report { get; }

    /// <summary>The connection that carried it.</summary>
    public abstract HttpConnectionInfo Connection { get; }

    /// <summary>Reads some of the body; 0 at its end.</summary>
    public abstract ValueTask<int> Read<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode;

    /// <summary>Reads some of the body straight into the memory of a blocking caller; 0 at its end.</summary>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Gives up what it holds without making the caller wait: who disposes a response wants to be rid of it.</summary>
    public abstract void GiveUp();

    /// <summary>Copies what is left of the body.</summary>
    protected abstract ValueTask Copy<TMode>(Stream destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode;

    /// <summary>What is left of the body as a stream.</summary>
    protected virtual Stream Open() => new BodyStream(this);

    protected sealed override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!TryMark())
            throw TakenBefore();
        Blocking.Result(Copy<Blocking>(stream, cancellationToken));
    }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) => TryMark()
            ? Copy<Asynchronous>(stream, cancellationToken).AsTask()
            : Task.FromException(TakenBefore());

    protected sealed override Stream CreateContentReadStream(CancellationToken cancellationToken) => Take();

    protected sealed override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Take());

    protected sealed override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult(Take());

    /// <summary>Only the <c>Content-Length</c> of the server says how long it is.</summary>
    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected sealed override void Dispose(bool disposing)
    {
        if (disposing)
            GiveUp();
        base.Dispose(disposing);
    }

    private static InvalidOperationException TakenBefore() => new("The content was read already, and comes only once.");

    private Stream Take() => TryMark() ? Open() : throw TakenBefore();

    private bool TryMark() => !Interlocked.Exchange(ref _isTaken, true);

    /// <summary>The body as a stream; disposing it gives the response up.</summary>
    private sealed class BodyStream(ResponseContent content) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            ThrowIfReleased();
            return content.Read(buffer);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ThrowIfReleased();
            return content.Read<Asynchronous>(buffer, cancellationToken);
        }

        protected override ValueTask Release<TMode>()
        {
            content.GiveUp();
            return default;
        }
    }
}
