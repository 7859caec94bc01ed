using System.Net;
using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>Asks the resolver, within a limit of time that the resolver itself may not keep.</summary>
internal static class NameResolver
{
    /// <summary>The endpoints of a host, at least one.</summary>
    /// <exception cref="NameResolutionException">The host has no address, or the resolver failed.</exception>
    /// <exception cref="NameResolutionTimeoutException">The limit ran out.</exception>
    /// <exception cref="TotalTimeoutException">The deadline of the call passed.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async ValueTask<IReadOnlyList<IPEndPoint>> Resolve<TMode>(
        string host, int port, PoolOptions options, TimeSpan limit, Deadline total, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [new IPEndPoint(literal, port)];
        Deadline asked = Deadline.In(limit, options.Clock);
        var lookup = new Lookup(options.Resolver ?? SystemResolver.Instance, host, port, options.Clock);
        try
        {
            IReadOnlyList<IPEndPoint> endpoints = await TMode.Either(
                static call => call.Lookup.Blocking(call.Limit, call.CancellationToken),
                static call => call.Lookup.Asynchronous(call.Limit, call.CancellationToken),
                (Lookup: lookup, Limit: total.Cap(limit), CancellationToken: cancellationToken)).ConfigureAwait(false);
            return endpoints is { Count: > 0 } ? endpoints : throw new NameResolutionException(host, "it has no address");
        }
        catch (TimeoutException e)
        {
            throw WireTimeouts.Create(HttpPhase.Resolve, limit, asked.Elapsed, total, host, e);
        }
        catch (SocketException e)
        {
            throw new NameResolutionException(host, Reason(e), e);
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound => "no such host is known",
        SocketError.NoData => "it has no address",
        SocketError.TryAgain => "the resolver could not be reached",
        _ => e.Message,
    };

    /// <summary>One look-up. A resolver cannot be interrupted: when its time is over it is left to end by itself.</summary>
    private sealed class Lookup(Resolver resolver, string host, int port, TimeProvider clock)
    {
        private readonly Signal _done = new();
        private IReadOnlyList<IPEndPoint> _endpoints = [];
        private Exception? _failure;

        public IReadOnlyList<IPEndPoint> Blocking(TimeSpan limit, CancellationToken cancellationToken)
        {
            new Thread(Run) { IsBackground = true, Name = "Urllib4 look-up" }.UnsafeStart();
            if (!_done.WaitBlocking(limit, clock, cancellationToken))
                throw new TimeoutException();
            return _failure is null ? _endpoints : throw Rethrown(_failure);
        }

        public async ValueTask<IReadOnlyList<IPEndPoint>> Asynchronous(TimeSpan limit, CancellationToken cancellationToken)
        {
            try
            {
                Task<IReadOnlyList<IPEndPoint>> answer = resolver.ResolveAsync(host, port, cancellationToken).AsTask();
                await answer.WaitUpTo(limit, clock, cancellationToken).ConfigureAwait(false);
                return await answer.ConfigureAwait(false);
            }
            catch (Exception e) when (e is not (OperationCanceledException or TimeoutException))
            {
                throw Rethrown(e);
            }
        }

        private void Run()
        {
            try
            {
                _endpoints = resolver.Resolve(host, port);
            }
            catch (Exception e)
            {
                _failure = e;
            }

            _done.Set();
        }

        // What a resolver of the caller's throws is told apart from our own errors, but not lost.
        private Exception Rethrown(Exception e) =>
            e is SocketException or HttpException ? e : new NameResolutionException(host, e.Message, e);
    }

    private sealed class SystemResolver : Resolver
    {
        public static SystemResolver Instance { get; } = new();

        public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => WithPort(Dns.GetHostAddresses(host), port);

        public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(
            string host, int port, CancellationToken cancellationToken) =>
            WithPort(await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false), port);

        private static IPEndPoint[] WithPort(IPAddress[] addresses, int port) =>
            Array.ConvertAll(addresses, address => new IPEndPoint(address, port));
    }
}
