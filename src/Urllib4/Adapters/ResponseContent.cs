using System.Buffers;
using System.Net;
using System.Net.Http;
using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>The body of a response as a content: read once, from the connection, both ways of waiting.</summary>
internal sealed class ResponseContent(UrllibResponse response, HttpResponseMessage message) : HttpContent
{
    private const int CopyLength = 64 * 1024;

    private bool _isTaken;

    public UrllibResponse Response => response;

    /// <summary>Reads some of the body; at its end the trailers are put where they belong.</summary>
    public async ValueTask<int> Read<TMode>(Memory<byte> buffer, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        try
        {
            int count = await response.ReadSome<TMode>(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0 && !buffer.IsEmpty)
                TakeTrailers();
            return count;
        }
        catch (Exception e) when (FailureMapping.OfBody(e, cancellationToken) is var mapped && mapped != e)
        {
            throw mapped;
        }
    }

    /// <summary>Reads some of the body straight into the memory of a blocking caller.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int count = response.Read(buffer);
            if (count == 0 && !buffer.IsEmpty)
                TakeTrailers();
            return count;
        }
        catch (Exception e) when (FailureMapping.OfBody(e, CancellationToken.None) is var mapped && mapped != e)
        {
            throw mapped;
        }
    }

    /// <summary>
    /// Gives the connection up without making the caller wait: who disposes a response wants to be rid of it. A rest of the body that is
    /// there already is read away, so that the connection can be used again.
    /// </summary>
    public void GiveUp()
    {
        // Never fails, and ends soon by itself.
        _ = response.DisposeAsync().AsTask();
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Blocking.Result(Copy<Blocking>(stream, cancellationToken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Copy<Asynchronous>(stream, CancellationToken.None).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Copy<Asynchronous>(stream, cancellationToken).AsTask();

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Take();

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Take());

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => Task.FromResult(Take());

    /// <summary>Only the <c>Content-Length</c> of the server says how long it is.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            GiveUp();
        base.Dispose(disposing);
    }

    private async ValueTask Copy<TMode>(Stream destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        MarkTaken();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyLength);
        try
        {
            while (await Read<TMode>(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
                await TMode.Write(destination, buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // After a switch of protocols the content is the connection itself, to be read and written.
    private Stream Take()
    {
        MarkTaken();
        return response.Status == (int)HttpStatusCode.SwitchingProtocols ? response.TakeOver() : new BodyStream(this);
    }

    private void MarkTaken()
    {
        if (Interlocked.Exchange(ref _isTaken, true))
            throw new InvalidOperationException("The content was read already, and comes only once.");
    }

    private void TakeTrailers()
    {
        if (response.Trailers is not { } trailers || message.TrailingHeaders.NonValidated.Count > 0)
            return;
        foreach ((string name, string value) in trailers)
            message.TrailingHeaders.TryAddWithoutValidation(name, value);
    }

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
