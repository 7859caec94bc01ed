using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Tests.Managers;

namespace Urllib4.Tests;

/// <summary>No public type shows a secret in its text, and no error in its message (IN-13). A new type is tried as soon as it exists.</summary>
public sealed class SecretsInTextTests : ModeTests
{
    private const string Location = "https://canary-user:canary-password@example.com/path?token=canary-query#canary-fragment";

    private static readonly string[] _textsThatMayHoldSecrets = ["Target", "RedirectLocation", "location", "url"];

    /// <summary>Types that cannot be made of their public parts; null where there is nothing to say.</summary>
    private static readonly Dictionary<Type, Func<object?>> _byHand = new()
    {
        [typeof(Url)] = static () => null, // shows its query, and says so; see UrlSafetyTests for its user information
        [typeof(HttpHeaderDict)] = SecretHeaders,
        [typeof(ProxyOptions)] = static () => Secret(typeof(ProxyOptions), ""),
        [typeof(NameAnswer)] = static () => new NameAnswer([]),
        [typeof(ResolvedName)] = static () => new ResolvedName("a", [], NameSource.Stale, default, "no luck"),
        [typeof(PoolManager)] = static () => new PoolManager(),
        [typeof(ResponseBuffer)] = static () => null,
        [typeof(PoolKey)] = static () => Snapshot().Key,
        [typeof(PoolSnapshot)] = Snapshot,
        [typeof(PoolManagerSnapshot)] = static () => new PoolManagerSnapshot([Snapshot()]) is var all ? all.ToText() + all.ToJson() : null,
        [typeof(PoolList)] = static () => null,
        [typeof(UrllibResponse)] = static () => null, // below, from a call
        [typeof(CertificateFacts)] = static () => null,
        [typeof(CertificateSet)] = static () => null,
        [typeof(ClientCertificate)] = static () => null,
        [typeof(PeerCertificate)] = static () => null,
        [typeof(CertificateException)] = static () => null,
        [typeof(PublicKeyPins)] = static () => null,
        [typeof(CipherSuites)] = static () => null,
        [typeof(RecentlyUsedContainer<,>)] = static () => null,
        [typeof(RetryDecision)] = static () => RetryDecision.Veto,
        [typeof(RetryContext)] = static () => new RetryContext { History = [History()], Delay = default },
    };

    public static TheoryData<Type> PublicTypes { get; } = [.. typeof(Url).Assembly.GetExportedTypes()
        .Where(static type => !type.IsAbstract && !type.IsEnum && !type.IsInterface && !type.IsSubclassOf(typeof(Delegate)))];

    [Theory, MemberData(nameof(PublicTypes))]
    [Trait("check", "IN-13")]
    public void IN_13_a_public_type_shows_no_secret(Type type)
    {
        object? sample = _byHand.TryGetValue(type, out Func<object?>? make) ? make() : Make(type);
        Assert.DoesNotContain("canary", $"{sample}\n{(sample as Exception)?.Message}", StringComparison.Ordinal);
        (sample as IDisposable)?.Dispose();
    }

    [Theory, ClassData(typeof(BothModes))]
    [Trait("check", "IN-13")]
    public async Task IN_13_neither_a_response_nor_its_history_shows_what_the_URLs_had_in_their_queries(Mode mode)
    {
        RedirectContext? asked = null;
        RequestOptions options = new() { Redirects = new() { OnRedirect = Ask } };
        using CallRig rig = CallRig.Over(
            null,
            new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /b?token=canary-b#canary-c\r\nX-Token: canary-d\r\nContent-Length: 0\r\n\r\n")
                .ExpectRequest().Send("HTTP/1.1 200 OK\r\nSet-Token: canary-e\r\nContent-Length: 0\r\n\r\n"));
        using UrllibResponse response = await rig.Send(mode, "GET", "/a?token=canary-a", options);
        Assert.Equal("200 OK http://example.com/b?***", response.ToString());
        Assert.Equal("GET http://example.com/a?***: 302 to '/b?***'", Assert.Single(response.Retries.History).ToString());
        Assert.Equal("302 from http://example.com/a?*** to http://example.com/b?***, as GET", $"{asked}");
        Assert.Equal("Set-Token: [redacted]\nContent-Length: 0", response.Headers.ToString());

        RedirectDecision Ask(RedirectContext context)
        {
            asked = context;
            return RedirectDecision.Follow;
        }
    }

    [Theory]
    [InlineData("GET", "/x?token=canary")]
    [InlineData("GET", "x.example/x?token=canary")]
    [InlineData("GET", "//user:canary@x.example/x#canary")]
    [InlineData("GET", "ftp://user:canary@x.example/x?canary")]
    [InlineData("GET", "http://user:canary@x example/x?canary")]
    [InlineData("GET", "canary:canary@x.example/x?canary")]
    [InlineData("G T", "http://user:canary@x.example/x?canary")]
    [Trait("check", "IN-13")]
    public void IN_13_a_request_that_is_refused_shows_no_secret_of_its_URL(string method, string url)
    {
        using var manager = new PoolManager();
        HttpException error = Assert.ThrowsAny<HttpException>(() => manager.Request(method, url));
        Assert.DoesNotContain("canary", error.ToString().Replace("scheme 'canary'", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("check", "IN-13")]
    public void IN_13_options_show_what_was_set_and_no_secret_of_it()
    {
        RequestOptions options = new() { Headers = SecretHeaders(), Target = "/a?canary", Auth = HttpAuth.Bearer("canary"), Explain = true };
        Assert.Equal(
            "RequestOptions { Headers = X-Api-Key: [redacted]\nCookie: [redacted]\nLocation: [redacted]\nContent-Type: text/plain, "
            + "Target = /a?***, Auth = [redacted], Explain = True }",
            options.ToString());
        Assert.Equal("RequestOptions { }", RequestOptions.Default.ToString());
    }

    private static HttpHeaderDict SecretHeaders() => new()
    {
        ["X-Api-Key"] = "canary-key", ["Cookie"] = "canary-cookie", ["Location"] = "/?canary", ["Content-Type"] = "text/plain",
    };

    private static RequestHistory History() =>
        new() { Method = "GET", Url = Url.Parse(Location), RedirectLocation = Location, Status = 302 };

    private static PoolSnapshot Snapshot()
    {
        ProxyOptions proxy = new("http://canary-user:canary-password@proxy.example") { Headers = SecretHeaders() };
        using var pool = new HttpsConnectionPool("example.com", null, new() { Proxy = proxy, Headers = SecretHeaders() });
        return pool.Snapshot();
    }

    private static object Make(Type type)
    {
        ConstructorInfo? constructor =
            type.GetConstructor(Type.EmptyTypes) ?? type.GetConstructors().MaxBy(static c => c.GetParameters().Length);
        object made = constructor is null
            ? Activator.CreateInstance(type, nonPublic: true)!
            : constructor.Invoke([.. constructor.GetParameters().Select(static p => Value(p.ParameterType, p.Name!))]);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length == 0 && property.SetMethod is { } set && Secret(property.PropertyType, property.Name) is { } value)
                set.Invoke(made, [value]);
        }

        return made;
    }

    private static object? Value(Type type, string name) => Secret(type, name) ?? (
        type == typeof(string) ? "text.example"
        : type == typeof(TimeSpan) ? TimeSpan.FromSeconds(1)
        : type == typeof(Version) ? HttpVersion.Version11
        : type == typeof(IPEndPoint) ? new IPEndPoint(IPAddress.Loopback, 80)
        : type == typeof(HttpException) ? new ResponseException("text", 500)
        : type == typeof(Exception) ? null
        : type == typeof(TextWriter) ? TextWriter.Null
        : type.IsValueType ? Activator.CreateInstance(type)
        : null);

    private static object? Secret(Type type, string name) =>
        type == typeof(string) && _textsThatMayHoldSecrets.Contains(name) ? Text(name)
        : type == typeof(Url) ? Url.Parse(Location)
        : type == typeof(HttpHeaderDict) ? SecretHeaders()
        : type == typeof(HttpAuth) ? HttpAuth.Basic("canary-user", "canary-password")
        : type == typeof(Credential) ? new Credential("canary-user", "canary-password")
        : type == typeof(RequestBody) ? RequestBody.FromString("canary-body")
        : type == typeof(FieldList) ? new FieldList { ["a"] = "canary-field" }
        : type == typeof(ProxyOptions) ? new ProxyOptions("http://canary-user:canary-password@proxy.example") { Headers = SecretHeaders() }
        : type == typeof(RequestOptions) ? new RequestOptions { Headers = SecretHeaders(), Target = "/?canary" }
        : type == typeof(RequestHistory) ? History()
        : type == typeof(IReadOnlyList<AttemptReport>) ? new[] { (AttemptReport)Make(typeof(AttemptReport)) }
        : type == typeof(IReadOnlyList<PhaseTime>) ? Array.Empty<PhaseTime>()
        : type == typeof(IReadOnlyList<DialedAddress>) ? Array.Empty<DialedAddress>()
        : type == typeof(ImmutableList<RequestHistory>) || type == typeof(IReadOnlyList<RequestHistory>) ? ImmutableList.Create(History())
        : null;

    // What is shown of these is made safe by those who make the errors.
    private static string Text(string name) => name switch
    {
        "location" => Escaping.ShowUrl(Location),
        "url" => "http://canary-user:canary-password@proxy.example",
        _ => Location,
    };
}
