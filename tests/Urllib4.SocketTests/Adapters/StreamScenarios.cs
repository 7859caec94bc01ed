using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>The streams of responses at their edges: reads of no bytes, what a stream says of itself, and limits behind the body.</summary>
internal static class StreamScenarios
{
    private static readonly (string Name, string Head, string Body)[] _framings =
    [
        ("with a length", "Content-Length: 6\r\n\r\n", "abcdef"),
        ("in chunks", "Transfer-Encoding: chunked\r\n\r\n", "3\r\nabc\r\n3\r\ndef\r\n0\r\nX-T: 1\r\n\r\n"),
        ("in chunks after a first one", "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", "6\r\nabcdef\r\n0\r\n\r\n"),
        ("until the end of the connection", "Connection: close\r\n\r\n", "abcdef"),
        ("in chunks, of which there are none", "Transfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"),
        ("that is cut off", "Content-Length: 9\r\n\r\n", "abcdef"),
        ("in chunks that is cut off", "Transfer-Encoding: chunked\r\n\r\n", "3\r\nabc\r\n3"),
    ];

    private static readonly (int Early, int Head, int Trailers)[] _sizes =
        [(0, 900, 50), (0, 600, 300), (0, 600, 600), (0, 50, 900), (0, 50, 1100), (600, 600, 0), (400, 400, 400)];

    public static IEnumerable<Scenario> All =>
    [
        .. from framing in _framings
           from isSecure in new[] { false, true }
           select new Scenario(
               $"a read of no bytes of a body {framing.Name}{(isSecure ? ", over TLS" : "")}",
               s => ReadNothing(s, framing.Head, framing.Body, isSecure)),
        Upgraded("what it says of itself", static async (s, stream) =>
        {
            s.Note($"{stream.CanRead} {stream.CanWrite} {stream.CanSeek} {stream.CanTimeout}");
            await Check(s, "length", () => _ = stream.Length);
            await Check(s, "position", () => _ = stream.Position);
            await Check(s, "set position", () => stream.Position = 0);
            await Check(s, "seek", () => stream.Seek(0, SeekOrigin.Begin));
            await Check(s, "set length", () => stream.SetLength(0));
            await Check(s, "timeout", () => _ = stream.ReadTimeout);
        }),
        Upgraded("arguments that are wrong", static async (s, stream) =>
        {
            byte[] two = new byte[2];
            foreach ((byte[]? buffer, int offset, int count) in new (byte[]?, int, int)[]
            {
                (null, 0, 0), (two, -1, 1), (two, 3, 0), (two, 0, -1), (two, 1, 2), (two, int.MaxValue, int.MaxValue),
            })
            {
                await s.Try("read", () => Does(s, () => _ = stream.Read(buffer!, offset, count), () => stream.ReadAsync(buffer!, offset, count)));
                await s.Try("write", () => Does(s, () => stream.Write(buffer!, offset, count), () => stream.WriteAsync(buffer!, offset, count)));
            }

            await s.Try("copy to nothing", () => Does(s, () => stream.CopyTo(null!), () => stream.CopyToAsync(null!)));
            await s.Try("copy with no buffer", () => Does(s, () => stream.CopyTo(Stream.Null, 0), () => stream.CopyToAsync(Stream.Null, 0)));
            using var readOnly = new MemoryStream([], writable: false);
            await s.Try("copy to what takes nothing", () => Does(s, () => stream.CopyTo(readOnly), () => stream.CopyToAsync(readOnly)));
        }),
        Upgraded("nothing written, and a flush", static async (s, stream) =>
        {
            await s.Try("write", () => Does(s, () => stream.Write([]), () => stream.WriteAsync(Memory<byte>.Empty).AsTask()));
            await s.Try("flush", () => Does(s, stream.Flush, () => stream.FlushAsync()));
            await s.Try("echo", async () =>
            {
                await Does(s, () => stream.Write("ping"u8), () => stream.WriteAsync("ping"u8.ToArray()).AsTask());
                byte[] buffer = new byte[4];
                await Does(s, () => stream.ReadExactly(buffer), () => stream.ReadExactlyAsync(buffer).AsTask());
                s.Note(Encoding.ASCII.GetString(buffer));
            });
            s.Note($"{await s.Read(stream, [])} {await s.Read(stream, new byte[1])} {await s.Read(stream, [])}");
        }),
        Upgraded("its end", static async (s, stream) =>
        {
            await Does(s, stream.Dispose, () => stream.DisposeAsync().AsTask());
            await Does(s, stream.Dispose, () => stream.DisposeAsync().AsTask());
            s.Note($"{stream.CanRead} {stream.CanWrite} {stream.CanSeek}");
        }),
        Upgraded("a read of no bytes", static async (s, stream) =>
        {
            Task<int> reading = s.Read(stream, []);
            await Task.WhenAny(reading, Task.Delay(100));
            s.Note($"{reading.IsCompleted && s.Handler is UrllibHandler}");
            await stream.WriteAsync("ping"u8.ToArray());
            s.Note($"{await reading}");
            byte[] buffer = new byte[4];
            await stream.ReadExactlyAsync(buffer);
            s.Note(Encoding.ASCII.GetString(buffer));
        }),
        .. from size in _sizes
           select new Scenario($"a limit of a kilobyte, 1xx of {size.Early}, head of {size.Head}, trailers of {size.Trailers}", s => s.Try(s.Get()))
           {
               Server = Once(Sized(size.Early, size.Head, size.Trailers)),
               Handler = new() { Theirs = static h => h.MaxResponseHeadersLength = 1, Ours = static h => h.MaxResponseHeadersLength = 1 },
           },
    ];

    private static async Task ReadNothing(Stage s, string head, string body, bool isSecure)
    {
        var gate = new Gate();
        var dialogue = new Dialogue();
        if (isSecure)
            dialogue.StartTls(ScenarioTests.Authority.Issue("localhost"));
        using var server = MisbehavingServer.Start(
            dialogue.ExpectRequest().Send($"HTTP/1.1 200 OK\r\n{head}").WaitFor(gate).Send(body).Close());
        using HttpResponseMessage response = await s.Send(
            new(HttpMethod.Get, isSecure ? server.SecureUrl : server.Url), HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await s.Open(response);
        if (head.EndsWith("x\r\n", StringComparison.Ordinal))
            s.Note($"first {await s.Read(stream, new byte[9])}");
        Task<int> reading = s.Read(stream, []);
        // Nothing is there to be read, so whoever waits for it is never done by then.
        await Task.WhenAny(reading, Task.Delay(100));
        // That of the platform may be woken by what came before.
        s.Note($"too early: {reading.IsCompleted && s.Handler is UrllibHandler}");
        gate.Open();
        await s.Try("wait", async () => s.Note($"waited {await reading}"));
        await s.Try("rest", async () =>
        {
            int all = 0;
            for (int count = 1; count > 0; all += count)
            {
                s.Note($"none {await s.Read(stream, [])}");
                count = await s.Read(stream, new byte[3 - (all % 3)]);
            }

            s.Note($"all {all}, then {await s.Read(stream, [])}");
        });
        foreach (var (name, values) in response.TrailingHeaders.NonValidated)
            s.Note($"trailer {name}: {values}");
    }

    private static Scenario Upgraded(string what, Func<Stage, Stream, Task> play) => new($"the stream of an upgrade: {what}", async s =>
    {
        HttpRequestMessage request = s.Get();
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("echo");
        using HttpResponseMessage response = await Stage.Invoke(s, request);
        await using Stream stream = await s.Open(response);
        await play(s, stream);
    })
    {
        Server = static _ => new Dialogue().ExpectRequest()
            .Send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n").ExpectBytes("ping").Send("pong").Close(),
    };

    private static Task Check(Stage s, string what, Action action) => s.Try(what, () =>
    {
        action();
        return Task.CompletedTask;
    });

    private static Task Does(Stage s, Action blocking, Func<Task> asynchronous) =>
        s.Mode == Mode.Blocking ? Stage.OnThread(blocking) : asynchronous();

    private static string Sized(int early, int head, int trailers)
    {
        string first = early == 0 ? "" : $"HTTP/1.1 103 Early\r\nX: {new string('x', early)}\r\n\r\n";
        string last = trailers == 0 ? "" : $"X-T: {new string('x', trailers)}\r\n";
        return $"{first}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-H: {new string('x', head)}\r\n\r\n2\r\nok\r\n0\r\n{last}\r\n";
    }
}
