using System.Net;
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
        return Literal(host) is not { } address
            ? Ask<TMode>(host, port, settings, limit, total, recorder, cancellationToken)
            : settings.Guard is { } guard ? new(guard.Admit([new IPEndPoint(address, port)], recorder))
            : new([new IPEndPoint(address, port)]);
    }

    private static ValueTask<IReadOnlyList<IPEndPoint>> Ask<TMode>(
        string host,
        int port,
        DialSettings settings,
        TimeSpan limit,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        INameSource names = settings.Names ?? NameCache.Without(settings);
        Deadline asked = Deadline.In(limit, settings.Clock);
        ValueTask<FoundName> finding = names.Find(TMode.IsBlocking, host, port, total.Cap(limit), cancellationToken);
        return finding.IsCompletedSuccessfully
            ? new(Admitted(host, Blocking.Result(finding), settings, recorder))
            : Await(finding, host, settings, asked, limit, total, recorder);
    }

    private static IReadOnlyList<IPEndPoint> Admitted(string host, in FoundName found, DialSettings settings, CallRecorder? recorder)
    {
        recorder?.Resolved(new ResolvedName(host, found.EndPoints, found.Source, found.Age, found.Failure));
        return settings.Guard is { } guard ? guard.Admit(found.EndPoints, recorder) : found.EndPoints;
    }

    private static async ValueTask<IReadOnlyList<IPEndPoint>> Await(
        ValueTask<FoundName> finding,
        string host,
        DialSettings settings,
        Deadline asked,
        TimeSpan limit,
        Deadline total,
        CallRecorder? recorder)
    {
        try
        {
            return Admitted(host, await finding.ConfigureAwait(false), settings, recorder);
        }
        catch (TimeoutException e)
        {
            throw WireTimeouts.Create(HttpPhase.Resolve, limit, asked.Elapsed, total, host, e);
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
}
