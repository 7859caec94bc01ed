namespace Urllib4.Tests.Policies;

/// <summary>Policies as values: what they take, and when two are the same.</summary>
public sealed class EgressPolicyTests
{
    [Theory]
    [InlineData("10.0.0.1/8", "AllowedNetworks has the entry '10.0.0.1/8': it has bits behind its prefix")]
    [InlineData("10.0.0.0/33", "an address or a network is needed")]
    [InlineData("10.0.0/8", "an address or a network is needed")]
    [InlineData("0x7f.1", "an address or a network is needed")]
    [InlineData("2130706433", "an address or a network is needed")]
    [InlineData("fd00::1/8", "it has bits behind its prefix")]
    [InlineData("fd00::/129", "an address or a network is needed")]
    [InlineData("example.com", "an address or a network is needed")]
    [InlineData("", "an address or a network is needed")]
    [InlineData("10.0.0.0/", "an address or a network is needed")]
    public void A_network_that_nobody_can_read_is_an_error(string entry, string rule)
    {
        var e = Assert.Throws<ArgumentException>(() => new EgressPolicy { AllowedNetworks = ["10.0.0.0/8", entry] });
        Assert.Equal("AllowedNetworks", e.ParamName);
        Assert.Contains(rule, e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EgressPolicy { DeniedNetworks = [entry] });
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("a b")]
    [InlineData("http://a")]
    [InlineData("a.*.b")]
    [InlineData("*")]
    [InlineData("")]
    public void A_host_that_is_no_name_is_an_error(string entry)
    {
        Assert.Equal("AllowedHosts", Assert.Throws<ArgumentException>(() => new EgressPolicy { AllowedHosts = [entry] }).ParamName);
        Assert.Equal("DeniedHosts", Assert.Throws<ArgumentException>(() => new EgressPolicy { DeniedHosts = [entry] }).ParamName);
    }

    [Fact]
    public void What_is_no_port_no_scheme_no_choice_or_null_is_an_error()
    {
        Assert.Equal("AllowedPorts", Assert.Throws<ArgumentException>(() => new EgressPolicy { AllowedPorts = [0] }).ParamName);
        Assert.Throws<ArgumentException>(() => new EgressPolicy { AllowedPorts = [65536] });
        Assert.Equal("AllowedSchemes", Assert.Throws<ArgumentException>(() => new EgressPolicy { AllowedSchemes = ["ftp"] }).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EgressPolicy { Addresses = (EgressAddresses)7 });
        Assert.Throws<ArgumentNullException>(() => new EgressPolicy { AllowedHosts = null! });
        Assert.Throws<ArgumentNullException>(() => new EgressPolicy { AllowedNetworks = [null!] });
        Assert.Throws<ArgumentNullException>(() => new EgressPolicy { AllowedPorts = null! });
    }

    [Fact]
    public void Lists_are_copied()
    {
        var networks = new List<string> { "10.0.0.0/8" };
        var policy = new EgressPolicy { DeniedNetworks = networks };
        networks.Clear();
        Assert.Equal(["10.0.0.0/8"], policy.DeniedNetworks);
    }

    [Fact]
    public void Policies_are_equal_when_their_members_are()
    {
        static string? Check(EgressTarget target) => null;
        EgressPolicy[] all =
        [
            new(),
            EgressPolicy.PublicInternetOnly,
            new() { AllowedNetworks = ["10.0.0.0/8"] },
            new() { DeniedNetworks = ["10.0.0.0/8"] },
            new() { AllowedHosts = ["a.test"] },
            new() { DeniedHosts = ["a.test"] },
            new() { AllowedPorts = [80] },
            new() { AllowedPorts = [81] },
            new() { AllowedSchemes = ["http"] },
            new() { Check = Check },
            new EgressPolicy { AllowedPorts = [80] }.Over(EgressPolicy.PublicInternetOnly),
        ];
        for (int i = 0; i < all.Length; i++)
        {
            EgressPolicy copy = all[i] with { AllowedPorts = [.. all[i].AllowedPorts], AllowedHosts = [.. all[i].AllowedHosts] };
            Assert.Equal(all[i], copy);
            Assert.Equal(all[i].GetHashCode(), copy.GetHashCode());
            for (int j = 0; j < i; j++)
                Assert.NotEqual(all[i], all[j]);
        }
    }

    [Fact]
    public void One_policy_over_itself_is_itself()
    {
        EgressPolicy own = new() { AllowedPorts = [80] };
        Assert.Same(own, own.Over(null));
        Assert.Same(own, own.Over(new() { AllowedPorts = [80] }));
        EgressPolicy both = own.Over(EgressPolicy.PublicInternetOnly);
        Assert.Same(both, both.Over(EgressPolicy.PublicInternetOnly));
        Assert.Equal(both, own.Over(EgressPolicy.PublicInternetOnly));
    }

    [Fact]
    public void A_policy_says_what_was_set() => Assert.Equal(
        "EgressPolicy { Addresses = PublicInternet, AllowedPorts = 80, 443, besides = EgressPolicy { DeniedHosts = a.test } }",
        $"{(EgressPolicy.PublicInternetOnly with { AllowedPorts = [80, 443] }).Over(new() { DeniedHosts = ["a.test"] })}");
}
