using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Net.Http.Json;
using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>
/// The content of a request message as a body. It is framed as the platform frames it: by its length if it knows one, unless chunks were
/// asked for. One difference: a small JSON content is measured first, since many servers refuse chunks (411).
/// </summary>
internal sealed class ContentBody(HttpContent content, bool isChunked) : PushedBody
{
    // Enough for nearly every JSON content that is sent, and no burden.
    private const int MostMeasured = 64 * 1024;

    private readonly long? _length = isChunked ? null : LengthOf(content);
    private byte[]? _measured;

    public override long? Length => _measured?.Length ?? _length;

    // Written out: an array that is null converts to memory that is empty, and null in a conditional does so too.
    internal override ReadOnlyMemory<byte>? InMemory =>
        _measured is { } measured ? new ReadOnlyMemory<byte>?(measured) : default(ReadOnlyMemory<byte>?);

    /// <summary>Writes a JSON content of unknown length into memory; one that is too large for that is sent in chunks.</summary>
    public async ValueTask Measure<TMode>(CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (isChunked || _length is not null || content is not JsonContent json || ComesOneByOne(json.ObjectType))
            return;
        using var first = new LimitedStream(MostMeasured);
        try
        {
            await WriteContent<TMode>(first, cancellationToken).ConfigureAwait(false);
            _measured = first.ToArray();
        }
        catch (Exception) when (first.IsFull)
        {
            // Longer than is gathered: it begins anew, in chunks.
        }
    }

    public override bool IsReplayable { get; } = CanBeWrittenAgain(content);

    public override ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken) =>
        WriteContent<TMode>(destination, cancellationToken);

    // Values that are awaited while they are sent would be waited for.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "What is trimmed away cannot be sent as such a sequence either.")]
    private static bool ComesOneByOne(Type type) => Array.Exists(
        [type, .. type.GetInterfaces()], static t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private ValueTask WriteContent<TMode>(Stream destination, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (!TMode.IsBlocking)
            return new ValueTask(content.CopyToAsync(destination, null, cancellationToken));
        content.CopyTo(destination, null, cancellationToken);
        return default;
    }

    // What the platform's own contents hold they can write again, a stream if it knows its length, for then it can seek.
    // A content of somebody else may be used up, and be sent again as nothing.
    private static bool CanBeWrittenAgain(HttpContent content) => content is ByteArrayContent or ReadOnlyMemoryContent or JsonContent
        || (IsOfPlatform(content) && LengthOf(content) is not null);

    private static bool IsOfPlatform(HttpContent content) => content
        is ByteArrayContent or ReadOnlyMemoryContent or JsonContent or StreamContent
        || (content is MultipartContent parts && parts.All(IsOfPlatform));

    // A content that is asked for its length writes the answer among its headers. It is not ours to change.
    private static long? LengthOf(HttpContent content)
    {
        bool isSaid = content.Headers.NonValidated.Contains("Content-Length");
        long? length = content.Headers.ContentLength;
        if (!isSaid)
            content.Headers.Remove("Content-Length");
        return length;
    }

    /// <summary>Memory that takes so many bytes and no more.</summary>
    private sealed class LimitedStream(int most) : MemoryStream
    {
        public bool IsFull { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            IsFull |= Length + count > most;
            if (IsFull)
                throw new IOException("This is more than is measured.");
            base.Write(buffer, offset, count);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            base.Write(buffer.Span);
            return default;
        }
    }
}
