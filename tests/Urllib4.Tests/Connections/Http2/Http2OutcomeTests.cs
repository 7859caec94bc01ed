using Urllib4.Protocol.Http2;
using Urllib4.TestKit;
using Urllib4.Tests.Protocol.Http2;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>What becomes of a request whose server sends too much, too little, or tells it to go elsewhere.</summary>
public sealed class Http2OutcomeTests : ModeTests
{
    private readonly Http2Peer _peer = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_misdirected_request_is_sent_again_once_on_another_connection(Mode mode)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Task<UrllibResponse> call = Send(mode, manager, new() { Body = "x" }, "POST");
        for (int i = 0; i < 2; i++)
        {
            Http2PeerConnection server = await _peer.Accept();
            Assert.StartsWith("HEADERS 1", await server.Next(), StringComparison.Ordinal);
            await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 421", end: true));
        }

        Assert.Equal((421, 2), ((await call).Status, (await call).Attempts));
        Assert.Equal(2, _peer.Dials);
    }

    [Theory, ClassData(typeof(BothModes))]
    [Trait("check", "H2-11")]
    public async Task More_than_the_window_of_a_stream_resets_it_and_no_other(Mode mode)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Task<UrllibResponse> call = Send(mode, manager, new() { PreloadContent = false });
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 200"));
        using UrllibResponse response = await call;
        for (int i = 0; i < 8; i++)
            await server.Send(Frames.Of(FrameType.Data, 0, 1, new byte[65_536]));
        await server.Send(Frames.Data(1, "x"));
        Assert.Equal("RST 1 FlowControlError", await server.Next());
        var error = Assert.IsType<Http2Exception>(await Record.ExceptionAsync(
            () => Call(mode, () => response.Data, () => response.DataAsync().AsTask())));
        Assert.Equal(Http2ErrorCode.FlowControlError, error.ErrorCode);
        await AssertServesOthers(mode, manager, server);
    }

    [Theory, ClassData(typeof(BothModes))]
    [Trait("check", "H2-11")]
    public async Task More_than_the_window_of_the_connection_ends_it(Mode mode)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Http2PeerConnection? server = null;
        var unread = new List<UrllibResponse>(); // one that is forgotten would give its room back
        for (int i = 0; i < 9; i++)
        {
            Task<UrllibResponse> call = Send(mode, manager, new() { PreloadContent = false });
            server ??= await _peer.Accept();
            await server.Next();
            await server.Send(Frames.Settings(), Frames.Headers((2 * i) + 1, ":status: 200"));
            unread.Add(await call);
            for (int part = 0; part < 8; part++)
                await server.Send(Frames.Of(FrameType.Data, 0, (2 * i) + 1, new byte[i < 8 || part == 0 ? 65_536 : 0]));
        }

        string frame;
        do
            frame = await server!.Next();
        while (frame != "end" && !frame.StartsWith("GOAWAY", StringComparison.Ordinal));
        Assert.Equal("GOAWAY 0 FlowControlError", frame);
        Assert.Equal(1, _peer.Dials);
        unread.ForEach(static r => r.Dispose());
    }

    [Theory, ClassData(typeof(BothModes))]
    [Trait("check", "H2-15")]
    public async Task A_head_past_its_limit_is_an_error_of_its_request_alone(Mode mode)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Task<UrllibResponse> call = Send(mode, manager);
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        string fields = string.Concat(Enumerable.Repeat("|a: b", 300));
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 200" + fields, end: true));
        Assert.Equal("RST 1 EnhanceYourCalm", await server.Next());
        Assert.Equal("MaxHeaderLines", Assert.IsType<LimitExceededException>(await Record.ExceptionAsync(() => call)).LimitName);
        await AssertServesOthers(mode, manager, server);
    }

    public static MatrixTheoryData<Mode, Type> Limits { get; } = new(
        Enum.GetValues<Mode>(), [typeof(TotalTimeoutException), typeof(ReadTimeoutException), typeof(ThroughputException)]);

    [Theory, MemberData(nameof(Limits))]
    public async Task A_body_that_stands_still_ends_with_the_limit_that_comes_first(Mode mode, Type ending)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        TimeSpan span = TimeSpan.FromSeconds(20);
        HttpTimeout limits =
            ending == typeof(TotalTimeoutException) ? HttpTimeout.Infinite with { Total = span }
            : ending == typeof(ReadTimeoutException) ? HttpTimeout.Infinite with { Read = span }
            : HttpTimeout.Infinite with { Read = span * 4, MinimumBytesPerSecond = 1, ThroughputWindow = span };
        Task<UrllibResponse> call = Send(mode, manager, new() { Timeout = limits });
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 200"), Frames.Data(1, "half"));
        await Expire(call);
        Exception? error = await Record.ExceptionAsync(() => call);
        Assert.IsType(ending, error);
        Assert.Equal("RST 1 Cancel", await server.Next());
        Assert.Equal("PING 1", await server.Next());
        Assert.Equal(0, manager.Pools.Sum(static p => p.Value.Snapshot().Busy.Count));
    }

    // Moves the clock until the wait is over, whenever it began.
    private async Task Expire(Task call)
    {
        for (int i = 0; i < 1000 && !call.IsCompleted; i++)
        {
            _peer.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(call, Task.Delay(5));
        }
    }

    private static async Task AssertServesOthers(Mode mode, PoolManager manager, Http2PeerConnection server)
    {
        Task<UrllibResponse> other = Send(mode, manager);
        Assert.StartsWith("HEADERS 3", await server.Next(), StringComparison.Ordinal);
        await server.Send(Frames.Headers(3, ":status: 200", end: true));
        Assert.Equal(200, (await other).Status);
    }

    private static Task<UrllibResponse> Send(Mode mode, PoolManager manager, RequestOptions? options = null, string method = "GET") =>
        Call(
            mode,
            () => manager.Request(method, "http://example.com/", options),
            () => manager.RequestAsync(method, "http://example.com/", options))
            .WaitAsync(TimeSpan.FromSeconds(60));
}
