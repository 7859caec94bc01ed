using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

public sealed class HttpConnectionPoolTests : MemoryTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_path_and_a_url_of_its_origin_are_both_taken(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, Ok, Ok);
        using var pool = new HttpConnectionPool("a.test", 81, Over(dialer));
        foreach (string url in new[] { "/x?y", "http://a.test:81/z", "//double" })
            await Send(mode, pool, "GET", url);
        Assert.Equal(["/x?y", "/z", "//double"], dialer.Peers[0].Requests.Select(static r => r.Target));
        Assert.Equal(("http", "a.test", 81, 1, 3), (pool.Scheme, pool.Host, pool.Port, pool.NumConnections, pool.NumRequests));
        Assert.Single(pool.Snapshot().Idle);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Another_origin_is_refused(Mode mode)
    {
        using var pool = new HttpConnectionPool("a.test", null, Over(new MemoryDialer()));
        await Assert.ThrowsAsync<HostChangedException>(() => Send(mode, pool, "GET", "http://b.test/"));
        await Assert.ThrowsAsync<HostChangedException>(() => Send(mode, pool, "GET", "https://a.test/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_needs_another_pool_is_refused(Mode mode)
    {
        using var pool = new HttpsConnectionPool("a.test", null, Over(new MemoryDialer()));
        foreach (RequestOptions options in new RequestOptions[]
            {
                new() { Proxy = "http://p.test" },
                new() { Tls = new TlsOptions { DangerousAcceptAnyHostname = true } },
                new() { Auth = HttpAuth.Negotiate() },
            })
        {
            await Assert.ThrowsAnyAsync<InvalidRequestException>(() => Send(mode, pool, "GET", "/", options));
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_goes_into_memory_of_the_caller(Mode mode)
    {
        using var pool = new HttpConnectionPool("a.test", null, Over(Answering(Ok)));
        var buffer = new ResponseBuffer();
        await Call(mode, () => pool.RequestInto("GET", "/", buffer), () => pool.RequestIntoAsync("GET", "/", buffer).AsTask());
        Assert.Equal((200, "ok"), (buffer.Status, buffer.Text()));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pool_that_is_closed_or_disposed_lends_nothing(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok, Ok);
        var pool = new HttpConnectionPool("a.test", null, Over(dialer));
        await Send(mode, pool, "GET", "/");
        pool.Close();
        Assert.True(dialer.Peers[0].IsDisposed);
        await pool.DisposeAsync();
        await Assert.ThrowsAsync<ClosedPoolException>(() => Send(mode, pool, "GET", "/"));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_of_the_options_is_the_way_of_every_request(Mode mode)
    {
        MemoryDialer dialer = Answering(Ok);
        using var pool = new HttpConnectionPool("a.test", null, Over(dialer) with { Proxy = "http://p.test" });
        await Send(mode, pool, "GET", "/x");
        Assert.Equal(("p.test", "http://a.test/x"), (dialer.Targets[0].Host, dialer.Peers[0].Requests[0].Target));
        Assert.Equal("a.test", pool.Host);
    }
}
