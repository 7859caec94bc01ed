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
    private readonly long? _length = isChunked ? null : LengthOf(content);

    public override long? Length => _length;

    public override bool IsReplayable { get; } = CanBeWrittenAgain(content);

    public override ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken)
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
}
