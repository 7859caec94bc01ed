namespace Urllib4.Connections;

/// <summary>
/// Asynchronous callers whose wait is over. One thread lets all of them go on, and what they send meanwhile is held, so that it leaves in
/// one write. That is where most of the speed of many requests at once comes from.
/// </summary>
/// <remarks>
/// User code may run here, and may block. On a thread of the pool, a second item is therefore queued before a caller goes on while others
/// wait behind him: another thread lets the others go on then, and writes what was held. On the reader's thread, <see cref="ReaderWatch"/>
/// sees to that.
/// </remarks>
/// <param name="flush">Writes what was held.</param>
internal sealed class ResumeQueue(Action flush) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<StreamSignal> _ready = new(); // guarded by _gate, as are the others
    private bool _isHolding;
    private bool _isQueued; // an item of the pool that has not begun

    /// <summary>Whether what asynchronous callers send now is written later, together with what others send.</summary>
    public bool IsHolding
    {
        get
        {
            lock (_gate)
                return _isHolding;
        }
    }

    /// <summary>Somebody may go on once <see cref="Start"/> is called.</summary>
    public void Add(StreamSignal signal)
    {
        lock (_gate)
        {
            _ready.Enqueue(signal);
            _isHolding = true;
        }
    }

    /// <summary>Lets everybody go on who was added, on this thread.</summary>
    public void Run()
    {
        while (TryTake(out StreamSignal? next, out bool isLast))
        {
            if (isLast)
                flush();
            next!.Set();
        }
    }

    /// <summary>Lets everybody go on who was added, on a thread of the pool.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_ready.Count == 0 || _isQueued)
                return;
            _isQueued = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
            _isQueued = false;
        while (TryTake(out StreamSignal? next, out bool isLast))
        {
            if (isLast)
                flush();
            else
                Start();
            next!.Set();
        }
    }

    // The last one is held up by nobody: what he sends is written at once.
    private bool TryTake(out StreamSignal? next, out bool isLast)
    {
        lock (_gate)
        {
            bool any = _ready.TryDequeue(out next);
            isLast = _ready.Count == 0;
            _isHolding = !isLast;
            return any;
        }
    }
}
