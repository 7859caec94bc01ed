using System.Text.Json;
using Urllib4.PeerTests.Servers;
using Urllib4.TestKit;

namespace Urllib4.PeerTests;

/// <summary>Redirects of httpbin, followed.</summary>
public sealed class HttpBinRedirectTests(Peers peers) : ClientTests, IDisposable
{
    private readonly string _url = peers.HttpBin.Url;
    private readonly PoolManager _http = new(PoolOptions.Default with
    {
        Resolver = Everywhere(peers.HttpBin.Port, "one.example", "other.example"),
    });

    [Theory]
    [InlineData(Mode.Blocking, "/redirect/3")]
    [InlineData(Mode.Asynchronous, "/redirect/3")]
    [InlineData(Mode.Blocking, "/absolute-redirect/3")]
    [InlineData(Mode.Asynchronous, "/absolute-redirect/3")]
    [InlineData(Mode.Blocking, "/relative-redirect/3")]
    [InlineData(Mode.Asynchronous, "/relative-redirect/3")]
    public async Task Three_hops_lead_to_the_end_on_one_connection(Mode mode, string target)
    {
        UrllibResponse response = await Send(mode, _http, "GET", _url + target);

        Assert.Equal($"{_url}/get", response.Url.Href);
        Assert.Equal($"{_url}/get", Text(response, "url"));
        Assert.Equal([302, 302, 302], response.Retries.History.Select(static h => h.Status ?? 0));
        Assert.Equal(1, _http.ConnectionFromUrl(_url).NumConnections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_redirect_is_returned_on_demand(Mode mode)
    {
        UrllibResponse response = await Send(mode, _http, "GET", $"{_url}/redirect/1", new() { Redirect = false });

        Assert.Equal(302, response.Status);
        Assert.Equal("/get", response.Headers["Location"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task One_hop_too_many_is_an_error(Mode mode)
    {
        MaxRetryException error = await Assert.ThrowsAsync<MaxRetryException>(() => Send(mode, _http, "GET", $"{_url}/redirect/3", new()
        {
            Retries = new() { Redirect = 2 },
        }));

        Assert.Equal(302, Assert.IsType<ResponseException>(error.Reason).Status);
        Assert.Equal(3, error.Attempts);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Secrets_stay_with_the_origin_they_were_meant_for(Mode mode)
    {
        JsonElement headers = await HeadersAfterRedirect(mode, "http://other.example/headers");

        Assert.Equal("other.example", headers.GetProperty("Host").GetString());
        Assert.False(headers.TryGetProperty("Authorization", out _));
        Assert.False(headers.TryGetProperty("Cookie", out _));
        Assert.False(headers.TryGetProperty("X-Api-Key", out _));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Another_port_is_another_origin(Mode mode)
    {
        // The table of names leads both ports to the same server.
        JsonElement headers = await HeadersAfterRedirect(mode, "http://one.example:81/headers");

        Assert.Equal("one.example:81", headers.GetProperty("Host").GetString());
        Assert.False(headers.TryGetProperty("Authorization", out _));
        Assert.False(headers.TryGetProperty("X-Api-Key", out _));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Secrets_follow_within_their_origin(Mode mode)
    {
        JsonElement headers = await HeadersAfterRedirect(mode, "/headers");

        Assert.StartsWith("Basic ", headers.GetProperty("Authorization").GetString());
        Assert.Equal("a=1", headers.GetProperty("Cookie").GetString());
        Assert.Equal("secret", headers.GetProperty("X-Api-Key").GetString());
    }

    [Theory]
    [InlineData(Mode.Blocking, 303, "GET", "")]
    [InlineData(Mode.Asynchronous, 303, "GET", "")]
    [InlineData(Mode.Blocking, 307, "POST", "again")]
    [InlineData(Mode.Asynchronous, 307, "POST", "again")]
    [InlineData(Mode.Asynchronous, 308, "POST", "again")]
    public async Task The_status_says_what_becomes_of_a_POST(Mode mode, int status, string method, string body)
    {
        UrllibResponse response = await Send(
            mode, _http, "POST", $"{_url}/redirect-to?url=/anything&status_code={status}", new() { Body = "again" });

        Assert.Equal(method, Text(response, "method"));
        Assert.Equal(body, Text(response, "data"));
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> HeadersAfterRedirect(Mode mode, string to)
    {
        HttpHeaderDict headers = RequestHeaders.Make(basicAuth: ("alice", "wonder-land"));
        headers.Add("Cookie", "a=1");
        headers.Add("X-Api-Key", "secret");
        UrllibResponse response = await Send(
            mode, _http, "GET", $"http://one.example/redirect-to?url={Uri.EscapeDataString(to)}", new() { Headers = headers });
        return Json(response).GetProperty("headers");
    }
}
