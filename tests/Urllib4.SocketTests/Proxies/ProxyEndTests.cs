using Urllib4.TestKit;

namespace Urllib4.SocketTests.Proxies;

/// <summary>A call that ends while the way is being opened leaves no socket behind, wherever it was.</summary>
public sealed class ProxyEndTests : ProxyTests
{
    /// <summary>Where the opening of a way hangs.</summary>
    public enum Where
    {
        /// <summary>In the TLS handshake with the proxy.</summary>
        ProxyTls,

        /// <summary>Before the answer to CONNECT.</summary>
        Connect,

        /// <summary>In the middle of the answer to CONNECT.</summary>
        HalfAnswer,

        /// <summary>In the body of a refusal.</summary>
        Refusal,

        /// <summary>In the TLS handshake with the origin.</summary>
        OriginTls,

        /// <summary>Before the first answer of SOCKS.</summary>
        SocksGreeting,

        /// <summary>Before the second answer of SOCKS.</summary>
        SocksReply,

        /// <summary>In SOCKS, on the way to an HTTP proxy.</summary>
        Via,
    }

    /// <summary>What ends the call.</summary>
    public enum End
    {
        /// <summary>The caller cancels.</summary>
        Cancel,

        /// <summary>The deadline passes.</summary>
        Total,

        /// <summary>The manager is disposed.</summary>
        Dispose,
    }

    public static MatrixTheoryData<Mode, Where, End> Ends { get; } =
        new(Enum.GetValues<Mode>(), Enum.GetValues<Where>(), Enum.GetValues<End>());

    [Theory, MemberData(nameof(Ends))]
    public async Task It_ends_at_once_and_leaves_nothing(Mode mode, Where where, End end)
    {
        await using var proxy = MisbehavingServer.Start(Script(where).ExpectEof());
        ProxyOptions options = where switch
        {
            Where.ProxyTls => HttpProxy(proxy.Port, isSecure: true),
            Where.SocksGreeting or Where.SocksReply => $"socks5h://127.0.0.1:{proxy.Port}",
            Where.Via => new ProxyOptions("http://proxy.test") { Via = $"socks5h://127.0.0.1:{proxy.Port}" },
            _ => HttpProxy(proxy.Port),
        };
        var clock = new VirtualTime();
        var manager = new PoolManager(new PoolOptions { Proxy = options, Tls = TrustOrigins, Clock = clock });
        using var cancel = new CancellationTokenSource();
        TimeSpan limit = TimeSpan.FromMilliseconds(250);
        HttpTimeout timeout = end == End.Total ? HttpTimeout.Default with { Total = limit } : HttpTimeout.Default;

        Task<UrllibResponse> call = Send(mode, manager, "GET", "https://a.origin.test/", new() { Timeout = timeout }, cancel.Token);
        proxy.WaitForConnections(1);
        switch (end)
        {
            case End.Cancel:
                await cancel.CancelAsync();
                Exception? cancelled = await Record.ExceptionAsync(() => call);
                Assert.Equal(cancel.Token, Assert.IsAssignableFrom<OperationCanceledException>(cancelled).CancellationToken);
                break;
            case End.Total when where == Where.Refusal:
                await PassTime(clock, limit, call);
                Assert.True(await Record.ExceptionAsync(() => call) is TotalTimeoutException or TunnelRefusedException);
                break;
            case End.Total:
                await PassTime(clock, limit, call);
                await Fails<TotalTimeoutException>(call);
                break;
            default:
                manager.Dispose();
                await Fails<ClosedPoolException>(call);
                break;
        }

        proxy.WaitUntilAllClosed();
        AssertAtRest(manager);
        manager.Dispose();
    }

    private static Dialogue Script(Where where)
    {
        var dialogue = new Dialogue();
        return where switch
        {
            Where.Connect => dialogue.ExpectRequest(),
            Where.HalfAnswer => dialogue.ExpectRequest().Send("HTTP/1.1 200 OK\r\nX: "),
            Where.Refusal => dialogue.ExpectRequest().Send("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nno"),
            Where.ProxyTls => dialogue.ExpectBytes([22, 3]),
            Where.OriginTls => dialogue.ExpectRequest().Send(Established).ExpectBytes([22, 3]),
            Where.SocksReply => dialogue.ExpectBytes([5, 1, 0]).Send([5, 0]).ExpectBytes([5, 1, 0, 3, 13, .. "a.origin.test"u8, 1, 187]),
            Where.Via => dialogue.ExpectBytes([5, 1, 0]).Send([5, 0]).ExpectBytes([5, 1, 0, 3, 10, .. "proxy.test"u8, 0, 80]),
            Where.SocksGreeting => dialogue.ExpectBytes([5, 1, 0]),
            _ => dialogue,
        };
    }
}
