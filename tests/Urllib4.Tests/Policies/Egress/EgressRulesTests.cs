using System.Net;
using Urllib4.Policies;

namespace Urllib4.Tests.Policies;

/// <summary>What a policy says of schemes, ports, hosts and addresses.</summary>
public sealed class EgressRulesTests
{
    // The first and the last address of each range.
    public static TheoryData<string, string> SpecialPurposes => new()
    {
        { "0.0.0.0", "0.255.255.255" },
        { "10.0.0.0", "10.255.255.255" },
        { "100.64.0.0", "100.127.255.255" },
        { "127.0.0.0", "127.255.255.255" },
        { "169.254.0.0", "169.254.255.255" },
        { "169.254.169.254", "169.254.169.254" },
        { "172.16.0.0", "172.31.255.255" },
        { "192.0.0.0", "192.0.0.255" },
        { "192.0.2.0", "192.0.2.255" },
        { "192.31.196.0", "192.31.196.255" },
        { "192.52.193.0", "192.52.193.255" },
        { "192.88.99.0", "192.88.99.255" },
        { "192.168.0.0", "192.168.255.255" },
        { "192.175.48.0", "192.175.48.255" },
        { "198.18.0.0", "198.19.255.255" },
        { "198.51.100.0", "198.51.100.255" },
        { "203.0.113.0", "203.0.113.255" },
        { "224.0.0.0", "239.255.255.255" },
        { "240.0.0.0", "255.255.255.255" },
        { "::", "::1" },
        { "::127.0.0.1", "::8.8.8.8" },
        { "::ffff:0:8.8.8.8", "::ffff:0:10.0.0.1" },
        { "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff" },
        { "100::", "100::ffff:ffff:ffff:ffff" },
        { "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff" },
        { "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff" },
        { "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    };

    [Theory, MemberData(nameof(SpecialPurposes))]
    public void No_address_of_a_special_purpose_is_public(string first, string last)
    {
        foreach (string address in new[] { first, last })
            Assert.Contains(" is not public: it is ", Judge(EgressPolicy.PublicInternetOnly, address), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0.0.0", "9.255.255.255")]
    [InlineData("11.0.0.0", "100.63.255.255")]
    [InlineData("100.128.0.0", "126.255.255.255")]
    [InlineData("128.0.0.0", "169.253.255.255")]
    [InlineData("169.255.0.0", "172.15.255.255")]
    [InlineData("172.32.0.0", "191.255.255.255")]
    [InlineData("192.0.1.0", "192.0.1.255")]
    [InlineData("192.0.3.0", "192.31.195.255")]
    [InlineData("192.169.0.0", "192.175.47.255")]
    [InlineData("198.17.255.255", "198.20.0.0")]
    [InlineData("198.51.99.255", "198.51.101.0")]
    [InlineData("203.0.112.255", "203.0.114.0")]
    [InlineData("223.255.255.255", "8.8.8.8")]
    [InlineData("2000::", "2000:ffff::")]
    [InlineData("2001:200::", "2001:db7:ffff::")]
    [InlineData("2001:db9::", "2001:ffff::")]
    [InlineData("2003::", "2620:4f:7fff:ffff::")]
    [InlineData("2620:4f:8001::", "3ffe:ffff::")]
    [InlineData("3fff:1000::", "3fff:ffff::")]
    [InlineData("2606:4700:4700::1111", "2a00:1450:4001:80b::200e")]
    public void The_neighbours_of_those_ranges_are_public(string first, string last)
    {
        foreach (string address in new[] { first, last })
            Assert.Null(Judge(EgressPolicy.PublicInternetOnly, address));
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1 is not public: it is in 127.0.0.0/8 (loopback, RFC 1122)")]
    [InlineData("192.0.0.9", "192.0.0.9 is not public: it is in 192.0.0.9/32 (port control protocol anycast, RFC 7723)")]
    [InlineData("fe80::1%1", "fe80::1 is not public: it is in fe80::/10 (link local, RFC 4291)")]
    [InlineData("4000::1", "4000::1 is not public: it is not in 2000::/3 (global unicast, RFC 4291)")]
    [InlineData("64:ff9b::10.0.0.1", "10.0.0.1, which is inside of 64:ff9b::a00:1, is not public: it is in 10.0.0.0/8 (private use, RFC 1918)")]
    public void The_rule_names_the_address_and_the_narrowest_range(string address, string rule) =>
        Assert.Equal(rule, Judge(EgressPolicy.PublicInternetOnly, address));

    [Theory]
    [InlineData("::ffff:10.1.2.3")] // mapped
    [InlineData("::ffff:a01:203")]
    [InlineData("::10.1.2.3")] // compatible
    [InlineData("::ffff:0:10.1.2.3")] // translated
    [InlineData("64:ff9b::10.1.2.3")] // NAT64
    [InlineData("64:ff9b:1::10.1.2.3")] // NAT64 of local use, in each place
    [InlineData("64:ff9b:1:a01:2:300::")]
    [InlineData("64:ff9b:1:000a:1:203::")]
    [InlineData("64:ff9b:1:0:a:102:300::")]
    [InlineData("2002:a01:203::1")] // 6to4
    [InlineData("2001:0:a01:203::")] // the server of Teredo
    [InlineData("2001:0:808:808:0:0:f5fe:fdfc")] // its client
    public void An_address_of_IPv4_inside_of_IPv6_is_found(string address)
    {
        var policy = new EgressPolicy { DeniedNetworks = ["10.1.2.3"] };
        Assert.Contains("10.1.2.3", Judge(policy, address), StringComparison.Ordinal);
        Assert.NotNull(Judge(EgressPolicy.PublicInternetOnly, address));
    }

    [Theory]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void A_public_address_inside_of_one_that_leads_to_it_is_public(string address) =>
        Assert.Null(Judge(EgressPolicy.PublicInternetOnly, address));

    [Fact]
    public void A_network_that_is_allowed_adds_to_the_public_ones_and_one_that_is_denied_takes_from_both()
    {
        EgressPolicy policy = EgressPolicy.PublicInternetOnly with
        {
            AllowedNetworks = ["10.0.0.0/8", "fd00::/8"], DeniedNetworks = ["10.1.0.0/16", "168.63.129.16"],
        };
        Assert.Null(Judge(policy, "10.2.3.4"));
        Assert.Null(Judge(policy, "fd00::1"));
        Assert.Null(Judge(policy, "64:ff9b::10.2.3.4"));
        Assert.Null(Judge(policy, "8.8.8.8"));
        Assert.NotNull(Judge(policy, "192.168.0.1"));
        Assert.Equal("10.1.2.3 is in 10.1.0.0/16, which is among DeniedNetworks", Judge(policy, "10.1.2.3"));
        Assert.NotNull(Judge(policy, "168.63.129.16"));
    }

    [Fact]
    public void Of_listed_addresses_no_other_may_be_reached()
    {
        var policy = new EgressPolicy { Addresses = EgressAddresses.Listed, AllowedNetworks = ["10.0.0.0/8"] };
        Assert.Null(Judge(policy, "10.2.3.4"));
        Assert.Null(Judge(policy, "::ffff:10.2.3.4"));
        Assert.Equal("8.8.8.8 is not in AllowedNetworks", Judge(policy, "8.8.8.8"));
        // What NAT64 leads to is another matter than the same address on this network.
        Assert.NotNull(Judge(policy, "64:ff9b::10.2.3.4"));
    }

    [Fact]
    public void All_of_IPv4_and_all_of_IPv6_are_two_networks()
    {
        Assert.Null(Judge(new() { DeniedNetworks = ["::/0"] }, "8.8.8.8"));
        Assert.Null(Judge(new() { DeniedNetworks = ["0.0.0.0/0"] }, "2606:4700::1"));
        Assert.NotNull(Judge(new() { DeniedNetworks = ["0.0.0.0/0"] }, "::ffff:8.8.8.8"));
        Assert.NotNull(Judge(new() { DeniedNetworks = ["::/0"] }, "2606:4700::1"));
    }

    [Theory]
    [InlineData("example.com", null)]
    [InlineData("a.example.com.", null)]
    [InlineData("secret.example.com", "the host is among DeniedHosts")]
    [InlineData("x.secret.example.com", "the host is among DeniedHosts")]
    [InlineData("example.org", "the host is not among AllowedHosts")]
    [InlineData("badexample.com", "the host is not among AllowedHosts")]
    [InlineData("8.8.8.8", "the host is not among AllowedHosts")]
    [InlineData("::1", "the host is not among AllowedHosts")]
    public void Hosts_are_judged_as_names(string host, string? rule)
    {
        var policy = new EgressPolicy { AllowedHosts = ["Example.COM"], DeniedHosts = ["secret.example.com"] };
        Assert.Equal(rule, EgressRules.Of(policy, new("http", host, 80, null)));
    }

    [Fact]
    public void Ports_and_schemes_are_judged()
    {
        var policy = new EgressPolicy { AllowedPorts = [80, 443], AllowedSchemes = ["HTTPS"] };
        Assert.Null(EgressRules.Of(policy, new("https", "a.test", 443, null)));
        Assert.Equal("port 22 is not among AllowedPorts", EgressRules.Of(policy, new("https", "a.test", 22, null)));
        Assert.Equal("the scheme http is not among AllowedSchemes", EgressRules.Of(policy, new("http", "a.test", 80, null)));
        Assert.NotNull(EgressRules.Of(policy, new("https", "a.test", 8443, IPAddress.Parse("8.8.8.8"))));
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("localhost", false)]
    [InlineData("localhost.", false)]
    [InlineData("a.localhost", false)]
    [InlineData("LOCALHOST", false)]
    [InlineData("metadata.google.internal", false)]
    [InlineData("printer.local.", false)]
    [InlineData("router.home.arpa", false)]
    [InlineData("intranet", false)]
    public void A_name_that_a_proxy_resolves_has_to_be_public_or_named(string host, bool isPublic)
    {
        Assert.Equal(isPublic, EgressRules.OfUnresolved(EgressPolicy.PublicInternetOnly, host) is null);
        Assert.NotNull(EgressRules.OfUnresolved(new() { Addresses = EgressAddresses.Listed }, host));
        Assert.Null(EgressRules.OfUnresolved(new() { DeniedNetworks = ["10.0.0.0/8"] }, host));
        Assert.Null(EgressRules.OfUnresolved(EgressPolicy.PublicInternetOnly with { AllowedHosts = [host] }, host));
    }

    [Fact]
    public void The_function_is_asked_last_and_its_text_is_the_rule()
    {
        var asked = new List<string>();
        EgressPolicy policy = EgressPolicy.PublicInternetOnly with
        {
            Check = target =>
            {
                asked.Add($"{target}");
                return target.Address is null ? null : target.Port == 81 ? "" : "it rains";
            },
        };
        Assert.NotNull(EgressRules.Of(policy, new("http", "a.test", 80, IPAddress.Loopback)));
        Assert.Null(EgressRules.Of(policy, new("http", "a.test", 80, null)));
        Assert.Equal("it rains", EgressRules.Of(policy, new("http", "a.test", 80, IPAddress.Parse("8.8.8.8"))));
        Assert.Equal("Check said no", EgressRules.Of(policy, new("http", "a.test", 81, IPAddress.Parse("8.8.8.8"))));
        Assert.Equal(["a.test:80", "a.test:80 at 8.8.8.8", "a.test:81 at 8.8.8.8"], asked);
    }

    [Fact]
    public void Two_policies_both_have_to_agree()
    {
        EgressPolicy both = new EgressPolicy { AllowedPorts = [80] }.Over(EgressPolicy.PublicInternetOnly);
        Assert.Null(EgressRules.Of(both, new("http", "a.test", 80, IPAddress.Parse("8.8.8.8"))));
        Assert.NotNull(EgressRules.Of(both, new("http", "a.test", 81, IPAddress.Parse("8.8.8.8"))));
        Assert.NotNull(EgressRules.Of(both, new("http", "a.test", 80, IPAddress.Loopback)));
        Assert.NotNull(EgressRules.OfUnresolved(both, "localhost"));
    }

    private static string? Judge(EgressPolicy policy, string address) =>
        EgressRules.Of(policy, new EgressTarget("http", "a.test", 80, IPAddress.Parse(address)));
}
