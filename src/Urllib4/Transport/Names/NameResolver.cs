using System.Net;
using System.Net.Sockets;
using Urllib4.Diagnostics;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Asks the resolver, within a limit of time that the resolver itself may not keep.</summary>
internal static class NameResolver
{
    /// <summary>The endpoints of a host that may be dialed, at least one.</summary>
    /// <exception cref="NameResolutionException">The host has no address, or the resolver failed.</exception>
    /// <exception cref="EgressRefusedException">None of its addresses may be dialed.</exception>
    /// <exception cref="NameResolutionTimeoutException">The limit ran out.</exception>
    /// <exception cref="TotalTimeoutException">The deadline of the call passed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static ValueTask<IReadOnlyList<IPEndPoint>> Resolve<TMode>(
        string host,
        int port,
        DialSettings settings,
        TimeSpan limit,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        recorder?.Enter(HttpPhase.Resolve);
        ValueTask<IReadOnlyList<IPEndPoint>> all = Literal(host) is { } address
            ? new([new IPEndPoint(address, port)])
            : Ask<TMode>(
                new Lookup(settings.Resolver ?? SystemResolver.Instance, host, port, settings.Clock), limit, total, cancellationToken);
        return settings.Guard is { } guard ? Admitted(all, guard, recorder) : all;
    }

    private static async ValueTask<IReadOnlyList<IPEndPoint>> Admitted(
        ValueTask<IReadOnlyList<IPEndPoint>> all, EgressGuard guard, CallRecorder? recorder) =>
        guard.Admit(await all.ConfigureAwait(false), recorder);

    private static async ValueTask<IReadOnlyList<IPEndPoint>> Ask<TMode>(
        Lookup lookup, TimeSpan limit, Deadline total, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        Deadline asked = lookup.In(limit);
        try
        {
            TimeSpan left = total.Cap(limit);
            IReadOnlyList<IPEndPoint> endpoints = TMode.IsBlocking
                ? LookupThreads.Shared.Resolve(lookup, left, cancellationToken)
                : await lookup.AskAsync(left, cancellationToken).ConfigureAwait(false);
            return endpoints is { Count: > 0 } ? endpoints : throw new NameResolutionException(lookup.Host, "it has no address");
        }
        catch (TimeoutException e)
        {
            throw WireTimeouts.Create(HttpPhase.Resolve, limit, asked.Elapsed, total, lookup.Host, e);
        }
        catch (SocketException e)
        {
            throw new NameResolutionException(lookup.Host, Reason(e), e);
        }
    }

    // The platform's parser is compiled anew in each process, so that only IPv6 goes through it. It drops a zone it does not know.
    private static IPAddress? Literal(string host)
    {
        if (IpLiteral.TryReadIPv4(host, out uint address))
            return new IPAddress((uint)IPAddress.HostToNetworkOrder((int)address));
        if (!host.Contains(':', StringComparison.Ordinal) || !IPAddress.TryParse(host, out IPAddress? literal))
            return null;
        int percent = host.IndexOf('%', StringComparison.Ordinal);
        return percent < 0 || literal.ScopeId != 0
            ? literal
            : throw new NameResolutionException(host, $"this machine has no network interface '{Escaping.Show(host.AsSpan(percent + 1))}'");
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound => "no such host is known",
        SocketError.NoData => "it has no address",
        SocketError.TryAgain => "the resolver could not be reached",
        _ => e.Message,
    };

    private sealed class SystemResolver : Resolver
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
}
