using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>What becomes of a request on its way to the wire: defaults, headers, bodies, and what is refused before a byte leaves.</summary>
public sealed class RequestMergingTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_plain_GET_has_host_name_and_codings_and_nothing_else(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager();

        await Send(mode, http, "GET", $"{server.Url}/x?y");

        Assert.Equal(
            $"GET /x?y HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nUser-Agent: urllib4/0.1\r\n"
            + $"Accept-Encoding: {ContentCodings.AcceptEncoding}\r\n\r\n",
            server.Requests[0].Head);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_header_of_the_request_takes_the_place_of_the_managers(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "X-From", "manager" }, { "USER-agent", "manager" } } });

        await Send(mode, http, "GET", server.Url);
        await Send(mode, http, "GET", server.Url, new() { Headers = new() { { "x-from", "request" } } });
        await Send(mode, http, "POST", server.Url, new() { Headers = new() { { "user-AGENT", "request" } }, Body = RequestBody.FromString("a").WithoutLength() });

        Assert.Equal(["manager"], server.Requests[0].ValuesOf("X-From"));
        Assert.Equal(["request"], server.Requests[1].ValuesOf("X-From"));
        Assert.Equal(["manager"], server.Requests[0].ValuesOf("User-Agent"));
        Assert.Equal(["request"], server.Requests[2].ValuesOf("User-Agent"));
        Assert.Equal([1], server.Requests[2].Chunks);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Defaults_can_be_left_out(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager();
        HttpHeaderDict headers = new() { { "User-Agent", HttpHeaderDict.SkipHeader }, { "Accept-Encoding", HttpHeaderDict.SkipHeader } };

        await Send(mode, http, "GET", server.Url, new() { Headers = headers });

        Assert.Equal(["Host"], server.Requests[0].Headers.Select(static header => header.Key));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_content_type_of_the_caller_stands_whatever_the_body_says(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "Content-Type", "application/x-of-manager" } } });
        RequestBody json = RequestBody.Json(new { A = 1 });

        await Send(mode, http, "POST", server.Url, new() { Body = json });
        await Send(mode, http, "POST", server.Url, new() { Body = json, Headers = new() { { "content-type", "application/x-own" } } });
        await Send(mode, http, "POST", server.Url, new() { Fields = new() { ["a"] = "b" }, Headers = new() { { "X-Tag", "kept" } } });

        Assert.Equal(["application/x-of-manager"], server.Requests[0].ValuesOf("Content-Type"));
        Assert.Equal(["application/x-own"], server.Requests[1].ValuesOf("Content-Type"));
        Assert.Equal("kept", server.Requests[2]["X-Tag"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_and_fields_together_are_refused_for_every_method(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager();

        foreach (string method in new[] { "GET", "POST" })
        {
            await Fails<InvalidRequestException>(
                Send(mode, http, method, server.Url, new() { Body = RequestBody.Json(1), Fields = new() { ["a"] = "b" } }));
        }

        Assert.Equal(0, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_URL_without_a_scheme_that_can_be_requested_is_refused(Mode mode)
    {
        using var http = new PoolManager();

        await Fails<LocationValueException>(Send(mode, http, "GET", "example.com/x"));
        await Fails<UrlSchemeUnknownException>(Send(mode, http, "GET", "ftp://example.com"));
        Exception? failure = await Record.ExceptionAsync(() => Send(mode, http, "GET", "evil.com://good.com"));
        Assert.IsAssignableFrom<LocationValueException>(failure);
        Assert.Empty(http.Pools);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_path_of_a_one_host_pool_begins_with_a_slash(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var pool = new HttpConnectionPool("127.0.0.1", server.Port);

        await Fails<LocationValueException>(Send(mode, pool, "GET", "x"));
        await Send(mode, pool, "GET", "//other/x");

        Assert.Equal("//other/x", server.Requests[0].Target);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_target_of_the_callers_is_sent_as_it_is(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager();

        await Send(mode, http, "OPTIONS", server.Url, new() { Target = "*" });
        await Send(mode, http, "GET", server.Url, new() { Target = "/a/../b%7e?c" });
        await Fails<InvalidRequestException>(Send(mode, http, "GET", server.Url, new() { Target = "/a b" }));

        Assert.Equal(["*", "/a/../b%7e?c"], server.Requests.Select(static request => request.Target));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task After_a_retry_the_response_still_has_its_URL_and_the_body_was_sent_in_chunks_again(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 429 Later\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Send(Ok));
        using var http = new PoolManager();
        Retry retries = new() { Total = 1, StatusForcelist = [429] };

        UrllibResponse response = await Send(
            mode, http, "PUT", $"{server.Url}/x", new() { Retries = retries, Body = RequestBody.FromString("abc").WithoutLength() });

        Assert.Equal($"{server.Url}/x", response.Url.ToString());
        Assert.All(server.Requests, static request => Assert.Equal("abc", request.Text));
        Assert.All(server.Requests, static request => Assert.Equal([3], request.Chunks));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Without_redirects_there_is_no_history(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 303 See\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"));
        using var http = new PoolManager();

        UrllibResponse response = await Send(mode, http, "GET", server.Url, new() { Redirect = false });

        Assert.Equal(303, response.Status);
        Assert.Empty(response.Retries.History);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task The_connection_comes_from_the_source_address(Mode mode)
    {
        await using MisbehavingServer server = Answering();
        using var http = new PoolManager(new PoolOptions { SourceAddress = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0) });

        UrllibResponse response = await Send(mode, http, "GET", server.Url);

        Assert.Equal(IPAddress.Parse("127.0.0.2"), Assert.IsType<IPEndPoint>(response.Connection.LocalEndPoint).Address);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_without_an_address_is_an_error_of_its_own(Mode mode)
    {
        using var http = new PoolManager(new PoolOptions { Resolver = Everywhere(80, "known.test"), Retries = Retry.None });

        NameResolutionException e = await Fails<NameResolutionException>(Send(mode, http, "GET", "http://unknown.test/"));

        Assert.Equal("unknown.test", e.Host);
        Assert.Equal(HttpPhase.Resolve, e.Phase);
        Assert.False(e.ServerMayHaveActed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Trailers_of_a_body_are_announced_unless_the_caller_does_it(Mode mode)
    {
        using var server = MisbehavingServer.Start(new Dialogue().Repeat(2, static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager();
        RequestBody body = RequestBody.FromString("x").WithTrailers(static () => new() { { "X-Sum", "1" } }, "X-Sum");

        await Send(mode, manager, "POST", server.Url, new() { Body = body });
        await Send(mode, manager, "POST", server.Url, new() { Body = body, Headers = new() { { "Trailer", "X-Own" } } });

        Assert.Equal(["X-Sum", "X-Own"], server.Requests.Select(static r => string.Join('|', r.ValuesOf("Trailer"))));
        Assert.All(server.Requests, static r => Assert.Equal("1", r.Trailers.Single(static t => t.Key == "X-Sum").Value));
    }

    private static MisbehavingServer Answering() => MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
}
