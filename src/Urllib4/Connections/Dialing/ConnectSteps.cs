using System.Net;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>The steps that the way to an origin is made of, each within the limit of its phase.</summary>
internal static class ConnectSteps
{
    /// <summary>Asks for the addresses of a host.</summary>
    public static ValueTask<IReadOnlyList<IPEndPoint>> Resolve<TMode>(HostName host, int port, PoolOptions options, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        terms.Recorder?.Enter(HttpPhase.Resolve);
        return NameResolver.Resolve<TMode>(
            host.DnsName, port, options, terms.Timeout.Resolve, terms.Total, terms.CancellationToken);
    }

    /// <summary>Opens a TCP connection.</summary>
    /// <param name="host">To which host.</param>
    /// <param name="port">To which port.</param>
    /// <param name="peer">What messages call it.</param>
    /// <param name="options">From where, and who resolves the host.</param>
    /// <param name="terms">For whom.</param>
    public static async ValueTask<Wire> Dial<TMode>(HostName host, int port, string peer, PoolOptions options, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        IReadOnlyList<IPEndPoint> endpoints = await Resolve<TMode>(host, port, options, terms).ConfigureAwait(false);
        terms.Recorder?.Enter(HttpPhase.Connect);
        return await TcpDialer
            .Dial<TMode>(peer, endpoints, options, terms.Timeout.Connect, terms.Total, terms.Recorder, terms.CancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Puts TLS on a wire.</summary>
    public static async ValueTask Secure<TMode>(Wire wire, TlsUpgrade tls, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        terms.Recorder?.Enter(HttpPhase.Tls);
        wire.Await(HttpPhase.Tls, terms.Timeout.Tls, terms.Total);
        using (wire.StopOn(terms.CancellationToken))
            await tls.Handshake<TMode>(wire).ConfigureAwait(false);
    }

    /// <summary>Talks with the proxy at the other end of a wire; if that fails, the wire is closed.</summary>
    public static async ValueTask Talk(Wire wire, ConnectTerms terms, Func<Wire, ValueTask> talk)
    {
        terms.Recorder?.Enter(HttpPhase.Proxy);
        wire.Await(HttpPhase.Proxy, terms.Timeout.Proxy, terms.Total);
        try
        {
            using (wire.StopOn(terms.CancellationToken))
                await talk(wire).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            wire.Rest();
            wire.Close();
            if (WireFailures.IsBreak(e))
                throw new ProxyException($"The connection to {wire.Peer} broke before the way was open.", e) { IsTransient = true };
            throw;
        }
    }
}
