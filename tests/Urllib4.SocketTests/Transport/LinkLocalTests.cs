using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Transport;

/// <summary>
/// Link-local addresses of this machine, each with the interface that it is at. A machine may have none; what does not need one is tested
/// in memory (<c>DialerTests</c>, <c>NameResolverTests</c>).
/// </summary>
public sealed class LinkLocalTests : ModeTests
{
    [Theory, ClassData(typeof(BothModes))]
    public async Task A_link_local_address_is_reached_by_its_zone_which_is_never_sent(Mode mode)
    {
        foreach ((IPAddress address, string zone) in Addresses())
        {
            using var server = new LinkLocalServer(address);
            using var manager = new PoolManager();
            using var handler = new UrllibHandler();
            using var client = new HttpClient(handler);

            foreach (string written in new[] { $"%25{zone}", $"%{zone}", $"%25{address.ScopeId}" })
            {
                string url = $"http://[{server.Host}{written}]:{server.Port}/";
                UrllibResponse response = await Call(mode, () => manager.Request("GET", url), () => manager.RequestAsync("GET", url));
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                using HttpResponseMessage message = await Call(
                    mode, () => client.Send(request), () => client.SendAsync(request));

                Assert.Equal($"[{server.Host}]:{server.Port}", response.Text());
                Assert.Equal(response.Text(), await message.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task An_interface_that_does_not_exist_is_named(Mode mode)
    {
        const string Url = "http://[fe80::1%25nosuch0]/";
        using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });
        using var client = new HttpClient(new UrllibHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);

        var native = await Assert.ThrowsAsync<NameResolutionException>(
            () => Call(mode, () => manager.Request("GET", Url), () => manager.RequestAsync("GET", Url)));
        var under = await Assert.ThrowsAsync<HttpRequestException>(
            () => Call(mode, () => client.Send(request), () => client.SendAsync(request)));

        Assert.Contains("'nosuch0'", native.Message, StringComparison.Ordinal);
        Assert.Contains("'nosuch0'", under.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<(IPAddress Address, string Zone)> Addresses() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus == OperationalStatus.Up
        from unicast in network.GetIPProperties().UnicastAddresses
        where unicast.Address is { IsIPv6LinkLocal: true }
        select (unicast.Address, network.Name);

    /// <summary>Answers with the Host header of the request.</summary>
    private sealed class LinkLocalServer : IDisposable
    {
        private readonly TcpListener _listener;

        public LinkLocalServer(IPAddress address)
        {
            Host = new IPAddress(address.GetAddressBytes()).ToString();
            _listener = new TcpListener(address, 0);
            _listener.Start();
            _ = Accept();
        }

        public string Host { get; }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task Accept()
        {
            try
            {
                while (true)
                    _ = Serve(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        private static async Task Serve(TcpClient client)
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream());
                string host = "";
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    if (line.StartsWith("Host: ", StringComparison.OrdinalIgnoreCase))
                        host = line[6..];
                }

                string answer = $"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {host.Length}\r\n\r\n{host}";
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            }
        }
    }
}
