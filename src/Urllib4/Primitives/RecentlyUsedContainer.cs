using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Urllib4;

/// <summary>
/// A dictionary that keeps at most <see cref="MaxSize"/> items and lets the least recently used one go first; urllib3's
/// <c>RecentlyUsedContainer</c>.
/// </summary>
/// <remarks>
/// <para>
/// Reading, setting and creating an item make it the youngest. Whatever leaves the container, by eviction, replacement, removal or
/// <see cref="Clear"/>, is handed to the dispose callback exactly once: on the thread that made it leave, oldest first, after the container
/// is consistent again and its lock is free. If callbacks throw, the rest still run; then the exception is thrown, or an
/// <see cref="AggregateException"/> when there are several.
/// </para>
/// <para>Every member is safe to use from any thread. Counting, listing and enumerating make nothing younger.</para>
/// </remarks>
/// <typeparam name="TKey">The keys; compared by their own equality.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
public sealed class RecentlyUsedContainer<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Node> _items;
    private readonly Action<TKey, TValue>? _dispose;

    // The ring of items closes here: after it comes the oldest, before it the youngest, so linking has no special cases.
    private readonly Node _ends = new(default!, default!);
    private int _maxSize;

    /// <summary>Creates an empty container.</summary>
    /// <param name="maxSize">The most items to keep. Default 10; with 0 every item leaves as soon as it is set.</param>
    /// <param name="dispose">Called with each item that has left; it may use the container.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxSize"/> is negative.</exception>
    public RecentlyUsedContainer(int maxSize = 10, Action<TKey, TValue>? dispose = null)
        : this(maxSize, dispose, null)
    {
    }

    internal RecentlyUsedContainer(int maxSize, Action<TKey, TValue>? dispose, IEqualityComparer<TKey>? comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        _maxSize = maxSize;
        _dispose = dispose;
        _items = new Dictionary<TKey, Node>(comparer);
    }

    /// <summary>The most items that are kept. Setting it lower evicts the oldest at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number.</exception>
    public int MaxSize
    {
        get => Volatile.Read(ref _maxSize);

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Node? gone = null;
            lock (_lock)
            {
                _maxSize = value;
                Evict(ref gone);
            }

            Dispose(gone);
        }
    }

    /// <summary>How many items there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _items.Count;
        }
    }

    /// <summary>The keys at this moment, oldest first.</summary>
    public IReadOnlyList<TKey> Keys => Array.ConvertAll(Snapshot(), item => item.Key);

    /// <summary>Gets the value of a key and makes it the youngest, or sets it as the youngest.</summary>
    /// <param name="key">The key.</param>
    /// <value>The value. The one it replaces is disposed, even if it is the same object.</value>
    /// <exception cref="KeyNotFoundException">Getting a key that is not there.</exception>
    public TValue this[TKey key]
    {
        get => TryGet(key, out var value) ? value : throw new KeyNotFoundException("The container has no item with this key.");

        set
        {
            Node? gone = null;
            lock (_lock)
                Put(key, value, ref gone);
            Dispose(gone);
        }
    }

    /// <summary>Gives the value of a key, if it is there, and makes it the youngest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or the default of its type.</param>
    /// <returns>Whether the key was there.</returns>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
            return Refresh(key, out value);
    }

    /// <summary>Gives the value of a key, made by <paramref name="factory"/> if it is not there, and makes it the youngest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="factory">
    /// Makes the value. It runs at most once per missing key and under the container's lock, so that no two threads make a value for one
    /// key: it must be quick, do no I/O, wait for nobody and leave this container alone. If it throws, nothing has changed.
    /// </param>
    /// <returns>The value; with a <see cref="MaxSize"/> of 0 one that has been disposed already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="factory"/> is null.</exception>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Node? gone = null;
        TValue? value;
        lock (_lock)
        {
            if (Refresh(key, out value))
                return value;
            value = factory(key);
            Put(key, value, ref gone);
        }

        Dispose(gone);
        return value;
    }

    /// <summary>Removes an item and disposes its value.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(TKey key)
    {
        Node? gone = null;
        lock (_lock)
        {
            if (_items.TryGetValue(key, out var item))
                Drop(item, ref gone);
        }

        Dispose(gone);
        return gone is not null;
    }

    /// <summary>Removes all items and disposes their values, oldest first.</summary>
    public void Clear()
    {
        Node? gone = null;
        lock (_lock)
        {
            while (_items.Count > 0)
                Drop(_ends.Younger, ref gone);
        }

        Dispose(gone);
    }

    /// <summary>Enumerates the items of this moment, oldest first; later changes are not seen.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)Snapshot()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As <see cref="TryGet"/>, by something that stands for the key in the eyes of the comparer.</summary>
    internal bool TryGetBy<TAlternate>(TAlternate alternate, [MaybeNullWhen(false)] out TValue value)
        where TAlternate : notnull
    {
        lock (_lock)
        {
            bool isThere = _items.GetAlternateLookup<TAlternate>().TryGetValue(alternate, out Node? item);
            value = isThere ? Refreshed(item!) : default;
            return isThere;
        }
    }

    private KeyValuePair<TKey, TValue>[] Snapshot()
    {
        lock (_lock)
        {
            var items = new KeyValuePair<TKey, TValue>[_items.Count];
            var item = _ends;
            for (int i = 0; i < items.Length; i++)
            {
                item = item.Younger;
                items[i] = new(item.Key, item.Value);
            }

            return items;
        }
    }

    private bool Refresh(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        bool isThere = _items.TryGetValue(key, out var item);
        value = isThere ? Refreshed(item!) : default;
        return isThere;
    }

    private TValue Refreshed(Node item)
    {
        if (_ends.Older != item)
        {
            item.Unlink();
            item.LinkBefore(_ends);
        }

        return item.Value;
    }

    private void Put(TKey key, TValue value, ref Node? gone)
    {
        if (_items.TryGetValue(key, out var old))
            Drop(old, ref gone);
        var item = new Node(key, value);
        _items.Add(key, item);
        item.LinkBefore(_ends);
        Evict(ref gone);
    }

    private void Evict(ref Node? gone)
    {
        while (_items.Count > _maxSize)
            Drop(_ends.Younger, ref gone);
    }

    /// <summary>Takes an item out and puts it at the end of the ring of those to dispose when the lock is free.</summary>
    private void Drop(Node item, ref Node? gone)
    {
        _items.Remove(item.Key);
        item.Unlink();
        if (gone is null)
            gone = item;
        else
            item.LinkBefore(gone);
    }

    private void Dispose(Node? gone)
    {
        if (_dispose is null || gone is null)
            return;
        List<Exception>? errors = null;
        var item = gone;
        do
        {
            try
            {
                _dispose(item.Key, item.Value);
            }
            catch (Exception error)
            {
                (errors ??= []).Add(error);
            }

            item = item.Younger;
        }
        while (item != gone);

        if (errors is [var only])
            ExceptionDispatchInfo.Throw(only);
        if (errors is not null)
            throw new AggregateException("Several values failed to be disposed.", errors);
    }

    /// <summary>A member of a ring, alone in its own at first.</summary>
    private sealed class Node
    {
        public Node(TKey key, TValue value)
        {
            Key = key;
            Value = value;
            Older = Younger = this;
        }

        public TKey Key { get; }

        public TValue Value { get; }

        public Node Older { get; private set; }

        public Node Younger { get; private set; }

        public void LinkBefore(Node younger)
        {
            (Older, Younger) = (younger.Older, younger);
            Older.Younger = younger.Older = this;
        }

        public void Unlink()
        {
            (Older.Younger, Younger.Older) = (Younger, Older);
            Older = Younger = this;
        }
    }
}
