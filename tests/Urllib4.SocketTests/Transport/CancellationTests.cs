using System.Net;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>A cancelled call ends at once wherever it is, with the caller's token, and leaves nothing behind.</summary>
public sealed class CancellationTests : ClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task Before_it_begins(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager();

        await EndsAtOnce(mode, manager, server.Url, reached: null);

        Assert.Equal(0, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_queue(Mode mode)
    {
        using HttpBinServer server = HttpBinServer.Start();
        await using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        UrllibResponse held = await Send(mode, manager, "GET", server.Url + "/bytes/100", new() { PreloadContent = false });
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);

        await EndsAtOnce(mode, manager, server.Url, () => Until(() => pool.Snapshot().Waiting == 1), isAtRest: false);

        Assert.Equal(0, pool.Snapshot().Waiting);
        held.Dispose();
        Assert.Equal(200, (await Send(mode, manager, "GET", server.Url)).Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_resolver(Mode mode)
    {
        var resolver = new DeafResolver();
        await using var manager = new PoolManager(new PoolOptions { Resolver = resolver });

        await EndsAtOnce(mode, manager, "http://a.test", () => resolver.Asked.Wait());

        resolver.Answer.Open();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_connect(Mode mode)
    {
        using var hole = new BlackHole();
        await using var manager = new PoolManager();
        string url = $"http://{hole.EndPoint}";
        HttpConnectionPool pool = manager.ConnectionFromUrl(url);

        await EndsAtOnce(mode, manager, url, () => Until(() => pool.Snapshot().Dialing == 1));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_handshake(Mode mode)
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectHead() /* which a ClientHello is not */);
        await using var manager = new PoolManager();

        await EndsAtOnce(mode, manager, server.SecureUrl, () => server.WaitForConnections(1));

        server.WaitUntilAllClosed();
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Blocking, true)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task In_the_upload(Mode mode, bool inMemory)
    {
        await using var server = MisbehavingServer.Start(
            static n => n == 0 ? new Dialogue().ExpectHead().StopReadingAfter(1) : new Dialogue().ExpectRequest().Send(Ok),
            null,
            receiveBuffer: 4096);
        await using var manager = new PoolManager();
        byte[] data = new byte[32 * 1024 * 1024];
        RequestBody body = inMemory ? data : RequestBody.Create(() => new MemoryStream(data), data.Length);
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);

        await EndsAtOnce(
            mode,
            manager,
            server.Url,
            () => Until(() => pool.Snapshot().Busy is [{ BytesWritten: > 100_000 }]),
            options: new() { Body = body },
            method: "PUT");

        await Works(mode, manager, server);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Waiting_for_a_word_before_the_upload(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            static n => n == 0 ? new Dialogue().ExpectHead().Stall() : new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        RequestOptions options = new()
        {
            Body = "text",
            Headers = new() { { "Expect", "100-continue" } },
            Timeout = new() { Continue = TimeSpan.FromMinutes(1) },
        };
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);

        await EndsAtOnce(
            mode, manager, server.Url, () => Until(() => pool.Snapshot().Busy is [{ BytesWritten: > 0 }]), options: options, method: "PUT");

        await Works(mode, manager, server);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Waiting_for_the_head(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            static n => n == 0 ? new Dialogue().ExpectRequest().Stall() : new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();

        await EndsAtOnce(mode, manager, server.Url, () => server.WaitForRequests(1));

        await Works(mode, manager, server);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_body(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static n => n == 0
            ? new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Stall()
            : new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);

        await EndsAtOnce(mode, manager, server.Url, () => Until(() => pool.Snapshot().Busy is [{ BytesRead: > 40 }]));

        await Works(mode, manager, server);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_body_over_tls(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(n => n == 0
            ? new Dialogue().StartTls(certificate).ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Stall()
            : new Dialogue().StartTls(certificate).ExpectRequest().Send(Ok));
        await using var manager = new PoolManager(new PoolOptions { Tls = new() { CaCerts = new([authority.Root]) } });
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.SecureUrl);

        await EndsAtOnce(mode, manager, server.SecureUrl, () => Until(() => pool.Snapshot().Busy is [{ BytesRead: > 40 }]));

        AssertAtRest(manager);
        Assert.Equal("ok", (await Send(mode, manager, "GET", server.SecureUrl)).Text());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task In_the_pause_before_a_retry(Mode mode)
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 503 Later\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        HttpConnectionPool pool = manager.ConnectionFromUrl(server.Url);

        await EndsAtOnce(mode, manager, server.Url, () => Until(() => pool.Snapshot() is { Idle.Count: 1 }));

        Assert.Equal("ok", (await Send(mode, manager, "GET", server.Url)).Text());
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task One_read_of_a_streamed_body()
    {
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").Stall(),
            new Dialogue().ExpectRequest().Send(Ok));
        await using var manager = new PoolManager();
        using var ofTheCall = new CancellationTokenSource();
        await using UrllibResponse response = await manager.RequestAsync(
            "GET", server.Url, new() { PreloadContent = false }, ofTheCall.Token);
        await ofTheCall.CancelAsync(); // too late to mean anything
        byte[] buffer = new byte[9];
        Assert.Equal(3, await response.ReadAsync(buffer));
        using var stop = new CancellationTokenSource();
        ValueTask<int> reading = response.ReadAsync(buffer, stop.Token);

        await stop.CancelAsync();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        Assert.Equal(stop.Token, e.CancellationToken);
        await Works(Mode.Asynchronous, manager, server);
    }

    private static async Task EndsAtOnce(
        Mode mode,
        PoolManager manager,
        string url,
        Action? reached,
        bool isAtRest = true,
        RequestOptions? options = null,
        string method = "GET")
    {
        using var stop = new CancellationTokenSource();
        if (reached is null)
            await stop.CancelAsync();
        Task<UrllibResponse> call = Send(mode, manager, method, url, options, stop.Token);
        reached?.Invoke();

        await stop.CancelAsync();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(stop.Token, e.CancellationToken);
        if (isAtRest)
            AssertAtRest(manager);
    }

    private static async Task Works(Mode mode, PoolManager manager, MisbehavingServer server)
    {
        AssertAtRest(manager);
        UrllibResponse response = await Send(mode, manager, "GET", server.Url);
        Assert.Equal("ok", response.Text());
        Assert.False(response.Connection.IsReused);
        Assert.Equal(2, server.Connections);
    }

    private sealed class DeafResolver : Resolver
    {
        public Gate Asked { get; } = new();

        public Gate Answer { get; } = new();

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port)
        {
            Asked.Open();
            Answer.Wait(TimeSpan.FromMinutes(1));
            return [];
        }

        public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(
            string host, int port, CancellationToken cancellationToken) =>
            await OnThread(() => Resolve(host, port));
    }
}
