using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class ProxyEnvironmentTests
{
    [Theory]
    [InlineData("", "http://a.example", null)]
    [InlineData("http_proxy=http://p:1", "http://a.example", "http://p:1")]
    [InlineData("HTTP_PROXY=http://p:1", "http://a.example", "http://p:1")]
    [InlineData("http_proxy=http://p:1", "https://a.example", null)]
    [InlineData("https_proxy=http://p:1", "https://a.example", "http://p:1")]
    [InlineData("HTTPS_PROXY=https://p", "https://a.example", "https://p:443")]
    [InlineData("HTTPS_PROXY=http://p:1", "http://a.example", null)]
    [InlineData("http_proxy=http://p:1 HTTP_PROXY=http://p:2", "http://a.example", "http://p:1")]
    [InlineData("https_proxy=http://p:1 HTTPS_PROXY=http://p:2", "https://a.example", "http://p:1")]
    [InlineData("http_proxy= HTTP_PROXY=http://p:2", "http://a.example", "http://p:2")]
    [InlineData("all_proxy=socks5h://p", "http://a.example", "socks5h://p:1080")]
    [InlineData("ALL_PROXY=socks5h://p", "https://a.example", "socks5h://p:1080")]
    [InlineData("all_proxy=socks5://p:1 https_proxy=http://p:2", "https://a.example", "http://p:2")]
    [InlineData("all_proxy=socks://p", "http://a.example", "socks5h://p:1080")]
    [InlineData("ALL_PROXY=socks://p:9/", "https://a.example", "socks5h://p:9")]
    [InlineData("http_proxy=SOCKS://p", "http://a.example", "socks5h://p:1080")]
    [InlineData("HTTPS_PROXY=Socks://user:word@p", "https://a.example", "socks5h://p:1080")]
    [InlineData("all_proxy=socks://[::1]:9 http_proxy=http://p:1", "https://a.example", "socks5h://[::1]:9")]
    [InlineData("http_proxy=socks:1", "http://a.example", "http://socks:1")]
    [InlineData("http_proxy=p:3128", "http://a.example", "http://p:3128")]
    [InlineData("http_proxy=p", "http://a.example", "http://p:80")]
    [InlineData("http_proxy=http://p:1 no_proxy=a.example", "http://a.example", null)]
    [InlineData("http_proxy=http://p:1 NO_PROXY=.example", "http://a.example", null)]
    [InlineData("http_proxy=http://p:1 no_proxy=b.example NO_PROXY=a.example", "http://a.example", "http://p:1")]
    [InlineData("http_proxy=http://p:1 no_proxy=*", "http://a.example", null)]
    [InlineData("http_proxy=http://p:1 no_proxy=a.example:8080", "http://a.example", "http://p:1")]
    [InlineData("http_proxy=http://p:1 no_proxy=a.example:8080", "http://a.example:8080", null)]
    [InlineData("http_proxy=http://p:1", "http://localhost", "http://p:1")]
    public void The_variables_name_the_proxy_of_a_target(string variables, string target, string? proxy) =>
        Assert.Equal(proxy, Of(variables).For(Url.Parse(target))?.ToString());

    [Theory]
    [InlineData("REQUEST_METHOD=GET HTTP_PROXY=http://evil", null)]
    [InlineData("REQUEST_METHOD= HTTP_PROXY=http://evil", null)]
    [InlineData("REQUEST_METHOD=GET HTTP_PROXY=http://evil http_proxy=http://p:1", "http://p:1")]
    [InlineData("REQUEST_METHOD=GET HTTP_PROXY=http://evil all_proxy=http://p:2", "http://p:2")]
    [Trait("check", "PX-15")]
    public void PX_15_in_CGI_the_header_Proxy_names_no_proxy(string variables, string? proxy) =>
        Assert.Equal(proxy, Of(variables).For(Url.Parse("http://a.example"))?.ToString());

    [Fact]
    [Trait("check", "PX-15")]
    public void PX_15_in_CGI_neither_spelling_is_believed_where_names_have_no_case()
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["REQUEST_METHOD"] = "GET",
            ["HTTP_PROXY"] = "http://evil",
        };

        Assert.Null(new ProxyEnvironment(variables.GetValueOrDefault).For(Url.Parse("http://a.example")));
    }

    [Theory]
    [InlineData("http_proxy=ftp://p:1")]
    [InlineData("http_proxy=socks5a://p:1")]
    [InlineData("http_proxy=sockss://p:1")]
    [InlineData("all_proxy=socks6://p:1")]
    public void A_proxy_that_is_not_understood_is_an_error_and_no_direct_connection(string variables)
    {
        var environment = Of(variables + " no_proxy=b.example");

        Assert.Throws<ProxySchemeUnknownException>(() => environment.For(Url.Parse("http://a.example")));
        Assert.Null(environment.For(Url.Parse("http://b.example")));
    }

    [Theory]
    [InlineData("http_proxy=http://")]
    [InlineData("http_proxy=http://user:secret@")]
    [InlineData("http_proxy=user:secret@p:x")]
    public void A_proxy_that_is_no_URL_is_an_error_that_shows_no_password(string variables)
    {
        var error = Assert.ThrowsAny<LocationValueException>(() => Of(variables).For(Url.Parse("http://a.example")));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_come_along() =>
        Assert.Equal(new Credential("user", "p@ss"), Of("http_proxy=user:p%40ss@p:1").For(Url.Parse("http://a.example"))!.Credential);

    [Fact]
    public void The_same_proxy_is_not_read_twice()
    {
        var environment = Of("http_proxy=http://p:1");

        Assert.Same(environment.For(Url.Parse("http://a.example")), environment.For(Url.Parse("http://b.example")));
    }

    private static ProxyEnvironment Of(string variables)
    {
        Dictionary<string, string> values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(static v => v[..v.IndexOf('=')], static v => v[(v.IndexOf('=') + 1)..], StringComparer.Ordinal);
        return new ProxyEnvironment(values.GetValueOrDefault);
    }
}
