namespace Urllib4.Tests.Bodies;

/// <summary>What a name, a file name, a type or a header of a part may not do to the body around it (IN-08, IN-10, MP-02).</summary>
public sealed class MultipartInjectionTests
{
    [Theory]
    [InlineData("näme", "näme")]
    [InlineData("a\"b", "a%22b")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("a\rb", "a%0Db")]
    [InlineData("a\r\nX-Evil: 1\r\n\r\nbody", "a%0D%0AX-Evil: 1%0D%0A%0D%0Abody")]
    [InlineData("a\"; filename=\"evil.exe", "a%22; filename=%22evil.exe")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("a\\\"b", "a\\%22b")]
    [InlineData("100%", "100%")]
    [InlineData("%0D%0A", "%0D%0A")]
    [InlineData("\u010D\u010A\u0100", "\u010D\u010A\u0100")]
    [InlineData("\u2028", "\u2028")]
    [InlineData("😀", "😀")]
    public async Task Names_and_file_names_are_escaped_as_browsers_do(string text, string escaped)
    {
        var field = new RequestField(text, "v") { FileName = text, ContentType = "" };
        Assert.Equal($"--B\r\nContent-Disposition: form-data; name=\"{escaped}\"; filename=\"{escaped}\"\r\n\r\nv\r\n--B--\r\n",
            await RequestBody.Multipart([field], "B").Text());
    }

    [Theory]
    [InlineData("ab\0", 2)]
    [InlineData("\tab", 0)]
    [InlineData("a\u000Bb", 1)]
    [InlineData("a\u001Fb", 1)]
    [InlineData("a\u007Fb", 1)]
    [InlineData("a\u0085b", 1)]
    public void Control_characters_are_refused_with_their_place(string text, int index) => AssertRefused(text, index);

    [Fact] // an attribute cannot hold half of a pair
    public void Halves_of_surrogate_pairs_are_refused_with_their_place()
    {
        AssertRefused("a\uD800b", 1);
        AssertRefused("ab\uDBFF", 2);
        AssertRefused("\uDC00\uD800", 0);
        AssertRefused("😀\uDC00", 2);
    }

    [Theory]
    [InlineData("a/b\r\nX-Evil: 1")]
    [InlineData("a/b\n")]
    [InlineData("a/b\0")]
    [InlineData("a/b\u010A")]
    public void A_type_that_would_end_its_line_is_refused(string contentType)
    {
        Assert.Throws<InvalidHeaderException>(() => RequestBody.Multipart([new("k", "v") { ContentType = contentType }]));
        var data = RequestBody.FromString("v", contentType);
        Assert.Throws<InvalidHeaderException>(() => RequestBody.Multipart([new("k", data)]));
    }

    [Fact]
    public void Part_headers_cannot_end_their_line() =>
        Assert.Throws<InvalidHeaderException>(() => new RequestField("k", "v") { Headers = new() { { "X-A", "b\r\nX-Evil: 1" } } });

    [Fact]
    public void The_disposition_cannot_be_given_beside_the_name()
    {
        var field = new RequestField("k", "v") { Headers = new() { { "content-disposition", "form-data; name=\"other\"" } } };
        Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([field]));
    }

    [Fact]
    public void A_part_needs_a_name() =>
        Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([RequestField.File("x", "data")]));

    [Fact]
    public void A_part_cannot_be_compressed_but_the_whole_can()
    {
        var field = new RequestField("k", RequestBody.FromString("v").Compressed(BodyCoding.Gzip));
        Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([field]));
        Assert.Equal("gzip", RequestBody.Multipart([new("k", "v")]).Compressed(BodyCoding.Gzip).ContentEncoding);
    }

    private static void AssertRefused(string text, int index)
    {
        var name = Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([new(text, "v")]));
        Assert.Contains($"(at index {index})", name.Message, StringComparison.Ordinal);
        var fileName = Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([new("the field", "v") { FileName = text }]));
        Assert.Contains("'the field'", fileName.Message, StringComparison.Ordinal);
        Assert.Contains($"(at index {index})", fileName.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text, name.Message + fileName.Message, StringComparison.Ordinal);
    }
}
