namespace Urllib4;

/// <summary>
/// A request body as a recipe: every attempt opens a fresh stream of the same bytes, so that sending again is opening again.
/// </summary>
/// <remarks>
/// Immutable unless a factory says otherwise, so a body can be part of several requests at once. Derive from it for bodies of your own;
/// <see cref="Create"/> is enough for most.
/// </remarks>
public abstract partial class RequestBody
{
    /// <summary>The length in bytes, or null when it is known only at the end; the body is then sent in chunks.</summary>
    /// <remarks>It is asked anew for every attempt, which fails with <see cref="BodyLengthException"/> if the body differs.</remarks>
    public virtual long? Length => null;

    /// <summary>The media type to send when the request's headers name none, or null for none.</summary>
    public virtual string? ContentType => null;

    /// <summary>
    /// The value of <c>Content-Encoding</c> that tells how the bytes are compressed, or null when they are not;
    /// see <see cref="Compressed"/>.
    /// </summary>
    public virtual string? ContentEncoding => null;

    /// <summary>
    /// Whether the body can be opened more than once; when it cannot, a needed second attempt fails with
    /// <see cref="UnrewindableBodyException"/>.
    /// </summary>
    public virtual bool IsReplayable => true;

    /// <summary>Whether it was opened and cannot be opened again, so that a request with it is refused before it goes anywhere.</summary>
    internal virtual bool IsSpent => false;

    /// <summary>The bytes, when they lie in memory as a whole: a small body then leaves together with the head.</summary>
    internal virtual ReadOnlyMemory<byte>? InMemory => null;

    /// <summary>Opens the body at its beginning. The stream is disposed, once, by whoever opened it.</summary>
    /// <returns>A stream that is read once, forwards.</returns>
    /// <exception cref="UnrewindableBodyException">The body was opened before and cannot be opened again.</exception>
    protected internal abstract Stream Open();

    /// <summary>
    /// Opens the body at its beginning and gives the bytes that a request would send, for whoever wants to see, store or sign them.
    /// </summary>
    /// <returns>A stream that is read once, forwards, and has to be disposed.</returns>
    /// <remarks>It counts as an opening: a body that is not <see cref="IsReplayable"/> cannot be sent afterwards.</remarks>
    /// <exception cref="UnrewindableBodyException">The body was opened before and cannot be opened again.</exception>
    public Stream OpenRead() => Open();

    /// <summary>The names of trailers that the head announces in a <c>Trailer</c> field; null for none.</summary>
    internal virtual string? AnnouncedTrailers => null;

    /// <summary>The trailers to send after the body; asked for between its stream's last byte and the stream's disposal.</summary>
    /// <returns>The trailers, or null for none. A body with a <see cref="Length"/> has none; see <see cref="WithTrailers"/>.</returns>
    protected internal virtual HttpHeaderDict? GetTrailers() => null;
}
