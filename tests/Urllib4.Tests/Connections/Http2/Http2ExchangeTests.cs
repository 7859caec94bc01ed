using Urllib4.Protocol.Http2;
using Urllib4.TestKit;
using Urllib4.Tests.Protocol.Http2;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>Requests over HTTP/2 with a server that does as it is told.</summary>
public sealed class Http2ExchangeTests : ModeTests
{
    private readonly Http2Peer _peer = new();

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_that_comes_is_the_result(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse> call = Send(mode, manager, "GET");
        Http2PeerConnection server = await _peer.Accept();
        Assert.StartsWith("HEADERS 1 end", await server.Next(), StringComparison.Ordinal);
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 200"), Frames.Data(1, "hello", end: true));
        Assert.Equal("hello", (await call).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_refused_stream_is_sent_again_at_once_whatever_its_method(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse> call = Send(mode, manager, "POST", new() { Body = "once" });
        Http2PeerConnection first = await _peer.Accept();
        await first.Next();
        await first.Send(Frames.Settings(), Frames.Reset(1, Http2ErrorCode.RefusedStream));
        Assert.StartsWith("DATA 1", await first.Next(), StringComparison.Ordinal);
        Assert.StartsWith("HEADERS 3", await first.Next(), StringComparison.Ordinal);
        await first.Send(Frames.Headers(3, ":status: 200", end: true));
        Assert.Equal(200, (await call).Status);
        Assert.Equal(1, _peer.Dials);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task H2_18_after_GOAWAY_what_was_looked_at_ends_and_the_rest_is_sent_again(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse> looked = Send(mode, manager, "GET");
        Http2PeerConnection first = await _peer.Accept();
        await first.Next();
        Task<UrllibResponse> unseen = Send(mode, manager, "POST", new() { Body = "again" });
        Assert.StartsWith("HEADERS 3", await first.Next(), StringComparison.Ordinal);
        await first.Send(Frames.Settings(), Frames.GoAway(1, Http2ErrorCode.NoError));
        await Answer(await _peer.Accept(), 1);
        Assert.Equal(200, (await unseen).Status);
        await Answer(first, 1);
        Assert.Equal(200, (await looked).Status);
        Assert.Equal(2, _peer.Dials);
    }

    [Theory]
    [InlineData(Mode.Blocking, 0)]
    [InlineData(Mode.Blocking, 1)]
    [InlineData(Mode.Blocking, 2)]
    [InlineData(Mode.Asynchronous, 0)]
    [InlineData(Mode.Asynchronous, 1)]
    [InlineData(Mode.Asynchronous, 2)]
    public async Task H2_19_when_the_connection_dies_each_request_ends_once_with_an_error_of_its_own(Mode mode, int frames)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Task<UrllibResponse> one = Send(mode, manager, "POST", new() { Body = "a" });
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        Task<UrllibResponse> two = Send(mode, manager, "POST", new() { Body = "b" });
        while (!(await server.Next()).StartsWith("HEADERS 3", StringComparison.Ordinal))
        {
        }

        byte[][] told = [Frames.Headers(1, ":status: 200"), Frames.Data(1, "half")];
        await server.Send([Frames.Settings(), .. told.Take(frames)]);
        server.Close();
        Exception? first = await Record.ExceptionAsync(() => one);
        Exception? second = await Record.ExceptionAsync(() => two);
        Assert.IsType(frames == 0 ? typeof(ConnectionClosedException) : typeof(IncompleteReadException), first);
        Assert.IsType<ConnectionClosedException>(second);
        Assert.NotSame(first, second);
        Assert.Equal(0, manager.Pools.Sum(static p => p.Value.Snapshot().Busy.Count));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_stream_that_timed_out_keeps_others_off_its_connection_until_a_PING_came_back(Mode mode)
    {
        using PoolManager manager = _peer.Manager(new PoolOptions { Retries = Retry.None });
        Task<UrllibResponse> kept = Send(mode, manager, "GET", new() { Timeout = HttpTimeout.Infinite });
        Http2PeerConnection first = await _peer.Accept();
        await first.Next();
        await first.Send(Frames.Settings());
        Task<UrllibResponse> late = Send(mode, manager, "GET");
        await first.Next();
        _peer.Time.WaitUntilTimers(1, TimeSpan.FromSeconds(30)); // the only one with a limit waits for his head
        _peer.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<ReadTimeoutException>(await Record.ExceptionAsync(() => late));
        Assert.Equal("RST 3 Cancel", await first.Next());
        Assert.Equal("PING 1", await first.Next());

        Task<UrllibResponse> other = Send(mode, manager, "GET");
        Http2PeerConnection second = await _peer.Accept();
        await Answer(second, 1);
        await other;
        await first.Send(Frames.Ping(1, ack: true));
        await Answer(first, 1);
        Assert.Equal(200, (await kept).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_body_waits_for_100_and_the_caller_is_told(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        int told = 0;
        Task<UrllibResponse> call = Send(mode, manager, "POST", new()
        {
            Body = "asked for",
            Headers = new() { { "Expect", "100-continue" } },
            OnInformational = response => told = response.Status,
            Timeout = HttpTimeout.Infinite,
        });
        Http2PeerConnection server = await _peer.Accept();
        Assert.StartsWith("HEADERS 1", await server.Next(), StringComparison.Ordinal);
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 100"));
        Assert.Equal("DATA 1 end asked for", await server.Next());
        await Answer(server, 1, readsHead: false);
        Assert.Equal(200, (await call).Status);
        Assert.Equal(100, told);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task F54_an_upload_whose_window_never_opens_can_be_cancelled(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        using var stop = new CancellationTokenSource();
        Task<UrllibResponse> call = Send(mode, manager, "POST", new() { Body = new byte[200_000] }, stop.Token);
        Http2PeerConnection server = await _peer.Accept();
        for (int sent = 0; sent < 4;)
            sent += (await server.Next()).StartsWith("DATA 1", StringComparison.Ordinal) ? 1 : 0;
        await stop.CancelAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await Record.ExceptionAsync(() => call));
        Assert.Equal("RST 1 Cancel", await server.Next());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_early_refusal_ends_the_upload_and_is_the_result(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse> call = Send(mode, manager, "POST", new() { Body = new byte[200_000] });
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        await server.Send(Frames.Settings(), Frames.Headers(1, ":status: 413", end: true));
        Assert.Equal(413, (await call).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_new_connection_begins_with_the_limit_of_the_one_before(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse> call = Send(mode, manager, "GET");
        Http2PeerConnection server = await _peer.Accept();
        await server.Next();
        await server.Send(
            Frames.Settings((SettingId.MaxConcurrentStreams, 1)),
            Frames.Headers(1, ":status: 200", end: true),
            Frames.GoAway(1, Http2ErrorCode.NoError));
        await call;

        Task<UrllibResponse> one = Send(mode, manager, "POST", new() { Body = "a" });
        Http2PeerConnection first = await _peer.Accept();
        await first.Next();
        Task<UrllibResponse> two = Send(mode, manager, "POST", new() { Body = "b" });
        await Answer(await _peer.Accept(), 1);
        await Answer(first, 1);
        await Task.WhenAll(one, two);
        Assert.Equal(3, _peer.Dials);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Streams_of_a_dead_connection_go_again_together_on_one_other(Mode mode)
    {
        using PoolManager manager = _peer.Manager();
        Task<UrllibResponse>[] calls = new Task<UrllibResponse>[8];
        calls[0] = Send(mode, manager, "GET");
        Http2PeerConnection first = await _peer.Accept();
        await first.Next();
        await first.Send(Frames.Settings(), Frames.Reset(1, Http2ErrorCode.RefusedStream));
        for (int i = 1; i < calls.Length; i++)
            calls[i] = Send(mode, manager, "GET");
        for (int i = 0; i < calls.Length; i++)
            Assert.StartsWith("HEADERS", await first.Next(), StringComparison.Ordinal);
        first.Close();

        Http2PeerConnection second = await _peer.Accept();
        await second.Send(Frames.Settings());
        for (int i = 0; i < calls.Length; i++)
        {
            Assert.StartsWith($"HEADERS {(2 * i) + 1}", await second.Next(), StringComparison.Ordinal);
            await second.Send(Frames.Headers((2 * i) + 1, ":status: 200", end: true));
        }

        Assert.All(await Task.WhenAll(calls), static r => Assert.Equal(200, r.Status));
        Assert.Equal(2, _peer.Dials);
    }

    private static async Task Answer(Http2PeerConnection server, int stream, bool readsHead = true)
    {
        if (readsHead && stream > 0)
            await server.Send(Frames.Settings());
        await server.Send(Frames.Headers(stream, ":status: 200", end: true));
    }

    private static Task<UrllibResponse> Send(
        Mode mode, PoolManager manager, string method, RequestOptions? options = null, CancellationToken token = default) =>
        Call(
            mode,
            () => manager.Request(method, "http://example.com/", options, token),
            () => manager.RequestAsync(method, "http://example.com/", options, token))
            .WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
}
