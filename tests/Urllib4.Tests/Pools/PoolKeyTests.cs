using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Urllib4.Primitives;

namespace Urllib4.Tests.Pools;

public sealed class PoolKeyTests
{
    // PK-02: an option is in the key, or it is here with the reason why two requests that differ in it may share a connection.
    private static readonly Dictionary<string, string> DoesNotForbidSharing = new()
    {
        ["PoolOptions.NumPools"] = "it says how many pools there are, not what is in one",
        ["PoolOptions.MaxSize"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.Block"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.MaxIdleTime"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.MaxLifetime"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.Leniency"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.Limits"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.Events"] = "it is told of connections and does nothing to them",
        ["PoolOptions.Clock"] = "it belongs to the pool: a manager has one value for all of its requests",
        ["PoolOptions.Timeout"] = "it is handed over with each call and leaves nothing on a connection",
        ["PoolOptions.Retries"] = "it decides about the next request, not about the connection",
        ["PoolOptions.RetryBudget"] = "it decides about the next request, not about the connection",
        ["PoolOptions.Redirects"] = "it decides about the next request, not about the connection",
        ["PoolOptions.Headers"] = "it is written with each request and leaves nothing on a connection",
        ["PoolOptions.DecodeLimits"] = "it is about the content of one response",
        ["PoolOptions.ProxySelector"] = "the proxy that it names for a request is in the key",
        ["PoolOptions.TrustEnvironment"] = "the proxy that the environment names for a request is in the key",
        ["PoolOptions.Names"] = "it says for how long an answer is remembered; who gave it is in the key",
        ["PoolOptions.ConnectHeadStart"] = "it says when the addresses of a host are dialed, and leaves nothing on a connection",
        ["PoolOptions.Credentials"] = "what binds a connection of those that they name is in the key",
        ["RequestOptions.Headers"] = "it is written with each request and leaves nothing on a connection",
        ["RequestOptions.Body"] = "it is written with each request and leaves nothing on a connection",
        ["RequestOptions.Explain"] = "it is about who writes the call down",
        ["RequestOptions.Target"] = "it is written with each request and leaves nothing on a connection",
        ["RequestOptions.Fields"] = "it is written with each request and leaves nothing on a connection",
        ["RequestOptions.EncodeMultipart"] = "it is written with each request and leaves nothing on a connection",
        ["RequestOptions.PreloadContent"] = "it is about who reads the body of one response",
        ["RequestOptions.DecodeContent"] = "it is about the content of one response",
        ["RequestOptions.DecodeLimits"] = "it is about the content of one response",
        ["RequestOptions.HonoursIdempotencyKey"] = "it decides about the next request, not about the connection",
        ["RequestOptions.Timeout"] = "it is handed over with each call and leaves nothing on a connection",
        ["RequestOptions.Retries"] = "it decides about the next request, not about the connection",
        ["RequestOptions.Redirects"] = "it decides about the next request, not about the connection",
        ["RequestOptions.Redirect"] = "it decides about the next request, not about the connection",
        ["RequestOptions.OnInformational"] = "it is told of the responses to one request",
        ["RequestOptions.UploadProgress"] = "it is told of the body of one request",
    };

    [Fact]
    public void PK_02_every_pool_option_is_in_the_key_or_said_not_to_forbid_sharing()
    {
        foreach (PropertyInfo option in Options(typeof(PoolOptions)).Where(static option => option.PropertyType != typeof(TlsOptions)))
        {
            PoolKey changed = Key("https", With(PoolOptions.Default, option));
            if (DoesNotForbidSharing.ContainsKey(Name(option)))
                Assert.Equal(Key("https"), changed);
            else
                Assert.True(Key("https") != changed, $"{Name(option)} forbids sharing, or else has to be on the list with a reason.");
        }
    }

    [Fact]
    public void PK_02_every_TLS_option_is_in_the_key_of_https_and_none_in_that_of_http()
    {
        foreach (PropertyInfo option in Options(typeof(TlsOptions)))
        {
            PoolOptions changed = PoolOptions.Default with { Tls = With(TlsOptions.Default, option) };
            Assert.True(Key("https") != Key("https", changed), $"{Name(option)} is not in the key.");
            Assert.Equal(Key("http"), Key("http", changed));
        }
    }

    [Fact]
    public void PK_02_every_proxy_option_that_a_connection_depends_on_is_in_the_key()
    {
        var proxy = new ProxyOptions("http://proxy.example");
        string[] decideOnly = [nameof(ProxyOptions.NoProxy), nameof(ProxyOptions.UseForwardingForHttps)];
        foreach (PropertyInfo option in Options(typeof(ProxyOptions)))
        {
            PoolKey one = Through(proxy), other = Through(With(proxy, option));
            Assert.Equal(decideOnly.Contains(option.Name), one == other);
        }
    }

    [Theory]
    [InlineData("http://proxy.example:3128", "http", false, true)]
    [InlineData("http://proxy.example:3128", "https", true, false)]
    [InlineData("https://proxy.example", "http", false, true)]
    [InlineData("https://proxy.example", "https", false, false)]
    [InlineData("https://proxy.example", "https", true, true)]
    [InlineData("socks5h://proxy.example", "http", false, false)]
    [InlineData("socks5h://proxy.example", "https", true, false)]
    public void What_a_proxy_forwards_goes_to_one_pool_and_what_it_tunnels_to_a_pool_for_each_origin(
        string url, string scheme, bool useForwarding, bool forwards)
    {
        var proxy = new ProxyOptions(url) { UseForwardingForHttps = useForwarding };
        PoolKey[] keys = [.. new[] { "a.example", "b.example" }.Select(host => Through(proxy, scheme, host))];
        Assert.All(keys, key => Assert.Equal(forwards, key.IsForwarding));
        Assert.Equal(forwards, keys[0] == keys[1]);
        Assert.Equal(forwards ? "proxy.example" : "a.example", keys[0].Host);
        Assert.NotEqual(Key(scheme), Through(proxy, scheme));
    }

    [Fact]
    public void The_way_to_a_proxy_is_not_the_way_to_an_origin_of_the_same_name()
    {
        var proxy = new ProxyOptions("https://proxy.example");
        Assert.NotEqual(Through(proxy, "http", "a.example"), Through(proxy, "https", "proxy.example"));
    }

    [Fact]
    public void PK_02_every_request_option_is_a_pool_option_of_the_key_or_said_not_to_forbid_sharing()
    {
        string[] inKey = [.. typeof(PoolKey).GetProperties().Select(static property => property.Name)];
        foreach (PropertyInfo option in Options(typeof(RequestOptions)))
        {
            Assert.True(
                inKey.Contains(option.Name) ^ DoesNotForbidSharing.ContainsKey(Name(option)),
                $"{Name(option)} forbids sharing, or else has to be on the list with a reason.");
        }
    }

    [Fact]
    public void PK_02_the_list_names_nothing_that_does_not_exist() => Assert.Empty(
        DoesNotForbidSharing.Keys.Except(new[] { typeof(PoolOptions), typeof(RequestOptions) }.SelectMany(Options).Select(Name)));

    [Fact]
    public void Equal_TLS_options_that_are_two_objects_share_a_key() => Assert.Equal(
        Key("https", new PoolOptions { Tls = new TlsOptions { Intermediates = new CertificateSet([]) } }), Key("https"));

    [Theory]
    [InlineData("http", "example.com", 80, "HTTP", "EXAMPLE.com", 80, true)]
    [InlineData("http", "example.com", 80, "http", "example.com.", 80, false)]
    [InlineData("http", "[::1]", 80, "http", "::1", 80, true)]
    [InlineData("http", "FE80::A%eth0", 80, "http", "fe80::a%eth0", 80, true)]
    [InlineData("http", "fe80::1%a", 80, "http", "fe80::1%b", 80, false)] // PK-05
    [InlineData("http", "fe80::1%a", 80, "http", "fe80::1%A", 80, false)] // PK-05
    [InlineData("http", "example.com", 80, "http", "example.org", 80, false)]
    [InlineData("http", "example.com", 80, "http", "example.com", 81, false)]
    [InlineData("http", "example.com", 80, "http", "example.com", 0, false)]
    [InlineData("http", "example.com", 443, "https", "example.com", 443, false)] // PK-06
    public void Scheme_host_and_port_are_compared_as_they_are_dialed(
        string scheme, string host, int port, string otherScheme, string otherHost, int otherPort, bool same)
    {
        PoolKey one = new(scheme, host, port, PoolOptions.Default), other = new(otherScheme, otherHost, otherPort, PoolOptions.Default);
        Assert.Equal(same, one == other);
        Assert.True(!same || one.GetHashCode() == other.GetHashCode());
    }

    [Fact]
    public void Changing_an_endpoint_afterwards_does_not_change_the_key()
    {
        var source = new IPEndPoint(IPAddress.Loopback, 0);
        var options = new PoolOptions { SourceAddress = source };
        PoolKey before = Key("http", options);
        source.Port = 4711;
        Assert.Equal(before, Key("http", new PoolOptions { SourceAddress = new IPEndPoint(IPAddress.Loopback, 0) }));
    }

    [Fact]
    public void It_prints_the_origin_and_what_is_particular_about_it()
    {
        Assert.Equal("https://example.com:443", new PoolKey("https", "example.com", 443, PoolOptions.Default).ToString());
        var options = new PoolOptions
        {
            Tls = new TlsOptions { CaCerts = Certificates.Value },
            SourceAddress = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0),
            Resolver = new OtherResolver(),
            Proxy = "socks5://someone:secret@proxy.example",
        };
        Assert.Equal(
            "https://[::1]:8443 (own TLS options, through socks5://proxy.example:1080, from 192.0.2.1:0, resolved by OtherResolver)",
            new PoolKey("https", "[::1]", 8443, options).ToString());
    }

    private static Lazy<CertificateSet> Certificates { get; } = new(static () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=someone", key, HashAlgorithmName.SHA256);
        return new CertificateSet([request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100))]);
    });

    private static Lazy<ClientCertificate> Identity { get; } = new(static () =>
    {
        using var authority = new TestKit.CertificateAuthority();
        return new ClientCertificate(authority.Issue(new TestKit.Leaf { CommonName = "someone" }).Certificate);
    });

    private static PoolKey Key(string scheme, PoolOptions? options = null) =>
        new(scheme, "example.com", 443, options ?? PoolOptions.Default);

    private static PoolKey Through(ProxyOptions proxy, string scheme = "https", string host = "example.com") =>
        PoolKey.For(Origin.Create(scheme, host, 443), TlsOptions.Default, proxy, null, HttpVersions.Http11, PoolOptions.Default);

    private static PropertyInfo[] Options(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static p => p.CanWrite)];

    private static string Name(PropertyInfo option) => $"{option.DeclaringType!.Name}.{option.Name}";

    // A copy that differs in one property, as `with` would make it.
    private static T With<T>(T options, PropertyInfo option)
        where T : class
    {
        T copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(options, null)!;
        option.SetValue(copy, Another(option, option.GetValue(options)));
        return copy;
    }

    // A legal value that differs from the given one.
    private static object Another(PropertyInfo option, object? value)
    {
        Type type = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
        return value switch
        {
            bool flag => !flag,
            int number => number + 1,
            long number => number + 1,
            double number => number + 1,
            TimeSpan time => time + TimeSpan.FromSeconds(1),
            Enum one => Enum.GetValues(type).Cast<object>().First(other => !other.Equals(one)),
            HttpTimeout timeout => timeout with { Read = TimeSpan.FromSeconds(7) },
            HttpLimits limits => limits with { },
            Retry => Retry.None,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(0)!,
            _ when type == typeof(int) => 1,
            _ when option.Name == nameof(TlsOptions.AssertFingerprint) => new string('A', 64),
            _ when type == typeof(string) => "another",
            _ when type == typeof(CertificateSet) => Certificates.Value,
            _ when type == typeof(ClientCertificate) => Identity.Value,
            _ when type == typeof(PublicKeyPins) => new PublicKeyPins(
                Convert.ToBase64String(new byte[32]), PublicKeyPins.Of(Certificates.Value.First())),
            _ when type == typeof(CipherSuites) => new CipherSuites(System.Net.Security.TlsCipherSuite.TLS_AES_128_GCM_SHA256),
            _ when type == typeof(Func<PeerCertificate, string?>) => static string? (PeerCertificate _) => null,
            _ when type == typeof(IPEndPoint) => new IPEndPoint(IPAddress.Loopback, 0),
            _ when type == typeof(Resolver) => new OtherResolver(),
            _ when type == typeof(Dialer) => new UnixSocketDialer("/run/other.sock"),
            _ when option.Name == nameof(ProxyOptions.Via) => new ProxyOptions("socks5://first.example"),
            TlsOptions tls => tls with { OfferAlpn = !tls.OfferAlpn },
            _ when type == typeof(ProxyOptions) => new ProxyOptions("http://proxy.example"),
            _ when type == typeof(HttpHeaderDict) => new HttpHeaderDict { ["X-Own"] = "1" },
            _ when type == typeof(HttpAuth) => HttpAuth.Bearer("token"),
            _ when type == typeof(Credential) => new Credential("someone", "secret"),
            _ when type == typeof(IReadOnlyList<string>) => new[] { "example.org" },
            _ when type == typeof(Func<Url, IReadOnlyList<ProxyOptions>>) => static IReadOnlyList<ProxyOptions> (Url _) => [],
            _ when type == typeof(CredentialSource) => CredentialSource.FromNetrc(Path.GetRandomFileName()),
            _ when type == typeof(HttpEvents) => new OtherEvents(),
            _ when type == typeof(TimeProvider) => new TestKit.VirtualTime(),
            _ when type.GetConstructor([]) is { } constructor => constructor.Invoke(null),
            _ => throw new NotSupportedException($"Teach this test a second value of {Name(option)}, which is a {type}."),
        };
    }

    private sealed class OtherEvents : HttpEvents;

    private sealed class OtherResolver : Resolver
    {
        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => [];
    }
}
