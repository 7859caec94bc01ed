using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>Dialers over real sockets: Unix sockets, TCP with something before it, and streams that hide a socket.</summary>
public sealed class DialerTests : TlsClientTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_server_on_a_Unix_socket_answers_and_its_connection_is_used_again(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "http.sock");
        await using var server = MisbehavingServer.StartOnPath(path, new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var client = new PoolManager(new PoolOptions { Dialer = new UnixSocketDialer(path) });

        for (int i = 0; i < 3; i++)
        {
            UrllibResponse response = await Send(mode, client, "GET", "http://docker/v1.47/info");
            Assert.Equal("ok", response.Text());
            Assert.IsType<UnixDomainSocketEndPoint>(response.Connection.RemoteEndPoint);
        }

        Assert.Equal((1, 3), (server.Connections, server.Requests.Count));
        Assert.Equal("docker", server.Requests[0]["Host"]);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_idle_connection_to_a_Unix_socket_that_was_closed_is_not_used_again(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "http.sock");
        Dialogue once = new Dialogue().ExpectRequest().Send(Ok).Close();
        await using var server = MisbehavingServer.StartOnPath(path, once, once);
        using var client = new PoolManager(new PoolOptions { Dialer = new UnixSocketDialer(path), Retries = Retry.None });

        await Send(mode, client, "POST", "http://docker/");
        Until(() => server.OpenConnections == 0);
        await Send(mode, client, "POST", "http://docker/");

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Limits_hold_on_a_Unix_socket(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "http.sock");
        await using var server = MisbehavingServer.StartOnPath(path, new Dialogue().ExpectRequest().Stall());
        var timeout = new HttpTimeout { Read = TimeSpan.FromMilliseconds(50) };
        await Assert.ThrowsAsync<ReadTimeoutException>(() => Fetch(mode, path, timeout));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task TLS_is_spoken_over_a_Unix_socket_with_the_name_of_the_URL(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "https.sock");
        using IssuedCertificate certificate = Authority.Issue(new Leaf { Names = ["docker.example"] });
        Dialogue dialogue = new Dialogue().StartTls(certificate).Loop(static d => d.ExpectRequest().Send(Ok));
        await using var server = MisbehavingServer.StartOnPath(path, dialogue);
        using var client = new PoolManager(new PoolOptions { Dialer = new UnixSocketDialer(path), Tls = Trusting });

        Assert.Equal("ok", (await Send(mode, client, "GET", "https://docker.example/")).Text());
        Assert.Equal("ok", (await Send(mode, client, "GET", "https://docker.example/")).Text());

        Assert.Equal(["docker.example"], server.ServerNames);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_Unix_socket_that_is_not_there_is_named(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "no.sock");
        var error = await Assert.ThrowsAsync<NewConnectionException>(() => Fetch(mode, path));
        Assert.Contains($"(unix:{path}: there is no such file)", error.Message, StringComparison.Ordinal);

        // A file that a server left behind.
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            socket.Bind(new UnixDomainSocketEndPoint(path + "2"));
        await File.WriteAllTextAsync(path, "");
        error = await Assert.ThrowsAsync<NewConnectionException>(() => Fetch(mode, path));
        Assert.Contains($"(unix:{path}: nobody listens there)", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_full_queue_of_a_Unix_socket_is_waited_for_until_the_limit(Mode mode)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.FullName, "full.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await first.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var timeout = new HttpTimeout { Connect = TimeSpan.FromMilliseconds(100) };
        await Assert.ThrowsAsync<ConnectTimeoutException>(() => Fetch(mode, path, timeout));
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_dialer_may_dial_elsewhere_by_TCP_and_say_something_first(Mode mode)
    {
        const string Prefix = "PROXY TCP4 192.0.2.1 192.0.2.2 1 80\r\n";
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectBytes(Prefix).Loop(static d => d.ExpectRequest().Send(Ok)));
        using var client = new PoolManager(new PoolOptions { Dialer = new PrefixDialer(server.Port, Prefix) });

        for (int i = 0; i < 2; i++)
            Assert.Equal("ok", (await Send(mode, client, "GET", "http://nowhere.example/")).Text());

        Assert.Equal("nowhere.example", server.Requests[0]["Host"]);
        Assert.Equal(1, server.Connections);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task What_the_TCP_dialer_says_of_a_refusal_reaches_the_caller(Mode mode)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int port = ((System.Net.IPEndPoint)closed.LocalEndPoint!).Port;
        using var client = new PoolManager(new PoolOptions { Dialer = new PrefixDialer(port, ""), Retries = Retry.None });
        var error = await Assert.ThrowsAsync<NewConnectionException>(() => Send(mode, client, "GET", "http://nowhere.example/"));
        string expected = $"No connection to nowhere.example could be made (127.0.0.1:{port}: refused)";
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_network_stream_that_was_closed_while_idle_is_not_used_again(Mode mode)
    {
        Dialogue once = new Dialogue().ExpectRequest().Send(Ok).Close();
        await using var server = MisbehavingServer.Start(once, once);
        using var client = new PoolManager(new PoolOptions { Dialer = new NetworkStreamDialer(server.Port), Retries = Retry.None });

        await Send(mode, client, "POST", "http://nowhere.example/");
        Until(() => server.OpenConnections == 0);
        UrllibResponse response = await Send(mode, client, "POST", "http://nowhere.example/");

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Port, ((System.Net.IPEndPoint)response.Connection.RemoteEndPoint!).Port);
    }

    private static async Task<UrllibResponse> Fetch(Mode mode, string path, HttpTimeout? timeout = null)
    {
        using var client = new PoolManager(new PoolOptions
        {
            Dialer = new UnixSocketDialer(path),
            Retries = Retry.None,
            Timeout = timeout ?? HttpTimeout.Default,
        });
        return await Send(mode, client, "GET", "http://docker/");
    }

    private sealed class NetworkStreamDialer(int port) : Dialer
    {
        public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", port);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }

    private sealed class PrefixDialer(int port, string prefix) : Dialer
    {
        private readonly TcpDialer _tcp = new();

        public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
        {
            Stream stream = _tcp.Dial(target with { Host = "127.0.0.1", Port = port }, cancellationToken);
            stream.Write(Encoding.ASCII.GetBytes(prefix));
            return stream;
        }

        public override async ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken)
        {
            Stream stream = await _tcp.DialAsync(target with { Host = "127.0.0.1", Port = port }, cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(prefix), cancellationToken);
            return stream;
        }
    }
}
