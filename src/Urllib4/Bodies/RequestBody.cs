using System.Text;

namespace Urllib4;

/// <summary>
/// A request body as a recipe: every attempt opens a fresh stream of the same bytes, so that sending again is opening again.
/// </summary>
/// <remarks>Immutable unless a factory says otherwise, so a body can be part of several requests at once.</remarks>
public abstract class RequestBody
{
    /// <summary>The length in bytes, or null when it is known only at the end; the body is then sent in chunks.</summary>
    public virtual long? Length => null;

    /// <summary>The media type to send when the request's headers name none, or null for none.</summary>
    public virtual string? ContentType => null;

    /// <summary>The content coding the body is already in, or null for none.</summary>
    public virtual string? ContentEncoding => null;

    /// <summary>Whether the body can be opened more than once; when it cannot, a needed second attempt fails with <see cref="UnrewindableBodyException"/>.</summary>
    public virtual bool IsReplayable => true;

    /// <summary>A body of bytes that are not copied; they must not change while a request is under way.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="contentType">The media type, or null for none.</param>
    /// <returns>The body.</returns>
    public static RequestBody FromBytes(ReadOnlyMemory<byte> bytes, string? contentType = null) => new BytesBody(bytes, contentType);

    /// <summary>A body of text, as UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="contentType">The media type. Default <c>text/plain; charset=utf-8</c>; null for none.</param>
    /// <returns>The body.</returns>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which UTF-8 cannot write.</exception>
    public static RequestBody FromString(string text, string? contentType = "text/plain; charset=utf-8") =>
        new BytesBody(StrictUtf8.GetBytes(text), contentType);

    /// <summary>A body of text, as <see cref="FromString"/>.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator RequestBody(string text) => FromString(text);

    /// <summary>A body of bytes, as <see cref="FromBytes"/>.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator RequestBody(byte[] bytes) => FromBytes(bytes);

    /// <summary>Opens the body at its beginning. The stream is disposed by whoever opened it.</summary>
    /// <returns>A stream that is read once, forwards.</returns>
    protected internal abstract Stream Open();

    /// <summary>What follows the last chunk, asked for when the body has been read to its end; null for nothing.</summary>
    internal virtual HttpHeaderDict? Trailers => null;

    /// <summary>The bytes, when they lie in memory as a whole: a small body then leaves together with the head.</summary>
    internal virtual ReadOnlyMemory<byte>? InMemory => null;

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private sealed class BytesBody(ReadOnlyMemory<byte> bytes, string? contentType) : RequestBody
    {
        public override long? Length => bytes.Length;

        public override string? ContentType => contentType;

        internal override ReadOnlyMemory<byte>? InMemory => bytes;

        protected internal override Stream Open() => new MemoryStream(bytes.ToArray(), writable: false);
    }
}
