using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Contents of every kind on their way to the server.</summary>
internal static partial class ContentScenarios
{
    private static readonly (string Name, Func<HttpContent> Make)[] _contents =
    [
        ("bytes", static () => new ByteArrayContent([1, 2, 3, 250])),
        ("a part of an array", static () => new ByteArrayContent([1, 2, 3, 4], 1, 2)),
        ("no bytes", static () => new ByteArrayContent([])),
        ("a string", static () => new StringContent("grüße")),
        ("a string as JSON", static () => new StringContent("{}", Encoding.UTF8, "application/json")),
        ("a string in UTF-16", static () => new StringContent("ü", Encoding.Unicode, "text/plain")),
        ("a form", static () => new FormUrlEncodedContent([new("a b", "1&2"), new("ü", "")])),
        ("memory", static () => new ReadOnlyMemoryContent("memory"u8.ToArray())),
        ("JSON", static () => JsonContent.Create(new Order("A-7", 2), Json.Default.Order)),
        ("JSON of 200,000 bytes", static () => JsonContent.Create(new Order(new string('x', 200_000), 2), Json.Default.Order)),
        ("a stream that can seek", static () => new StreamContent(new MemoryStream("stream"u8.ToArray()))),
        ("a stream that cannot seek", static () => new StreamContent(new OneWay("one way"u8.ToArray()))),
        ("a stream in small pieces", static () => new StreamContent(new OneWay("a longer text, read in pieces"u8.ToArray()), 4)),
        ("a megabyte of bytes", static () => new ByteArrayContent(new byte[1 << 20])),
        ("a megabyte without length", static () => new StreamContent(new OneWay(new byte[1 << 20]))),
        ("a content of its own with a length", static () => new Own(["abc", "def"], 6)),
        ("a content of its own without length", static () => new Own(["abc", "def"], null)),
        ("a content that writes nothing", static () => new Own([], null)),
        ("a content that writes empty pieces", static () => new Own(["", "a", "", "b", ""], null)),
        ("content headers", static () => Headed(new ByteArrayContent("x"u8.ToArray()))),
        ("a form with files", static () => new MultipartFormDataContent("edge")
        {
            { new StringContent("value"), "field" },
            { new ByteArrayContent([0, 255]), "file", "näme.bin" },
            { new StreamContent(new MemoryStream("s"u8.ToArray())), "stream", "s.txt" },
        }),
        ("multipart/mixed", static () => new MultipartContent("mixed", "edge") { new StringContent("1"), new StringContent("2") }),
        ("an empty multipart", static () => new MultipartContent("mixed", "edge")),
        ("a multipart with a stream that cannot seek", static () => new MultipartFormDataContent("edge")
        {
            { new StreamContent(new OneWay("once"u8.ToArray())), "file", "f" },
        }),
    ];

    public static IEnumerable<Scenario> All =>
    [
        .. _contents.Select(static c => new Scenario($"a POST of {c.Name}", s => s.Try(s.Post(c.Make())))
        {
            Server = Always(Answer()),
            Difference = c.Name == "JSON" ? "A small JSON content" : null,
            Ours = c.Name == "JSON" ? "Content-Length: " : null,
        }),
        .. _contents.Take(11).Select(static c => new Scenario($"a POST of {c.Name} in chunks", async s =>
        {
            HttpRequestMessage request = s.Post(c.Make());
            request.Headers.TransferEncodingChunked = true;
            await s.Try(request);
        }) { Server = Always(Answer()) }),
        new("chunks without a content", static async s =>
        {
            HttpRequestMessage request = s.Get();
            request.Headers.TransferEncodingChunked = true;
            await s.Try(request);
        }) { Server = Always(Answer()) },
        new("a GET with a content", static s => s.Try(new(HttpMethod.Get, s.Uri) { Content = new StringContent("q") }))
        {
            Server = Always(Answer()),
        },
        new("a DELETE with a content", static s => s.Try(new(HttpMethod.Delete, s.Uri) { Content = new StringContent("q") }))
        {
            Server = Always(Answer()),
        },
        new("PostAsJsonAsync and ReadFromJsonAsync", static async s =>
        {
            using HttpResponseMessage response = await s.Client.PostAsJsonAsync(s.Uri, new Order("B", 1), Json.Default.Order);
            s.Note($"{await response.Content.ReadFromJsonAsync(Json.Default.Order)}");
            s.Note($"{await s.Client.GetFromJsonAsync(s.Uri, Json.Default.Order)}");
        })
        {
            Server = Always(Answer("{\"Sku\":\"C\",\"Count\":3}", "Content-Type: application/json\r\n")),
            Difference = "A small JSON content",
            Ours = "Content-Length: ",
        },
        Failing("a content that writes more than its length", static () => new Own(["abc", "def"], 4)),
        Failing("a content that writes less than its length", static () => new Own(["abc"], 4)),
        Failing("a content that fails with an IOException", static () => new Own(["abc"], null, new IOException("disk"))),
        Failing("a content that fails with an InvalidOperationException",
            static () => new Own(["abc"], 9, new InvalidOperationException("no"))),
        Failing("a content that fails with an exception of its own", static () => new Own(["abc"], 9, new ArithmeticException("no"))),
        Failing("a stream that was used up before", static () =>
        {
            var content = new StreamContent(new OneWay("x"u8.ToArray()));
            content.CopyTo(Stream.Null, null, CancellationToken.None);
            return content;
        }),
        new("Expect: 100-continue, and it comes", static s => s.Try(Expecting(s)))
        {
            Server = static _ => new Dialogue().ExpectHead().Send("HTTP/1.1 100 Continue\r\n\r\n").ExpectBody().Send(Answer()),
        },
        new("Expect: 100-continue, and it does not come", static s => s.Try(Expecting(s)))
        {
            Server = static _ => new Dialogue().ExpectRequest().Send(Answer()),
        },
        new("Expect: 100-continue, and a final answer before the content", static s => s.Try(Expecting(s)))
        {
            Server = static _ => new Dialogue().ExpectHead().Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n").ExpectBody().Send("ok"),
        },
        new("Expect: 100-continue, and a refusal", static s => s.Try(Expecting(s)))
        {
            Server = static _ => new Dialogue().ExpectHead()
                .Send("HTTP/1.1 403 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno").Close(),
        },
        new("Expect: 100-continue, and 417", static s => s.Try(Expecting(s)))
        {
            Server = static n => n == 0
                ? new Dialogue().ExpectHead().Send("HTTP/1.1 417 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno").Close()
                : new Dialogue().ExpectRequest().Send(Answer()),
            Difference = "417",
            Ours = "200 'OK'",
        },
        new("a refusal in the middle of a large body", static s => s.Try("send", async () =>
        {
            using var turn = new Turns();
            using var server = MisbehavingServer.Start(new Dialogue().ExpectHead()
                .Send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").Respond(_ => turn.Opened()).Stall());
            string[] pieces = [.. Enumerable.Repeat(new string('x', 1 << 20), 40)];
            s.Client.Timeout = TimeSpan.FromSeconds(3);
            var content = new Own(pieces, null) { BeforeSecond = turn.Wait };
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Post, server.Url) { Content = content });
            s.Note($"{(int)response.StatusCode}");
        }))
        {
            Difference = "An answer before the end of the content",
            Ours = "413\nsend: done",
        },
        new("a content of unknown length, of which each piece is wanted before the next is made", static async s =>
        {
            using var turn = new Turns();
            using var server = MisbehavingServer.Start(new Dialogue().ExpectHead().ExpectBytes("5\r\nfirst\r\n").Respond(_ => turn.Opened())
                .ExpectBytes("6\r\nsecond\r\n0\r\n\r\n").Send(Answer()));
            var content = new Own(["first", "second"], null) { BeforeSecond = turn.Wait };
            using HttpResponseMessage response = await s.Send(new(HttpMethod.Post, server.Url) { Content = content });
            await s.Try("answer", async () => s.Note($"{(int)response.StatusCode} {(await s.Read(response)).Length}"));
        }),
        new("a body that is produced while it is sent", static async s =>
        {
            using var turn = new Turns();
            Task<HttpResponseMessage> sending = s.Send(s.Post(new Own(["first", "second"], null) { BeforeSecond = turn.Wait }));
            s.Server.WaitForConnections(1);
            turn.Open();
            using HttpResponseMessage response = await sending;
            await s.Show(response);
        }) { Server = Always(Answer()) },
    ];

    private static Scenario Failing(string name, Func<HttpContent> make) =>
        new(name, s => s.Try(s.Post(make()))) { Server = static _ => new Dialogue().ExpectHead().Stall() };

    private static HttpRequestMessage Expecting(Stage s)
    {
        HttpRequestMessage request = s.Post(new StringContent("body"));
        request.Headers.ExpectContinue = true;
        return request;
    }

    private static ByteArrayContent Headed(ByteArrayContent content)
    {
        content.Headers.ContentLanguage.Add("de");
        content.Headers.ContentEncoding.Add("x-own");
        content.Headers.ContentDisposition = new("inline") { FileName = "x" };
        content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        content.Headers.TryAddWithoutValidation("Content-Type", "odd type");
        return content;
    }

    /// <summary>A value to be sent as JSON.</summary>
    internal sealed record Order(string Sku, int Count);

    [JsonSerializable(typeof(Order))]
    private sealed partial class Json : JsonSerializerContext;

    /// <summary>A gate to wait at in both modes.</summary>
    private sealed class Turns : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public void Open() => _open.Set();

        public string Opened()
        {
            Open();
            return "";
        }

        public void Wait() => _open.Wait(TimeSpan.FromSeconds(30));

        public void Dispose() => _open.Dispose();
    }

    /// <summary>A stream that can only be read, forwards.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>A content that somebody wrote: some pieces, and perhaps a failure behind them.</summary>
    private sealed class Own(string[] pieces, long? length, Exception? failure = null) : HttpContent
    {
        public Action? BeforeSecond { get; init; }

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (int i = 0; i < pieces.Length; i++)
            {
                Pause(i);
                stream.Write(Encoding.ASCII.GetBytes(pieces[i]));
                stream.Flush();
            }

            if (failure is not null)
                throw failure;
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (int i = 0; i < pieces.Length; i++)
            {
                await Task.Yield();
                Pause(i);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(pieces[i]));
                await stream.FlushAsync();
            }

            if (failure is not null)
                throw failure;
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length ?? 0;
            return length is not null;
        }

        private void Pause(int i)
        {
            if (i == 1)
                BeforeSecond?.Invoke();
        }
    }
}
