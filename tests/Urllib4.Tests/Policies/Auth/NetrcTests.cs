using Urllib4.Policies.Auth;
using Urllib4.Primitives;

namespace Urllib4.Tests.Policies.Auth;

public sealed class NetrcTests
{
    [Theory]
    [InlineData("machine a.example login u password p", "u p")]
    [InlineData("machine\ta.example\r\n\tlogin u\r\n\tpassword p\r\n", "u p")]
    [InlineData("machine a.example password p account x login u", "u p")]
    [InlineData("machine A.Example. login u password p", "u p")]
    [InlineData("machine a.example login u password #p\n", "u #p")]
    [InlineData("# comment machine a.example\nmachine a.example login u # login v\npassword p", "u p")]
    [InlineData("machine a.example login \"u v\" password \"p\\\"\\\\\\n\"", "u v p\"\\\n")]
    [InlineData("machine a.example login \"\" password \"\"", " ")]
    [InlineData("machine a.example login machine password login", "machine login")]
    [InlineData("machine b.example login v password q machine a.example login u password p", "u p")]
    [InlineData("machine a.example login u password p machine a.example login v password q", "u p")]
    [InlineData("macdef init\ncd /\nmachine a.example login v password q\n\nmachine a.example login u password p", "u p")]
    [InlineData("macdef init\r\ncd /\r\n\r\nmachine a.example login u password p", "u p")]
    public void The_entry_of_a_host_is_found(string text, string entry)
    {
        Credential? found = Netrc.Parse(text).For(HostName.Parse("a.example"));

        Assert.Equal(entry, $"{found?.User} {found?.Password}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("machine b.a.example login u password p")]
    [InlineData("machine example login u password p")]
    [InlineData("machine a.example login u")]
    [InlineData("machine a.example password p")]
    [InlineData("login u password p")]
    [InlineData("machine a.example login u machine b.example password p")]
    [InlineData("macdef init\nmachine a.example login u password p")]
    [InlineData("macdef init")]
    [InlineData("macdef init\n")]
    [InlineData("default login u password p")]
    [InlineData("machine a.example default login u password p")]
    public void No_host_gets_what_is_not_its_own(string text) => Assert.Null(Netrc.Parse(text).For(HostName.Parse("a.example")));

    [Theory]
    [InlineData("http://a.example:@b.example/", "b")]
    [InlineData("http://a.example@b.example/", "b")]
    [InlineData("http://B.EXAMPLE.:8080/a.example", "b")]
    [InlineData("http://[::1]:80/", "c")]
    [Trait("check", "AU-05")]
    public void AU_05_the_host_is_the_one_that_is_connected_to(string url, string user)
    {
        var netrc = Netrc.Parse("machine a.example login a password p machine b.example login b password p machine ::1 login c password p");

        Assert.Equal(user, netrc.For(Url.Parse(url).Origin.HostName)?.User);
    }

    [Fact]
    [Trait("check", "AU-05")]
    public void AU_05_a_user_that_the_URL_names_has_to_be_that_of_the_entry()
    {
        var netrc = Netrc.Parse("machine a.example login u password p machine a.example login v password q");
        var host = HostName.Parse("a.example");

        Assert.Equal(new Credential("v", "q"), netrc.For(host, "v"));
        Assert.Null(netrc.For(host, "V"));
        Assert.Null(netrc.For(host, ""));
    }

    [Theory]
    [InlineData("machine a.example\nlogin u\nsecret", 3)]
    [InlineData("machine a.example\n\npassword", 3)]
    [InlineData("machine a.example password \"secret\nlogin u", 1)]
    [InlineData("machine a.example password \"secret", 1)]
    [InlineData("machine", 1)]
    public void A_broken_text_is_refused_by_line_without_showing_it(string text, int line)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Netrc.Parse(text));

        Assert.StartsWith($"Line {line} of the netrc", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
