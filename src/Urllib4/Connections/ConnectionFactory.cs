using System.Net;
using Urllib4.Diagnostics;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>Opens the connections of one pool: resolve, dial, TLS, protocol.</summary>
internal sealed class ConnectionFactory(Origin origin, TlsOptions? tls, PoolOptions options) : IConnectionFactory
{
    private readonly string _peer = origin.HostHeader;
    private readonly TlsUpgrade? _tls = tls is null ? null : new TlsUpgrade(tls, origin.HostName.Name);

    public async ValueTask<HttpConnection> Open<TMode>(
        HttpTimeout timeout, Deadline total, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        recorder?.Enter(HttpPhase.Resolve);
        IReadOnlyList<IPEndPoint> endpoints = await NameResolver
            .Resolve<TMode>(origin.HostName.DnsName, origin.Port, options, timeout.Resolve, total, cancellationToken).ConfigureAwait(false);
        recorder?.Enter(HttpPhase.Connect);
        Wire wire = await TcpDialer
            .Dial<TMode>(_peer, endpoints, options, timeout.Connect, total, recorder, cancellationToken).ConfigureAwait(false);
        try
        {
            if (_tls is { } upgrade)
            {
                recorder?.Enter(HttpPhase.Tls);
                wire.Await(HttpPhase.Tls, timeout.Tls, total);
                using (cancellationToken.UnsafeRegister(static w => ((Wire)w!).Cut(WireEnd.Cancelled), wire))
                    await upgrade.Handshake<TMode>(wire, cancellationToken).ConfigureAwait(false);
            }

            return new Http1Connection(wire, options.Limits, options.Clock, TMode.IsBlocking);
        }
        catch
        {
            wire.Rest();
            wire.Close();
            throw;
        }
    }
}
