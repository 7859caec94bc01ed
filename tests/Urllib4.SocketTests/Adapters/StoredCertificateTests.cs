using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Client certificates of the user's store, in handshakes.</summary>
[Collection(AloneGroup.Name)]
public sealed class StoredCertificateTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_certificate_of_the_store_is_shown_to_a_server_that_asks(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using X509Certificate2 forServers = authority.Issue(new Leaf { CommonName = "for servers", Usages = [Leaf.ServerUsage] }).Certificate;
        using X509Certificate2 fit = authority.Issue(new Leaf { CommonName = "fit", Usages = [Leaf.ClientUsage] }).Certificate;
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(forServers);
        store.Add(fit);
        try
        {
            string? ours = await Shown(mode, authority, new UrllibHandler(new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } })
            {
                ClientCertificateOptions = ClientCertificateOption.Automatic,
            });
            string? none = await Shown(mode, authority, new UrllibHandler(new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } }));

            // The store may hold others, of whoever runs the tests.
            Assert.NotNull(ours);
            Assert.Contains(ours, store.Certificates.Select(static c => c.Subject));
            Assert.NotEqual("CN=for servers", ours);
            Assert.Null(none);
        }
        finally
        {
            store.Remove(fit);
            store.Remove(forServers);
        }
    }

    private static async Task<string?> Shown(Mode mode, CertificateAuthority authority, HttpMessageHandler handler)
    {
        string? shown = null;
        using IssuedCertificate server = authority.Issue("localhost");
        SslServerAuthenticationOptions options = server.ServerOptions();
        options.ClientCertificateRequired = true;
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            shown = certificate?.Subject;
            return true;
        };
        await using var peer = MisbehavingServer.Start(_ => new Dialogue().StartTls(options).ExpectRequest().Send(Ok).Close());
        using var http = new HttpClient(handler);
        var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{peer.Port}/");
        (await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience)).Dispose();
        return shown;
    }
}
