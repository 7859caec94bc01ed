using System.Net;
using System.Net.Http;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests.FixtureTests;

public sealed class OpenSslPeerTests(Peers peers)
{
    [Fact]
    public async Task It_answers_whoever_has_a_certificate_and_nobody_else()
    {
        using IssuedCertificate me = peers.Authority.Issue(new Leaf { CommonName = "me", Usages = [Leaf.ClientUsage] });
        Uri url = new($"https://localhost:{peers.OpenSsl.Port}/");
        using var known = new SocketsHttpHandler();
        known.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        known.SslOptions.ClientCertificates = [me.Certificate];
        using var unknown = new SocketsHttpHandler();
        unknown.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        using HttpClient friend = new(known), stranger = new(unknown);

        using HttpResponseMessage response = await friend.GetAsync(url, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(url, TestContext.Current.CancellationToken));
    }
}
