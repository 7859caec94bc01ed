using Urllib4.Protocol.Socks;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>Carries a SOCKS handshake out on a wire.</summary>
internal static class SocksTunnel
{
    /// <summary>Leads the wire to the destination of the handshake.</summary>
    /// <exception cref="ProxyException">The proxy refused, or does not speak the protocol, or went away.</exception>
    public static async ValueTask Open<TMode>(Wire wire, SocksHandshake handshake)
        where TMode : struct, IWaitMode
    {
        handshake.Begin(wire);
        SocksStep step;
        do
        {
            await wire.Flush<TMode>().ConfigureAwait(false);
            while (true)
            {
                step = handshake.Receive(wire.Unread, out int consumed, wire);
                wire.Consume(consumed);
                if (step is not SocksStep.NeedMore)
                    break;
                if (await wire.Fill<TMode>().ConfigureAwait(false) == 0)
                    throw new ProxyException($"{handshake.Proxy} closed the connection in the middle of the SOCKS handshake.", wire.Break);
            }
        }
        while (step is not SocksStep.Done);

        // Nobody has spoken to the destination yet, so there is nothing that it could have answered.
        if (!wire.Unread.IsEmpty)
            throw new ProxyException($"{handshake.Proxy} sent more than its answer before anything was said to the destination.");
    }
}
