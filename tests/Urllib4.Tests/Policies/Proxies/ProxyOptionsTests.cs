using Urllib4.Policies;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.Tests.Policies;

public sealed class ProxyOptionsTests
{
    [Theory]
    [InlineData("http://proxy.example", "http://proxy.example:80", false, true)]
    [InlineData("HTTPS://Proxy.Example/", "https://proxy.example:443", false, true)]
    [InlineData("http://[::1]:3128/path?query", "http://[::1]:3128", false, true)]
    [InlineData("socks4://Proxy.Example", "socks4://proxy.example:1080", true, false)]
    [InlineData("socks4a://bücher.example:9", "socks4a://xn--bcher-kva.example:9", true, true)]
    [InlineData("SOCKS5://127.0.0.1", "socks5://127.0.0.1:1080", true, false)]
    [InlineData("socks5h://[FE80::1]:1", "socks5h://[fe80::1]:1", true, true)]
    public void A_URL_names_a_proxy(string url, string text, bool isSocks, bool resolvesNames)
    {
        ProxyOptions proxy = url;

        Assert.Equal(text, proxy.ToString());
        Assert.Equal(text, proxy.Url.Href);
        Assert.Equal((isSocks, resolvesNames), (proxy.IsSocks, proxy.ResolvesNames));
        Assert.Null(proxy.Credential);
    }

    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("//proxy:1", null)]
    [InlineData("localhost:8080", "localhost")]
    [InlineData("ftp://google.com", "ftp")]
    [InlineData("socks://p", "socks")]
    [InlineData("socks5a://p", "socks5a")]
    public void Another_scheme_is_refused(string url, string? scheme) =>
        Assert.Equal(scheme, Assert.Throws<ProxySchemeUnknownException>(() => new ProxyOptions(url)).Scheme);

    [Theory]
    [InlineData("socks5:p")]
    [InlineData("socks5:///path")]
    [InlineData("socks5://%2Frun%2Fsocket")]
    [InlineData("socks5://127.1")]
    [InlineData("http://p:0")]
    [InlineData("http://user:p%FFss@p")]
    [InlineData("http://a b")]
    public void What_names_no_host_or_no_user_is_refused(string url) =>
        Assert.ThrowsAny<LocationValueException>(() => new ProxyOptions(url));

    [Theory]
    [InlineData("http://user:p%40ss%3A@p", "user", "p@ss:")]
    [InlineData("socks5://user%3Aname:pa%40ss@p", "user:name", "pa@ss")]
    [InlineData("http://user@p", "user", "")]
    [InlineData("http://:secret@p", "", "secret")]
    [InlineData("socks5h://%C3%A4:%C3%B6@p", "ä", "ö")]
    [Trait("check", "AU-09")]
    public void AU_09_user_information_becomes_a_credential_and_leaves_the_URL(string url, string user, string password)
    {
        ProxyOptions proxy = url;

        Assert.Equal(new Credential(user, password), proxy.Credential);
        Assert.Null(proxy.Url.Auth);
    }

    [Fact]
    [Trait("check", "AU-09")]
    public void AU_09_no_text_shows_a_credential()
    {
        var proxy = new ProxyOptions("http://user:secret@p")
        {
            Headers = new HttpHeaderDict { { "X-Token", "secret" } },
            Via = "socks5://user:secret@s",
        };

        Assert.Equal("http://p:80 via socks5://s:1080", proxy.ToString());
    }

    [Fact]
    public void Equal_proxies_are_equal_however_they_were_written()
    {
        var apart = new ProxyOptions("http://P:80/")
        {
            Credential = new Credential("user", "secret"),
            NoProxy = ["a", "b"],
            Via = "socks4://s",
        };
        var together = new ProxyOptions("http://user:secret@p") { NoProxy = ["a", "b"], Via = "socks4://s:1080" };

        Assert.Equal(apart, together);
        Assert.Equal(apart.GetHashCode(), together.GetHashCode());
    }

    [Fact]
    public void What_matters_to_a_connection_is_made_once_and_never_taken_from_a_copy()
    {
        var proxy = new ProxyOptions("http://p") { NoProxy = ["internal"] };
        ProxyOptions copy = proxy with { Auth = HttpAuth.Negotiate() };

        Assert.Same(proxy.Hop, proxy.Hop);
        Assert.Null(proxy.Hop.Auth);
        Assert.NotNull(copy.Hop.Auth);
        Assert.Empty(copy.Hop.NoProxy);
    }

    [Fact]
    [Trait("check", "PX-03")]
    public void PX_03_a_proxy_with_another_anything_is_another_proxy()
    {
        var proxy = new ProxyOptions("https://user:secret@p");
        ProxyOptions[] others =
        [
            new("http://user:secret@p:443"),
            new("https://user:secret@q"),
            new("https://user:secret@p:444"),
            new("https://User:secret@p"),
            new("https://user:Secret@p"),
            new("https://p"),
            proxy with { Auth = HttpAuth.Negotiate() },
            proxy with { Headers = new HttpHeaderDict { { "A", "b" } } },
            proxy with { Tls = new TlsOptions { CaCerts = TestCertificates() } },
            proxy with { UseForwardingForHttps = true },
            proxy with { NoProxy = ["a"] },
            proxy with { Via = "socks5://s" },
        ];

        Assert.All(others, other => Assert.NotEqual(proxy, other));
        Assert.Equal(1 + others.Length, others.Append(proxy).Distinct().Count());
        Assert.Equal(8, typeof(ProxyOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Length);
    }

    [Fact]
    public void What_is_given_is_copied()
    {
        string[] noProxy = ["a.example"];
        var headers = new HttpHeaderDict { { "A", "b" } };
        var proxy = new ProxyOptions("http://p") { NoProxy = noProxy, Headers = headers };
        noProxy[0] = "b.example";
        headers.Add("C", "d");

        Assert.Equal("a.example", Assert.Single(proxy.NoProxy));
        Assert.Equal(1, proxy.Headers!.Count);
        Assert.False(proxy.Serves(Url.Parse("http://a.example")));
        Assert.True(proxy.Serves(Url.Parse("http://b.example")));
    }

    [Fact]
    public void Without_exceptions_a_proxy_serves_every_host() =>
        Assert.True(new ProxyOptions("http://p").Serves(Url.Parse("http://localhost")));

    [Theory]
    [InlineData("http://p", "http://s")]
    [InlineData("socks5://p", "socks5://s")]
    public void Only_a_SOCKS_proxy_may_stand_before_an_HTTP_proxy(string url, string via) =>
        Assert.Throws<ArgumentException>(() => new ProxyOptions(url) { Via = via });

    [Theory]
    [InlineData("http://p", false, true, false)]
    [InlineData("http://p", true, true, false)]
    [InlineData("https://p", false, true, false)]
    [InlineData("https://p", true, true, true)]
    [InlineData("socks4a://p", true, false, false)]
    [InlineData("socks5h://p", true, false, false)]
    public void Case_347_an_HTTP_proxy_forwards_http_and_one_with_TLS_https_when_it_is_told_to(
        string url, bool isTold, bool forwardsHttp, bool forwardsHttps)
    {
        var proxy = new ProxyOptions(url) { UseForwardingForHttps = isTold };
        Assert.Equal((forwardsHttp, forwardsHttps), (proxy.Forwards(isHttps: false), proxy.Forwards(isHttps: true)));
    }

    [Fact]
    public void None_serves_nobody_and_says_so()
    {
        Assert.False(ProxyOptions.None.Serves(Url.Parse("http://a.test")));
        Assert.Equal("none", ProxyOptions.None.ToString());
        Assert.NotEqual(ProxyOptions.None, new ProxyOptions("http://none.invalid"));
    }

    [Fact]
    public void What_matters_to_a_connection_is_all_but_what_chooses_it()
    {
        var proxy = new ProxyOptions("https://alice:a@p")
        {
            Headers = new() { { "X", "1" } },
            Tls = new() { SendServerName = false },
            Via = "socks5h://s",
        };
        Assert.Same(proxy, proxy.Hop);
        Assert.Equal(proxy, (proxy with { NoProxy = ["*"], UseForwardingForHttps = true }).Hop);
        Assert.NotEqual(proxy, (proxy with { Credential = null, NoProxy = ["*"] }).Hop);
    }

    [Fact]
    public void The_text_of_a_variable_that_is_not_set_is_no_proxy()
    {
        string? variable = null;
        var options = new PoolOptions { Proxy = variable, TrustEnvironment = true };
        Assert.Same(ProxyOptions.None, options.Proxy);
        var choice = new ProxyChoice(options, static _ => "http://proxy.test:3128");
        Assert.Null(choice.For(Url.Parse("http://a.test/"), null));
        Assert.Null(choice.For(Url.Parse("http://a.test/"), new RequestOptions { Proxy = variable }.Proxy));
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => new ProxyOptions((string)null!));
        Assert.Throws<ArgumentNullException>(() => new ProxyOptions((Url)null!));
        Assert.Throws<ArgumentNullException>(() => new ProxyOptions("http://p") { NoProxy = null! });
        Assert.Throws<ArgumentNullException>(() => new ProxyOptions("http://p") { NoProxy = [null!] });
    }

    private static CertificateSet TestCertificates()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        return new CertificateSet([request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1))]);
    }
}
