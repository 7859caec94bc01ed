using Urllib4.Bodies;

namespace Urllib4;

/// <content>Bodies that are made while they are sent.</content>
public abstract partial class RequestBody
{
    /// <summary>A body of chunks that are made while it is sent; its length is not known, so it is framed in chunks.</summary>
    /// <param name="chunks">
    /// The chunks. Each is sent as one chunk of its own unless it is larger than the sender's buffer; empty ones are skipped.
    /// A chunk may be reused by the sequence once the next is asked for.
    /// </param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <param name="replayable">
    /// Whether enumerating again gives the chunks again. Default true, as it does for collections, for methods with <c>yield</c> and for
    /// LINQ; say false for a sequence that consumes its source, such as <c>BlockingCollection.GetConsumingEnumerable</c>, whose second
    /// enumeration would send an empty body.
    /// </param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="chunks"/> is null.</exception>
    public static RequestBody FromChunks(IEnumerable<ReadOnlyMemory<byte>> chunks, string? contentType = null, bool replayable = true)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var body = new CreatedBody(() => new ChunkStream(chunks), length: null, contentType);
        return replayable ? body : new OnceBody(body);
    }

    /// <summary>A body of chunks that are awaited while it is sent; its length is not known, so it is framed in chunks.</summary>
    /// <param name="chunks">
    /// The chunks, as for a plain sequence. The enumerator's token is cancelled when the sending is. A blocking call cannot send this body;
    /// it fails with <see cref="InvalidRequestException"/>.
    /// </param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <param name="replayable">
    /// Whether enumerating again gives the chunks again. Default false, because channels, pipes and responses, the usual sources, are
    /// consumed; say true for a method with <c>yield</c> that begins anew.
    /// </param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="chunks"/> is null.</exception>
    public static RequestBody FromChunks(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, string? contentType = null, bool replayable = false)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        var body = new CreatedBody(() => new AsyncChunkStream(chunks), length: null, contentType);
        return replayable ? body : new OnceBody(body);
    }

    private sealed class OnceBody(RequestBody inner) : VariedBody(inner)
    {
        private bool _opened;

        public override bool IsReplayable => false;

        internal override bool IsSpent => Volatile.Read(ref _opened);

        protected internal override Stream Open() => !Interlocked.Exchange(ref _opened, true)
            ? base.Open()
            : throw new UnrewindableBodyException("The body comes from a sequence that can be enumerated only once.");
    }
}
