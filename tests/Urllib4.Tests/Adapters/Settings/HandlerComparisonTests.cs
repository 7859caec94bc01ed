using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Urllib4.Tests.Adapters;

public sealed class HandlerComparisonTests
{
    [Fact]
    public void What_behaves_alike_is_not_told_of()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        };
        Assert.Empty(UrllibHandler.Compare(handler));
        Assert.Throws<ArgumentNullException>(() => UrllibHandler.Compare(null!));
    }

    [Fact]
    public void Each_setting_that_would_behave_differently_is_told_of_by_its_name()
    {
        using var handler = new SocketsHttpHandler
        {
            Proxy = new WebProxy("http://p.test"),
            Credentials = new CredentialCache(),
            AutomaticDecompression = DecompressionMethods.All,
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            InitialHttp2StreamWindowSize = 70_000,
            EnableMultipleHttp2Connections = true,
            EnableMultipleHttp3Connections = true,
        };
#pragma warning disable CA5397 // named to be refused
        handler.SslOptions.EnabledSslProtocols = (SslProtocols)192; // TLS 1.0
#pragma warning restore CA5397
        handler.SslOptions.ApplicationProtocols = [SslApplicationProtocol.Http2];

        string[] named = [.. UrllibHandler.Compare(handler).Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)])];

        Assert.Superset(
            new HashSet<string>
            {
                "ConnectTimeout", "PooledConnectionLifetime", "Proxy", "AllowAutoRedirect", "Credentials", "AutomaticDecompression",
                "SslOptions.EnabledSslProtocols", "SslOptions.ApplicationProtocols", "SslOptions", "KeepAlivePingDelay",
            },
            new HashSet<string>(named));
    }

    [Fact]
    public void A_password_alone_is_told_of_in_other_words_than_a_list_of_them()
    {
        using var one = new SocketsHttpHandler { Credentials = new NetworkCredential("a", "b") };
        using var many = new SocketsHttpHandler { Credentials = new CredentialCache() };
        using var system = new SocketsHttpHandler { Credentials = CredentialCache.DefaultCredentials };
        Assert.Contains(UrllibHandler.Compare(one), static line => line.Contains("Negotiate", StringComparison.Ordinal));
        Assert.Contains(UrllibHandler.Compare(many), static line => line.Contains("without the path", StringComparison.Ordinal));
        Assert.DoesNotContain(UrllibHandler.Compare(system), static line => line.StartsWith("Credentials", StringComparison.Ordinal));
    }
}
