namespace Urllib4.Tests.Primitives;

/// <summary>What is accepted, and what it is taken apart into.</summary>
public sealed class UrlTests
{
    [Theory]
    [InlineData("http://google.com/mail", "http", "google.com", null)]
    [InlineData("http://google.com/mail/", "http", "google.com", null)]
    [InlineData("http://google.com/", "http", "google.com", null)]
    [InlineData("http://google.com", "http", "google.com", null)]
    [InlineData("google.com/mail", null, "google.com", null)]
    [InlineData("google.com:80", null, "google.com", 80)]
    [InlineData("http://google.com:8000/mail/", "http", "google.com", 8000)]
    [InlineData("https://google.com:8000", "https", "google.com", 8000)]
    [InlineData("http://user:password@127.0.0.1:1234", "http", "127.0.0.1", 1234)]
    [InlineData("http://google.com/foo=http://bar:42/baz", "http", "google.com", null)]
    [InlineData("http://google.com?foo=http://bar:42/baz", "http", "google.com", null)]
    [InlineData("http://google.com#foo=http://bar:42/baz", "http", "google.com", null)]
    [InlineData("173.194.35.7", null, "173.194.35.7", null)]
    [InlineData("http://173.194.35.7:80/test", "http", "173.194.35.7", 80)]
    [InlineData("[2a00:1450:4001:c01::67]", null, "[2a00:1450:4001:c01::67]", null)]
    [InlineData("http://[2a00:1450:4001:c01::67]:80/test", "http", "[2a00:1450:4001:c01::67]", 80)]
    [InlineData("http://[fedc:ba98:7654:3210:fedc:ba98:7654:3210]:8000/", "http", "[fedc:ba98:7654:3210:fedc:ba98:7654:3210]", 8000)]
    [InlineData("http://[1080:0:0:0:8:800:200c:417a]/index.html", "http", "[1080:0:0:0:8:800:200c:417a]", null)]
    [InlineData("http://[3ffe:2a00:100:7031::1]", "http", "[3ffe:2a00:100:7031::1]", null)]
    [InlineData("http://[1080::8:800:200c:417a]/foo", "http", "[1080::8:800:200c:417a]", null)]
    [InlineData("http://[2010:836b:4179::836b:4179]", "http", "[2010:836b:4179::836b:4179]", null)]
    [InlineData("http://[::192.9.5.5]/ipng", "http", "[::192.9.5.5]", null)]
    [InlineData("http://[::ffff:129.144.52.38]:42/index.html", "http", "[::ffff:129.144.52.38]", 42)]
    [InlineData("HTTP://GOOGLE.COM/mail/", "http", "google.com", null)]
    [InlineData("GOogle.COM/mail", null, "google.com", null)]
    [InlineData("HTTP://user:password@EXAMPLE.COM:1234", "http", "example.com", 1234)]
    [InlineData("HTTPS://[1080:0:0:0:8:800:200c:417A]/index.html", "https", "[1080:0:0:0:8:800:200c:417a]", null)]
    [InlineData("abOut://eXamPlE.com?info=1", "about", "eXamPlE.com", null)]
    [InlineData("http+UNIX://%2fvar%2frun%2fSOCKET/path", "http+unix", "%2fvar%2frun%2fSOCKET", null)]
    [InlineData("socks5h://Proxy.example:1080", "socks5h", "Proxy.example", 1080)]
    [InlineData("https://example.com:0000000000080", "https", "example.com", 80)]
    [InlineData("http://google.com:", "http", "google.com", null)]
    [InlineData("http://google.com:/", "http", "google.com", null)]
    [InlineData("http://Königsgäßchen.de/path", "http", "xn--knigsgchen-b4a3dun.de", null)]
    [InlineData("http://例え.テスト/path", "http", "xn--r8jz45g.xn--zckzah", null)]
    [InlineData("http://a_b.com/", "http", "a_b.com", null)]
    [InlineData("http://my_service.Bücher.example/", "http", "my_service.xn--bcher-kva.example", null)]
    [InlineData("http://-a.com", "http", "-a.com", null)]
    [InlineData("http://foo~bar.com/", "http", "foo~bar.com", null)]
    [InlineData("http://localhost./", "http", "localhost.", null)]
    [InlineData("http://1password.com/", "http", "1password.com", null)]
    [InlineData("http://example.1a/", "http", "example.1a", null)]
    public void A_host_is_found_with_its_scheme_and_port(string text, string? scheme, string? host, int? port)
    {
        var url = Url.Parse(text);

        Assert.Equal((scheme, host, port), (url.Scheme, url.Host, url.Port));
    }

    public static TheoryData<string, string?, string?, string?, string?, string?> WholeUrls => new()
    {
        { "", null, null, null, null, null },
        { "/", null, null, "/", null, null },
        { "/foo", null, null, "/foo", null, null },
        { "/foo?bar=baz", null, null, "/foo", "bar=baz", null },
        { "/foo?bar=baz#banana?apple/orange", null, null, "/foo", "bar=baz", "banana?apple/orange" },
        { "/redirect?target=http://localhost:61020/", null, null, "/redirect", "target=http://localhost:61020/", null },
        { "?", null, null, "", "", null },
        { "#", null, null, "", null, "" },
        { "#?/!google.com/?foo", null, null, "", null, "?/!google.com/?foo" },
        { "http://google.com?foo", null, "google.com", "", "foo", null },
        { "http://google.com#", null, "google.com", "", null, "" },
        { "//google.com/a/b/c", null, "google.com", "/a/b/c", null, null },
        { "http://foo:bar@localhost/", "foo:bar", "localhost", "/", null, null },
        { "http://foo@localhost/", "foo", "localhost", "/", null, null },
        { "http://@localhost/", null, "localhost", "/", null, null },
        { "http://user@email.com:password@example.com/", "user%40email.com:password", "example.com", "/", null, null },
        { "http://user\":quoted@example.com/", "user%22:quoted", "example.com", "/", null, null },
        { "http://Königsgäßchen.de/straße", null, "xn--knigsgchen-b4a3dun.de", "/stra%C3%9Fe", null, null },
        { "http://google.com#@evil.com/", null, "google.com", null, null, "@evil.com/" },
        { "http://google.com/ＮＮ/abc", null, "google.com", "/%EF%BC%AE%EF%BC%AE/abc", null, null },
        { "http://ヒ:キ@ヒ.abc.ニ/ヒ?キ#ワ", "%E3%83%92:%E3%82%AD", "xn--pdk.abc.xn--idk", "/%E3%83%92", "%E3%82%AD", "%E3%83%AF" },
        { "http://h/a b?c d#e f", null, "h", "/a%20b", "c%20d", "e%20f" },
        { "http://h/\U0001F600", null, "h", "/%F0%9F%98%80", null, null },
        { "localhost:8080", null, null, "8080", null, null },
        { "mailto:x@y", null, null, "x@y", null, null },
        { "ftp://H/Ä b", null, "H", "/Ä b", null, null },
        { "javascript:a='@google.com:12345/';alert(0)", null, null, "a='@google.com:12345/';alert(0)", null, null },
    };

    [Theory]
    [MemberData(nameof(WholeUrls))]
    public void Every_component_is_found(string text, string? auth, string? host, string? path, string? query, string? fragment)
    {
        var url = Url.Parse(text);

        // An empty path is null when nothing follows it, as in urllib3.
        string? expectedPath = path is null && fragment is not null ? "" : path;
        Assert.Equal((auth, host, expectedPath, query, fragment), (url.Auth, url.Host, url.Path, url.Query, url.Fragment));
    }

    [Theory]
    [InlineData("HTTP://GOOGLE.COM/MAIL/", "http://google.com/MAIL/")]
    [InlineData("http://user@domain.com:password@example.com/~tilde@?@", "http://user%40domain.com:password@example.com/~tilde@?@")]
    [InlineData("HTTP://JeremyCline:Hunter2@Example.com:8080/", "http://JeremyCline:Hunter2@example.com:8080/")]
    [InlineData("HTTPS://Example.Com/?Key=Value", "https://example.com/?Key=Value")]
    [InlineData("Https://Example.Com/#Fragment", "https://example.com/#Fragment")]
    [InlineData("http://user:pass@[AaAa::Ff]/%ab%Af", "http://user:pass@[aaaa::ff]/%AB%AF")]
    [InlineData("http://google.com/p[]?p[]=\"hello\"#fragment#", "http://google.com/p%5B%5D?p%5B%5D=%22hello%22#fragment%23")]
    [InlineData("http://google.com/p%5b%5D?p%5b%5d=%22hello%22#fragment%23", "http://google.com/p%5B%5D?p%5B%5D=%22hello%22#fragment%23")]
    [InlineData("http://h/%2f%zz", "http://h/%252F%25zz")]
    [InlineData("http://h/%zz?%2f", "http://h/%25zz?%2F")]
    [InlineData("http://h/%", "http://h/%25")]
    [InlineData("http://h/%7e%41", "http://h/%7E%41")]
    [InlineData("http://h:/x", "http://h/x")]
    [InlineData("http://h:0080/x", "http://h:80/x")]
    [InlineData("http://@h/x", "http://h/x")]
    [InlineData("/abc/../def", "/def")]
    [InlineData("/..", "/")]
    [InlineData("/.", "/")]
    [InlineData("/./", "/")]
    [InlineData("/./abc/./def/", "/abc/def/")]
    [InlineData("/abc/./.././d/././e/.././f/./../../ghi", "/ghi")]
    [InlineData("/a//b/../c", "/a//c")]
    [InlineData("/b/.", "/b/")]
    [InlineData("http://h/a/../../b?../c#./d", "http://h/b?../c#./d")]
    [InlineData("http://h/.well-known/..x/...", "http://h/.well-known/..x/...")]
    [InlineData("SOCKS5://User:P%zz@Host:1080", "socks5://User:P%zz@Host:1080")]
    public void The_normal_form_is_written(string text, string normal) => Assert.Equal(normal, Url.Parse(text).Href);

    [Theory]
    [InlineData("http://google.com", "/")]
    [InlineData("http://google.com?", "/?")]
    [InlineData("http://google.com?q", "/?q")]
    [InlineData("http://google.com#f", "/")]
    [InlineData("?", "/?")]
    [InlineData("#", "/")]
    [InlineData("", "/")]
    [InlineData("/foo?bar=baz", "/foo?bar=baz")]
    [InlineData("http://h/?q=1#fragment", "/?q=1")]
    [InlineData("http://h/?#", "/?")]
    [InlineData("http://h/#!", "/")]
    [InlineData("http://h/#!#", "/")]
    [InlineData("http://h/??#", "/??")]
    [InlineData("http://h/?%3f#", "/?%3F")]
    [InlineData("http://h/?[]", "/?%5B%5D")]
    [InlineData("http://h//x", "//x")]
    public void The_request_target_is_path_and_query(string text, string target) =>
        Assert.Equal(target, Url.Parse(text).RequestUri);

    [Theory]
    [InlineData("http://google.com/mail", "google.com", "google.com")]
    [InlineData("http://google.com:80/mail", "google.com:80", "google.com:80")]
    [InlineData("google.com/foobar", "google.com", "google.com")]
    [InlineData("http://u:p@google.com:12345", "google.com:12345", "u:p@google.com:12345")]
    [InlineData("/path", null, null)]
    public void Netloc_leaves_the_user_information_out_and_authority_does_not(string text, string? netloc, string? authority)
    {
        var url = Url.Parse(text);

        Assert.Equal((netloc, authority), (url.Netloc, url.Authority));
    }

    [Theory]
    [InlineData("http://h", 80)]
    [InlineData("https://h", 443)]
    [InlineData("h/x", 80)]
    [InlineData("https://h:80", 80)]
    [InlineData("socks5://h", null)]
    [InlineData("socks5://h:1080", 1080)]
    public void The_effective_port_is_the_one_written_or_the_one_of_the_scheme(string text, int? port) =>
        Assert.Equal(port, Url.Parse(text).EffectivePort);

    [Theory]
    [InlineData("foo:bar", "foo", "bar")]
    [InlineData("foo", "foo", null)]
    [InlineData("foo:", "foo", "")]
    [InlineData("user%3Aname:pass:word", "user:name", "pass:word")]
    [InlineData("user%40email:pass%2Fword", "user@email", "pass/word")]
    [InlineData("user%20space:pass%3Acolon", "user space", "pass:colon")]
    [InlineData("user%22:quoted", "user\"", "quoted")]
    [InlineData("!$&'()*+,;=:-._~", "!$&'()*+,;=", "-._~")]
    [InlineData("%C3%A9:%FF", "é", "\uFFFD")]
    public void Credentials_are_split_at_the_first_colon_and_then_decoded(string auth, string? user, string? password) =>
        Assert.Equal((user, password), Url.Parse($"http://{auth}@h/").AuthDecoded);

    [Fact]
    public void Without_user_information_there_are_no_credentials() => Assert.Equal((null, null), Url.Parse("http://h/").AuthDecoded);

    [Theory]
    [InlineData("http://example.com:8080/path/to?x=1&y=%20#top")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("https://[::1]:8443/.well-known/x")]
    [InlineData("https://user:pass@xn--bcher-kva.example./")]
    [InlineData("/path?query")]
    public void A_normal_url_is_kept_without_a_copy(string text) => Assert.Same(text, Url.Parse(text).Href);

    [Fact]
    public void Components_are_cut_once()
    {
        var url = Url.Parse("http://example.com/path?query");

        Assert.Same(url.Host, url.Host);
        Assert.Same(url.Path, url.Path);
        Assert.Same(url.Query, url.Query);
        Assert.Same(url.RequestUri, url.RequestUri);
    }

    [Theory]
    [InlineData("HTTP://Example.com/%7e", "http://example.com/%7E", true)]
    [InlineData("http://example.com:080/", "http://example.com:80/", true)]
    [InlineData("http://example.com:80/", "http://example.com/", false)]
    [InlineData("http://example.com", "http://example.com/", false)]
    [InlineData("http://example.com/?", "http://example.com/", false)]
    [InlineData("http://example.com/a", "http://example.com/A", false)]
    public void Equality_is_that_of_the_normal_form(string left, string right, bool equal)
    {
        Url a = Url.Parse(left), b = Url.Parse(right);

        Assert.Equal(equal, a.Equals(b));
        Assert.Equal(equal, a == b);
        Assert.Equal(!equal, a != b);
        Assert.Equal(equal, a.Equals((object)b));
        Assert.Equal(equal, a.GetHashCode() == b.GetHashCode());
    }

    [Fact]
    public void No_url_equals_null() => Assert.False(Url.Parse("http://h/") == null);

    [Fact]
    public void Trying_to_parse_never_throws()
    {
        Assert.False(Url.TryParse(null, out Url? none));
        Assert.Null(none);
        Assert.False(Url.TryParse("http://a b/", out _));
        Assert.True(Url.TryParse("http://a/", out Url? url));
        Assert.Equal("a", url.Host);
    }
}
