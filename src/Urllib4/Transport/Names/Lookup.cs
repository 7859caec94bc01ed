using System.Net;
using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>One look-up. A resolver cannot be interrupted: when its time is over it is left to end by itself.</summary>
internal sealed class Lookup(Resolver resolver, string host, int port, TimeProvider clock)
{
    private readonly Signal _done = new();
    private IReadOnlyList<IPEndPoint> _endpoints = [];
    private Exception? _failure;

    /// <summary>Whose addresses are asked for.</summary>
    public string Host => host;

    /// <summary>A moment so far from now, on the clock of the look-up.</summary>
    public Deadline In(TimeSpan limit) => Deadline.In(limit, clock);

    /// <summary>Waits for the answer to what another thread asks.</summary>
    public IReadOnlyList<IPEndPoint> Wait(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_done.WaitBlocking(limit, clock, cancellationToken))
            throw new TimeoutException();
        return _failure is null ? _endpoints : throw Rethrown(_failure);
    }

    /// <summary>Asks the resolver, and gives the thread back meanwhile.</summary>
    public async ValueTask<IReadOnlyList<IPEndPoint>> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
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

    /// <summary>Asks the resolver; nobody hears of it yet.</summary>
    public void Ask()
    {
        try
        {
            _endpoints = resolver.Resolve(host, port);
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    /// <summary>Wakes whoever waits for the answer.</summary>
    public void Answer() => _done.Set();

    // What a resolver of the caller's throws is told apart from our own errors, but not lost.
    private Exception Rethrown(Exception e) =>
        e is SocketException or HttpException ? e : new NameResolutionException(host, e.Message, e);
}
