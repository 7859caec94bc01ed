using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;
using static Urllib4.SocketTests.Adapters.Scenarios;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Programs that open the connections of a handler themselves, or look at what passes on them.</summary>
internal static class CallbackScenarios
{
    private const string Elsewhere = "http://elsewhere.test:81/x";

    public static IEnumerable<Scenario> All =>
    [
        Connecting("to another place", static async (s, context, _) =>
        {
            s.Note($"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port} for {context.InitialRequestMessage.RequestUri}");
            return await Tcp(s.Server.Port);
        }),
        Connecting("after a while", static async (s, _, _) =>
        {
            await Task.Yield();
            return await Tcp(s.Server.Port);
        }),
        Connecting("to nowhere", static (_, _, _) => throw new DivideByZeroException("mine")),
        Connecting("to nowhere, later", static async (_, _, _) =>
        {
            await Task.Yield();
            throw new IOException("mine");
        }),
        Connecting("without a stream", static (_, _, _) => ValueTask.FromResult<Stream>(null!)),
        new("callback: TLS on a stream of the program", static s => Secured(s, isSecured: false)),
        new("callback: a stream that speaks TLS already", static s => Secured(s, isSecured: true)),
        new("callback: a filter that only looks", static async s =>
        {
            Set(s, filter: (context, _) =>
            {
                s.Note($"{context.NegotiatedHttpVersion} {context.InitialRequestMessage.RequestUri}");
                return ValueTask.FromResult(context.PlaintextStream);
            });
            await s.Try(s.Get());
            await s.Try(s.Get());
        }) { Server = Always(Answer()) },
        new("callback: a filter that says something first", static async s =>
        {
            Set(s, filter: static async (context, cancellationToken) =>
            {
                await context.PlaintextStream.WriteAsync("HELLO"u8.ToArray(), cancellationToken);
                byte[] answer = new byte[2];
                await context.PlaintextStream.ReadExactlyAsync(answer, cancellationToken);
                return context.PlaintextStream;
            });
            await s.Try(s.Get());
        }) { Server = static _ => new Dialogue().ExpectBytes("HELLO").Send("OK").ExpectRequest().Send(Answer()) },
        new("callback: a filter that puts another stream on top", static async s =>
        {
            Counting? counting = null;
            Set(s, filter: (context, _) => ValueTask.FromResult<Stream>(counting = new Counting(context.PlaintextStream)));
            await s.Try(s.Get());
            s.Note($"{Encoding.ASCII.GetString(counting!.Written.ToArray())}");
        }) { Server = Always(Answer()) },
        new("callback: a filter that fails", static async s =>
        {
            Set(s, filter: static (_, _) => throw new DivideByZeroException("mine"));
            await Seen(s, s.Get());
        }) { Server = static _ => new Dialogue().Stall() },
        new("callback: a filter without a stream", static async s =>
        {
            Set(s, filter: static (_, _) => ValueTask.FromResult<Stream>(null!));
            await Seen(s, s.Get());
        }) { Server = static _ => new Dialogue().Stall() },
    ];

    private static Scenario Connecting(
        string name, Func<Stage, SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) =>
        new($"callback: connecting {name}", async s =>
        {
            Set(s, connect: (context, token) => connect(s, context, token));
            await Seen(s, new(HttpMethod.Get, Elsewhere));
        }) { Server = Always(Answer()) };

    // What the program threw is what it sees, right below.
    private static async Task Seen(Stage s, HttpRequestMessage request)
    {
        try
        {
            using HttpResponseMessage response = await s.Send(request);
            await s.Show(response);
        }
        catch (HttpRequestException e)
        {
            s.Note(e.InnerException is DivideByZeroException or IOException ? $"the program's own: {e.InnerException.Message}" : "failed");
        }
    }

    private static async Task Secured(Stage s, bool isSecured)
    {
        using IssuedCertificate certificate = ScenarioTests.Authority.Issue("elsewhere.test");
        using var server = MisbehavingServer.Start(_ => new Dialogue().StartTls(certificate).ExpectRequest().Send(Answer()).Close());
        Set(s, connect: async (_, token) =>
        {
            Stream tcp = await Tcp(server.Port);
            if (!isSecured)
                return tcp;
            var tls = new SslStream(tcp, false, static (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync("elsewhere.test");
            return tls;
        });
        await s.Try(new(HttpMethod.Get, "https://elsewhere.test/x"));
    }

    private static async Task<Stream> Tcp(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static void Set(
        Stage s,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null,
        Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? filter = null)
    {
        if (s.Handler is SocketsHttpHandler theirs)
            (theirs.ConnectCallback, theirs.PlaintextStreamFilter) = (connect, filter);
        else
            ((UrllibHandler)s.Handler).ConnectCallback = connect;
        if (s.Handler is UrllibHandler ours)
            ours.PlaintextStreamFilter = filter;
    }

    /// <summary>Keeps what is written through it.</summary>
    private sealed class Counting(Stream inner) : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
            Written.Write(buffer, offset, count);
            inner.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written.Write(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
