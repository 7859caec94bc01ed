using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("HttpBin.org", "httpbin.org", "httpbin.org", "httpbin.org", "httpbin.org")]
    [InlineData("example.com.", "example.com.", "example.com.", "example.com", "example.com")]
    [InlineData("::1", "[::1]", "::1", "::1", "[::1]")]
    [InlineData("[FE80::A]", "[fe80::a]", "fe80::a", "fe80::a", "[fe80::a]")]
    [InlineData("fe80::1%eth0", "[fe80::1%25eth0]", "fe80::1%eth0", "fe80::1", "[fe80::1]")]
    [InlineData("FE80::A%Eth0.1", "[fe80::a%25Eth0.1]", "fe80::a%Eth0.1", "fe80::a", "[fe80::a]")]
    [InlineData("fe80::1%25", "[fe80::1%2525]", "fe80::1%25", "fe80::1", "[fe80::1]")]
    [InlineData("[febf::1%25br-lan]", "[febf::1%25br-lan]", "febf::1%br-lan", "febf::1", "[febf::1]")]
    [InlineData("[fe80::1%3]", "[fe80::1%253]", "fe80::1%3", "fe80::1", "[fe80::1]")]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("bücher.example.", "xn--bcher-kva.example.", "xn--bcher-kva.example.", "xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void Url_dns_tls_and_the_host_header_each_get_their_spelling(string host, string url, string dns, string tls, string header)
    {
        var name = HostName.Parse(host);

        Assert.Equal((url, dns, tls, header), (name.UrlText, name.DnsName, name.Name, name.HeaderName));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", true)]
    [InlineData("localhost", false)]
    public void IPv6_is_told_from_everything_else(string host, bool ipv6) => Assert.Equal(ipv6, HostName.Parse(host).IsIPv6);

    [Theory]
    [InlineData("127.0.0.1\n", 9)]
    [InlineData("127.0.0.1 ", 9)]
    [InlineData("::1\n", 0)]
    [InlineData("[::1]\n", 6)]
    [InlineData("foo%.example", 3)]
    [InlineData("foo%zz.example", 3)]
    [InlineData("host:80", 4)]
    [InlineData("fe80::1%", 7)]
    [InlineData("fe80::1%eth 0", 7)]
    [InlineData("fec0::1%eth0", 7)]
    [InlineData("fe8::1%eth0", 6)]
    [InlineData("::1%lo", 3)]
    [InlineData("fe80:::1%lo", 0)]
    [InlineData("a/b", 1)]
    [InlineData("u@h", 1)]
    [InlineData("a\\b", 1)]
    [InlineData("a?b", 1)]
    [InlineData("a#b", 1)]
    [InlineData("[::1", 4)]
    [InlineData("[]", 1)]
    [InlineData("[", 1)]
    [InlineData(".", 0)]
    [InlineData("a..b", 2)]
    [InlineData("é..b", 0)]
    [InlineData("a.☃", 0)]
    public void What_is_no_host_is_refused(string host, int position) =>
        Assert.Equal(position, Assert.Throws<LocationParseException>(() => HostName.Parse(host)).Position);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_missing_host_is_another_mistake_than_a_bad_one(string? host) =>
        Assert.IsType<LocationValueException>(Assert.ThrowsAny<LocationValueException>(() => HostName.Parse(host)));

    [Fact]
    [Trait("check", "UR-13")]
    public void UR_13_a_host_is_judged_alike_alone_and_in_a_url()
    {
        for (char c = '\0'; c < 0x180; c++)
        {
            string host = $"a{c}b";
            bool alone = Judge(() => HostName.Parse(host).UrlText, out string? text);
            bool inUrl = Url.TryParse($"//{host}", out Url? url) && url.Host == text;
            bool delimiter = c is '/' or '?' or '#' or '@' or ':';

            Assert.True(alone == inUrl || delimiter, $"U+{(int)c:X4}");
            Assert.False(alone && delimiter);
        }
    }

    private static bool Judge(Func<string> parse, out string? text)
    {
        try
        {
            text = parse();
            return true;
        }
        catch (LocationParseException)
        {
            text = null;
            return false;
        }
    }
}
