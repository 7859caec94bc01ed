using Urllib4.Bodies;

namespace Urllib4.Tests.Bodies;

public sealed class MultipartBoundaryTests
{
    [Fact]
    public void A_chosen_boundary_has_128_bits_in_hexadecimal_digits_and_never_comes_again_MP_01()
    {
        var seen = new HashSet<string>();
        for (int i = 0; i < 1_000; i++)
        {
            string boundary = MultipartBoundary.Choose();
            Assert.Matches("^[0-9a-f]{32}$", boundary);
            Assert.True(seen.Add(boundary));
        }
    }

    [Fact]
    public async Task A_body_keeps_its_boundary_and_the_next_body_has_another()
    {
        var body = RequestBody.Multipart([new("a", "b")]);
        string boundary = body.ContentType!["multipart/form-data; boundary=".Length..];
        for (int attempt = 0; attempt < 2; attempt++)
            Assert.StartsWith($"--{boundary}\r\n", await body.Text(), StringComparison.Ordinal);
        Assert.NotEqual(body.ContentType, RequestBody.Multipart([new("a", "b")]).ContentType);
    }

    [Theory]
    [InlineData("b", "b")]
    [InlineData("----WebKitFormBoundary7MA4YWxk", "----WebKitFormBoundary7MA4YWxk")]
    [InlineData("a'b+c_d.e-f", "a'b+c_d.e-f")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("gc0pJq0M:08jU534c0p", "\"gc0pJq0M:08jU534c0p\"")]
    [InlineData("(),/=?", "\"(),/=?\"")]
    public void A_boundary_is_quoted_only_when_it_must_be(string boundary, string shown) =>
        Assert.Equal($"multipart/form-data; boundary={shown}", RequestBody.Multipart([], boundary).ContentType);

    [Theory]
    [InlineData("")]
    [InlineData("a ")]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\"b")]
    [InlineData("a;b")]
    [InlineData("a\0")]
    [InlineData("\u00FC")]
    [InlineData("a\u010A")]
    [InlineData("a*b")]
    public void A_boundary_against_the_grammar_is_refused(string boundary) =>
        Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([], boundary));

    [Fact]
    public void A_boundary_has_at_most_70_characters()
    {
        Assert.NotNull(RequestBody.Multipart([], new string('b', 70)).ContentType);
        Assert.Throws<InvalidRequestException>(() => RequestBody.Multipart([], new string('b', 71)));
    }
}
