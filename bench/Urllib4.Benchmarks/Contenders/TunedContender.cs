using System.Net;
using System.Net.Sockets;

namespace Urllib4.Benchmarks;

/// <summary>
/// HttpClient as an expert sets it up for blocking calls: nothing that is not needed, and a socket that is connected by a blocking call,
/// so that it stays a blocking one. That lasts until the handler looks at it while it is idle, hence a fresh one for each round.
/// </summary>
internal sealed class TunedContender(Target target) : HttpClientContender(target)
{
    public override void Prepare() => Renew();

    protected override HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, _) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, context.DnsEndPoint.Port);
            return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
        },
    });
}
