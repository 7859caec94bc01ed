using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>What every client has by its own methods; the peer of the first tests is an object that writes down what it is asked.</summary>
public sealed class RequestMethodsTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static readonly CancellationToken _token = new CancellationTokenSource().Token;
    private static readonly RequestOptions _options = new() { Redirect = false };

    public static TheoryData<string, Func<IRequestMethods, UrllibResponse>, Func<IRequestMethods, Task<UrllibResponse>>> Words => new()
    {
        { "GET", static c => c.Get("http://a/b", _options, _token), static c => c.GetAsync("http://a/b", _options, _token) },
        { "HEAD", static c => c.Head("http://a/b", _options, _token), static c => c.HeadAsync("http://a/b", _options, _token) },
        { "POST", static c => c.Post("http://a/b", _options, _token), static c => c.PostAsync("http://a/b", _options, _token) },
        { "PUT", static c => c.Put("http://a/b", _options, _token), static c => c.PutAsync("http://a/b", _options, _token) },
        { "PATCH", static c => c.Patch("http://a/b", _options, _token), static c => c.PatchAsync("http://a/b", _options, _token) },
        { "DELETE", static c => c.Delete("http://a/b", _options, _token), static c => c.DeleteAsync("http://a/b", _options, _token) },
    };

    [Theory, MemberData(nameof(Words))]
    public async Task A_word_is_the_method_of_its_name(
        string method, Func<IRequestMethods, UrllibResponse> blocking, Func<IRequestMethods, Task<UrllibResponse>> asynchronous)
    {
        var client = new Asked();
        blocking(client);
        await asynchronous(client);
        Assert.Equal([(method, "http://a/b", _options, _token), (method, "http://a/b", _options, _token)], client.Calls);
    }

    [Fact]
    public async Task Null_new_and_default_mean_options_and_a_token_stands_alone()
    {
        var client = new Asked();
        Uri uri = new("http://a/b");
        client.Get("http://a/b", null);
        client.Get(uri, new());
        client.Get(uri, default);
        await client.GetAsync("http://a/b", new());
        await client.GetAsync(uri, default);
        await client.GetAsync("http://a/b", _token);
        await client.GetAsync(uri, _token);
        await client.RequestAsync("GET", "http://a/b", _token);
        await client.RequestAsync("GET", uri, _token);
        await client.RequestAsync("GET", uri, new());
        Assert.All(client.Calls, static c => Assert.Equal(("GET", "http://a/b"), (c.Method, c.Url)));
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 0], client.Calls.Select(static c => c.Token == _token ? 1 : 0));
        Assert.Equal([null, new(), null, new(), null, null, null, null, null, new()], client.Calls.Select(static c => c.Options));
    }

    [Fact]
    public async Task No_url_is_an_error_that_names_it()
    {
        var client = new Asked();
        Assert.Equal("url", Assert.Throws<ArgumentNullException>(() => client.Get((Uri?)null)).ParamName);
        Assert.Equal("url", Assert.Throws<ArgumentNullException>(() => client.Request("GET", (Url?)null)).ParamName);
        Assert.Equal("url", (await Assert.ThrowsAsync<ArgumentNullException>(() => Urllib.GetAsync(null!))).ParamName);
        Assert.Equal("client", Assert.Throws<ArgumentNullException>(static () => ((IRequestMethods)null!).Get(new Uri("http://a"))).ParamName);
    }

    [Theory]
    [InlineData("http://h/%2fa?b#c", "http://h/%2Fa?b#c")]
    [InlineData("http://BÜCHER.example/", "http://xn--bcher-kva.example/")]
    public void A_Uri_is_read_by_the_text_it_was_made_from(string text, string sent)
    {
        var client = new Asked();
        client.Get(new Uri(text));
        client.Get(Url.Parse(text));
        Assert.All(client.Calls, c => Assert.Equal(sent, c.Url));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Managers_and_pools_take_every_kind_of_url(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)), new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager(new PoolOptions { Dialer = dialer, Clock = dialer.Time });
        using var pool = new HttpConnectionPool("example.com", options: new PoolOptions { Dialer = dialer, Clock = dialer.Time });
        foreach (RequestUrl url in new RequestUrl[] { "http://example.com/a", new Uri("http://example.com/a"), Url.Parse("http://example.com/a") })
        {
            Assert.Equal(200, (await Call(mode, () => manager.Get(url), () => manager.GetAsync(url))).Status);
            Assert.Equal(200, (await Call(mode, () => pool.Get(url), () => pool.GetAsync(url))).Status);
        }

        foreach (RequestUrl path in new RequestUrl[] { "/a", new Uri("/a", UriKind.RelativeOrAbsolute), Url.Parse("/a") })
            Assert.Equal(200, (await Call(mode, () => pool.Get(path), () => pool.GetAsync(path))).Status);
        Assert.Equal(2, dialer.Targets.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_URL_of_a_response_goes_out_again_as_its_server_wrote_it(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 302 Found\r\nLocation: /a%2fb\r\nContent-Length: 0\r\n\r\n")
            .ExpectRequest(static r => Assert.StartsWith("GET /a%2fb ", r.Head, StringComparison.Ordinal)).Send(Ok)
            .ExpectRequest(static r => Assert.StartsWith("GET /a%2fb ", r.Head, StringComparison.Ordinal)).Send(Ok));
        UrllibResponse first = await rig.Send(mode, "GET", "/");
        UrllibResponse second = await Call(mode, () => rig.Pool.Get(first.Url), () => rig.Pool.GetAsync(first.Url));
        Assert.Equal(first.Url, second.Url);
    }

    [Fact]
    public void What_names_no_host_is_refused_though_its_text_looks_like_a_path()
    {
        using CallRig rig = CallRig.Over(null);
        Assert.Throws<LocationValueException>(() => rig.Pool.Get(Url.Parse("example.com/a")));
        Assert.ThrowsAny<LocationValueException>(() => rig.Pool.Get(new Uri("//other/x", UriKind.RelativeOrAbsolute)));
        Assert.Throws<LocationValueException>(() => rig.Pool.Get(new Uri("a/b", UriKind.Relative)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_buffer_is_filled_from_any_kind_of_url(Mode mode)
    {
        using CallRig rig = CallRig.Over(null, new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"));
        var buffer = new ResponseBuffer();
        Uri uri = new("http://example.com/");
        await Call(mode, () => rig.Pool.RequestInto("GET", uri, buffer), () => rig.Pool.RequestIntoAsync("GET", uri, buffer).AsTask());
        Assert.Equal("ab"u8, buffer.Body.Span);
    }

    [Fact]
    public void A_URL_of_a_request_shows_no_secret()
    {
        Assert.Equal("http://***@h/a?***", ((RequestUrl)"http://u:p@h/a?token=s").ToString());
        Assert.DoesNotContain("s3cret", ((RequestUrl)new Uri("http://u:s3cret@h/a?s3cret#s3cret")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", ((RequestUrl)Url.Parse("http://u:s3cret@h/a?s3cret#s3cret")).ToString(), StringComparison.Ordinal);
        Assert.Equal("", default(RequestUrl).ToString());
    }

    private sealed class Asked : IRequestMethods
    {
        public List<(string Method, string Url, RequestOptions? Options, CancellationToken Token)> Calls { get; } = [];

        public UrllibResponse Request(string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls.Add((method, url, options, cancellationToken));
            return UrllibResponse.Create();
        }

        public Task<UrllibResponse> RequestAsync(
            string method, string url, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(Request(method, url, options, cancellationToken));

        public void RequestInto(
            string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask RequestIntoAsync(
            string method, string url, ResponseBuffer buffer, RequestOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
