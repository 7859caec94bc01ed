using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.TestKit;

public sealed class MisbehavingServerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task The_platform_client_is_served_over_one_connection()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        using var client = new HttpClient();

        Assert.Equal("ok", await client.GetStringAsync(server.Url, TestContext.Current.CancellationToken));
        Assert.Equal("ok", await client.GetStringAsync(server.Url + "/two", TestContext.Current.CancellationToken));

        Assert.Equal(["/", "/two"], server.Requests.Select(static r => r.Target));
        Assert.Equal(1, server.Connections);
        server.Verify();
    }

    [Fact]
    public async Task Each_connection_follows_its_own_dialogue()
    {
        await using var server = MisbehavingServer.Start(static n => new Dialogue().Send($"{n}").Close());

        Assert.Equal("0", Dial(server).ReadAll());
        Assert.Equal("1", Dial(server).ReadAll());
        Assert.Equal(2, server.Connections);
        server.WaitUntilAllClosed();
        Assert.Equal(0, server.OpenConnections);
    }

    [Fact]
    public async Task A_connection_beyond_the_script_fails_the_test()
    {
        await using var server = MisbehavingServer.Start();

        Assert.Equal("", Dial(server).ReadAll());

        server.WaitUntilAllClosed();
        Assert.Equal("Connection 0 was not expected.", Assert.Throws<DialogueException>(server.Verify).Message);
    }

    [Fact]
    public async Task What_is_sent_after_the_end_of_the_dialogue_fails_the_test()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectBytes("a"));
        Dial(server).Write("ab"u8);

        server.WaitUntilAllClosed();

        Assert.Throws<DialogueException>(server.Verify);
    }

    [Fact]
    public async Task A_reset_is_seen_as_one()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectBytes("go").Reset());
        NetworkStream client = Dial(server);
        client.Write("go"u8);

        var e = Assert.Throws<IOException>(() => client.ReadByte());

        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task After_a_half_close_the_server_still_listens()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Send("x").Eof().ExpectRequest());
        NetworkStream client = Dial(server);

        Assert.Equal("x", client.ReadAll());
        client.Write("GET / HTTP/1.1\r\n\r\n"u8);

        server.WaitForRequests(1);
        server.Verify();
    }

    [Fact]
    public async Task A_planted_answer_lies_on_the_connection_before_it_is_asked_for()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok + Ok).Close());
        NetworkStream client = Dial(server);

        client.Write("GET / HTTP/1.1\r\n\r\n"u8);

        Assert.Equal(Ok + Ok, client.ReadAll());
    }

    [Fact]
    public async Task Delays_run_in_virtual_time_when_there_is_one()
    {
        var time = new VirtualTime();
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Drip("abc", TimeSpan.FromHours(1)).Close(), time);
        NetworkStream client = Dial(server);

        for (int hour = 0; hour < 3; hour++)
        {
            Assert.Equal('a' + hour, client.ReadByte());
            time.WaitUntilTimers(1);
            time.AdvanceToNextTimer();
        }

        Assert.Equal(-1, client.ReadByte());
    }

    [Fact]
    public async Task It_serves_while_every_thread_of_the_pool_is_held()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectBytes("ping").Send("pong").Close());
        using var release = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out int threads, out _);
        using var held = new CountdownEvent(threads);
        for (int i = 0; i < threads; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Hold(held, release), null);
        Assert.True(held.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));

        NetworkStream client = Dial(server);
        client.Write("ping"u8);

        Assert.Equal("pong", client.ReadAll());
        release.Set();
    }

    [Fact]
    public async Task A_server_that_stops_reading_makes_a_long_write_wait()
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().StopReadingAfter(1), receiveBuffer: 4096);
        NetworkStream client = Dial(server);
        client.WriteTimeout = 50;

        Assert.Throws<IOException>(() => client.Write(new byte[50_000_000]));
    }

    [Fact]
    public async Task Tls_can_start_after_a_plain_talk_and_ends_with_its_closing_alert_or_without()
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        await using var server = MisbehavingServer.Start(
            new Dialogue().ExpectBytes("STARTTLS").Send("OK").StartTls(certificate).ExpectBytes("hi").Send("secret").Eof(),
            new Dialogue().StartTls(certificate).Send("cut").Cut());

        NetworkStream plain = Dial(server);
        plain.Write("STARTTLS"u8);
        plain.ReadExactly(new byte[2]);
        SslStream tls = Secure(plain);
        tls.Write("hi"u8);
        Assert.Equal("secret", tls.ReadAll());
        Assert.Equal("cut", Secure(Dial(server)).ReadAll());
        Assert.Equal(["localhost", "localhost"], server.ServerNames);
        server.Verify();
    }

    [Fact]
    public async Task A_client_that_refuses_the_certificate_is_noted_and_is_no_failure()
    {
        using var authority = new CertificateAuthority();
        await using var server = MisbehavingServer.Start(new Dialogue().StartTls(authority.Issue("localhost")).ExpectRequest());
        using var client = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(server.SecureUrl,
            TestContext.Current.CancellationToken));

        server.WaitUntilAllClosed();
        server.Verify();
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Disposing_ends_a_stalled_connection()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().Stall());
        NetworkStream client = Dial(server);
        server.WaitForConnections(1);

        server.Dispose();

        Assert.Equal(-1, client.ReadByte());
        Assert.Throws<SocketException>(() => Dial(server));
    }

    private static void Hold(CountdownEvent held, ManualResetEventSlim release)
    {
        held.Signal();
        release.Wait();
    }

    private static NetworkStream Dial(MisbehavingServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(server.EndPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static SslStream Secure(Stream stream)
    {
        var tls = new SslStream(stream, false, static (_, _, _, _) => true);
        tls.AuthenticateAsClient("localhost");
        return tls;
    }
}

internal static class StreamReading
{
    public static string ReadAll(this Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        return reader.ReadToEnd();
    }
}
