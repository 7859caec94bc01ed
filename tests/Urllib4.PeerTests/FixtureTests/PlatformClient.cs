using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.PeerTests.Servers;

namespace Urllib4.PeerTests.FixtureTests;

/// <summary>Clients of the platform, so that a failing fixture cannot be taken for a failing library.</summary>
internal static class PlatformClient
{
    /// <summary>A client that trusts one authority, and goes through a proxy if there is one.</summary>
    public static HttpClient Create(
        X509Certificate2? trusted = null, string? proxy = null, ProxyUser? user = null, X509Certificate2? own = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = proxy is not null };
        if (proxy is not null)
            handler.Proxy = new WebProxy(proxy) { Credentials = user is null ? null : new NetworkCredential(user.Name, user.Password) };
        if (trusted is not null)
            handler.SslOptions.CertificateChainPolicy = Trust(trusted);
        if (own is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
        return new HttpClient(handler);
    }

    private static X509ChainPolicy Trust(X509Certificate2 root)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        return policy;
    }
}
