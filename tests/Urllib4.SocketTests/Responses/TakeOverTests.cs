using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Responses;

/// <summary>Connections after a 101 (RFC 9110, section 7.8).</summary>
public sealed class TakeOverTests : ResponseTests
{
    private const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private static readonly RequestOptions Echo = new()
    {
        Headers = new HttpHeaderDict { ["Connection"] = "Upgrade", ["Upgrade"] = "echo" },
    };

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_came_behind_the_head_is_read_first_and_then_the_wire_both_ways(Mode mode)
    {
        using var server = MisbehavingServer.Start(
            Dialogue(Switching + "early").ExpectBytes("ping").Send("pong").Eof().ExpectBytes("bye"));
        using var manager = new PoolManager();
        UrllibResponse response = await Get(mode, manager, server.Url, Echo);
        Assert.Equal(101, response.Status);
        Assert.Empty(response.Data);
        using Stream stream = response.TakeOver();

        Assert.Equal("early", await ReadText(mode, stream, 5));
        await Write(mode, stream, "ping");
        Assert.Equal("pong", await ReadText(mode, stream, 4));
        Assert.Equal("", await ReadText(mode, stream, 1));
        await Write(mode, stream, "bye");
        await Dispose(mode, response);
        Assert.True(stream.CanRead && stream.CanWrite);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_large_exchange_passes_both_ways_at_once(Mode mode)
    {
        await using HttpBinServer server = await HttpBinServer.StartAsync();
        using var manager = new PoolManager();
        using Stream stream = (await Get(mode, manager, server.Url + "/upgrade-echo", Echo)).TakeOver();
        byte[] sent = new byte[2_000_000];
        new Random(4).NextBytes(sent);
        byte[] received = new byte[sent.Length];

        Task writing = Call(mode, () => stream.Write(sent), () => stream.WriteAsync(sent).AsTask());
        await Call(mode, () => stream.ReadExactly(received), () => stream.ReadExactlyAsync(received).AsTask());
        await writing;

        Assert.Equal(sent, received);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_the_stream_closes_the_connection_and_gives_its_place_back(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Switching), Dialogue(Switching), Dialogue(Sized("next")));
        using var manager = new PoolManager(new PoolOptions { MaxSize = 1, Block = true });
        Stream stream = (await Get(mode, manager, server.Url, Echo)).TakeOver();
        stream.Dispose();
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1]));

        await Dispose(mode, await Get(mode, manager, server.Url, Echo));

        Assert.Equal("next", (await Get(mode, manager, server.Url)).Text());
        Assert.Equal(3, server.Connections);
        server.Verify();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task There_is_nothing_to_take_over_without_a_switch_or_a_second_time(Mode mode)
    {
        using var server = Serve(Sized("plain"), Switching);
        using var manager = new PoolManager();
        UrllibResponse plain = await Get(mode, manager, server.Url, Echo);
        Assert.Throws<InvalidOperationException>(plain.TakeOver);

        UrllibResponse switched = await Get(mode, manager, server.Url, Echo with { PreloadContent = false });
        using Stream stream = switched.TakeOver();
        Assert.Throws<InvalidOperationException>(switched.TakeOver);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_switch_nobody_asked_for_is_an_error(Mode mode)
    {
        using var server = Serve(Switching);
        using var manager = new PoolManager();

        await Assert.ThrowsAsync<ProtocolException>(() => Get(mode, manager, server.Url));
        server.WaitUntilAllClosed();
    }

    [Fact]
    public async Task Cancelling_a_read_that_waits_cuts_the_connection()
    {
        using var server = Serve(Switching);
        using var manager = new PoolManager();
        await using Stream stream = (await manager.RequestAsync("GET", server.Url, Echo)).TakeOver();
        using var cancel = new CancellationTokenSource();
        Task<int> read = stream.ReadAsync(new byte[1], cancel.Token).AsTask();

        await cancel.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(cancel.Token, error.CancellationToken);
        server.WaitUntilAllClosed();
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask());
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Disposing_from_another_thread_ends_a_read_that_waits(Mode mode)
    {
        using var server = Serve(Switching);
        using var manager = new PoolManager();
        Stream stream = (await Get(mode, manager, server.Url, Echo)).TakeOver();
        var reading = new Gate();
        Task<int> read = Call(
            mode,
            () =>
            {
                reading.Open();
                return stream.Read(new byte[1]);
            },
            () =>
            {
                Task<int> task = stream.ReadAsync(new byte[1]).AsTask();
                reading.Open();
                return task;
            });
        reading.Wait();

        stream.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
        server.WaitUntilAllClosed();
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_connection_that_is_reset_is_an_io_error_and_no_end(Mode mode)
    {
        using var server = MisbehavingServer.Start(Dialogue(Switching).Reset());
        using var manager = new PoolManager();
        using Stream stream = (await Get(mode, manager, server.Url, Echo)).TakeOver();

        await Assert.ThrowsAsync<IOException>(() => ReadText(mode, stream, 1));
    }

    [Theory]
    [InlineData(Mode.Blocking, false)]
    [InlineData(Mode.Asynchronous, false)]
    [InlineData(Mode.Asynchronous, true)]
    public async Task A_WebSocket_of_the_platform_runs_over_it(Mode mode, bool secure)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using WebApplication app = await WebSocketEcho(certificate);
        using var manager = new PoolManager(new PoolOptions { Tls = new TlsOptions { CaCerts = new CertificateSet([authority.Root]) } });
        string url = secure ? $"https://localhost:{new Uri(app.Urls.Last()).Port}" : app.Urls.First();
        var options = new RequestOptions
        {
            Headers = new HttpHeaderDict
            {
                ["Connection"] = "Upgrade",
                ["Upgrade"] = "websocket",
                ["Sec-WebSocket-Version"] = "13",
                ["Sec-WebSocket-Key"] = Convert.ToBase64String(new byte[16]),
            },
        };
        UrllibResponse response = await Get(mode, manager, url, options);
        Assert.Equal(101, response.Status);
        using WebSocket socket = WebSocket.CreateFromStream(response.TakeOver(), new WebSocketCreationOptions());
        byte[] message = new byte[100_000];
        new Random(5).NextBytes(message);
        byte[] echo = new byte[message.Length];

        await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
        int length = 0;
        for (ValueWebSocketReceiveResult part = default; !part.EndOfMessage; length += part.Count)
            part = await socket.ReceiveAsync(echo.AsMemory(length), CancellationToken.None);

        Assert.Equal(message, echo);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Assert.Equal(WebSocketState.Closed, socket.State);
        socket.Dispose();
        Assert.Empty(manager.Pools.Single().Value.Snapshot().Busy);
    }

    private static async Task<WebApplication> WebSocketEcho(IssuedCertificate certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate.Certificate));
        });
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Run(static async http =>
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } part)
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<string> ReadText(Mode mode, Stream stream, int length)
    {
        byte[] buffer = new byte[length];
        int count = await Call(
            mode, () => stream.ReadAtLeast(buffer, length, false), () => stream.ReadAtLeastAsync(buffer, length, false).AsTask());
        return Text(buffer.AsSpan(0, count));
    }

    private static Task Write(Mode mode, Stream stream, string text) =>
        Call(mode, () => stream.Write(Bytes(text)), () => stream.WriteAsync(Bytes(text)).AsTask());
}
