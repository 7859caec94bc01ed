using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Urllib4.Bodies;
using Urllib4.TestKit;
using Urllib4.Waiting;

namespace Urllib4.SocketTests.Transport;

/// <summary>
/// Uploads to servers that take little or nothing, with the buffers of a real system between. Time is virtual; only the system is real.
/// </summary>
public sealed class SlowUploadTests : TlsClientTests
{
    // More than the system holds for a peer that takes nothing.
    private const int Length = 10 * 1024 * 1024;

    // More than the server's system holds, so that taking so much makes the client's system send.
    private const int Allotment = 512 * 1024;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    public static TheoryData<Mode, string, string> Uploads()
    {
        var rows = new TheoryData<Mode, string, string>();
        foreach (Mode mode in Enum.GetValues<Mode>())
        {
            foreach (string kind in new[] { "array", "stream", "file", "chunks", "pushed" })
                rows.Add(mode, kind, "plain");
            foreach (string way in new[] { "TLS", "CONNECT", "Unix" })
            {
                rows.Add(mode, "array", way);
                rows.Add(mode, "stream", way);
            }
        }

        return rows;
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_server_that_takes_a_little_now_and_then_gets_all_of_it(Mode mode, string kind, string way)
    {
        using var place = new TemporaryDirectory();
        using var server = new SlowServer(place, way, Authority);
        var time = new VirtualTime();
        using PoolManager manager = Client(server, time);
        Task<UrllibResponse> call = Post(mode, manager, server, kind, place);
        await server.Begin();

        try
        {
            for (int i = 0; i < 16; i++)
            {
                await server.Take(Allotment);
                time.Advance(_limit * 0.25); // a blocking caller looks in real time, and may miss a look or two
            }

            await server.Finish();
        }
        catch (IOException)
        {
            await call; // the reason
            throw;
        }

        Assert.Equal("ok", (await call).Text());
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_word_that_comes_late_in_a_slow_upload_is_heard(Mode mode, string kind, string way)
    {
        using var place = new TemporaryDirectory();
        using var server = new SlowServer(place, way, Authority);
        var time = new VirtualTime();
        using PoolManager manager = Client(server, time);
        Task<UrllibResponse> call = Post(mode, manager, server, kind, place);
        await server.Begin();

        for (int i = 0; i < 6; i++)
        {
            await server.Take(Allotment);
            time.Advance(_limit * 0.25);
        }

        await server.Say("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(413, (await call).Status);
    }

    [Theory, MemberData(nameof(Uploads))]
    public async Task A_server_that_takes_no_more_is_noticed(Mode mode, string kind, string way)
    {
        using var place = new TemporaryDirectory();
        using var server = new SlowServer(place, way, Authority);
        var time = new VirtualTime();
        using PoolManager manager = Client(server, time);
        Task<UrllibResponse> call = Post(mode, manager, server, kind, place);
        await server.Begin();
        await server.Take(Allotment);
        long stopped = time.GetTimestamp();

        Until(() =>
        {
            time.Advance(_limit / 16);
            return ((IAsyncResult)call).AsyncWaitHandle.WaitOne(10); // a blocking caller looks in real time
        });

        var error = await Fails<SendTimeoutException>(call);
        Assert.Equal(_limit, error.Limit);
        Assert.True(time.GetElapsedTime(stopped) >= _limit);
    }

    private static PoolManager Client(SlowServer server, VirtualTime time) => new(new PoolOptions
    {
        Clock = time,
        Dialer = server.Dialer,
        Tls = server.Trusting,
        Proxy = server.Proxy,
        Retries = Retry.None,
        Timeout = new HttpTimeout { Send = _limit },
    });

    private static Task<UrllibResponse> Post(Mode mode, PoolManager manager, SlowServer server, string kind, TemporaryDirectory place)
    {
        byte[] data = new byte[Length];
        string path = Path.Combine(place.FullName, "body");
        if (kind == "file")
            File.WriteAllBytes(path, data);
        var options = new RequestOptions
        {
            Body = kind switch
            {
                "array" => data,
                "stream" => RequestBody.Create(() => new MemoryStream(data), Length),
                "file" => RequestBody.FromFile(path),
                "chunks" => RequestBody.FromChunks([data.AsMemory(0, Length / 2), data.AsMemory(Length / 2)]),
                _ => new PushedArray(data),
            },
        };
        return Send(mode, manager, "POST", server.Url, options);
    }

    private sealed class PushedArray(byte[] data) : PushedBody
    {
        public override long? Length => data.Length;

        public override bool IsReplayable => true;

        public override ValueTask WriteTo<TMode>(Stream destination, CancellationToken cancellationToken) =>
            TMode.Write(destination, data, CancellationToken.None);
    }

    // One connection, of which a test says how much is taken. The proxy of a CONNECT is in the same place as the origin, so that nothing
    // between holds bytes back.
    private sealed class SlowServer : IDisposable
    {
        private readonly Socket _listener;
        private readonly string _way;
        private readonly IssuedCertificate _certificate;
        private readonly byte[] _buffer = new byte[64 * 1024];
        private Stream? _stream;
        private bool _isChunked;
        private long _taken; // of the body

        public SlowServer(TemporaryDirectory place, string way, CertificateAuthority authority)
        {
            _way = way;
            _certificate = authority.Issue("localhost");
            Trusting = new TlsOptions { CaCerts = new CertificateSet([authority.Root]) };
            string path = Path.Combine(place.FullName, "socket");
            _listener = way == "Unix" ? new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.ReceiveBufferSize = 32 * 1024;
            _listener.Bind(way == "Unix" ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            Dialer = way == "Unix" ? new UnixSocketDialer(path) : null;
            int port = (_listener.LocalEndPoint as IPEndPoint)?.Port ?? 80;
            Proxy = way == "CONNECT" ? $"http://127.0.0.1:{port}" : ProxyOptions.None;
            Url = way is "TLS" or "CONNECT" ? $"https://localhost:{port}/" : $"http://127.0.0.1:{port}/";
        }

        public string Url { get; }

        public Dialer? Dialer { get; }

        public ProxyOptions Proxy { get; }

        public TlsOptions Trusting { get; }

        public async Task Begin()
        {
            using var patience = new CancellationTokenSource(Patience);
            _stream = new NetworkStream(await _listener.AcceptAsync(patience.Token), ownsSocket: true);
            if (_way == "CONNECT")
            {
                await Head();
                await _stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), patience.Token);
            }

            if (_way is "TLS" or "CONNECT")
            {
                var tls = new SslStream(_stream);
                await tls.AuthenticateAsServerAsync(_certificate.ServerOptions(), patience.Token);
                _stream = tls;
            }

            _isChunked = (await Head()).Contains("chunked", StringComparison.OrdinalIgnoreCase);
        }

        public async Task Take(int count)
        {
            for (long by = _taken + count; _taken < by;)
                await Read();
        }

        public async Task Finish()
        {
            while (!await IsAtEnd())
            {
            }

            await Say(Ok);
        }

        public async Task Say(string response) => await _stream!.WriteAsync(Encoding.ASCII.GetBytes(response));

        public void Dispose()
        {
            _stream?.Dispose();
            _listener.Dispose();
            _certificate.Dispose();
        }

        private async Task<bool> IsAtEnd()
        {
            if (!_isChunked && _taken >= Length)
                return true;
            int count = await Read();
            return _isChunked ? _buffer.AsSpan(0, count).EndsWith("0\r\n\r\n"u8) : _taken >= Length;
        }

        private async Task<int> Read()
        {
            using var patience = new CancellationTokenSource(Patience);
            int count = await _stream!.ReadAsync(_buffer, patience.Token);
            Assert.True(count > 0, "The client has gone.");
            _taken += count;
            return count;
        }

        // Byte by byte: what follows belongs to somebody else.
        private async Task<string> Head()
        {
            var head = new StringBuilder();
            byte[] one = new byte[1];
            using var patience = new CancellationTokenSource(Patience);
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                Assert.Equal(1, await _stream!.ReadAsync(one, patience.Token));
                head.Append((char)one[0]);
            }

            return head.ToString();
        }
    }
}
