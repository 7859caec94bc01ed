using System.Net;
using System.Net.Security;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.Connections;

/// <summary>The steps that the way to an origin is made of, each within the limit of its phase.</summary>
internal static class ConnectSteps
{
    /// <summary>Asks for the addresses of a host.</summary>
    public static ValueTask<IReadOnlyList<IPEndPoint>> Resolve<TMode>(HostName host, int port, DialSettings settings, ConnectTerms terms)
        where TMode : struct, IWaitMode =>
        NameResolver.Resolve<TMode>(
            host.DnsName, port, settings, terms.Timeout.Resolve, terms.Total, terms.Recorder, terms.CancellationToken);

    /// <summary>Opens a connection to a host: by TCP, or as the dialer of the options does it.</summary>
    /// <param name="host">To which host.</param>
    /// <param name="port">To which port.</param>
    /// <param name="peer">What messages call it.</param>
    /// <param name="dialer">Who dials; null for TCP.</param>
    /// <param name="settings">From where, and who resolves the host.</param>
    /// <param name="terms">For whom.</param>
    public static async ValueTask<Wire> Dial<TMode>(
        HostName host, int port, string peer, Dialer? dialer, DialSettings settings, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        try
        {
            Stream stream = dialer is not null
                ? await DialerCall.Run<TMode>(dialer, Target(host, port, peer, settings, terms), terms.CancellationToken)
                    .ConfigureAwait(false)
                : await TcpDialer.Open<TMode>(
                    host.DnsName, port, peer, settings, terms.Timeout, terms.Total, terms.Recorder, terms.CancellationToken)
                    .ConfigureAwait(false);
            return Guarded(new Wire(stream, settings.Clock, TMode.IsBlocking, peer), dialer is null ? null : settings.Guard);
        }
        catch (HttpException e) when (e is ConnectTimeoutException or (NewConnectionException and not NameResolutionException))
        {
            // The host may have moved.
            settings.Names?.Doubt(host.DnsName, port);
            throw;
        }
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

    /// <summary>Shows the stream of a wire to whoever wants to see it, and goes on with what he gives.</summary>
    /// <exception cref="NewConnectionException">He failed.</exception>
    public static async ValueTask Filter<TMode>(
        Wire wire, Func<Stream, CancellationToken, ValueTask<Stream>> filter, ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        wire.Await(HttpPhase.Connect, terms.Timeout.Connect, terms.Total);
        try
        {
            using (wire.StopOn(terms.CancellationToken))
                wire.Replace(await TMode.Either(
                    static call => Blocking.Hold(call.Filter(call.Stream, call.Token)),
                    static call => call.Filter(call.Stream, call.Token),
                    (Filter: filter, Stream: wire.Top, Token: terms.CancellationToken)).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not HttpException)
        {
            throw wire.Explain(e) ?? new NewConnectionException($"The stream to {wire.Peer} was not to be had: {e.Message}", e);
        }
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
                throw BrokenOff(wire, e);
            throw;
        }
    }

    /// <summary>The error for a connection to a proxy that broke before it led anywhere.</summary>
    public static ProxyException BrokenOff(Wire wire, Exception cause) =>
        new($"The connection to {wire.Peer} broke before the way was open.", cause) { IsTransient = true };

    // A dialer of the program may have gone elsewhere than it was asked to.
    private static Wire Guarded(Wire wire, EgressGuard? guard)
    {
        if (guard is null || wire.RemoteEndPoint is not IPEndPoint endpoint)
            return wire;
        try
        {
            guard.Admit(endpoint);
            return wire;
        }
        catch
        {
            wire.Close();
            throw;
        }
    }

    private static DialTarget Target(HostName host, int port, string peer, DialSettings settings, ConnectTerms terms) =>
        new(host.DnsName, port)
        {
            Peer = peer,
            Settings = settings,
            Timeout = terms.Timeout,
            Total = terms.Total,
            Recorder = terms.Recorder,
        };
}
