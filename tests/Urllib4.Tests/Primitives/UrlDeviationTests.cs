namespace Urllib4.Tests.Primitives;

/// <summary>Every place where urllib3's <c>parse_url</c> gives another answer for the same text, and ours.</summary>
public sealed class UrlDeviationTests
{
    [Theory]
    [InlineData("http://google.com/\u0001", "controls are encoded there")]
    [InlineData("10.251.0.83:7777?a=1 HTTP/1.1\r\nX-injected: header", "controls are encoded there")]
    [InlineData("http://127.0.0.1:6379?\r\nSET test failure12\r\n:8080/test/?test=a", "controls are encoded there")]
    [InlineData("http://user name@h/", "a blank in user information is encoded there")]
    [InlineData("http://%65xample.com/", "escapes in hosts are decoded or kept there")]
    [InlineData("http://EXAMPLE%2Ecom%2E/", "escapes in hosts are decoded or kept there")]
    [InlineData("http://%FF.example/", "escapes in hosts are decoded or kept there")]
    [InlineData(@"http://a\b", "a backslash begins the path there")]
    [InlineData("http://0x7f.1/", "IPv4-like hosts are kept there")]
    [InlineData("http://1.2.3.4.5/", "IPv4-like hosts are kept there")]
    [InlineData("http://256.1.1.1/", "IPv4-like hosts are kept there")]
    [InlineData("http://127.0.0.1./", "IPv4-like hosts are kept there")]
    [InlineData("http://[a::b%zone]", "zone identifiers are kept there")]
    [InlineData("https://example.com:0", "port 0 is kept there")]
    [InlineData("http:///x", "http without a host is accepted there")]
    [InlineData("http:/x", "http without a host is accepted there")]
    [InlineData("http:x", "http without a host is accepted there")]
    [InlineData("file:///x", "two slashes without a host are accepted there")]
    [InlineData("///x", "two slashes without a host are accepted there")]
    [InlineData("http://a..b/", "empty labels fail at connecting there")]
    [InlineData("http://.a/", "empty labels fail at connecting there")]
    [InlineData("http://xn--/", "xn-- labels are not decoded there")]
    [InlineData("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", "labels of 64 fail at connecting there")]
    [InlineData("/.//evil/", "it prints as //evil/ there, which names a host")]
    public void Urllib4_refuses_what_urllib3_accepts(string text, string there)
    {
        Assert.NotEmpty(there);
        Assert.False(Url.TryParse(text, out _));
    }

    [Theory]
    [InlineData("http://ＥＸＡ.com/", "http://exa.com/", "compatibility forms are refused there; UTS 46 maps them")]
    [InlineData("http://exa。com/", "http://exa.com/", "an ideographic full stop is refused there; UTS 46 maps it")]
    public void Urllib4_accepts_what_urllib3_refuses(string text, string href, string there)
    {
        Assert.NotEmpty(there);
        Assert.Equal(href, Url.Parse(text).Href);
    }

    [Theory]
    [InlineData("example.com/x", "//example.com/x", "the two slashes are left out there, so localhost:80 would become a scheme")]
    [InlineData("mailto:x@y", "mailto:x@y", "mailto:///x@y there")]
    [InlineData("http://h/..//x", "http://h//x", "http://h/x there; RFC 3986 keeps the empty segment")]
    public void Urllib4_prints_otherwise_than_urllib3(string text, string href, string there)
    {
        Assert.NotEmpty(there);
        Assert.Equal(href, Url.Parse(text).Href);
    }

    [Fact]
    public void Resolving_keeps_the_fragment_that_urllib3_drops() =>
        Assert.Equal("http://h/y#f", Url.Parse("http://h/x#f").Resolve("y").Href);
}
