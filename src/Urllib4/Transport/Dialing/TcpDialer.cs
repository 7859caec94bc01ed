using System.Net;
using System.Net.Sockets;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4;

/// <summary>
/// Opens TCP connections, as a pool without a <see cref="PoolOptions.Dialer"/> does: it resolves the host, and dials its addresses, one a
/// little after the other (<see cref="PoolOptions.ConnectHeadStart"/>), until one answers or the time is over. For dialers that do
/// something before, after, or elsewhere.
/// </summary>
/// <remarks>
/// Safe to use from several threads. <see cref="PoolOptions.Resolver"/>, <see cref="PoolOptions.SourceAddress"/> and the limits of the call
/// come with the target. All dialers of this type are equal.
/// </remarks>
public sealed class TcpDialer : Dialer
{
    /// <inheritdoc/>
    /// <exception cref="NewConnectionException">No address of the host took the connection; the message tells of each.</exception>
    /// <exception cref="NameResolutionException">The host has no address, or the resolver failed.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override Stream Dial(DialTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Blocking.Result(Open<Blocking>(target, cancellationToken));
    }

    /// <inheritdoc/>
    /// <exception cref="NewConnectionException">No address of the host took the connection; the message tells of each.</exception>
    /// <exception cref="NameResolutionException">The host has no address, or the resolver failed.</exception>
    /// <exception cref="HttpTimeoutException">A limit ran out.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override ValueTask<Stream> DialAsync(DialTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Open<Asynchronous>(target, cancellationToken);
    }

    /// <summary>Whether the other one is a dialer of this type too.</summary>
    /// <param name="obj">What to compare with.</param>
    /// <returns>Whether it is.</returns>
    public override bool Equals(object? obj) => obj is TcpDialer;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(TcpDialer).GetHashCode();

    /// <summary>Opens a connection to the first address that takes it.</summary>
    // What a target says, one by one: only a dialer of the caller's needs the object.
    internal static async ValueTask<Stream> Open<TMode>(
        string host,
        int port,
        string peer,
        DialSettings settings,
        HttpTimeout timeout,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        IReadOnlyList<IPEndPoint> endpoints = await NameResolver
            .Resolve<TMode>(host, port, settings, timeout.Resolve, total, recorder, cancellationToken).ConfigureAwait(false);
        recorder?.Enter(HttpPhase.Connect);
        Deadline connectBy = Deadline.In(timeout.Connect, settings.Clock);
        if (endpoints.Count > 1 && settings.HeadStart != Timeout.InfiniteTimeSpan && SocketRace.IsPossible<TMode>())
        {
            return await Race<TMode>(endpoints, peer, settings, timeout.Connect, connectBy, total, recorder, cancellationToken)
                .ConfigureAwait(false);
        }

        List<string>? failures = null;
        SocketException? last = null;
        for (int i = 0; i < endpoints.Count; i++)
        {
            try
            {
                // Each endpoint gets its share of the time that is left, so that a silent one leaves some for those after it.
                Socket socket = await SocketConnect.Connect<TMode>(
                    endpoints[i],
                    settings.SourceAddress,
                    Deadline.In(Share(total.Cap(connectBy.Remaining), endpoints.Count - i), settings.Clock),
                    settings.Clock,
                    cancellationToken).ConfigureAwait(false);
                recorder?.Dialed(endpoints[i], null);
                return new SocketStream(socket, settings.Clock);
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
            throw WireTimeouts.Create(HttpPhase.Connect, timeout.Connect, connectBy.Elapsed, total, peer, last);
        throw new NewConnectionException($"No connection to {peer} could be made ({string.Join("; ", failures ?? [])}).", last);
    }

    private static async ValueTask<Stream> Race<TMode>(
        IReadOnlyList<IPEndPoint> endpoints,
        string peer,
        DialSettings settings,
        TimeSpan limit,
        Deadline connectBy,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        // Addresses that run side by side have the limit together, and none a share of it.
        TimeSpan left = total.Cap(connectBy.Remaining);
        var race = new SocketRace(
            DialRace.Order(endpoints, settings.Winner?.EndPoint),
            settings,
            new DialRace(endpoints.Count, DialRace.HeadStart(settings.HeadStart, left, endpoints.Count)),
            Deadline.In(left, settings.Clock),
            cancellationToken);
        SocketRace.Runner? winner = await race.Run<TMode>().ConfigureAwait(false);
        foreach (SocketRace.Runner runner in race.Runners)
        {
            recorder?.Dialed(runner.EndPoint, runner == winner ? null : Reason(runner, cancellationToken), runner.After);
            if (runner is { Failure: not null, HasLost: false } && !cancellationToken.IsCancellationRequested)
                settings.Winner?.Forget(runner.EndPoint);
        }

        if (winner is not null)
        {
            settings.Winner?.Remember(winner.EndPoint, settings.Clock);
            return new SocketStream(winner.Socket!, settings.Clock);
        }

        cancellationToken.ThrowIfCancellationRequested();
        SocketException? last = race.Runners.Count > 0 ? race.Runners[^1].Failure : null;
        string each = string.Join("; ", race.Runners.Select(r => $"{r.EndPoint}: {Reason(r, cancellationToken)}"));
        if (total.HasPassed || connectBy.HasPassed)
        {
            throw WireTimeouts.Create(
                HttpPhase.Connect, limit, connectBy.Elapsed, total, peer, new SocketException((int)SocketError.TimedOut, each));
        }

        throw new NewConnectionException($"No connection to {peer} could be made ({each}).", last);
    }

    private static string Reason(SocketRace.Runner runner, CancellationToken cancellationToken) =>
        runner.HasLost ? "another address was faster"
        : runner.Failure!.SocketErrorCode == SocketError.OperationAborted && cancellationToken.IsCancellationRequested ? "cancelled"
        : Reason(runner.Failure);

    private static ValueTask<Stream> Open<TMode>(DialTarget target, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => Open<TMode>(
            target.Host, target.Port, target.Peer, target.Settings, target.Timeout, target.Total, target.Recorder, cancellationToken);

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
