namespace Urllib4.Tests.Primitives;

public sealed class UrlResolveTests
{
    // RFC 3986 §5.4, without "g:h" and with the strict reading of "http:g".
    [Theory]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q#s")]
    [InlineData("g#s", "http://a/b/c/g#s")]
    [InlineData("g?y#s", "http://a/b/c/g?y#s")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("./", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g.", "http://a/b/c/g.")]
    [InlineData("..g", "http://a/b/c/..g")]
    [InlineData("./g/.", "http://a/b/c/g/")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData("g#s/../x", "http://a/b/c/g#s/../x")]
    [InlineData("https://Other:8443/x", "https://other:8443/x")]
    [InlineData("g h?é", "http://a/b/c/g%20h?%C3%A9")]
    [InlineData("./g:h", "http://a/b/c/g:h")]
    public void A_reference_is_resolved_as_the_rfc_says(string reference, string result) =>
        Assert.Equal(result, Url.Parse("http://a/b/c/d;p?q").Resolve(reference).Href);

    [Theory]
    [InlineData("http://a", "g", "http://a/g")]
    [InlineData("http://a?q", "g", "http://a/g")]
    [InlineData("http://a", "?q", "http://a?q")]
    [InlineData("http://a?q", "", "http://a?q")]
    [InlineData("https://u:p@a:8443/x", "/y", "https://u:p@a:8443/y")]
    [InlineData("https://u:p@a:8443/x", "//b/y", "https://b/y")]
    [InlineData("a.example/x", "y", "//a.example/y")]
    [InlineData("a.example/x", "//b/y", "//b/y")]
    public void The_base_gives_what_the_reference_lacks(string url, string reference, string result) =>
        Assert.Equal(result, Url.Parse(url).Resolve(reference).Href);

    [Theory]
    [InlineData("/y", "http://a/y#top")]
    [InlineData("", "http://a/x#top")]
    [InlineData("http://b/", "http://b/#top")]
    [InlineData("/y#", "http://a/y#")]
    [InlineData("/y#end", "http://a/y#end")]
    public void A_fragment_is_inherited_unless_the_reference_has_one(string reference, string result) =>
        Assert.Equal(result, Url.Parse("http://a/x#top").Resolve(reference).Href);

    [Theory]
    [InlineData(@"\evil", "http://a/b/%5Cevil")]
    [InlineData(@"\\evil.com/x", "http://a/b/%5C%5Cevil.com/x")]
    [InlineData(@"/\evil.com/x", "http://a/%5Cevil.com/x")]
    [Trait("check", "UR-06")]
    public void UR_06_a_backslash_in_a_reference_is_no_slash(string reference, string result) =>
        Assert.Equal(result, Url.Parse("http://a/b/c").Resolve(reference).Href);

    [Theory]
    [InlineData(@"http:\\evil.com", 5)]
    [InlineData(@"//good\@evil", 6)]
    [InlineData("http:g", 5)]
    [InlineData("http:///x", 7)]
    [InlineData("evil.com:80/x", 8)]
    [InlineData(" http://evil/", 5)]
    [InlineData("/x\r\nSet: y", 2)]
    [InlineData("//h:0/", 4)]
    public void A_bad_reference_is_refused_by_its_own_index(string reference, int position)
    {
        var error = Assert.Throws<LocationParseException>(() => Url.Parse("http://a/b/c#f").Resolve(reference));

        Assert.Equal(position, error.Position);
    }

    [Fact]
    [Trait("check", "UR-12")]
    public void UR_12_growth_by_resolving_is_bounded()
    {
        var url = Url.Parse("http://h/" + new string('a', 60_000) + "/");

        Assert.Throws<LocationParseException>(() => url.Resolve(new string('b', 10_000)));
    }

    [Fact]
    public void A_url_of_another_scheme_is_returned_for_the_caller_to_refuse() =>
        Assert.Equal("ftp", Url.Parse("http://a/").Resolve("ftp://b/x").Scheme);

    [Fact]
    public void Only_a_web_url_with_a_host_can_be_a_base()
    {
        Assert.Throws<LocationValueException>(() => Url.Parse("/x").Resolve("y"));
        Assert.Throws<UrlSchemeUnknownException>(() => Url.Parse("ftp://h/x").Resolve("y"));
    }
}
