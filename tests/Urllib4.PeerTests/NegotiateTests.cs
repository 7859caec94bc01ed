using System.Net;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

public sealed class NegotiateTests(Peers peers) : ClientTests
{
    private static readonly NetworkCredential _known = new(ProxyUser.Known.Name, ProxyUser.Known.Password, KerberosPeer.Realm);

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_is_known_to_Kerberos_gets_the_page_after_one_challenge_on_one_connection(Mode mode)
    {
        using var manager = new PoolManager();
        var options = new RequestOptions { Auth = HttpAuth.Negotiate(_known), Explain = true };
        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, manager, "GET", peers.Apache.Url, options);
            Assert.Equal("for alice", response.Text());
            Assert.Equal([401, 200], response.Report!.Attempts.Select(static attempt => attempt.Status!.Value));
        }

        Assert.Equal(1, manager.Pools.Single().Value.NumConnections);
        peers.Apache.WaitForLog($"{ProxyUser.Known.Name}@{KerberosPeer.Realm} GET /page.txt HTTP/1.1 200");
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Who_is_not_known_or_says_nothing_gets_the_challenge(Mode mode)
    {
        using var manager = new PoolManager();
        HttpAuth?[] unknown = [null, HttpAuth.Negotiate(), HttpAuth.Negotiate(new NetworkCredential("mallory", "x", KerberosPeer.Realm))];
        foreach (HttpAuth? auth in unknown)
        {
            UrllibResponse response = await Send(mode, manager, "GET", peers.Apache.Url, new RequestOptions { Auth = auth });
            Assert.Equal(401, response.Status);
            Assert.Equal("Negotiate", response.Headers["WWW-Authenticate"]);
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_form_is_posted_again_after_the_challenge_and_a_body_that_cannot_be_is_not(Mode mode)
    {
        using var manager = new PoolManager();
        var options = new RequestOptions { Auth = HttpAuth.Negotiate(_known), Body = RequestBody.FromString("again") };
        Assert.NotEqual(401, (await Send(mode, manager, "POST", peers.Apache.Url, options)).Status);
        RequestOptions spent = options with { Body = RequestBody.FromChunks([new byte[4]], replayable: false) };
        Assert.Equal(401, (await Send(mode, manager, "POST", peers.Apache.Url, spent)).Status);
    }
}
