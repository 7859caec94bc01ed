using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>
/// Locations as servers really write them: bytes that are no ASCII, escapes that a signature covers, hosts that the platform cannot name.
/// Natively and under the handler (reports 7 and 9).
/// </summary>
public sealed class LocationTests : ClientTests, IDisposable
{
    private readonly PoolManager _manager = new(PoolOptions.Default);
    private readonly HttpClient _http = new(new UrllibHandler(PoolOptions.Default));

    /// <summary>A location, a character for each byte, and the target that is asked for.</summary>
    public static TheoryData<Mode, string, string> Targets() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from pair in new (string Location, string Target)[]
           {
               ("/caf\u00c3\u00a9", "/caf%C3%A9"),
               ("/caf\u00e9", "/caf%E9"), // not UTF-8: the server knows its own coding
               ("/\u00e6\u0097\u00a5/\u00ff\u0080", "/%E6%97%A5/%FF%80"),
               ("/x?q=\u00c3\u00bc&r=%c3%bc", "/x?q=%C3%BC&r=%c3%bc"),
               ("?q=\u00fc", "/start?q=%FC"),
               ("caf\u00c3\u00a9/x", "/caf%C3%A9/x"),
               ("/a%2fb", "/a%2fb"),
               ("/a%2Fb?sig=%2b%2B%3d", "/a%2Fb?sig=%2b%2B%3d"),
               ("/%7euser/%41?x=%7E", "/%7euser/%41?x=%7E"),
               ("/100%/%2f", "/100%25/%2f"),
               ("/%", "/%25"),
               ("/%zz%e9", "/%25zz%e9"),
               ("/a b", "/a%20b"),
               ("/x#%2f\u00e9", "/x"),
               ("/a/%2e%2e/../b", "/a/b"),
           }
           select new TheoryDataRow<Mode, string, string>(mode, pair.Location, pair.Target),
    ];

    /// <summary>Locations that <see cref="Uri"/> cannot read, or reads otherwise.</summary>
    public static TheoryData<Mode, string> Unspeakable() =>
    [
        .. from mode in Enum.GetValues<Mode>()
           from location in new[]
           {
               "http://a!b/", "http://a;b/", "http://a&b=c/", "//a!b/x", "http://a$b:81/", "http://\u00fc.example/", "http://[fe80::1%25lo]/",
               "http://a..b/", "http://1.2.3/", "http://0x7f.1/", "http://-/", "http://a_b!/", "http://xn--a/", "http://%41/", "http://a:0/",
               "http://a:99999/", "http://h:8x/", "http://user@/", "http:///x", "http:", "//", "http://[::1", "http://a b/",
               "http://" + new string('a', 64) + ".test/", "http://h/" + new string('a', 66_000),
           }
           select new TheoryDataRow<Mode, string>(mode, location),
    ];

    public void Dispose()
    {
        _manager.Dispose();
        _http.Dispose();
    }

    [Theory, MemberData(nameof(Targets))]
    public async Task A_location_goes_out_as_it_was_written(Mode mode, string location, string target)
    {
        using var server = Redirecting(location);

        UrllibResponse response = await Send(mode, _manager, "GET", server.Url + "/start");

        Assert.Equal(200, response.Status);
        Assert.Equal(target, server.Requests[1].Target);
    }

    [Theory, MemberData(nameof(Targets))]
    public async Task Under_the_handler_too_it_goes_out_as_it_was_written(Mode mode, string location, string target)
    {
        using var server = Redirecting(location);

        using HttpResponseMessage response = await Send(mode, server.Url + "/start");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(target, server.Requests[1].Target);
    }

    [Theory]
    [InlineData(Mode.Blocking, "/a%2fb?sig=%2b%2B%3d")]
    [InlineData(Mode.Asynchronous, "/a%2fb?sig=%2b%2B%3d")]
    [InlineData(Mode.Blocking, "/%c3%bc/%zz")]
    [InlineData(Mode.Asynchronous, "/%c3%bc/%e9")]
    public async Task Under_the_handler_a_request_is_sent_as_the_platform_would_send_it(Mode mode, string target)
    {
        using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        var uri = new Uri(server.Url + target);

        using HttpResponseMessage first = await Send(mode, uri.OriginalString);
        using HttpResponseMessage again = await Send(mode, uri.OriginalString);

        Assert.All(server.Requests, r => Assert.Equal(uri.PathAndQuery, r.Target));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_relative_location_keeps_the_escapes_of_the_url_before_it(Mode mode)
    {
        using var server = Redirecting("b");

        using HttpResponseMessage response = await Send(mode, server.Url + "/x%2fy/a");

        Assert.Equal("/x%2fy/b", server.Requests[1].Target);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_in_UTF_8_is_looked_up_by_its_international_name(Mode mode)
    {
        using var server = Redirecting("http://b\u00c3\u00bccher.test:PORT/\u00fc");
        var options = PoolOptions.Default with { Resolver = Everywhere(server.Port, "a.test", "xn--bcher-kva.test") };
        using var manager = new PoolManager(options);
        using var http = new HttpClient(new UrllibHandler(options));

        await Send(mode, manager, "GET", $"http://a.test:{server.Port}/");
        using HttpResponseMessage response = await Call(
            mode, () => http.Send(new(HttpMethod.Get, $"http://a.test:{server.Port}/")), () => http.GetAsync($"http://a.test:{server.Port}/"));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal($"xn--bcher-kva.test:{server.Port}", server.Requests[1]["Host"]);
        Assert.Equal($"xn--bcher-kva.test:{server.Port}", server.Requests[3]["Host"]);
        Assert.Equal("/%FC", server.Requests[3].Target);
    }

    [Theory, MemberData(nameof(Unspeakable))]
    public async Task No_location_brings_the_library_to_throw_what_it_does_not_promise(Mode mode, string location)
    {
        using var server = Redirecting(location);
        var options = new RequestOptions { Retries = Retry.None with { Redirect = 5, Total = null } };

        Exception? failure = await Record.ExceptionAsync(() => Send(mode, _manager, "GET", server.Url + "/start", options));

        Assert.True(failure is null or HttpException, failure?.ToString());
    }

    [Theory, MemberData(nameof(Unspeakable))]
    public async Task Under_the_handler_such_a_location_is_the_response_or_a_failure_of_the_request(Mode mode, string location)
    {
        using var server = Redirecting(location);

        Exception? failure = await Record.ExceptionAsync(async () => (await Send(mode, server.Url + "/start")).Dispose());

        Assert.True(failure is null or HttpRequestException, failure?.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_that_the_platform_cannot_name_is_not_gone_to_under_the_handler(Mode mode)
    {
        using var server = Redirecting("http://a!b/");

        using HttpResponseMessage response = await Send(mode, server.Url + "/start");

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    private static MisbehavingServer Redirecting(string location)
    {
        MisbehavingServer? server = null;
        string answer = $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n";
        return server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(r =>
            r.Target is "/start" or "/" or "/x%2fy/a" ? answer.Replace("PORT", $"{server!.Port}", StringComparison.Ordinal) : Ok)));
    }

    private Task<HttpResponseMessage> Send(Mode mode, string url) => Call(
        mode, () => _http.Send(new(HttpMethod.Get, url)), () => _http.SendAsync(new(HttpMethod.Get, url))).WaitAsync(Patience);
}
