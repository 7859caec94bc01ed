using System.Net;
using System.Net.Security;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>What the tests of TLS share: an authority, options that trust it, and servers that show what they are told to.</summary>
public abstract class TlsClientTests : ClientTests, IDisposable
{
    /// <summary>The authority that is trusted.</summary>
    protected CertificateAuthority Authority { get; } = new();

    /// <summary>Options that trust the authority, and nobody else.</summary>
    protected TlsOptions Trusting => new() { CaCerts = new CertificateSet([Authority.Root]) };

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A server that shows a certificate and answers every request on every connection.</summary>
    protected static MisbehavingServer Showing(IssuedCertificate certificate, Action<SslServerAuthenticationOptions>? with = null) =>
        MisbehavingServer.Start(_ =>
        {
            SslServerAuthenticationOptions options = certificate.ServerOptions();
            with?.Invoke(options);
            return new Dialogue().StartTls(options).Loop(static d => d.ExpectRequest().Send(Ok));
        });

    /// <summary>A manager for whom every one of the hosts is at the server.</summary>
    protected static PoolManager Client(MisbehavingServer server, TlsOptions tls, params IReadOnlyList<string> hosts) => new(new PoolOptions
    {
        Tls = tls,
        Retries = Retry.None,
        Resolver = hosts.Count == 0 ? null : Resolver.FromTable(hosts.Select(h => KeyValuePair.Create(h, new IPEndPoint(IPAddress.Loopback, server.Port)))),
    });

    /// <summary>Asks a server once, under the name of a host.</summary>
    protected static async Task<UrllibResponse> Ask(Mode mode, MisbehavingServer server, TlsOptions tls, string host = "localhost")
    {
        string name = host.TrimEnd('.');
        using PoolManager http = name is "localhost" || IPAddress.TryParse(name, out _)
            ? Client(server, tls)
            : Client(server, tls, name, name + ".");
        return await Send(mode, http, "GET", $"https://{host}:{server.Port}/");
    }

    /// <summary>Asserts that a certificate is refused for a reason, before anything of the request was sent.</summary>
    protected static async Task<CertificateException> AssertRefused(
        Mode mode, MisbehavingServer server, TlsOptions tls, CertificateFailure failure, string sentence, string host = "localhost")
    {
        var e = await Fails<CertificateException>(Ask(mode, server, tls, host));
        Assert.Equal(failure, e.Failure);
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
        Assert.Equal(HttpPhase.Tls, e.Phase);
        Assert.False(e.ServerMayHaveActed);
        Assert.False(e.IsTransient);
        Assert.Null(e.NotRetriedBecause);
        Assert.NotNull(e.Url);
        server.WaitUntilAllClosed();
        Assert.Empty(server.Requests);
        Assert.Equal(1, server.Connections);
        return e;
    }
}
