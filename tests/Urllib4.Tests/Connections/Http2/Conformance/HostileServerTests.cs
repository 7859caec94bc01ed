using Urllib4.TestKit;
using Urllib4.Tests.Protocol.Http2;

namespace Urllib4.Tests.Connections.Http2.Conformance;

/// <summary>
/// RFC 9113 line by line, from a server that keeps to nothing: who is told what, what the server is told, and who is left in peace. Two
/// callers of different kinds are on the connection.
/// </summary>
public sealed class HostileServerTests : ModeTests
{
    private readonly Http2Peer _peer = new();

    public static TheoryData<Mode, string> Connection => Rows(ConnectionRules.All);

    public static TheoryData<Mode, string> OneStream => Rows(StreamRules.All);

    public static TheoryData<Mode, string> Allowed => Rows(Oddities.All);

    [Theory, MemberData(nameof(Connection))]
    public async Task A_rule_of_the_connection_that_is_broken_ends_it_for_all(Mode mode, string rule)
    {
        Rule broken = Find(ConnectionRules.All, rule);
        using PoolManager manager = Manager();
        (Task<UrllibResponse> first, Task<UrllibResponse> second, Http2PeerConnection server) = await Begin(mode, manager);
        await server.Send(Frames.Join(broken.Frames));
        await Expect(server, $"GOAWAY 0 {broken.Code}");
        if (broken.IsAnswered)
            Assert.Equal(200, (await first).Status);
        else
            AssertEnded(broken, await Record.ExceptionAsync(() => first));
        AssertEnded(broken, await Record.ExceptionAsync(() => second));
        Assert.Equal("end", await server.Next());
        AssertAtRest(manager, connections: 0);

        Task<UrllibResponse> third = Get(mode, manager);
        await Answer(await _peer.Accept(), 1, Frames.Settings());
        Assert.Equal(200, (await third).Status);
        Assert.Equal(2, _peer.Dials);
    }

    [Theory, MemberData(nameof(OneStream))]
    public async Task A_rule_of_a_stream_that_is_broken_ends_it_and_no_other(Mode mode, string rule)
    {
        Rule broken = Find(StreamRules.All, rule);
        using PoolManager manager = Manager();
        (Task<UrllibResponse> first, Task<UrllibResponse> second, Http2PeerConnection server) = await Begin(mode, manager);
        await server.Send(Frames.Join(broken.Frames));
        await Expect(server, $"RST 1 {broken.Code}");
        var error = Assert.IsType<Http2Exception>(await Record.ExceptionAsync(() => first));
        Assert.Equal((broken.Code, 1), (error.ErrorCode, error.StreamId));
        // What was under way when it was reset is nobody's fault.
        await server.Send(Frames.Headers(1, "a: b", end: true));
        await Answer(server, 3);
        Assert.Equal(200, (await second).Status);
        await AssertServesTheNext(mode, manager, server);
    }

    [Theory, MemberData(nameof(Allowed))]
    public async Task What_a_server_may_do_harms_nobody(Mode mode, string rule)
    {
        Rule odd = Find(Oddities.All, rule);
        using PoolManager manager = Manager();
        (Task<UrllibResponse> first, Task<UrllibResponse> second, Http2PeerConnection server) = await Begin(mode, manager);
        await server.Send(Frames.Join(odd.Frames));
        await server.Send(Frames.Headers(1, ":status: 200"), Frames.Data(1, "ok", end: true));
        Assert.Equal("ok", (await first).Text());
        if (!odd.AnswersOther)
            await Answer(server, 3);
        Assert.Equal(200, (await second).Status);
        await AssertServesTheNext(mode, manager, server);
    }

    private async Task AssertServesTheNext(Mode mode, PoolManager manager, Http2PeerConnection server)
    {
        Task<UrllibResponse> third = Get(mode, manager);
        await Expect(server, "HEADERS 5");
        await Answer(server, 5);
        Assert.Equal(200, (await third).Status);
        Assert.Equal(1, _peer.Dials);
        AssertAtRest(manager, connections: 1);
    }

    private static TheoryData<Mode, string> Rows(IEnumerable<Rule> rules)
    {
        var rows = new TheoryData<Mode, string>();
        foreach (Rule rule in rules)
        {
            rows.Add(Mode.Blocking, rule.Name);
            rows.Add(Mode.Asynchronous, rule.Name);
        }

        return rows;
    }

    private static Rule Find(IEnumerable<Rule> rules, string name) => rules.Single(r => r.Name == name);

    private static void AssertEnded(Rule broken, Exception? failure)
    {
        var error = Assert.IsType<Http2Exception>(failure);
        Assert.Equal((broken.Code, 0), (error.ErrorCode, error.StreamId));
    }

    private static void AssertAtRest(PoolManager manager, int connections)
    {
        foreach (PoolSnapshot pool in manager.Pools.Select(static p => p.Value.Snapshot()))
        {
            Assert.Empty(pool.Busy);
            Assert.Equal(connections, pool.Idle.Count);
        }
    }

    private static async Task Expect(Http2PeerConnection server, string beginning)
    {
        while (true)
        {
            string frame = await server.Next();
            if (frame.StartsWith(beginning, StringComparison.Ordinal))
                return;
            // Only answers may come before it.
            Assert.StartsWith("PING ack", frame, StringComparison.Ordinal);
        }
    }

    private static Task Answer(Http2PeerConnection server, int stream, params byte[][] before) =>
        server.Send([.. before, Frames.Headers(stream, ":status: 200", end: true)]);

    private PoolManager Manager() => _peer.Manager(new PoolOptions { Retries = Retry.None });

    // One caller of each kind, so that the fate of one is not that of his kind.
    private async Task<(Task<UrllibResponse> First, Task<UrllibResponse> Second, Http2PeerConnection Server)> Begin(
        Mode mode, PoolManager manager)
    {
        Task<UrllibResponse> first = Get(mode, manager);
        Http2PeerConnection server = await _peer.Accept();
        await Expect(server, "HEADERS 1 end");
        Task<UrllibResponse> second = Get(mode is Mode.Blocking ? Mode.Asynchronous : Mode.Blocking, manager);
        await Expect(server, "HEADERS 3 end");
        return (first, second, server);
    }

    private static Task<UrllibResponse> Get(Mode mode, PoolManager manager) => Call(
        mode, () => manager.Request("GET", "http://example.com/"), () => manager.RequestAsync("GET", "http://example.com/"))
        .WaitAsync(TimeSpan.FromSeconds(60));
}
