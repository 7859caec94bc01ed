using System.Collections;
using Urllib4.Pools;

namespace Urllib4;

/// <summary>The pools of a manager: how many there are, which, and how many there may be.</summary>
/// <remarks>Safe to use from any thread; what it lists is a snapshot.</remarks>
public sealed class PoolList : IReadOnlyCollection<KeyValuePair<PoolKey, HttpConnectionPool>>
{
    private readonly RecentlyUsedContainer<PoolKey, ConnectionPool> _pools;
    private readonly Func<ConnectionPool, HttpConnectionPool> _face;

    internal PoolList(RecentlyUsedContainer<PoolKey, ConnectionPool> pools, Func<ConnectionPool, HttpConnectionPool> face)
    {
        _pools = pools;
        _face = face;
    }

    /// <summary>How many pools there are.</summary>
    public int Count => _pools.Count;

    /// <summary>
    /// How many pools there may be; see <see cref="PoolOptions.NumPools"/>. Setting it lower retires the least recently used ones at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxSize
    {
        get => _pools.MaxSize;
        set => _pools.MaxSize = value;
    }

    /// <summary>The keys, the least recently used one first.</summary>
    public IReadOnlyList<PoolKey> Keys => _pools.Keys;

    /// <summary>The pools with their keys, the least recently used one first.</summary>
    /// <returns>An enumerator over a snapshot.</returns>
    public IEnumerator<KeyValuePair<PoolKey, HttpConnectionPool>> GetEnumerator()
    {
        foreach ((PoolKey key, ConnectionPool pool) in _pools)
            yield return new(key, _face(pool));
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
