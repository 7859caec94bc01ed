using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Responses that are given up before their end (DS-28, F66, F67).</summary>
public sealed class EarlyEndTests : ResponseTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_reads_a_small_rest_and_saves_the_connection(Mode mode)
    {
        using var server = Serve(Sized(new string('x', 60_000)), Chunked("", "abc", "def"), Sized("again"));
        using var manager = new PoolManager(new PoolOptions { Clock = new VirtualTime() });

        UrllibResponse sized = await Get(mode, manager, server.Url, Streamed);
        await Read(mode, sized, 1);
        await Dispose(mode, sized);
        await Dispose(mode, await Get(mode, manager, server.Url, Streamed));

        Assert.Equal("again", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(Mode.Blocking, "Content-Length: 70000")]
    [InlineData(Mode.Asynchronous, "Content-Length: 70000")]
    [InlineData(Mode.Blocking, "Connection: close\r\nContent-Length: 10")]
    [InlineData(Mode.Asynchronous, "X: until the end")]
    public async Task Disposing_closes_at_once_when_the_rest_cannot_save_the_connection(Mode mode, string headers)
    {
        using var server = MisbehavingServer.Start(Dialogue($"HTTP/1.1 200 OK\r\n{headers}\r\n\r\nx"), Dialogue(Sized("next")));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        await Dispose(mode, response);

        server.WaitUntilAllClosed();
        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task Disposing_does_not_wait_for_a_server_that_says_no_more(Mode mode, bool fromTheOtherMode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"),
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").SendForever("1\r\nx\r\n"));
        using var manager = new PoolManager();
        Mode disposing = fromTheOtherMode ? (mode == Mode.Blocking ? Mode.Asynchronous : Mode.Blocking) : mode;

        await Dispose(disposing, await Get(mode, manager, server.Url, Streamed));
        server.WaitUntilAllClosed();
        await Dispose(disposing, await Get(mode, manager, server.Url, Streamed));
        server.WaitUntilAllClosed();
        Assert.Equal(2, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Release_reads_nothing_and_closes(Mode mode)
    {
        using var server = Serve(Sized("hello"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        response.Release();

        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_end_that_the_caller_made_is_no_end_of_the_body(Mode mode)
    {
        using var server = Serve(Sized("hello"), Sized("kept"), Sized("drained"));
        using var manager = new PoolManager(new PoolOptions { Clock = new VirtualTime() });
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        Assert.Equal("he", Text(await Read(mode, response, 2)));

        await Dispose(mode, response);
        await Dispose(mode, response);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Read(mode, response, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Data(mode, response));

        UrllibResponse kept = await Get(mode, manager, server.Url);
        await Dispose(mode, kept);
        Assert.Equal("kept", kept.Text());
        Assert.Equal("ke", Text(await Read(mode, kept, 2)));

        UrllibResponse drained = await Get(mode, manager, server.Url, Streamed);
        await Call(mode, drained.Drain, () => drained.DrainAsync().AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Data(mode, drained));
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Draining_never_decodes(Mode mode)
    {
        using var server = Serve(Sized("this is no gzip", "Content-Encoding: gzip\r\n"), Sized("again"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);

        await Call(mode, response.Drain, () => response.DrainAsync().AsTask());

        Assert.Equal("again", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_from_another_thread_ends_a_read_that_waits(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), Dialogue(Sized("next")));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        UrllibResponse response = await Get(mode, manager, server.Url, Streamed);
        await Read(mode, response, 5);
        var reading = new Gate();
        Task<byte[]> read = Call(
            mode,
            () =>
            {
                reading.Open();
                return response.Read(5);
            },
            () =>
            {
                Task<byte[]> task = response.ReadAsync(5).AsTask();
                reading.Open();
                return task;
            });
        reading.Wait();

        response.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        server.WaitUntilAllClosed();
        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
    }

    [Fact]
    public async Task A_cancelled_read_ends_the_body_and_a_token_of_the_call_does_not()
    {
        using var server = Serve("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
        using var manager = new PoolManager();
        using var call = new CancellationTokenSource();
        using var read = new CancellationTokenSource();
        UrllibResponse response = await manager.RequestAsync("GET", server.Url, Streamed, call.Token);

        await call.CancelAsync();
        Assert.Equal("hello", Text(await response.ReadAsync(5)));
        Task<byte[]> waiting = response.ReadAsync(5, read.Token).AsTask();
        await read.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(read.Token, error.CancellationToken);
        server.WaitUntilAllClosed();
    }

    [Fact]
    public async Task A_token_that_was_cancelled_before_costs_neither_the_read_nor_the_connection()
    {
        using var server = Serve(Sized("hello"));
        using var manager = new PoolManager();
        UrllibResponse response = await manager.RequestAsync("GET", server.Url, Streamed);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.ReadAsync(5, new CancellationToken(true)).AsTask());

        Assert.Equal("hello", Text(await response.ReadAsync(5)));
    }
}

[CollectionDefinition(nameof(ForgottenResponseTests), DisableParallelization = true)]
[Collection(nameof(ForgottenResponseTests))]
public sealed class ForgottenResponseTests : ResponseTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_that_is_dropped_without_a_word_gives_its_place_back(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), Dialogue(Sized("next")));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        Collect();
        int before = LeakGuard.Count;
        Assert.True(await OnThread(() => Forget(mode, manager, server.Url)));

        for (int i = 0; i < 20 && LeakGuard.Count == before; i++)
            Collect();

        Assert.Equal(before + 1, LeakGuard.Count);
        server.WaitUntilAllClosed();
        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
        Collect();
        Assert.Equal(before + 1, LeakGuard.Count);
    }

    // On a thread that is gone afterwards, so that no frame and no state machine holds on to the response.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Forget(Mode mode, PoolManager manager, string url)
    {
        if (mode == Mode.Blocking)
            return manager.Request("GET", url, Streamed).Status == 200;
        IAsyncResult call = manager.RequestAsync("GET", url, Streamed);
        return call.AsyncWaitHandle.WaitOne();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
