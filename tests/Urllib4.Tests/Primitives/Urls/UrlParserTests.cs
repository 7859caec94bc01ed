using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

/// <summary>What begins a URL with a scheme; whole URLs are tested through <see cref="Url"/>.</summary>
public sealed class UrlParserTests
{
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
