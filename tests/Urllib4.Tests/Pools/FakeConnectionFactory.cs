using System.Collections.Concurrent;
using Urllib4.Connections;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Tests.Pools;

/// <summary>Opens <see cref="FakeConnection"/>s: at once, after a gate, or not at all; and counts how many are open.</summary>
internal sealed class FakeConnectionFactory(TimeProvider clock) : IConnectionFactory
{
    private readonly ConcurrentQueue<FakeConnection> _opened = [];
    private int _open;
    private int _mostOpen;

    /// <summary>When not null, a dial is held until it is raised.</summary>
    public Signal? Gate { get; set; }

    /// <summary>Whether a cancellation comes too late to end a dial.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>How many requests a new connection carries at once.</summary>
    public int Capacity { get; set; } = 1;

    /// <summary>What the next dials fail with.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <summary>One for each dial that was begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    public IReadOnlyList<FakeConnection> Opened => [.. _opened];

    /// <summary>Connections open now.</summary>
    public int OpenNow => Volatile.Read(ref _open);

    /// <summary>The most that were open at any moment.</summary>
    public int MostOpen => Volatile.Read(ref _mostOpen);

    public ValueTask<HttpConnection> Open(bool isBlocking, ConnectTerms terms) =>
        isBlocking ? OpenAs<Blocking>(terms) : OpenAs<Asynchronous>(terms);

    private async ValueTask<HttpConnection> OpenAs<TMode>(ConnectTerms terms)
        where TMode : struct, IWaitMode
    {
        Begun.Release();
        if (Gate is { } gate)
            await TMode.Wait(gate, Timeout.InfiniteTimeSpan, TimeProvider.System, IsDeaf ? CancellationToken.None : terms.CancellationToken);
        if (Failures.TryDequeue(out Exception? failure))
            throw failure;
        int open = Interlocked.Increment(ref _open);
        for (int most = _mostOpen; open > most; most = _mostOpen)
            Interlocked.CompareExchange(ref _mostOpen, open, most);
        var connection = new FakeConnection(clock, TMode.IsBlocking, () => Interlocked.Decrement(ref _open)).Carrying(Capacity);
        _opened.Enqueue(connection);
        return connection;
    }
}
