using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>What httpbin understands of credentials.</summary>
public sealed class AuthTests(Peers peers) : ClientTests, IDisposable
{
    private static readonly string[] _paths =
        ["auth/alice/secret", "auth/alice/secret/MD5", "auth/alice/secret/SHA-256", "auth-int,auth/alice/secret/SHA-256"];

    private readonly string _url = peers.HttpBin.Url;
    private readonly PoolManager _http = new();

    public static TheoryData<Mode, string, string, int> Digests()
    {
        var rows = new TheoryData<Mode, string, string, int>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string path in _paths)
            {
                rows.Add(mode, path, "secret", 200);
                rows.Add(mode, path, "wrong", 401);
            }

            rows.Add(mode, "auth/alice/x/SHA-512", "x", 401); // the platform has no SHA-512/256, and httpbin means yet another
        }

        return rows;
    }

    [Theory, MemberData(nameof(Digests))]
    public async Task Digest(Mode mode, string path, string password, int status)
    {
        string url = $"{_url}/digest-auth/{path}";

        foreach (HttpAuth auth in new[] { HttpAuth.Digest("alice", password), HttpAuth.WhenAsked("alice", password) })
        {
            for (int i = 0; i < 2; i++)
                Assert.Equal(status, (await Send(mode, _http, "GET", url, new() { Auth = auth })).Status);
        }
    }

    [Theory]
    [InlineData(Mode.Blocking, "secret", 200)]
    [InlineData(Mode.Asynchronous, "secret", 200)]
    [InlineData(Mode.Blocking, "wrong", 401)]
    [InlineData(Mode.Asynchronous, "wrong", 401)]
    public async Task Basic(Mode mode, string password, int status)
    {
        string url = $"{_url}/basic-auth/alice/secret";

        foreach (HttpAuth auth in new[] { HttpAuth.Basic("alice", password), HttpAuth.WhenAsked("alice", password) })
            Assert.Equal(status, (await Send(mode, _http, "GET", url, new() { Auth = auth })).Status);
        string named = url.Replace("://", $"://alice:{password}@", StringComparison.Ordinal);
        Assert.Equal(status, (await Send(mode, _http, "GET", named)).Status);
        Assert.Equal(401, (await Send(mode, _http, "GET", url, new() { Auth = HttpAuth.Digest("alice", password) })).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Basic_that_nobody_asks_for(Mode mode)
    {
        string url = $"{_url}/hidden-basic-auth/alice/secret";

        Assert.Equal(200, (await Send(mode, _http, "GET", url, new() { Auth = HttpAuth.Basic("alice", "secret") })).Status);
        Assert.Equal(404, (await Send(mode, _http, "GET", url, new() { Auth = HttpAuth.WhenAsked("alice", "secret") })).Status);
        Assert.Equal(404, (await Send(mode, _http, "GET", url)).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Bearer(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/bearer", new() { Auth = HttpAuth.Bearer("t0ken") });

        Assert.Equal("t0ken", Text(response, "token"));
        Assert.Equal(401, (await Send(mode, _http, "GET", $"{_url}/bearer")).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Netrc(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("netrc", "machine 127.0.0.1\n  login alice\n  password secret\n");
        using var http = new PoolManager(new PoolOptions { Credentials = CredentialSource.FromNetrc(path) });

        Assert.Equal(200, (await Send(mode, http, "GET", $"{_url}/basic-auth/alice/secret")).Status);
        string other = _url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.Equal(401, (await Send(mode, http, "GET", $"{other}/basic-auth/alice/secret")).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_is_sent_again_to_who_asks_first(Mode mode)
    {
        // Whoever asks after the body has come answers the same to both: httpbin looks at the method only for what it echoes.
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/digest-auth/auth/alice/secret/SHA-256", new()
        {
            Auth = HttpAuth.Digest("alice", "secret"),
            Body = "a body with a GET",
        });

        Assert.Equal(200, response.Status);
    }

    public void Dispose() => _http.Dispose();
}
