using Urllib4.TestKit;

namespace Urllib4.SocketTests.Managers;

public sealed class DisposalTests : ClientTests
{
    [Fact]
    public async Task A_manager_disposed_under_load_fails_every_call_at_once_and_leaves_nothing_open()
    {
        using HttpBinServer server = HttpBinServer.Start();
        using var hole = new BlackHole();
        var manager = new PoolManager(new PoolOptions { MaxSize = 4, Block = true, Retries = new() { Total = 5 } });
        string url = server.Url + "/hold?id=never";
        List<Task<UrllibResponse>> calls = [];
        for (int i = 0; i < 12; i++)
            calls.Add(Send((Mode)(i % 2), manager, "GET", url));
        server.WaitUntilHeld(4);
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);
        Until(() => pool.Snapshot().Waiting == 8);
        HttpConnectionPool nowhere = manager.ConnectionFromHost("127.0.0.1", hole.EndPoint.Port);
        calls.AddRange(Enum.GetValues<Mode>().Select(mode => Send(mode, manager, "GET", $"http://{hole.EndPoint}/")));
        Until(() => nowhere.Snapshot().Dialing == 2);

        manager.Dispose();

        foreach (Task<UrllibResponse> call in calls)
            await Fails<ClosedPoolException>(call.WaitAsync(Patience));
        Assert.Empty(manager.Pools);
        server.WaitForOpenConnections(0);
        Assert.Throws<ClosedPoolException>(() => manager.Request("GET", url));
        PoolSnapshot after = pool.Snapshot();
        Assert.True(after is { IsClosed: true, Busy.Count: 0, Idle.Count: 0, Waiting: 0, Dialing: 0 }, after.ToString());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_pause_before_a_retry_ends_with_the_manager(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 503 Later\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"));
        var manager = new PoolManager();
        Task<UrllibResponse> call = Send(mode, manager, "GET", server.Url);
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);
        Until(() => pool.Snapshot() is { Idle.Count: 1, Busy.Count: 0 });

        manager.Dispose();

        await Fails<ClosedPoolException>(call);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_streamed_body_ends_with_the_manager(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc").Stall());
        var manager = new PoolManager();
        UrllibResponse response = await Send(mode, manager, "GET", server.Url, new() { PreloadContent = false });
        Task<byte[]> reading = ReadAll(mode, response);

        manager.Dispose();

        await Assert.ThrowsAsync<ClosedPoolException>(() => reading);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_response_disposed_under_its_reader_ends_the_read(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc").Stall(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        UrllibResponse response = await Send(mode, manager, "GET", server.Url, new() { PreloadContent = false });
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);
        Assert.Equal("abc"u8.ToArray(), await FirstPart(mode, response));
#pragma warning disable CA2025 // disposing it under the reader is what this is about
        Task<byte[]> reading = ReadAll(mode, response);
#pragma warning restore CA2025

        response.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(Patience));
        Until(() => pool.Snapshot().Busy.Count == 0);
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url)).Status);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_forgotten_response_gives_its_connection_up_when_it_is_collected(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });

        await Forget(mode, manager, server.Url + "/bytes/1000");
        await Task.Yield(); // a stack of its own, on which nothing of the above is left
        Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return manager.ConnectionFromUrl(server.Url).Snapshot().Busy.Count == 0;
        });

        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url + "/get")).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_handler_that_was_disposed_sends_nothing_more_though_its_manager_lives_on(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager();
        using var handler = new UrllibHandler(manager, disposeManager: false);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using HttpResponseMessage response = await Invoke(mode, invoker, server.Url + "/get");

        handler.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Invoke(mode, invoker, server.Url + "/get"));
        Assert.Single(server.Requests);
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url + "/get")).Status);
    }

    private static Task<HttpResponseMessage> Invoke(Mode mode, HttpMessageInvoker invoker, string url)
    {
        var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, url);
        return Call(mode, () => invoker.Send(request, default), () => invoker.SendAsync(request, default));
    }

    private static async Task Forget(Mode mode, PoolManager manager, string url) =>
        Assert.Equal(200, (await Send(mode, manager, "GET", url, new() { PreloadContent = false })).Status);

    private static async Task<byte[]> FirstPart(Mode mode, UrllibResponse response)
    {
        byte[] buffer = new byte[3];
        int count = await Call(mode, () => response.Read(buffer), () => response.ReadAsync(buffer).AsTask());
        Assert.Equal(3, count);
        return buffer;
    }
}
