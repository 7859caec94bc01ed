using Urllib4.Policies.Auth;
using Urllib4.Primitives;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Auth;

public sealed class BoundConnectionTests : ClientTests
{
    private const string FirstLeg = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 2\r\n\r\nno";
    private const string SecondLeg = "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM bW9yZQ==\r\nContent-Length: 2\r\n\r\nno";

    [Theory, ClassData(typeof(BothModes))]
    public async Task All_legs_take_the_same_connection_even_while_others_want_it(Mode mode)
    {
        var second = new Gate();
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(FirstLeg).ExpectRequest().WaitFor(second).Send(SecondLeg)
                .ExpectRequest().Send(Ok).Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        var options = new RequestOptions { Auth = new TwoLegs("alice") };

        Task<UrllibResponse> first = Send(mode, manager, "GET", server.Url + "/first", options);
        server.WaitForRequests(2);
        Task<UrllibResponse> other = Send(mode, manager, "GET", server.Url + "/other", options);
        Until(() => manager.Pools.Single().Value.Snapshot().Waiting == 1);
        second.Open();

        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await other).Status);
        Assert.Equal(["/first", "/first", "/first", "/other"], server.Requests.Select(static r => r.Target));
        Assert.Equal([null, "NTLM b25l", "NTLM dHdv", null], server.Requests.Select(static r => r["Authorization"]));
        Assert.Equal(1, server.Connections);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_03_a_connection_of_one_user_serves_neither_another_nor_nobody(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var manager = new PoolManager();
        foreach (HttpAuth? user in new HttpAuth?[] { new TwoLegs("alice"), new TwoLegs("bob"), null, HttpAuth.Basic("carol", "x"), null })
            await Send(mode, manager, "GET", server.Url + "/", new RequestOptions { Auth = user });
        Assert.Equal(3, server.Connections);
        await Send(mode, manager, "GET", server.Url + "/", new RequestOptions { Auth = new TwoLegs("alice") });
        Assert.Equal(3, server.Connections);
        Assert.Equal(3, manager.Pools.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_that_closes_between_the_legs_costs_no_place_in_the_pool(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(FirstLeg.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)).Eof(),
            new Dialogue().ExpectRequest().Send(Ok));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        UrllibResponse response = await Send(
            mode, manager, "GET", server.Url + "/", new RequestOptions { Auth = new TwoLegs("alice") });
        Assert.Equal(200, response.Status);
        AssertAtRest(manager);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_failure_between_the_legs_gives_the_connection_up(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(FirstLeg).ExpectRequest().Send("nonsense\r\n\r\n").ExpectEof());
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true, Retries = Retry.None });
        await Assert.ThrowsAnyAsync<HttpException>(() => Send(
            mode, manager, "GET", server.Url + "/", new RequestOptions { Auth = new TwoLegs("alice") }));
        server.WaitUntilAllClosed();
        AssertAtRest(manager);
    }

    [Theory]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, true)]
    [InlineData(Mode.Asynchronous, false)]
    public async Task A_call_that_ends_between_the_legs_gives_the_connection_back(Mode mode, bool isCancelled)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(FirstLeg).ExpectRequest().Send(Ok));
        using var stop = new CancellationTokenSource();
        var listener = new BetweenLegs(() =>
        {
            if (!isCancelled)
                throw new NotSupportedException("mine");
            stop.Cancel();
        });
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true, Events = listener });
        var options = new RequestOptions { Auth = new TwoLegs("alice") };

        Exception? end = await Record.ExceptionAsync(() => Send(mode, manager, "GET", server.Url, options, stop.Token));
        Assert.IsType(isCancelled ? typeof(OperationCanceledException) : typeof(NotSupportedException), end);

        AssertAtRest(manager);
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url, options)).Status);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_03_a_redirect_leaves_who_this_side_is_behind(Mode mode)
    {
        await using var other = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest()
            .Send($"HTTP/1.1 302 Found\r\nLocation: {other.Url}/\r\nContent-Length: 0\r\n\r\n"));
        using var manager = new PoolManager();
        await Send(mode, manager, "GET", server.Url, new RequestOptions { Auth = new TwoLegs("alice") });
        Assert.Equal([true, false], manager.Pools.Keys.Select(static key => key.Auth is not null));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task PK_03_a_pool_that_stands_alone_refuses_credentials_that_bind_its_connections(Mode mode)
    {
        using var pool = new HttpConnectionPool("127.0.0.1", 9);
        await Fails<InvalidRequestException>(Send(mode, pool, "GET", "/", new RequestOptions { Auth = new TwoLegs("alice") }));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_negotiates_CONNECT_gets_all_legs_on_one_connection(Mode mode)
    {
        const string More = "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM{0}\r\nContent-Length: 2\r\n\r\nno";
        await using var proxy = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send(More.Replace("{0}", "", StringComparison.Ordinal))
                .ExpectRequest().Send(More.Replace("{0}", " bW9yZQ==", StringComparison.Ordinal))
                .ExpectRequest().Send("HTTP/1.1 403 Enough\r\nContent-Length: 0\r\n\r\n").ExpectEof());
        using var manager = new ProxyManager(new ProxyOptions(proxy.Url) { Auth = new TwoLegs("alice") });
        TunnelRefusedException refused = await Fails<TunnelRefusedException>(Send(mode, manager, "GET", "https://example.com/"));
        Assert.Equal(403, refused.Status);
        Assert.Equal([null, "NTLM b25l", "NTLM dHdv"], proxy.Requests.Select(static r => r["Proxy-Authorization"]));
    }

    /// <summary>Two tokens, whatever the server says.</summary>
    private sealed record TwoLegs(string User) : HttpAuth
    {
        internal override bool IsBoundToConnection => true;

        internal override Authenticator NewAuthenticator(HostName host, bool forProxy) =>
            new NegotiateAuthenticator(static _ => new Tokens(), forProxy);
    }

    private sealed class BetweenLegs(Action act) : HttpEvents
    {
        public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => act();
    }

    private sealed class Tokens : Negotiation
    {
        private readonly Queue<byte[]> _left = new(["one"u8.ToArray(), "two"u8.ToArray()]);

        public override byte[]? Next(byte[] token, out NegotiationState state)
        {
            state = NegotiationState.GoesOn;
            return _left.TryDequeue(out byte[]? next) ? next : null;
        }

        public override void Dispose() => _left.Clear();
    }
}
