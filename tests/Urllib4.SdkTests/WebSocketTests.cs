using System.Net.WebSockets;
using System.Text;

namespace Urllib4.SdkTests;

public sealed class WebSocketTests : SdkTests
{
    [Fact]
    public async Task A_web_socket_is_opened_used_and_closed()
    {
        await using ApiServer server = await ApiServer.Start(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("echo");
            byte[] buffer = new byte[70_000];
            CancellationToken end = context.RequestAborted;
            while (await socket.ReceiveAsync(buffer.AsMemory(), end) is { MessageType: not WebSocketMessageType.Close } part)
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, end);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", end);
        });

        string outcome = await Same(async handler =>
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("echo");
            using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
            await socket.ConnectAsync(new Uri(server.Url.Replace("http:", "ws:", StringComparison.Ordinal)), invoker, default);
            string small = await Echo(socket, "hello");
            string large = await Echo(socket, new string('x', 66_000));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
            return Facts(socket.SubProtocol, small, large.Length, socket.State, socket.CloseStatusDescription);
        });

        Assert.Equal("echo\nhello\n66000\nClosed\nbye", outcome);
    }

    private static async Task<string> Echo(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default);
        byte[] buffer = new byte[4096];
        var back = new StringBuilder();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, default);
            back.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
        while (!part.EndOfMessage);
        return back.ToString();
    }
}
