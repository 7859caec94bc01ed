using System.Net;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Calls that are given up, by their caller or by a limit of time, in each phase.</summary>
internal static class CancellationScenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("cancelled before it begins", static s => s.Try(s.Get(), cancellationToken: new CancellationToken(canceled: true)))
        {
            Server = Always(Answer()),
        },
        new("cancelled before it begins, over the bare handler", static s =>
            s.Try("send", () => Stage.Invoke(s, s.Get(), new CancellationToken(canceled: true)))) { Server = Always(Answer()) },
        new("cancelled while connecting", static async s =>
        {
            using var hole = new BlackHole();
            await Cancelled(s, new(HttpMethod.Get, $"http://{hole.EndPoint}/"), static _ => Task.Delay(50));
        }),
        new("the limit on connecting", static async s =>
        {
            using var hole = new BlackHole();
            await s.Try(new(HttpMethod.Get, $"http://{hole.EndPoint}/"));
        }) { Handler = new() { ConnectTimeout = TimeSpan.FromMilliseconds(100) } },
        new("the client's limit while connecting", static async s =>
        {
            using var hole = new BlackHole();
            s.Client.Timeout = TimeSpan.FromMilliseconds(100);
            await s.Try(new(HttpMethod.Get, $"http://{hole.EndPoint}/"));
        }),
        new("cancelled while waiting for the head", static s => Cancelled(s, s.Get(), static s => Arrived(s))) { Server = Silent() },
        new("cancelled while waiting for the head, over the bare handler", static s => s.Try("send", async () =>
        {
            using var stop = new CancellationTokenSource();
            Task<HttpResponseMessage> sending = Stage.Invoke(s, s.Get(), stop.Token);
            await Arrived(s);
            await stop.CancelAsync();
            await sending;
        })) { Server = Silent() },
        new("the client's limit while waiting for the head", static async s =>
        {
            s.Client.Timeout = TimeSpan.FromMilliseconds(200);
            s.HidesRequests = true;
            await s.Try(s.Get());
        }) { Server = Silent() },
        new("the client's limit while waiting for the body", static async s =>
        {
            s.Client.Timeout = TimeSpan.FromMilliseconds(200);
            s.HidesRequests = true;
            await s.Try(s.Get());
        }) { Server = Halfway() },
        new("the client's limit in the middle of the head", static async s =>
        {
            s.Client.Timeout = TimeSpan.FromMilliseconds(200);
            s.HidesRequests = true;
            await s.Try(s.Get());
        }) { Server = static _ => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nX-").Stall() },
        new("the token of the call means nothing to a streamed body", static async s =>
        {
            using var stop = new CancellationTokenSource();
            using HttpResponseMessage response = await Stage.Invoke(s, s.Get(), stop.Token);
            s.Note($"{(int)response.StatusCode}");
            await stop.CancelAsync();
            s.Note($"{(await s.Read(response)).Length} bytes");
        }) { Server = Always(Answer("still there")) },
        new("cancelled while a body is buffered", static s => Cancelled(s, s.Get(), static s => Arrived(s))) { Server = Halfway() },
        new("cancelled while a stream is read", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[5]);
            using var stop = new CancellationTokenSource(50);
            await s.Try("reading", () => stream.ReadAsync(new byte[5], stop.Token).AsTask());
        }) { Server = Halfway() },
        new("cancelled before a stream is read", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            await s.Try("reading", () => stream.ReadAsync(new byte[5], new CancellationToken(canceled: true)).AsTask());
        }) { Server = Halfway() },
        new("cancelled before a body is read that is there", static async s =>
        {
            var stopped = new CancellationToken(canceled: true);
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            await s.Try("reading", () => stream.ReadAsync(new byte[5], stopped).AsTask());
        }) { Server = Always(Answer("small")) },
        new("cancelled before a body is copied that is there", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await s.Try("copying", () => response.Content.CopyToAsync(Stream.Null, new CancellationToken(canceled: true)));
        }) { Server = Always(Answer("small")) },
        new("cancelled while the content is sent", static async s =>
        {
            using var stop = new CancellationTokenSource();
            Task sending = s.Try(s.Post(new ByteArrayContent(new byte[64 << 20])), cancellationToken: stop.Token);
            await Stage.OnThread(() => s.Server.WaitForConnections(1));
            await stop.CancelAsync();
            await sending;
        }) { Server = static _ => new Dialogue().ExpectHead().Stall() },
        new("CancelPendingRequests", static async s =>
        {
            Task sending = s.Try(s.Get());
            await Arrived(s);
            s.Client.CancelPendingRequests();
            await sending;
        }) { Server = Silent() },
        new("cancelled while waiting for a connection", static async s =>
        {
            Task<HttpResponseMessage> first = s.Send(s.Get("first"), HttpCompletionOption.ResponseHeadersRead);
            using HttpResponseMessage held = await first;
            await Cancelled(s, s.Get("second"), static _ => Task.Delay(50));
        }) { Server = Halfway(), Handler = new() { MaxConnectionsPerServer = 1 } },
        new("a request after one that was cancelled", static async s =>
        {
            await Cancelled(s, s.Get("first"), static s => Arrived(s));
            await s.Try(s.Get("second"));
        })
        {
            Server = static n => n == 0
                ? new Dialogue().ExpectRequest().Stall()
                : new Dialogue().Loop(static d => d.ExpectRequest().Send(Answer())),
        },
    ];

    private static async Task Cancelled(Stage s, HttpRequestMessage request, Func<Stage, Task> when)
    {
        using var stop = new CancellationTokenSource();
        Task sending = s.Try(request, cancellationToken: stop.Token);
        await when(s);
        await stop.CancelAsync();
        await sending;
    }

    private static async Task Arrived(Stage s) => await Stage.OnThread(() => s.Server.WaitForRequests(1));

    private static Func<int, Dialogue> Silent() => static _ => new Dialogue().ExpectRequest().Stall();

    private static Func<int, Dialogue> Halfway() => static _ =>
        new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!").Stall();
}
