using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

/// <summary>What a manager says in every request, and what takes its place in single ones.</summary>
public sealed class DefaultHeaderTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task The_headers_of_a_manager_stand_in_every_request_and_those_of_a_request_in_that_one_only(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "X-All", "1" }, { "User-Agent", "me" } } });

        foreach (RequestOptions? options in (RequestOptions?[])[null, new() { Headers = new() { { "X-One", "2" } } }, null])
            await Send(mode, http, "GET", server.Url, options);

        string all = $"Host: 127.0.0.1:{server.Port}\r\nX-All: 1\r\nUser-Agent: me\r\n";
        Assert.All(server.Requests, request => Assert.Contains(all, request.Head, StringComparison.Ordinal));
        Assert.Equal([false, true, false], server.Requests.Select(static r => r.Head.Contains("X-One: 2", StringComparison.Ordinal)));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_host_among_the_headers_of_a_manager_is_sent_once_and_first(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "X-All", "1" }, { "Host", "example.com" } } });

        await Send(mode, http, "GET", server.Url);
        await Send(mode, http, "GET", server.Url);

        Assert.All(server.Requests, static request => Assert.Equal(
            ["Host: example.com", "X-All: 1"],
            request.Head.Split("\r\n").Where(static line => line.StartsWith("Host", StringComparison.Ordinal) || line.StartsWith('X'))));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Headers_of_a_manager_that_cannot_be_sent_fail_the_request_and_cost_no_connection(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "TE", "gzip" }, { "Connection", "TE" } } });

        for (int i = 0; i < 2; i++)
        {
            var e = await Fails<InvalidHeaderException>(Send(mode, http, "GET", server.Url));
            Assert.Equal("TE", e.Name);
        }

        Assert.Empty(server.Requests);
        AssertAtRest(http);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_expectation_of_a_manager_is_dropped_for_a_server_that_cannot_meet_it(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue()
            .ExpectHead(static r => Assert.Equal("100-continue", r["Expect"]))
            .Send("HTTP/1.1 417 Cannot\r\nContent-Length: 0\r\n\r\n").ExpectEof(),
            new Dialogue().ExpectRequest(static r => Assert.Null(r["Expect"])).Send(Ok));
        using var http = new PoolManager(new PoolOptions { Headers = new() { { "Expect", "100-continue" } } });

        UrllibResponse response = await Send(mode, http, "PUT", server.Url, new() { Body = "text" });

        Assert.Equal("ok", response.Text());
        server.Verify();
    }
}
