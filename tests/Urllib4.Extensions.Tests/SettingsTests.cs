using System.Globalization;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Urllib4.DependencyInjection;

namespace Urllib4.Extensions.Tests;

public sealed class SettingsTests : ServiceTests, IDisposable
{
    private const string UrlRule = "a URL is needed whose scheme is http, https, socks4, socks4a, socks5 or socks5h, with a host.";
    private const string HeaderRule = "the key has to be a token and the value visible ASCII or Latin-1 (RFC 9110, section 5).";
    private const string FingerprintRule = "64 hexadecimal digits are needed, with or without colons.";
    private const string ProxyKeys = "NoProxy, Url, UseForwardingForHttps";
    private const string DecodeKeys = "MaxDecodedBytes, MaxRatio";
    private const string AllKeys =
        "Block, ConnectHeadStart, DecodeLimits, Egress, Headers, MaxIdleTime, MaxLifetime, MaxSize, Names, NumPools, Proxy, Retries, Timeout, Tls, TrustEnvironment";

    private static readonly PoolOptions _start = PoolOptions.Default with { TrustEnvironment = true };
    private static readonly string _fingerprint = string.Concat(Enumerable.Repeat("AB", 32));
    private readonly CertificateAuthority _authority = new();
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string, string> Settings => new()
    {
        { "NumPools", "7", nameof(PoolOptions.NumPools) + " = 7" },
        { "MaxSize", "8", "MaxSize = 8" },
        { "Block", "true", "Block = True" },
        { "MaxIdleTime", "00:00:09", "MaxIdleTime = 00:00:09" },
        { "ConnectHeadStart", "00:00:00.3", "ConnectHeadStart = 00:00:00.3000000" },
        { "MaxLifetime", "-00:00:00.001", "MaxLifetime = -00:00:00.0010000" },
        { "TrustEnvironment", "false", "TrustEnvironment = False" },
        { "Headers:X-Api-Key", "value of a header", "X-Api-Key: value of a header" },
        { "Timeout:Pool", "00:00:01", "Pool = 00:00:01" },
        { "Timeout:Resolve", "00:00:02", "Resolve = 00:00:02" },
        { "Timeout:Connect", "00:00:03", "Connect = 00:00:03" },
        { "Timeout:Proxy", "00:00:04", "Proxy = 00:00:04" },
        { "Timeout:Tls", "00:00:05", "Tls = 00:00:05" },
        { "Timeout:Send", "00:00:06", "Send = 00:00:06" },
        { "Timeout:Continue", "00:00:07", "Continue = 00:00:07" },
        { "Timeout:Head", "00:00:08", "Head = 00:00:08" },
        { "Timeout:Read", "00:00:09", "Read = 00:00:09" },
        { "Timeout:Total", "00:01:00", "Total = 00:01:00" },
        { "Timeout:MinimumBytesPerSecond", "1.5", "MinimumBytesPerSecond = 1.5" },
        { "Timeout:ThroughputWindow", "00:00:11", "ThroughputWindow = 00:00:11" },
        { "Retries:Total", "1", "Total = 1" },
        { "Retries:Connect", "2", "Connect = 2" },
        { "Retries:Read", "1", "Read = 1" },
        { "Retries:Redirect", "4", "Redirect = 4" },
        { "Retries:Status", "5", "Status = 5" },
        { "Retries:Other", "6", "Other = 6" },
        { "Retries:StatusForcelist:0", "503", "StatusForcelist = 503" },
        { "Retries:AllowedMethods:0", "POST", "AllowedMethods = POST" },
        { "Retries:BackoffFactor", "0.5", "BackoffFactor = 0.5" },
        { "Retries:BackoffMax", "00:00:12", "BackoffMax = 00:00:12" },
        { "Retries:BackoffJitter", "00:00:13", "BackoffJitter = 00:00:13" },
        { "Retries:RetryAfterStatusCodes:0", "202", "RetryAfterStatusCodes = 202" },
        { "Retries:RespectRetryAfterHeader", "false", "RespectRetryAfterHeader = False" },
        { "Retries:RetryAfterMax", "00:00:14", "RetryAfterMax = 00:00:14" },
        { "DecodeLimits:MaxDecodedBytes", "5000000000", "MaxDecodedBytes = 5000000000" },
        { "DecodeLimits:MaxRatio", "50", "MaxRatio = 50" },
        { "Proxy:Url", "http://user:word@proxy.example:3128", "Url = http://proxy.example:3128 for user" },
        { "Names:MinTimeToLive", "00:00:02", "MinTimeToLive = 00:00:02" },
        { "Names:MaxTimeToLive", "00:01:00", "MaxTimeToLive = 00:01:00" },
        { "Names:DefaultTimeToLive", "00:00:03", "DefaultTimeToLive = 00:00:03" },
        { "Names:FailureTimeToLive", "00:00:04", "FailureTimeToLive = 00:00:04" },
        { "Names:StaleFor", "00:00:00", "StaleFor = 00:00:00" },
        { "Names:MaxNames", "9", "MaxNames = 9" },
        { "Egress:Addresses", "publicinternet", "Egress: EgressPolicy { Addresses = PublicInternet }" },
        { "Egress:AllowedNetworks:0", "10.0.0.0/8", "Egress: EgressPolicy { AllowedNetworks = 10.0.0.0/8 }" },
        { "Egress:DeniedNetworks:0", "fd00::/8", "Egress: EgressPolicy { DeniedNetworks = fd00::/8 }" },
        { "Egress:AllowedHosts:0", "a.example", "Egress: EgressPolicy { AllowedHosts = a.example }" },
        { "Egress:DeniedHosts:0", "*.example", "Egress: EgressPolicy { DeniedHosts = *.example }" },
        { "Egress:AllowedPorts:0", "443", "Egress: EgressPolicy { AllowedPorts = 443 }" },
        { "Egress:AllowedSchemes:0", "https", "Egress: EgressPolicy { AllowedSchemes = https }" },
        { "Tls:SslMinimumVersion", "Tls13", "SslMinimumVersion = Tls13" },
        { "Tls:SslMaximumVersion", "tls12", "SslMaximumVersion = Tls12" },
        { "Tls:AssertFingerprint", _fingerprint, "AssertFingerprint = " + _fingerprint },
        { "Tls:RevocationMode", "Online", "RevocationMode = Online" },
        { "Tls:AllowRenegotiation", "true", "AllowRenegotiation = True" },
    };

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "NumPools", "0", "Urllib4:NumPools: NumPools is at least 1." },
        { "MaxSize", "0", "Urllib4:MaxSize: MaxSize is at least 1." },
        { "MaxSize", "many", "Urllib4:MaxSize: a whole number is needed." },
        { "Block", "1", "Urllib4:Block: true or false is needed." },
        { "MaxIdleTime", "-00:00:01", "Urllib4:MaxIdleTime: MaxIdleTime is not negative; Timeout.InfiniteTimeSpan means no limit." },
        { "MaxLifetime", "-00:00:05", "Urllib4:MaxLifetime: MaxLifetime is not negative; Timeout.InfiniteTimeSpan means no limit." },
        { "Timeout:Connect", "10", "Urllib4:Timeout:Connect: a time of hours, minutes and seconds is needed, such as 00:00:10." },
        { "Timeout:Read", "00:00:00", "Urllib4:Timeout:Read: A timeout is greater than zero; Timeout.InfiniteTimeSpan means none." },
        {
            "Timeout:MinimumBytesPerSecond", "-1",
            "Urllib4:Timeout:MinimumBytesPerSecond: A rate is a finite number of bytes, zero or more."
        },
        { "Timeout:MinimumBytesPerSecond", "fast", "Urllib4:Timeout:MinimumBytesPerSecond: a number is needed." },
        { "Retries:Total", "-2", "Urllib4:Retries:Total: A counter is zero or more; -1 is one that was passed, null is no limit." },
        { "Retries:BackoffFactor", "-1", "Urllib4:Retries:BackoffFactor: A factor is a finite number, zero or more." },
        { "Retries:BackoffMax", "-00:00:05", "Urllib4:Retries:BackoffMax: A pause is zero or more." },
        { "Retries:StatusForcelist", "503", "Urllib4:Retries:StatusForcelist: each entry has a key below it, and it has no value itself." },
        { "Retries:StatusForcelist:0", "all", "Urllib4:Retries:StatusForcelist:0: a whole number is needed." },
        { "DecodeLimits:MaxRatio", "0", "Urllib4:DecodeLimits:MaxRatio: a number above zero is needed." },
        { "DecodeLimits:Max", "0", $"Urllib4:DecodeLimits:Max: there is no such key; there are {DecodeKeys}." },
        { "Headers:bad name", "x", $"Urllib4:Headers:bad name: {HeaderRule}" },
        { "Headers:X-A", "canary\n", $"Urllib4:Headers:X-A: {HeaderRule}" },
        { "Proxy:Url", "ftp://user:canary@proxy", $"Urllib4:Proxy:Url: {UrlRule}" },
        { "Proxy:Url", "http://user:canary@:99999", $"Urllib4:Proxy:Url: {UrlRule}" },
        { "Proxy:NoProxy:0", "localhost", "Urllib4:Proxy:Url: it is missing, and the other keys mean nothing without it." },
        { "Proxy", "http://user:canary@proxy", $"Urllib4:Proxy: these keys are below it: {ProxyKeys}, and it has no value itself." },
        { "Proxy:Url:x", "canary", "Urllib4:Proxy:Url: one value is needed, and there are keys below it." },
        { "Names:MaxNames", "0", "Urllib4:Names:MaxNames: MaxNames is at least 1." },
        { "Names:StaleFor", "-00:00:01", "Urllib4:Names:StaleFor: StaleFor is not negative." },
        { "Egress:Addresses", "2", "Urllib4:Egress:Addresses: one of Any, PublicInternet, Listed is needed." },
        {
            "Egress:AllowedNetworks:0", "canary",
            "Urllib4:Egress:AllowedNetworks: each entry has to be an address or a network, such as 10.1.2.3 or 10.0.0.0/8, "
            + "with no bit behind its prefix."
        },
        { "Egress:DeniedHosts:0", "a canary", "Urllib4:Egress:DeniedHosts: each entry has to be a name, such as example.com or *.example.com." },
        {
            "Egress:AllowedPorts:0", "65536",
            "Urllib4:Egress:AllowedPorts: AllowedPorts has a number that is no port: one of 1 to 65535 is needed."
        },
        { "Egress:AllowedSchemes:0", "canary", "Urllib4:Egress:AllowedSchemes: each entry has to be http or https." },
        { "Tls:SslMinimumVersion", "Tls11", "Urllib4:Tls:SslMinimumVersion: one of Tls12, Tls13 is needed." },
        { "Tls:SslMinimumVersion", "0", "Urllib4:Tls:SslMinimumVersion: one of Tls12, Tls13 is needed." },
        { "Tls:CaCerts", "/nowhere/ca.pem", "Urllib4:Tls:CaCerts: the path of a file with certificates is needed, PEM or DER." },
        { "Tls:AssertFingerprint", "AB", $"Urllib4:Tls:AssertFingerprint: The fingerprint is not a SHA-256: {FingerprintRule}" },
        { "MaxSiez", "canary", $"Urllib4:MaxSiez: there is no such key; there are {AllKeys}." },
        { "Proxy:Password", "canary", $"Urllib4:Proxy:Password: there is no such key; there are {ProxyKeys}." },
        { "MaxSize:Default", "3", "Urllib4:MaxSize: one value is needed, and there are keys below it." },
    };

    [Theory, MemberData(nameof(Settings))]
    public async Task A_key_sets_the_option_of_its_name_and_no_other(string key, string value, string fact)
    {
        PoolOptions options = await OptionsOf(new() { [$"Urllib4:{key}"] = value });

        string[] changed = [.. Facts(options).Except(Facts(_start))];
        Assert.Equal(fact, Assert.Single(changed));
    }

    [Fact]
    public async Task Keys_that_need_others_set_theirs()
    {
        string file = _directory.Write("ca.pem", _authority.RootPem);

        PoolOptions options = await OptionsOf(new()
        {
            ["Urllib4:Proxy:Url"] = "https://proxy.example",
            ["Urllib4:Proxy:NoProxy:0"] = "localhost, 10.0.0.0/8",
            ["Urllib4:Proxy:NoProxy:1"] = ".example",
            ["Urllib4:Proxy:UseForwardingForHttps"] = "true",
            ["Urllib4:Tls:CaCerts"] = file,
            ["urllib4:maxsize"] = "3",
        });

        Assert.Equal(
            new ProxyOptions("https://proxy.example") { NoProxy = ["localhost, 10.0.0.0/8", ".example"], UseForwardingForHttps = true },
            options.Proxy);
        Assert.Equal(new CertificateSet([_authority.Root]), options.Tls.CaCerts);
        Assert.Equal(3, options.MaxSize);
    }

    [Fact]
    public void Every_key_of_the_table_is_in_these_tests()
    {
        string[] together = ["Proxy:NoProxy", "Proxy:UseForwardingForHttps", "Tls:CaCerts"];
        IEnumerable<string> tested = Settings.Select(static row => row.Data.Item1).Select(static key => key switch
        {
            "Headers:X-Api-Key" => "Headers",
            _ => key.Replace(":0", "", StringComparison.Ordinal),
        });

        Assert.Equal(SettingsTable.All.Keys.Order(StringComparer.Ordinal), tested.Concat(together).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_is_wrong_is_told_by_the_full_key_and_the_rule_and_never_by_the_value(string key, string value, string message)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => OptionsOf(new() { [$"Urllib4:{key}"] = value }));

        Assert.Equal(message, failure.Message);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => OptionsOf(new() { ["Urllib4:MaxSize"] = "0", ["Urllib4:Timeout:Read"] = "00:00:00", ["Urllib4:NumPools"] = "3" }));

        Assert.Equal(
            ["Urllib4:MaxSize", "Urllib4:Timeout:Read"],
            failure.Failures.Select(static f => f.Split(": ")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_section_of_another_name_is_named_in_the_message()
    {
        await using ServiceProvider services = Provider(static s => s.AddUrllib4(
            "search", Configuration(new Dictionary<string, string?> { ["Web:Search:MaxSize"] = "0" }).GetSection("Web:Search")));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<PoolManager>("search"));

        Assert.Equal("Web:Search:MaxSize: MaxSize is at least 1.", failure.Message);
    }

    [Fact]
    public async Task A_later_section_overrides_an_earlier_one_and_code_comes_after_both()
    {
        IConfiguration both = Configuration(new Dictionary<string, string?>
        {
            ["A:MaxSize"] = "3", ["A:NumPools"] = "4", ["A:Proxy:Url"] = "http://one.example", ["A:Proxy:NoProxy:0"] = "a.example",
            ["B:MaxSize"] = "5", ["B:Proxy:Url"] = "http://two.example", ["B:Block"] = "true",
        });
        await using ServiceProvider services = Provider(
            s => s.AddUrllib4(both.GetSection("A")).AddUrllib4(both.GetSection("B"), static o => o with { Block = false }));

        PoolOptions options = services.GetRequiredService<PoolManager>().Options;

        Assert.Equal((5, 4, false), (options.MaxSize, options.NumPools, options.Block));
        Assert.Equal(new ProxyOptions("http://two.example") { NoProxy = ["a.example"] }, options.Proxy);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private static async Task<PoolOptions> OptionsOf(Dictionary<string, string?> keys)
    {
        await using ServiceProvider services = Provider(static s => s.AddUrllib4(), keys);
        return services.GetRequiredService<PoolManager>().Options;
    }

    // Everything that a key may set, one fact each; the owner's name keeps apart what has the same name.
    private static IEnumerable<string> Facts(PoolOptions options) =>
    [
        .. Of(options), .. Of(options.Timeout), .. Of(options.Retries), .. Of(options.Tls), .. Of(options.DecodeLimits), .. Of(options.Names),
        .. options.Headers?.Select(static h => $"{h.Key}: {h.Value}") ?? [],
        .. options.Egress is { } egress ? [$"Egress: {egress}"] : (IEnumerable<string>)[],
        .. options.Proxy is { } proxy ? [$"Url = {proxy.Url} for {proxy.Credential?.User}"] : (IEnumerable<string>)[],
    ];

    private static IEnumerable<string> Of(object part) => part.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static p => p.PropertyType.IsValueType || p.PropertyType == typeof(string)
            || p.Name is "StatusForcelist" or "AllowedMethods" or "RetryAfterStatusCodes")
        .Where(static p => p.Name is not "IsExhausted")
        .Select(p => $"{p.Name} = {Text(p.GetValue(part))}");

    private static string Text(object? value) => value is System.Collections.IEnumerable and not string
        ? string.Join(", ", ((System.Collections.IEnumerable)value).Cast<object>())
        : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
