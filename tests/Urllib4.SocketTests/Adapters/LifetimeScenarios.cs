using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Streams, disposal, and connections that become something else.</summary>
internal static class LifetimeScenarios
{
    public static IEnumerable<Scenario> All =>
    [
        new("a stream that comes in parts", static async s =>
        {
            var gate = new Gate();
            using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n").WaitFor(gate).Send("3\r\ntwo\r\n0\r\n\r\n"));
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Get, server.Url), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await s.Open(response);
            byte[] buffer = new byte[100];
            s.Note(Encoding.ASCII.GetString(buffer, 0, await s.Read(stream, buffer)));
            gate.Open();
            s.Note(Encoding.ASCII.GetString(buffer, 0, await s.Read(stream, buffer)));
            s.Note($"{await s.Read(stream, buffer)}");
        }),
        new("what a response stream says of itself", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            s.Note($"{stream.CanRead} {stream.CanWrite} {stream.CanSeek}");
            await s.Try("length", () => Task.FromResult(stream.Length));
            await s.Try("write", () => Stage.OnThread(() => stream.WriteByte(1)));
            await stream.DisposeAsync();
            s.Note($"{stream.CanRead}");
        }) { Server = Always(Answer()) },
        new("the stream of a response twice", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            s.Note($"{ReferenceEquals(stream, await s.Open(response))}");
            await s.Try("copying after that", () => response.Content.CopyToAsync(Stream.Null));
        }) { Server = Always(Answer()) },
        new("a streamed body copied twice", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await s.Try("once", () => response.Content.CopyToAsync(Stream.Null));
            await s.Try("twice", () => response.Content.CopyToAsync(Stream.Null));
        }) { Server = Always(Answer()) },
        new("a buffered body read twice", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get());
            s.Note(await response.Content.ReadAsStringAsync());
            s.Note(await response.Content.ReadAsStringAsync());
            s.Note($"{(await s.Open(response)).Length}");
        }) { Server = Always(Answer()) },
        new("LoadIntoBufferAsync", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await response.Content.LoadIntoBufferAsync();
            s.Note($"{await response.Content.ReadAsStringAsync()} {response.Content.Headers.ContentLength}");
        }) { Server = Always(Answer()) },
        new("a content after its response was disposed", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            response.Dispose();
            await s.Try("reading", () => response.Content.ReadAsStringAsync());
        }) { Server = Always(Answer()) },
        new("a stream after it was disposed", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            await stream.DisposeAsync();
            await s.Try("reading", () => s.Read(stream, new byte[1]));
        })
        {
            Server = Always(Answer()),
            Difference = "A stream that was disposed",
            Ours = "reading: ObjectDisposedException",
        },
        new("a stream after its response was disposed", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            response.Dispose();
            await s.Try("reading", () => s.Read(stream, new byte[1]));
        })
        {
            Server = Always(Answer()),
            Difference = "A stream that was disposed",
            Ours = "reading: ObjectDisposedException",
        },
        new("a stream read to its end, after its response was disposed", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            byte[] buffer = new byte[3];
            s.Note($"{await s.Read(stream, buffer)} {await s.Read(stream, buffer)}");
            response.Dispose();
            await s.Try("reading", () => s.Read(stream, buffer));
        })
        {
            Server = Always(Answer("abc")),
            Difference = "A stream that was disposed",
            Ours = "reading: ObjectDisposedException",
        },
        new("a small body copied to a stream that fails", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            using var full = new MemoryStream(new byte[1]);
            await s.Try("copying", () => response.Content.CopyToAsync(full));
            await s.Try("again", () => response.Content.CopyToAsync(Stream.Null));
        }) { Server = Always(Answer()) },
        new("a small body read in pieces", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            byte[] buffer = new byte[3];
            for (int count = 1; count > 0;)
                s.Note(Encoding.ASCII.GetString(buffer, 0, count = await s.Read(stream, buffer)));
            s.Note($"{await s.Read(stream, buffer)} {await s.Read(stream, [])}");
        }) { Server = Always(Answer("pieces of three")) },
        new("no body at all", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            Stream stream = await s.Open(response);
            s.Note($"{await s.Read(stream, new byte[3])} {response.Content.Headers.ContentLength}");
            await s.Try("copying after that", () => response.Content.CopyToAsync(Stream.Null));
        }) { Server = Always("HTTP/1.1 204 No Content\r\n\r\n") },
        new("bytes behind a small body", static async s =>
        {
            using (HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead))
                s.Note(Encoding.ASCII.GetString(await s.Read(response)));
            await s.Try(s.Get());
            s.Note($"{s.Server.Connections} connections");
        }) { Server = Always(Answer() + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad") },
        new("a response disposed in the middle of its body closes the connection", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            response.Dispose();
            await Stage.OnThread(s.Server.WaitUntilAllClosed);
            s.Note("closed");
        })
        {
            Server = static _ => new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nbegin").ExpectEof(),
        },
        new("a small body disposed unread keeps the connection", static async s =>
        {
            HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            response.Dispose();
            await s.Try(s.Get());
            s.Note($"{s.Server.Connections} connection");
        }) { Server = Always(Answer("a body that has come together with its head")) },
        new("a handler that was disposed", static async s =>
        {
            s.Handler.Dispose();
            await s.Try("send", () => Stage.Invoke(s, s.Get()));
        }) { Server = Always(Answer()) },
        new("a client that was disposed", static async s =>
        {
            s.Client.Dispose();
            await s.Try("send", () => s.Send(s.Get()));
        }) { Server = Always(Answer()) },
        new("a handler that is disposed twice", static async s =>
        {
            await s.Try(s.Get());
            s.Handler.Dispose();
            s.Handler.Dispose();
        }) { Server = Always(Answer()) },
        new("a handler disposed when a body had come together with its head", static async s =>
        {
            using HttpResponseMessage response = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            s.Handler.Dispose();
            s.Note(Encoding.ASCII.GetString(await s.Read(response)));
        }) { Server = Always(Answer()) },
        new("a handler disposed while a body is streamed", static async s =>
        {
            var gate = new Gate();
            using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!").WaitFor(gate).Send("rest."));
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Get, server.Url), HttpCompletionOption.ResponseHeadersRead);
            await using Stream stream = await s.Open(response);
            s.Note($"{await s.Read(stream, new byte[5])}");
            s.Handler.Dispose();
            gate.Open();
            await s.Try("reading on", () => s.Read(stream, new byte[5]));
        }),
        new("an upgrade", static async s =>
        {
            HttpRequestMessage request = s.Get();
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd("echo");
            using HttpResponseMessage response = await Stage.Invoke(s, request);
            s.Note($"{(int)response.StatusCode} {response.Headers.Upgrade}");
            await using Stream stream = await s.Open(response);
            s.Note($"{stream.CanRead} {stream.CanWrite}");
            await stream.WriteAsync("ping"u8.ToArray());
            await stream.FlushAsync();
            byte[] buffer = new byte[8];
            await stream.ReadExactlyAsync(buffer);
            s.Note(Encoding.ASCII.GetString(buffer));
        })
        {
            Server = static _ => new Dialogue().ExpectRequest()
                .Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhead")
                .ExpectBytes("ping").Send("pong"),
        },
        new("an upgrade that is refused", static async s =>
        {
            HttpRequestMessage request = s.Get();
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.ParseAdd("echo");
            await s.Try(request);
        }) { Server = Always(Answer("no", "", "426 Upgrade Required")) },
        new("a WebSocket", static async s =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{s.Server.Port}/chat"), s.Invoker, CancellationToken.None);
            s.Note($"{socket.State} {socket.SubProtocol}");
            await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            byte[] buffer = new byte[100];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            s.Note($"{received.MessageType} {Encoding.UTF8.GetString(buffer, 0, received.Count)}");
            s.HidesHeader = "Sec-WebSocket-Key";
        })
        {
            Server = static _ => new Dialogue().ExpectRequest().Respond(static r =>
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                + Accept(r["Sec-WebSocket-Key"]!) + "\r\n\r\n\u0081\u0005hello").Stall(),
        },
        new("a WebSocket that is refused", static async s =>
        {
            s.HidesHeader = "Sec-WebSocket-Key";
            using var socket = new ClientWebSocket();
            var uri = new Uri($"ws://127.0.0.1:{s.Server.Port}/chat");
            await s.Try("connect", () => socket.ConnectAsync(uri, s.Invoker, CancellationToken.None));
        }) { Server = Always(Answer("no", "", "403 No")) },
        new("as many connections as allowed", static async s =>
        {
            using var server = MisbehavingServer.Start(_ => new Dialogue()
                .ExpectRequest().Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\non").WaitFor(s.Gate).Send("ce")
                .ExpectRequest().Send(Answer()));
            var uri = new Uri(server.Url);
            using (HttpResponseMessage held = await s.Send(new(HttpMethod.Get, uri), HttpCompletionOption.ResponseHeadersRead))
            {
                Task<HttpResponseMessage> second = s.Send(new(HttpMethod.Get, uri));
                s.Note($"{server.Connections} connection");
                s.Gate.Open();
                s.Note(Encoding.ASCII.GetString(await s.Read(held)));
                s.Note(await (await second).Content.ReadAsStringAsync());
            }

            s.Note($"{server.Connections} connection");
        }) { Handler = new() { MaxConnectionsPerServer = 1 } },
        new("as many connections as allowed, and a small body that nobody reads", static async s =>
        {
            s.Client.Timeout = TimeSpan.FromSeconds(2); // over the platform's handler it runs out
            s.HidesRequests = true;
            using HttpResponseMessage unread = await s.Send(s.Get(), HttpCompletionOption.ResponseHeadersRead);
            await s.Try(s.Get());
        })
        {
            Server = Always(Answer()),
            Handler = new() { MaxConnectionsPerServer = 1 },
            Difference = "A small body that nobody has read yet",
            Ours = "200 'OK'",
        },
        new("two requests at once", static async s =>
        {
            var gate = new Gate();
            using var server = MisbehavingServer.Start(_ => new Dialogue().ExpectRequest().WaitFor(gate).Send(Answer()));
            Task<HttpResponseMessage> one = s.Send(new(HttpMethod.Get, server.Url));
            Task<HttpResponseMessage> other = s.Send(new(HttpMethod.Get, server.Url));
            await Stage.OnThread(() => server.WaitForRequests(2));
            gate.Open();
            s.Note(await (await one).Content.ReadAsStringAsync());
            s.Note(await (await other).Content.ReadAsStringAsync());
        }),
        new("GetByteArrayAsync", static async s => s.Note($"{(await s.Client.GetByteArrayAsync(s.Uri)).Length}"))
        {
            Server = Always(Answer()),
        },
        new("GetStreamAsync", static async s =>
        {
            await using Stream stream = await s.Client.GetStreamAsync(s.Uri);
            using var reader = new StreamReader(stream);
            s.Note(await reader.ReadToEndAsync());
        }) { Server = Always(Answer()) },
        new("GetStringAsync with a charset", static async s => s.Note(await s.Client.GetStringAsync(s.Uri)))
        {
            Server = Always(Answer("gr\u00fc\u00dfe", "Content-Type: text/plain; charset=iso-8859-1\r\n")),
        },
    ];

#pragma warning disable CA5350 // what RFC 6455, section 1.3, asks for; no secret depends on it
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
