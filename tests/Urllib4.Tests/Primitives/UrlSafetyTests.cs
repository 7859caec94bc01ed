using Urllib4.Managers;
using Urllib4.Primitives;

namespace Urllib4.Tests.Primitives;

/// <summary>One test, or table, for each way in which URL parsers have been tricked.</summary>
public sealed class UrlSafetyTests
{
    [Theory]
    [InlineData("http://good#@evil", "good")]
    [InlineData("http://good?@evil", "good")]
    [InlineData("http://good/@evil", "good")]
    [InlineData("http://good@evil", "evil")]
    [InlineData("http://a@b@c", "c")]
    [InlineData("http://a:b@c:80", "c")]
    [InlineData("http://h:80x", null)]
    [InlineData("http://h:80:81", null)]
    [InlineData("http://[::1]evil", null)]
    [InlineData("http://[::1]@evil", "evil")]
    [InlineData("http://h;evil", "h;evil")]
    [Trait("check", "UR-01")]
    public void UR_01_each_ambiguous_authority_has_one_answer_or_none(string text, string? host) => AssertHost(host, text);

    [Theory]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://０x7f.1/")]
    [InlineData("http://２１３０７０６４３３/")]
    [InlineData("http://a／b.com/")]
    [InlineData("http://a？b.com/")]
    [InlineData("http://a＃b.com/")]
    [InlineData("http://a＠b.com/")]
    [InlineData("http://a：80/")]
    [InlineData("http://℀.com/")]
    [InlineData("http://ａ％2f.com/")]
    [InlineData("http://[：：1]/")]
    [InlineData("http://é。。com/")]
    [Trait("check", "UR-02")]
    public void UR_02_folding_may_not_make_delimiters_or_addresses(string text) => AssertHost(null, text);

    [Theory]
    [InlineData("http://ＥＸＡＭＰＬＥ.com/", "example.com")]
    [InlineData("http://example。com/", "example.com")]
    [Trait("check", "UR-02")]
    public void UR_02_a_folded_host_is_the_host_everywhere(string text, string host)
    {
        var url = Url.Parse(text);

        Assert.Equal(host, url.Host);
        Assert.Equal(host, url.HostSpan.ToString());
        Assert.Equal(host, url.Origin.Host);
        Assert.Equal($"http://{host}/", url.Href);
    }

    [Theory]
    [InlineData(" http://h/")]
    [InlineData("\thttp://h/")]
    [InlineData("http://h/\n")]
    [InlineData("ht\ntp://h/")]
    [InlineData("http://h/a\tb")]
    [InlineData("http://h/?a\r\nSet: x")]
    [InlineData("http://h/#\0")]
    [InlineData("http://u\u007f@h/")]
    [InlineData("http://u u@h/")]
    [InlineData("http ://h/")]
    [InlineData("javascript:\n//h")]
    [Trait("check", "UR-03")]
    public void UR_03_controls_and_blanks_are_neither_trimmed_nor_skipped(string text) => AssertHost(null, text);

    [Theory]
    [InlineData("http://%65xample.com/")]
    [InlineData("http://example%2Ecom/")]
    [InlineData("http://example.com%2F@evil/", "evil")]
    [InlineData("http://evil%2F.example.com/")]
    [InlineData("http://a%25b/")]
    [InlineData("http://K%C3%B6nig.de/")]
    [Trait("check", "UR-04")]
    public void UR_04_a_host_may_not_be_percent_encoded(string text, string? host = null) => AssertHost(host, text);

    [Theory]
    [InlineData("//evil/x", "//evil/x")]
    [InlineData("//v:h?key=val", "//v:h?key=val")]
    [InlineData(@"/\evil", "/%5Cevil")]
    [InlineData("/@evil", "/@evil")]
    [InlineData("/http://evil", "/http://evil")]
    [InlineData(@"\\evil", null)]
    [InlineData("@evil", null)]
    [InlineData("", null)]
    [Trait("check", "UR-05")]
    public void UR_05_a_path_never_names_a_host(string target, string? sent)
    {
        Origin origin = Origin.Create("http", "pool.test", null);

        if (sent is null)
        {
            Assert.ThrowsAny<LocationValueException>(() => RequestUrl.On(origin, target));
            return;
        }

        var url = RequestUrl.On(origin, target);
        Assert.True(url.IsOf(origin));
        Assert.Equal(sent, url.RequestUri);
    }

    [Theory]
    [InlineData(@"http://a\b")]
    [InlineData(@"http:\\evil.com")]
    [InlineData(@"http:/\evil.com")]
    [InlineData(@"\\evil.com")]
    [InlineData(@"http://good\@evil")]
    [InlineData(@"ftp://good\@evil")]
    [InlineData(@"https://user:pass@xdavidhu.me\test.corp.google.com:8080/path")]
    [Trait("check", "UR-06")]
    public void UR_06_a_backslash_in_the_authority_is_refused(string text) => AssertHost(null, text);

    [Fact]
    [Trait("check", "UR-06")]
    public void UR_06_a_backslash_in_path_query_and_fragment_is_encoded() =>
        Assert.Equal("http://h/a%5Cb?c%5Cd#e%5Cf", Url.Parse(@"http://h/a\b?c\d#e\f").Href);

    [Theory]
    [InlineData("http://[127.0.0.1]/")]
    [InlineData("http://[example.com]/")]
    [InlineData("http://[v1.a]/")]
    [InlineData("http://[]/")]
    [InlineData("http://[::1]x:80/")]
    [InlineData("http://[::1]:80]/")]
    [InlineData("http://a[::1]/")]
    [InlineData("http://[::1/")]
    [InlineData("http://::1]/")]
    [InlineData("http://[[::1]]/")]
    [InlineData("http://[1:2:3:4:5:6:7:8:9]/")]
    [InlineData("http://[::1::2]/")]
    [InlineData("http://[::127.1]/")]
    [InlineData("http://[::0x7f.0.0.1]/")]
    [InlineData("ftp://[evil]/")]
    [Trait("check", "UR-07")]
    public void UR_07_only_an_ipv6_address_stands_in_brackets_and_only_a_port_after(string text) => AssertHost(null, text);

    [Theory]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0x7F000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.1.")]
    [InlineData("256.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("0x")]
    [InlineData("example.1")]
    [InlineData("0")]
    [Trait("check", "UR-08")]
    public void UR_08_odd_ipv4_forms_are_refused(string host)
    {
        AssertHost(null, $"http://{host}/");
        Assert.Throws<LocationParseException>(() => HostName.Parse(host));
    }

    [Theory]
    [InlineData("http://xn--example-.com/")]
    [InlineData("http://xn--a/")]
    [InlineData("http://xn--/")]
    [InlineData("http://XN--A/")]
    [InlineData("http://a.xn--abc-.b/")]
    [InlineData("http://xn--n3h.net/")]
    [InlineData("http://xn--a-ecp/")]
    [InlineData("http://xn--bcher-kva.example/", "xn--bcher-kva.example")]
    [InlineData("http://XN--BCHER-KVA.example/", "xn--bcher-kva.example")]
    [Trait("check", "UR-10")]
    public void UR_10_an_xn_label_has_to_stand_for_a_name_outside_ascii(string text, string? host = null) => AssertHost(host, text);

    [Theory]
    [InlineData("http://faß.de/", "xn--fa-hia.de")]
    [InlineData("http://Bücher.Example/", "xn--bcher-kva.example")]
    [InlineData("http://bu\u0308cher.example/", "xn--bcher-kva.example")]
    [InlineData("http://カタカナ・ナ.jp/", "xn--lcka3d1ba70a.jp")]
    [InlineData("http://a\u200db.com/", null)]
    [InlineData("http://\u0301a.com/", null)]
    [InlineData("http://💩.la/", null)]
    [Trait("check", "UR-11")]
    public void UR_11_names_are_mapped_without_transition(string text, string? host)
    {
        AssertHost(host, text);
    }

    [Theory]
    [InlineData("fass.de", "a", "xn--zca", true)]
    [InlineData("without ICU full-width letters stay", "xn--3f8h", "xn--zca", false)]
    [InlineData("transitional mapping loses the sharp s", "a", "ss", false)]
    [Trait("check", "UR-11")]
    public void UR_11_a_platform_that_maps_otherwise_is_not_trusted(string why, string fullWidth, string sharpS, bool trusted)
    {
        Assert.NotEmpty(why);
        Assert.Equal(trusted, Idna.MapsAsUts46(name => name == "Ａ" ? fullWidth : sharpS));
    }

    [Theory]
    [InlineData("http://u", "@", "h/", true)]
    [InlineData("http://u", "@", "[", false)]
    [InlineData("http://h/", "%", "", true)]
    [InlineData("http://h", "/..", "/", true)]
    [InlineData("http://h", "/a/..", "/", true)]
    [InlineData("http://h/", "é", "", true)]
    [InlineData("http://", "a.", "com", false)]
    [InlineData("http://e", "\u0301", ".com", false)]
    [InlineData("http://h:", "0", "80/", true)]
    [Trait("check", "UR-12")]
    public void UR_12_repetition_is_bounded(string before, string piece, string after, bool acceptedBelow)
    {
        string megabyte = before + string.Concat(Enumerable.Repeat(piece, (1 << 20) / piece.Length)) + after;
        string tenKilobytes = before + string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length)) + after;

        Assert.Equal(UrlParser.MaxLength, Assert.Throws<LocationParseException>(() => Url.Parse(megabyte)).Position);
        Assert.Equal(acceptedBelow, Url.TryParse(tenKilobytes, out _));
    }

    [Fact]
    [Trait("check", "UR-12")]
    public void UR_12_the_longest_url_is_accepted_and_one_more_is_not()
    {
        string longest = "http://h/" + new string('a', UrlParser.MaxLength - 9);

        Assert.Same(longest, Url.Parse(longest).Href);
        Assert.Throws<LocationParseException>(() => Url.Parse(longest + "a"));
    }

    [Fact]
    [Trait("check", "UR-12")]
    public void UR_12_encoding_may_not_exceed_the_bound_either()
    {
        string text = "http://h/" + new string('é', (UrlParser.MaxLength / 6) + 1);

        Assert.Equal(-1, Assert.Throws<LocationParseException>(() => Url.Parse(text)).Position);
    }

    [Theory]
    [InlineData("http://example.com/x")]
    [InlineData("http://EXAMPLE.com:80/x")]
    [InlineData("https://[1080:0:0:0:8:800:200c:417a]/")]
    [InlineData("https://faß.de/")]
    [InlineData("http://u:p@h/")]
    [Trait("check", "UR-14")]
    public void UR_14_a_platform_uri_is_read_from_its_text(string text) => Assert.Equal(Url.Parse(text), Url.From(new Uri(text)));

    [Theory]
    [InlineData("http://[::1]evil.com/")]
    [InlineData(@"http:\\evil.com")]
    [InlineData(" http://h/ ")]
    [InlineData("http://127.1/")]
    [InlineData("http://h:0/")]
    [InlineData("mailto:x@y")]
    [Trait("check", "UR-14")]
    public void UR_14_what_the_platform_reads_otherwise_is_refused(string text) =>
        Assert.Throws<LocationParseException>(() => Url.From(new Uri(text)));

    [Fact]
    [Trait("check", "UR-14")]
    public void UR_14_a_relative_uri_names_no_host() =>
        Assert.Throws<LocationValueException>(() => Url.From(new Uri("evil.com/x", UriKind.Relative)));

    [Theory]
    [InlineData("0", null)]
    [InlineData("000", null)]
    [InlineData("65536", null)]
    [InlineData("+80", null)]
    [InlineData("-80", null)]
    [InlineData(" 80", null)]
    [InlineData("８０", null)]
    [InlineData("٣", null)]
    [InlineData("0x50", null)]
    [InlineData("4294967376", null)]
    [InlineData("080", 80)]
    [InlineData("65535", 65535)]
    [InlineData("1", 1)]
    [Trait("check", "UR-15")]
    public void UR_15_a_port_is_1_to_65535_in_ascii_digits(string port, int? value) =>
        Assert.Equal(value, Url.TryParse($"http://h:{port}/", out Url? url) ? url.Port : null);

    [Theory]
    [InlineData(63, 0, true)]
    [InlineData(64, 0, false)]
    [InlineData(62, 253, true)]
    [InlineData(62, 254, false)]
    [Trait("check", "UR-16")]
    public void UR_16_labels_and_hosts_have_their_length(int label, int host, bool accepted)
    {
        string name = host == 0
            ? new string('a', label) + ".com"
            : string.Concat(Enumerable.Repeat(new string('a', label) + ".", 5))[..(host - 1)] + "b";

        Assert.Equal(accepted, Url.TryParse($"http://{name}/", out _));
        Assert.Equal(accepted, Url.TryParse($"http://{name}./", out _));
        Assert.Equal(accepted, Url.TryParse($"http://{name.ToUpperInvariant()}/", out _));
    }

    [Theory]
    [InlineData("http:///x")]
    [InlineData("http://:80/")]
    [InlineData("http://")]
    [InlineData("http:/x")]
    [InlineData("http:x")]
    [InlineData("https:")]
    [InlineData("http://@/")]
    [InlineData("http://u:p@:80/")]
    [InlineData("//")]
    [InlineData("///x")]
    [InlineData(":80")]
    [InlineData("http://./")]
    [InlineData("http://a..b/")]
    [InlineData("http://.a/")]
    [InlineData("http://a../")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/.//evil/")]
    [Trait("check", "UR-17")]
    public void UR_17_no_host_and_no_label_is_empty(string text) => AssertHost(null, text);

    [Theory]
    [InlineData("http://[::1%25eth0]/")]
    [InlineData("http://[2001:db8::1%25eth0]/")]
    [InlineData("http://[fec0::1%25eth0]/")]
    [InlineData("http://[fe8::1%25eth0]/")]
    [InlineData("http://[fe80::1%]/")]
    [InlineData("http://[fe80::1%25]/")]
    [InlineData("http://[fe80::1%25%65th0]/")]
    [InlineData("http://[fe80::1%25a%25b]/")]
    [InlineData("http://[fe80::1%25a b]/")]
    [InlineData("http://fe80::1%25eth0/")]
    [InlineData("http://host%25eth0/")]
    [InlineData("ftp://[::1%25eth0]/")]
    [Trait("check", "UR-18")]
    public void UR_18_only_a_link_local_address_has_a_zone(string text) => AssertHost(null, text);

    [Theory]
    [InlineData("http://[fe80::1%25eth0]/", "[fe80::1%25eth0]")]
    [InlineData("http://[fe80::1%eth0]:8080/", "[fe80::1%25eth0]")]
    [InlineData("http://user@[FE80::1%25Eth0]/", "[fe80::1%25Eth0]")]
    [InlineData("https://[feb0::1%2512]", "[feb0::1%2512]")]
    [InlineData("//[fe80::1%12]", "[fe80::1%2512]")]
    [Trait("check", "UR-18")]
    public void UR_18_a_zone_has_one_normal_form(string text, string host)
    {
        AssertHost(host, text);
        Url url = Url.Parse(text);
        Assert.Equal(url, Url.Parse(url.Href));
        Assert.Equal(url.Host, url.Resolve("/other?q#f").Host);
    }

    [Theory]
    [InlineData("http://[fe80::1%25eth0]:81/x", "[fe80::1%25eth0]")]
    [InlineData("http://[fe80::1%eth0]/", "[fe80::1%25eth0]")]
    [InlineData("http://[fe80:0::1%2512]/", "[fe80:0::1%2512]")]
    [Trait("check", "UR-18")]
    public void UR_18_a_zone_comes_along_from_a_Uri(string text, string host) => Assert.Equal(host, Url.From(new Uri(text)).Host);

    private static void AssertHost(string? host, string text) =>
        Assert.Equal(host, Url.TryParse(text, out Url? url) ? url.Host ?? "(none)" : null);
}
