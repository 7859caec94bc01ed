using Urllib4.Managers;

namespace Urllib4.Tests.Managers;

public sealed class UrlCacheTests
{
    private readonly UrlCache _urls = new(RequestUrl.Absolute);

    [Fact]
    public void The_same_text_again_is_not_parsed_again()
    {
        Url first = _urls.Read("http://example.com/a?b#c");

        Assert.Same(first, _urls.Read(new string("http://example.com/a?b#c")));
        Assert.Same(first, _urls.Read(first.Href));
    }

    [Theory]
    [InlineData("http://example.com/A")]
    [InlineData("HTTP://example.com/a")]
    [InlineData("http://example.com/a#")]
    [InlineData("http://example.com")]
    public void Another_text_is_what_it_would_be_alone(string other)
    {
        _urls.Read("http://example.com/a");

        Assert.Equal(Url.Parse(other), _urls.Read(other));
        Assert.Equal(Url.Parse("http://example.com/a"), _urls.Read("http://example.com/a"));
    }

    [Fact]
    public void A_text_that_was_refused_is_refused_again()
    {
        Assert.Throws<UrlSchemeUnknownException>(() => _urls.Read("ftp://example.com/"));
        Assert.Throws<UrlSchemeUnknownException>(() => _urls.Read("ftp://example.com/"));
        Assert.Throws<LocationValueException>(() => _urls.Read("example.com"));
    }
}
