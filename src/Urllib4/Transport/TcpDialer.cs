using System.Net;
using System.Net.Sockets;
using Urllib4.Diagnostics;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Opens TCP connections: the endpoints of a host in turn, until one answers or the time is over.</summary>
internal static class TcpDialer
{
    /// <summary>Opens a connection to the first endpoint that takes it.</summary>
    /// <exception cref="NewConnectionException">None did; the message tells of each.</exception>
    /// <exception cref="ConnectTimeoutException">The limit ran out.</exception>
    /// <exception cref="TotalTimeoutException">The deadline of the call passed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async ValueTask<Wire> Dial<TMode>(
        string peer,
        IReadOnlyList<IPEndPoint> endpoints,
        PoolOptions options,
        TimeSpan limit,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        Deadline connectBy = Deadline.In(limit, options.Clock);
        List<string>? failures = null;
        SocketException? last = null;
        for (int i = 0; i < endpoints.Count; i++)
        {
            // Each endpoint gets its share of the time that is left, so that a silent one leaves some for those after it.
            Deadline share = Deadline.In(Share(total.Cap(connectBy.Remaining), endpoints.Count - i), options.Clock);
            try
            {
                Socket socket = TMode.IsBlocking
                    ? SocketConnect.Blocking(endpoints[i], options.SourceAddress, share, cancellationToken)
                    : await SocketConnect
                        .Asynchronous(endpoints[i], options.SourceAddress, share, options.Clock, cancellationToken)
                        .ConfigureAwait(false);
                var wire = new Wire(new SocketStream(socket, options.Clock), options.Clock, TMode.IsBlocking, peer);
                recorder?.Dialed(endpoints[i], null);
                return wire;
            }
            catch (SocketException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = e;
                string reason = Reason(e);
                (failures ??= []).Add($"{endpoints[i]}: {reason}");
                recorder?.Dialed(endpoints[i], reason);
                if (total.HasPassed || connectBy.HasPassed)
                    break;
            }
        }

        if (last is { SocketErrorCode: SocketError.TimedOut } && (total.HasPassed || connectBy.HasPassed))
            throw WireTimeouts.Create(HttpPhase.Connect, limit, connectBy.Elapsed, total, peer, last);
        throw new NewConnectionException($"No connection to {peer} could be made ({string.Join("; ", failures ?? [])}).", last);
    }

    private static TimeSpan Share(TimeSpan left, int endpoints) => left == Timeout.InfiniteTimeSpan ? left : left / endpoints;

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.TimedOut => "no answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "unreachable",
        SocketError.AddressNotAvailable => "no local address or port is available",
        SocketError.TooManyOpenSockets => "too many open sockets in this process",
        _ => e.Message,
    };
}
