using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

public sealed class NoProxyRulesTests
{
    private const string Px12 = "localhost,127.0.0.0/8,::1,.corp,*.x,10.0.0.0/8,host:8080";

    [Theory]
    [InlineData("http://localhost", true)]
    [InlineData("http://LOCALHOST.", true)]
    [InlineData("http://sub.localhost", true)]
    [InlineData("http://notlocalhost", false)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://127.255.255.255", true)]
    [InlineData("http://128.0.0.1", false)]
    [InlineData("http://0.0.0.0", false)]
    [InlineData("http://[::ffff:127.0.0.1]", true)]
    [InlineData("http://[::FFFF:7f00:1]", true)]
    [InlineData("http://[::1]", true)]
    [InlineData("http://[0:0:0:0:0:0:0:1]", true)]
    [InlineData("http://[::2]", false)]
    [InlineData("http://[::]", false)]
    [InlineData("http://a.corp", true)]
    [InlineData("http://a.corp.", true)]
    [InlineData("http://A.B.CORP", true)]
    [InlineData("http://corp", true)]
    [InlineData("http://acorp", false)]
    [InlineData("http://corp.evil", false)]
    [InlineData("http://a.x", true)]
    [InlineData("http://x", false)]
    [InlineData("http://10.1.2.3", true)]
    [InlineData("http://11.1.2.3", false)]
    [InlineData("http://10.evil", false)]
    [InlineData("http://127.0.0.1.evil", false)]
    [InlineData("http://host:8080", true)]
    [InlineData("http://a.host:8080", true)]
    [InlineData("http://host", false)]
    [InlineData("https://host:8443", false)]
    [Trait("check", "PX-12")]
    public void PX_12_hosts_are_compared_in_normal_form(string target, bool covered) => Assert.Equal(covered, Covers(Px12, target));

    [Theory]
    [InlineData("http://127.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://[::1%25.corp]")]
    [Trait("check", "PX-12")]
    public void PX_12_hosts_with_two_readings_do_not_get_so_far(string target) => Assert.False(Url.TryParse(target, out _));

    [Theory]
    [InlineData("[::1%25.corp]", true)]
    [InlineData("::1%.x", true)]
    [InlineData("[fe80::1%.corp]", false)]
    [InlineData("[fe80::2%25eth0]", false)]
    [Trait("check", "PX-12")]
    public void PX_12_a_zone_takes_no_part(string host, bool covered) => Assert.Equal(covered, NoProxyRules.Parse(Px12).Covers(host, 80));

    [Theory]
    [InlineData("", "http://a.example", false)]
    [InlineData(" , ,,", "http://a.example", false)]
    [InlineData("*", "http://a.example", true)]
    [InlineData("b.example *", "http://[2001:db8::1]", true)]
    [InlineData("a.example b.example", "http://b.example", true)]
    [InlineData("a.example,b.example\t c.example", "http://c.example", true)]
    [InlineData("A.Example.", "http://a.example", true)]
    [InlineData("bücher.example", "http://xn--bcher-kva.example", true)]
    [InlineData("xn--bcher-kva.example", "http://BÜCHER.example.", true)]
    [InlineData("a.example:80", "http://a.example", true)]
    [InlineData("a.example:443", "https://a.example", true)]
    [InlineData("a.example:443", "http://a.example", false)]
    [InlineData("a.example:0", "http://a.example", false)]
    [InlineData("a.example:", "http://a.example", false)]
    [InlineData("a.example:70000", "http://a.example", false)]
    [InlineData("a.example:8o", "http://a.example", false)]
    [InlineData("[::1]", "http://[::1]", true)]
    [InlineData("[::1]:8080", "http://[::1]:8080", true)]
    [InlineData("[::1]:8080", "http://[::1]", false)]
    [InlineData("192.0.2.7:8080", "http://192.0.2.7:8080", true)]
    [InlineData("192.0.2.7:8080", "http://192.0.2.7", false)]
    [InlineData("fe80::1%eth0", "http://[fe80::1]", true)]
    [InlineData("::ffff:10.0.0.0/104", "http://10.2.3.4", true)]
    [InlineData("10.9.9.9/8", "http://10.2.3.4", true)]
    [InlineData("192.0.2.128/25", "http://192.0.2.127", false)]
    [InlineData("192.0.2.128/25", "http://192.0.2.128", true)]
    [InlineData("192.0.2.7/32", "http://192.0.2.7", true)]
    [InlineData("0.0.0.0/0", "http://192.0.2.7", true)]
    [InlineData("0.0.0.0/0", "http://[2001:db8::1]", false)]
    [InlineData("::/0", "http://[2001:db8::1]", true)]
    [InlineData("::/0", "http://192.0.2.7", false)]
    [InlineData("2001:db8::/32", "http://[2001:db8:ffff::1]", true)]
    [InlineData("2001:db8::/32", "http://[2001:db9::1]", false)]
    [InlineData("[2001:db8::]/32", "http://[2001:db8::1]", true)]
    [InlineData("10.0.0.0/33", "http://10.0.0.0", false)]
    [InlineData("10.0.0.0/", "http://10.0.0.0", false)]
    [InlineData("10.0/8", "http://10.0.0.0", false)]
    [InlineData("0.0.1", "http://127.0.0.1", false)]
    [InlineData("127.1", "http://127.0.0.1", false)]
    [InlineData(".", "http://a.example", false)]
    [InlineData("*.", "http://a.example", false)]
    [InlineData("..example", "http://a.example", false)]
    [InlineData("exam*", "http://example", false)]
    [InlineData("http://a.example", "http://a.example", false)]
    [InlineData("@, %, [, ], [::1, ::1]", "http://[::1]", false)]
    public void Lists_are_read_as_curl_and_Go_read_them(string list, string target, bool covered) =>
        Assert.Equal(covered, Covers(list, target));

    [Fact]
    public void What_nobody_can_read_is_named_once_and_without_a_password()
    {
        var rules = NoProxyRules.Parse("a.example, 10.0.0.0/33 exam* d.example;e.example", " http://user:secret@b.example *.c.example");

        Assert.Equal(["10.0.0.0/33", "exam*", "d.example;e.example", "http://***@b.example"], rules.TakeUnread());
        Assert.Empty(rules.TakeUnread());
        Assert.Empty(NoProxyRules.Parse(" ,, * a.example:80 ::1 fe80::1%eth0").TakeUnread());
    }

    [Fact]
    public void Several_lists_are_one()
    {
        var rules = NoProxyRules.Parse(["a.example", "b.example, c.example"]);

        Assert.True(rules.Covers("c.example", 80));
        Assert.False(rules.Covers("d.example", 80));
    }

    [Fact]
    [Trait("check", "PX-13")]
    public void PX_13_what_is_too_long_for_a_host_is_not_looked_at()
    {
        var rules = NoProxyRules.Parse("*", Px12);
        string dots = new('.', 64 * 1024);

        Assert.False(rules.Covers(dots, 80));
        Assert.False(rules.Covers(dots + "corp", 80));
        Assert.False(rules.Covers("", 80));
        Assert.True(rules.Covers(new string('a', 253) + ".", 80));
    }

    private static bool Covers(string list, string target)
    {
        var url = Url.Parse(target);
        return NoProxyRules.Parse(list).Covers(url.HostSpan, url.EffectivePort!.Value);
    }
}
