using System.Net.Http.Json;
using Urllib4.Adapters;

namespace Urllib4.Tests.Adapters;

public sealed class ContentBodyTests
{
    private static readonly Dictionary<string, (Func<HttpContent> Content, bool IsReplayable, long? Length)> _contents = new()
    {
        ["bytes"] = (static () => new ByteArrayContent(new byte[3]), true, 3),
        ["memory"] = (static () => new ReadOnlyMemoryContent(new byte[3]), true, 3),
        ["text"] = (static () => new StringContent("abc"), true, 3),
        ["JSON"] = (static () => JsonContent.Create(1), true, null),
        ["a stream that seeks"] = (static () => new StreamContent(new MemoryStream(new byte[3])), true, 3),
        ["a stream that comes once"] = (static () => new StreamContent(new Once()), false, null),
        ["a form of what can be written again"] = (static () => new MultipartContent("mixed", "b") { new StringContent("abc") }, true, 68),
        ["a form with a stream that comes once"] = (
            static () => new MultipartContent("mixed", "b") { new StreamContent(new Once()) }, false, null),
    };

    public static TheoryData<string> Contents => [.. _contents.Keys];

    [Theory, MemberData(nameof(Contents))]
    public void A_content_is_sent_again_only_if_it_can_be_written_again(string name)
    {
        (Func<HttpContent> make, bool isReplayable, long? length) = _contents[name];
        using HttpContent content = make();
        var body = new ContentBody(content, isChunked: false);
        Assert.Equal(isReplayable, body.IsReplayable);
        Assert.Equal(length.HasValue, body.Length.HasValue);
        if (name != "a form of what can be written again")
            Assert.Equal(length, body.Length);
    }

    [Fact]
    public void A_content_that_goes_out_in_chunks_has_no_length()
    {
        using var content = new StringContent("abc");
        Assert.Null(new ContentBody(content, isChunked: true).Length);
    }

    [Fact]
    public void The_headers_of_a_content_are_left_as_they_were()
    {
        using var content = new StringContent("abc");
        _ = new ContentBody(content, isChunked: false).Length;
        Assert.False(content.Headers.NonValidated.Contains("Content-Length"));
    }

    private sealed class Once : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
