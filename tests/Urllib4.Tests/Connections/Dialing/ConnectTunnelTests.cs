using Urllib4.Connections;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Tests.Connections;

/// <summary>How a proxy is asked for a tunnel, and whatever it may answer.</summary>
public sealed class ConnectTunnelTests : MemoryTests
{
    private const string Established = "HTTP/1.1 200 Connection established\r\n\r\n";
    private const string Asking = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 2\r\n\r\nno";

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_is_told_where_to_and_nothing_else(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send(Established));
        using Wire wire = await Open(mode, dialer, "http://proxy.test:3128");
        ReceivedRequest request = Assert.Single(dialer.Peers[0].Requests);
        Assert.Equal("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", request.Head);
        Assert.Equal("proxy.test:3128", dialer.Targets[0].ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Headers_for_the_proxy_go_to_the_proxy(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send("HTTP/1.1 100 Continue\r\n\r\n").Send(Established));
        using Wire wire = await Open(mode, dialer, new ProxyOptions("http://proxy.test") { Headers = new() { ["X-Team"] = "red" } });
        Assert.Equal("red", dialer.Peers[0].Requests[0]["X-Team"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_challenge_is_answered_on_the_same_connection_when_that_stays(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send(Asking).ExpectRequest().Send(Established));
        using Wire wire = await Open(mode, dialer, new ProxyOptions("http://proxy.test") { Auth = HttpAuth.WhenAsked("a", "b") });
        Assert.Equal([null, "Basic YTpi"], dialer.Peers[0].Requests.Select(static r => r["Proxy-Authorization"]));
    }

    [Theory]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, true)]
    [InlineData(Mode.Asynchronous, false)]
    public async Task A_challenge_is_answered_on_a_new_connection_when_the_proxy_closed_the_first(Mode mode, bool saysSo)
    {
        string asking = saysSo ? Asking.Replace("Content", "Connection: close\r\nContent", StringComparison.Ordinal) : Asking;
        var dialer = new MemoryDialer(
            new Dialogue().ExpectRequest().Send(asking).Eof(), new Dialogue().ExpectRequest().Send(Established));

        using Wire wire = await Open(mode, dialer, new ProxyOptions("http://proxy.test") { Auth = HttpAuth.WhenAsked("a", "b") });

        Assert.Equal("Basic YTpi", dialer.Peers[1].Requests[0]["Proxy-Authorization"]);
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory]
    [InlineData(Mode.Blocking, "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\nnope")]
    [InlineData(Mode.Blocking, "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 403 Forbidden\r\nContent-Length: 400\r\n\r\nnope")] // cut short
    [InlineData(Mode.Blocking, "HTTP/1.0 403 Forbidden\r\n\r\nnope")]
    public async Task A_refusal_says_what_the_proxy_said_and_leaves_no_connection(Mode mode, string answer)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send(answer).Eof());
        var e = await Assert.ThrowsAsync<TunnelRefusedException>(() => Open(mode, dialer, "http://proxy.test"));
        Assert.Equal(403, e.Status);
        Assert.Equal("nope"u8.ToArray(), e.Body.ToArray());
        Assert.Contains("refused CONNECT a.test:443 with 403 Forbidden", e.Message, StringComparison.Ordinal);
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_long_refusal_is_read_as_far_as_an_error_shows_it(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Send("HTTP/1.1 500 No\r\n\r\n").SendForever(new string('x', 1000)));
        var e = await Assert.ThrowsAsync<TunnelRefusedException>(() => Open(mode, dialer, "http://proxy.test"));
        Assert.Equal(TunnelRefusedException.MaxBodyLength, e.Body.Length);
    }

    [Theory]
    [InlineData(Mode.Blocking, "SSH-2.0-OpenSSH_9\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "SSH-2.0-OpenSSH_9\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData(Mode.Asynchronous, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData(Mode.Blocking, "HTTP/1.1 200 OK\r\n")]
    [InlineData(Mode.Asynchronous, "")]
    public async Task An_answer_that_is_none_is_a_fault_of_the_proxy(Mode mode, string answer)
    {
        var dialogue = new Dialogue().ExpectRequest();
        var dialer = new MemoryDialer(answer.Length == 0 ? dialogue.Eof() : dialogue.Send(answer).Eof());
        await Assert.ThrowsAsync<ProxyException>(() => Open(mode, dialer, "http://proxy.test"));
        Assert.True(dialer.Peers[0].IsDisposed);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_breaks_while_asking_may_be_tried_again(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().FailWriteAfter(0));
        var e = await Assert.ThrowsAsync<ProxyException>(() => Open(mode, dialer, "http://proxy.test"));
        Assert.True(e.IsTransient);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_proxy_that_says_nothing_runs_into_the_limit_of_its_phase(Mode mode)
    {
        var dialer = new MemoryDialer(new Dialogue().ExpectRequest().Stall());
        Task<Wire> opening = Open(mode, dialer, "http://proxy.test");
        Assert.True(SpinWait.SpinUntil(() => dialer.Peers is [{ WaitingReads: > 0 }], Patience));

        dialer.Time.Advance(HttpTimeout.Default.Proxy);

        await Assert.ThrowsAsync<ProxyTimeoutException>(() => opening);
    }

    private static Task<Wire> Open(Mode mode, MemoryDialer dialer, ProxyOptions proxy)
    {
        PoolOptions options = Over(dialer);
        var hop = new ProxyHop(proxy, options);
        Origin origin = Origin.Create("https", "a.test", null);
        var terms = new ConnectTerms(HttpTimeout.Default, default, null, CancellationToken.None);
        return Call(
            mode,
            () => Blocking.Result(ConnectTunnel.Open<Blocking>(hop, origin, options, terms)),
            () => ConnectTunnel.Open<Asynchronous>(hop, origin, options, terms).AsTask()).WaitAsync(Patience, CancellationToken.None);
    }
}
