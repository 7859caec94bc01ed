using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Nobody sets a property of the platform's handlers and is met with silence.</summary>
public sealed class SettablePropertyTests
{
    // The handler keeps them and does nothing with them.
    private static readonly string[] _withoutEffect =
    [
        nameof(SocketsHttpHandler.EnableMultipleHttp2Connections), nameof(SocketsHttpHandler.EnableMultipleHttp3Connections),
        nameof(SocketsHttpHandler.InitialHttp2StreamWindowSize), nameof(SocketsHttpHandler.KeepAlivePingDelay),
        nameof(SocketsHttpHandler.KeepAlivePingPolicy), nameof(SocketsHttpHandler.KeepAlivePingTimeout),
    ];

    private static readonly object[] _others =
    [
        new SslClientAuthenticationOptions(), new CookieContainer(), new WebProxy("http://proxy.test:8080"),
        new NetworkCredential("user", "secret"), DistributedContextPropagator.CreateNoOutputPropagator(), new NoMeters(),
        (HeaderEncodingSelector<HttpRequestMessage>)(static (_, _) => null),
        (Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>)(static (_, _) => default),
        (Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>)(static (_, _) => default),
        (Func<HttpRequestMessage, X509Certificate2?, X509Chain?, SslPolicyErrors, bool>)(static (_, _, _, _) => true),
    ];

    public static TheoryData<string> Names =>
    [
        .. new[] { typeof(SocketsHttpHandler), typeof(HttpClientHandler) }
            .SelectMany(static type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(static property => property.SetMethod is { IsPublic: true })
            .Select(static property => property.Name)
            .Distinct(),
    ];

    [Theory, MemberData(nameof(Names))]
    public void What_is_set_is_taken_over_or_named_by_Compare_or_explained_on_the_page(string name)
    {
        PropertyInfo? ours = typeof(UrllibHandler).GetProperty(name);
        PropertyInfo? theirs = typeof(SocketsHttpHandler).GetProperty(name);
        if (ours is null)
        {
            string page = File.ReadAllText(Path.Combine(ScenarioTests.RepositoryRoot(), "docs", "httpclient.md"));
            Assert.Contains($"| `{name}`", page, StringComparison.Ordinal);
        }
        else
        {
            using var handler = new UrllibHandler();
            object other = Other(ours.PropertyType, ours.GetValue(handler));
            ours.SetValue(handler, other);
            Assert.Equal(other, ours.GetValue(handler));
        }

        if (theirs is not null && (ours is null || _withoutEffect.Contains(name)))
        {
            using var handler = new SocketsHttpHandler();
            theirs.SetValue(handler, Other(theirs.PropertyType, theirs.GetValue(handler)));
            Assert.Contains(UrllibHandler.Compare(handler), line => line.StartsWith($"{name}: ", StringComparison.Ordinal));
        }
    }

    private static object Other(Type type, object? usual) => usual switch
    {
        bool isSet => !isSet,
        int.MaxValue => 100,
        int number => number + 1,
        TimeSpan => TimeSpan.FromSeconds(42),
        DecompressionMethods => DecompressionMethods.Brotli,
        SslProtocols => SslProtocols.Tls13,
        ClientCertificateOption => ClientCertificateOption.Automatic,
        HttpKeepAlivePingPolicy => HttpKeepAlivePingPolicy.WithActiveRequests,
        _ => _others.First(type.IsInstanceOfType),
    };

    private sealed class NoMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
