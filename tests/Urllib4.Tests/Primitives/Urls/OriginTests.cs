using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class OriginTests
{
    [Theory]
    [InlineData("http://google.com/", "http://google.com:80/x", true)]
    [InlineData("https://google.com:443/", "https://google.com/x", true)]
    [InlineData("http://google.com:42/", "http://google.com:42/abracadabra", true)]
    [InlineData("http://localhost/", "HTTP://LOCALHOST/x", true)]
    [InlineData("http://u:p@h/", "http://h/", true)]
    [InlineData("google.com", "http://google.com", true)]
    [InlineData("http://faß.de", "http://xn--fa-hia.de", true)]
    [InlineData("http://[::A]/", "http://[::a]:80/", true)]
    [InlineData("http://h/", "https://h/", false)]
    [InlineData("http://h:443/", "https://h/", false)]
    [InlineData("https://h:80/", "http://h/", false)]
    [InlineData("http://h/", "http://h:81/", false)]
    [InlineData("http://h/", "http://h./", false)]
    [InlineData("http://h/", "http://i/", false)]
    [InlineData("google.com", "https://google.com", false)]
    [Trait("check", "RD-01")]
    public void RD_01_an_origin_is_scheme_host_and_effective_port(string left, string right, bool same)
    {
        Url a = Url.Parse(left), b = Url.Parse(right);

        Assert.Equal(same, a.Origin == b.Origin);
        Assert.Equal(same, a.IsOf(b.Origin));
        Assert.Equal(same, b.IsOf(a.Origin));
    }

    [Theory]
    [InlineData("http://h:80/", "h")]
    [InlineData("http://h:8080/", "h:8080")]
    [InlineData("https://h:443/", "h")]
    [InlineData("https://h:80/", "h:80")]
    [InlineData("http://example.com.:8080/", "example.com:8080")]
    [InlineData("http://[::1]/", "[::1]")]
    [InlineData("http://[::1]:81/", "[::1]:81")]
    public void The_host_header_has_no_final_dot_and_no_default_port(string url, string header) =>
        Assert.Equal(header, Url.Parse(url).Origin.HostHeader);

    [Theory]
    [InlineData("http", "HttpBin.org", 80, "http", "httpbin.org", 80)]
    [InlineData("HTTPS", "::1", null, "https", "[::1]", 443)]
    [InlineData("http", "[::1]", null, "http", "[::1]", 80)]
    public void An_origin_given_in_pieces_is_normalised_too(string scheme, string host, int? port, string s, string h, int p) =>
        Assert.Equal(new Origin(s, h, p), Origin.Create(scheme, host, port));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    [Trait("check", "UR-15")]
    public void UR_15_a_port_given_in_pieces_has_the_same_bounds(int port) =>
        Assert.Throws<LocationValueException>(() => Origin.Create("http", "h", port));

    [Fact]
    public void An_origin_needs_a_known_scheme_and_a_host()
    {
        Assert.Throws<UrlSchemeUnknownException>(() => Origin.Create("ftp", "h", 21));
        Assert.Throws<UrlSchemeUnknownException>(() => Url.Parse("ftp://h/").Origin);
        Assert.Throws<LocationValueException>(() => Origin.Create("http", "", 80));
        Assert.Throws<LocationValueException>(() => Url.Parse("/path").Origin);
        Assert.False(Url.Parse("/path").IsOf(new Origin("http", "", 80)));
        Assert.False(Url.Parse("ftp://h:80/").IsOf(new Origin("http", "h", 80)));
    }

    [Fact]
    public void An_origin_is_printed_without_its_default_port() => Assert.Equal("https://h", Url.Parse("https://h:443/").Origin.ToString());
}
