using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>
/// What a new TLS connection and a small GET on it cost beyond what a socket with an <see cref="SslStream"/> costs that does the same in
/// the same way. Both are counted together with the same server, and with every thread that takes part.
/// </summary>
[Collection(AloneGroup.Name)]
public sealed class NewConnectionAllocationTests : ModeTests
{
    // A debug build makes an object of every asynchronous frame, also of those that never wait. An optimized one, which is compiled without
    // tiers here, makes 2,890 and some 5,000 bytes; how many frames have to wait is not the same each time.
#if DEBUG
    private const long MostBlocking = 6_100, MostAsynchronous = 10_000;
#else
    private const long MostBlocking = 3_000, MostAsynchronous = 5_700;
#endif

    private const int Rounds = 5, Requests = 100;

    private static readonly byte[] _response = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 200 OK\r\nContent-Length: 150\r\nConnection: close\r\n\r\n{new string('x', 150)}");

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_new_connection_that_resumes_its_session_costs_little_memory_beyond_what_the_platform_needs(Mode mode)
    {
        using var authority = new CertificateAuthority();
        using IssuedCertificate certificate = authority.Issue("localhost");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var endpoint = (IPEndPoint)listener.LocalEndPoint!;
        new Thread(() => Serve(listener, certificate.ServerOptions())) { IsBackground = true, Name = "plain server" }.Start();
        using var manager = new PoolManager(new PoolOptions
        {
            Tls = new TlsOptions { CaCerts = new CertificateSet([authority.Root]) },
            Retries = Retry.None,
            Resolver = Resolver.FromTable([KeyValuePair.Create("localhost", endpoint)]),
        });
        string url = $"https://localhost:{endpoint.Port}/small.json";
        SslClientAuthenticationOptions options = Trusting(authority);
        UrllibResponse? last = null;

        long least = await PerRequest(mode, () => AskBare(mode, endpoint, options));
        long ours = await PerRequest(
            mode, async () => last = mode == Mode.Blocking ? manager.Request("GET", url) : await manager.RequestAsync("GET", url));

        long most = mode == Mode.Blocking ? MostBlocking : MostAsynchronous;
        Assert.True(
            ours - least <= most,
            string.Create(CultureInfo.InvariantCulture, $"{ours} bytes were allocated for a request, of which {least} are the platform's"));
        Assert.Equal((true, 150), (last!.Connection.Tls!.IsResumed, last.Data.Length));
        Assert.Equal(Rounds * Requests, manager.Pools.Single().Value.NumConnections);
    }

    // A blocking call has ended when it returns, so then nothing leaves the one thread.
    private static async Task<long> PerRequest(Mode mode, Func<Task> send) =>
        mode == Mode.Blocking ? await await OnThread(() => PerRequest(send)) : await PerRequest(send);

    // The first round is there to warm up. Of the others the least counts: a thread of the pool that serves for the first time makes
    // itself buffers, which are no request's.
    private static async Task<long> PerRequest(Func<Task> send)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Requests; i++)
                await send();
            if (round > 0)
                least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests);
        }

        return least;
    }

    private static SslClientAuthenticationOptions Trusting(CertificateAuthority authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Root);
        return new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy };
    }

    private static async Task AskBare(Mode mode, IPEndPoint endpoint, SslClientAuthenticationOptions options)
    {
        byte[] request = "GET /small.json HTTP/1.1\r\n\r\n"u8.ToArray();
        byte[] response = new byte[_response.Length];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (mode == Mode.Blocking)
        {
            socket.Connect(endpoint);
            using var tls = new SslStream(new NetworkStream(socket));
            tls.AuthenticateAsClient(options);
            tls.Write(request, 0, request.Length);
            tls.ReadExactly(response);
        }
        else
        {
            await socket.ConnectAsync(endpoint);
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(options);
            await tls.WriteAsync(request);
            await tls.ReadExactlyAsync(response);
        }
    }

    // One connection after the other on one thread, which has its buffers from the first on.
    private static void Serve(Socket listener, SslServerAuthenticationOptions options)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                using Socket socket = listener.Accept();
                socket.NoDelay = true;
                using var tls = new SslStream(new NetworkStream(socket));
                tls.AuthenticateAsServer(options);
                int length = 0;
                while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                    length += tls.Read(buffer, length, buffer.Length - length);
                tls.Write(_response, 0, _response.Length);
                while (tls.Read(buffer, 0, buffer.Length) > 0)
                {
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
