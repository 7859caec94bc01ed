using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

/// <summary>The request target of a pool for one host; whole URLs are tested through <see cref="Url"/>.</summary>
public sealed class UrlParserTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/path?x y", "/path?x%20y")]
    [InlineData("/echo_uri/seg0/../seg2", "/echo_uri/seg0/../seg2")]
    [InlineData("//host:8080/path", "//host:8080/path")]
    [InlineData("/x#fragment", "/x")]
    [InlineData("/x?#", "/x?")]
    [InlineData("/??", "/??")]
    [InlineData("/?%3f", "/?%3F")]
    [InlineData("/[]?[]", "/%5B%5D?%5B%5D")]
    [InlineData("/%zz?%2f", "/%25zz?%2F")]
    [InlineData("/é\u2028\u010d\u010a?ß", "/%C3%A9%E2%80%A8%C4%8D%C4%8A?%C3%9F")]
    [InlineData("/a%20b?c=%41", "/a%20b?c=%41")]
    public void A_target_is_encoded_and_nothing_else(string target, string expected)
    {
        UrlFault fault = UrlParser.NormalizeTarget(target, out string normal);

        Assert.False(fault.Exists);
        Assert.Equal(expected, normal);
        Assert.False(UrlParser.NormalizeTarget(normal, out string again).Exists);
        Assert.Same(normal, again);
    }

    [Theory]
    [InlineData("/a\r\nb", 2)]
    [InlineData("/a\tb", 2)]
    [InlineData("/\0", 1)]
    [InlineData("/x#\n", 3)]
    [InlineData("*", 0)]
    [InlineData("x", 0)]
    [Trait("check", "IN-02")]
    public void IN_02_a_target_that_cannot_be_one_is_refused(string target, int position) =>
        Assert.Equal(position, UrlParser.NormalizeTarget(target, out _).Position);

    [Fact]
    [Trait("check", "IN-08")]
    public void IN_08_half_of_a_surrogate_pair_in_a_target_is_refused()
    {
        Assert.Equal(1, UrlParser.NormalizeTarget("/" + '\ud800', out _).Position);
        Assert.Equal(4, UrlParser.NormalizeTarget("/p?q" + '\udc00', out _).Position);
    }

    [Theory]
    [InlineData("http:", 4)]
    [InlineData("http+unix://x", 9)]
    [InlineData("a-b:c", 3)]
    [InlineData("localhost:80", 9)]
    [InlineData("example.com:80", 0)]
    [InlineData("1a:b", 0)]
    [InlineData(":x", 0)]
    [InlineData("/a:b", 0)]
    [InlineData("http", 0)]
    [InlineData("", 0)]
    public void A_scheme_is_what_stands_before_the_first_colon_without_a_dot(string text, int length) =>
        Assert.Equal(length, UrlParser.SchemeLength(text));
}
