using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>What holds natively holds under the handler: ranges and redirects, moments, and places that only a server can name.</summary>
public sealed class HandlerCornerTests : ClientTests
{
    private static readonly string[] _strange =
    [
        "http://a!b/", "http://a_b.test/", "http://xn--/", "http://xn--a-ecp.test/", "http://[::1%25lo]/", "http://[fe80::1%25none]/", "http://a b/",
        "http://%00/", "http://%41.test/", "http://1.2.3/", "http://0x7f.1/", "http://300.300.300.300/", "http://.test/", "http://a..b/",
        "http://\u00FC\u0080.test/", "http://-a-.test/", "//", "http:///x", "http://a:99999/", "http://a:-1/", "http://a@b@c/", "http://[::1/",
        "http://" + new string('a', 64) + ".test/", "http://" + string.Concat(Enumerable.Repeat("abcdefgh.", 40)) + "test/", "http:\\\\a\\b",
    ];

    public static TheoryData<Mode, string> Strange { get; } =
        new MatrixTheoryData<Mode, string>([Mode.Blocking, Mode.Asynchronous], _strange);

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_range_and_its_condition_travel_together_or_not_at_all(Mode mode)
    {
        await using var other = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        await using var server = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(r => r.Target switch
        {
            "/here" => "HTTP/1.1 307 Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
            "/away" => $"HTTP/1.1 302 Go\r\nLocation: {other.Url}/\r\nContent-Length: 0\r\n\r\n",
            _ => Ok,
        })));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default));

        await Get(mode, http, server.Url + "/here");
        await Get(mode, http, server.Url + "/away");

        ReceivedRequest stayed = server.Requests[1], left = Assert.Single(other.Requests);
        Assert.Equal(("bytes=10-", "\"v1\""), (stayed["Range"], stayed["If-Range"]));
        Assert.Equal((null, null), (left["Range"], left["If-Range"]));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_informational_response_is_told_of_when_it_comes_and_not_with_the_final_one(Mode mode)
    {
        var told = new Gate();
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n").WaitFor(told).Send(Ok));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            DefaultRequestOptions = new() { OnInformational = _ => told.Open() },
        });
        var request = new HttpRequestMessage(HttpMethod.Get, server.Url);

        using HttpResponseMessage response = await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory, MemberData(nameof(Strange))]
    public async Task No_location_makes_a_handler_with_a_proxy_throw_anything_but_its_failures(Mode mode, string location)
    {
        await using var proxy = MisbehavingServer.Start(_ => new Dialogue().Loop(d => d.ExpectRequest().Respond(r =>
            r.Target == "http://first.test/" ? $"HTTP/1.1 302 Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n" : Ok)));
        using var http = new HttpClient(new UrllibHandler(PoolOptions.Default)
        {
            Proxy = new WebProxy(proxy.Url),
            Credentials = new CredentialCache(), // asked with a Uri as well
        });
        var request = new HttpRequestMessage(HttpMethod.Get, "http://first.test/");

        Exception? failure = await Record.ExceptionAsync(async () =>
            (await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience)).Dispose());

        Assert.True(failure is null or HttpRequestException, $"{failure}");
        Assert.Equal("http://first.test/", proxy.Requests[0].Target);
    }

    private static async Task Get(Mode mode, HttpClient http, string url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new(10, null);
        request.Headers.IfRange = new("\"v1\"");
        (await Call(mode, () => http.Send(request), () => http.SendAsync(request)).WaitAsync(Patience)).Dispose();
    }
}
