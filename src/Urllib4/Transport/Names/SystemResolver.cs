using System.Net;

namespace Urllib4.Transport;

/// <summary>The resolver of the system, which gives no times to live.</summary>
internal sealed class SystemResolver : Resolver
{
    public static SystemResolver Instance { get; } = new();

    public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => WithPort(Dns.GetHostAddresses(host), port);

    public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(
        string host, int port, CancellationToken cancellationToken) =>
        WithPort(await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false), port);

    private static IPEndPoint[] WithPort(IPAddress[] addresses, int port)
    {
        var endpoints = new IPEndPoint[addresses.Length];
        for (int i = 0; i < endpoints.Length; i++)
            endpoints[i] = new IPEndPoint(addresses[i], port);
        return endpoints;
    }
}
