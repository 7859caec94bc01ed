using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.Diagnostics;

namespace Urllib4.Pools;

/// <summary>
/// The pools of a manager by key, as many as <see cref="PoolOptions.NumPools"/>; the least recently used one is retired to make room. A
/// retired pool serves those who hold it, so eviction never fails a request (urllib3 issue 1252).
/// </summary>
/// <remarks>Safe to use from several threads. Two threads never get two pools for one key, unless it was evicted in between.</remarks>
internal sealed class PoolDirectory : IDisposable
{
    private readonly Func<PoolKey, ConnectionPool> _create;

    // Known for as long as somebody else keeps them alive: disposing has to reach them, remembering must not hold them.
    private readonly ConditionalWeakTable<ConnectionPool, PoolKey> _retired = [];
    private volatile bool _isDisposed;
    private volatile bool _isRetired;

    public PoolDirectory(PoolOptions options, Func<PoolKey, IConnectionFactory> factoryFor)
    {
        _create = key => new ConnectionPool(key, options, factoryFor(key));
        Pools = new RecentlyUsedContainer<PoolKey, ConnectionPool>(
            options.NumPools, (_, pool) => Retire(pool), new PoolKeyComparer(options));
    }

    /// <summary>The pools that are not retired, the least recently used one first.</summary>
    public RecentlyUsedContainer<PoolKey, ConnectionPool> Pools { get; }

    /// <summary>The pool of a key, which is the most recently used one thereby.</summary>
    /// <exception cref="ClosedPoolException">The directory was disposed.</exception>
    public ConnectionPool For(PoolKey key)
    {
        ConnectionPool pool = Pools.GetOrAdd(key, _create);
        if (_isRetired)
            Pools.Clear(); // it serves the request that wants it, and goes
        if (!_isDisposed)
            return pool;
        // Asked only afterwards, because the one that disposes may have been there between a question before and the entry.
        Pools.Clear();
        throw new ClosedPoolException($"The manager of {key}");
    }

    /// <summary>
    /// The pool of a URL that is reached directly under the manager's own TLS options, if there is one. Most requests go where others went,
    /// and are spared the key.
    /// </summary>
    public bool TryFor(Url url, [MaybeNullWhen(false)] out ConnectionPool pool) => Pools.TryGetBy(url, out pool);

    /// <summary>What is in the pools that are not retired, the least recently used one first.</summary>
    public IReadOnlyList<PoolSnapshot> Snapshot()
    {
        List<PoolSnapshot> taken = new(Pools.Count);
        foreach ((_, ConnectionPool pool) in Pools)
            taken.Add(pool.Snapshot());
        return taken.AsReadOnly();
    }

    /// <summary>Retires the pools whose key is picked, and tells how many.</summary>
    public int Evict(Func<PoolKey, bool> predicate)
    {
        int evicted = 0;
        foreach ((PoolKey key, _) in Pools)
        {
            if (predicate(key) && Pools.Remove(key))
                evicted++;
        }

        return evicted;
    }

    /// <summary>Retires every pool.</summary>
    public void Clear() => Pools.Clear();

    /// <summary>
    /// Retires every pool, and those still to come for the sake of requests under way: these end as they would have, and nothing is kept.
    /// </summary>
    public void RetireAll()
    {
        _isRetired = true;
        Pools.Clear();
    }

    /// <summary>
    /// Closes every pool with all that is lent, retired ones included; requests under way fail at once. No pool can be had afterwards.
    /// </summary>
    public void Dispose()
    {
        _isDisposed = true;
        Pools.Clear();
        foreach ((ConnectionPool pool, _) in _retired)
            pool.Dispose();
    }

    private void Retire(ConnectionPool pool)
    {
        _retired.TryAdd(pool, pool.Key);
        if (_isDisposed)
        {
            pool.Dispose();
            return;
        }

        UrllibMetrics.Evictions.Add(1);
        pool.Retire();
    }
}
