using System.Net.Http;
using System.Net.Http.Json;
using Urllib4.Bodies;
using Urllib4.Waiting;

namespace Urllib4.Adapters;

/// <summary>
/// The content of a request message as a body. It is framed as the platform frames it: by its length if it knows one, unless chunks were
/// asked for.
/// </summary>
internal sealed class ContentBody(HttpContent content, bool isChunked) : PushedBody
{
    // Asked once: the content remembers what it computed, and could not tell the next time whether it had been told so instead.
    private readonly long? _length = isChunked ? null : content.Headers.ContentLength;

    public override long? Length => _length;

    public override bool IsReplayable { get; } = CanBeWrittenAgain(content);

    public override ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken)
    {
        if (!TMode.IsBlocking)
            return new ValueTask(content.CopyToAsync(destination, null, cancellationToken));
        content.CopyTo(destination, null, cancellationToken);
        return default;
    }

    // What the platform's own contents hold they can write again, a stream if it knows its length, for then it can seek. Parts are not
    // asked: they would remember the answer and write it. A content of somebody else may be used up, and be sent again as nothing.
    private static bool CanBeWrittenAgain(HttpContent content) => content is ByteArrayContent or ReadOnlyMemoryContent or JsonContent
        || (IsOfPlatform(content) && content.Headers.ContentLength is not null);

    private static bool IsOfPlatform(HttpContent content) => content
        is ByteArrayContent or ReadOnlyMemoryContent or JsonContent or StreamContent
        || (content is MultipartContent parts && parts.All(IsOfPlatform));
}
