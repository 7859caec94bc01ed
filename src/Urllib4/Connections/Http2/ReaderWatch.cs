namespace Urllib4.Connections;

/// <summary>
/// Looks whether the code of a caller holds up the thread that reads a connection. While any connection is read, one thread of the process
/// looks at all of them every few milliseconds; a caller who has not returned between two looks is left to himself, and another thread
/// reads on.
/// </summary>
internal sealed class ReaderWatch
{
    // Code that goes on until the next await takes microseconds, so who takes longer than this works or waits.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(2);

    // How long the thread waits for a connection to watch before it ends.
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<Reader> _readers = []; // guarded by _gate, as is the other
    private bool _isLooking;

    /// <summary>The one of the process.</summary>
    public static ReaderWatch Shared { get; } = new();

    /// <summary>Watches a reader until it is removed.</summary>
    public void Add(Reader reader)
    {
        lock (_gate)
        {
            _readers.Add(reader);
            if (_isLooking)
                return;
            _isLooking = true;
        }

        new Thread(Look) { IsBackground = true, Name = "Urllib4 HTTP/2 watch" }.UnsafeStart();
    }

    /// <summary>Watches it no longer.</summary>
    public void Remove(Reader reader)
    {
        lock (_gate)
            _readers.Remove(reader);
    }

    private void Look()
    {
        var stalled = new List<Reader>();
        for (TimeSpan idle = default; ;)
        {
            Thread.Sleep(_interval);
            lock (_gate)
            {
                idle = _readers.Count > 0 ? default : idle + _interval;
                if (idle >= _linger)
                {
                    _isLooking = false;
                    return;
                }

                _readers.RemoveAll(reader => Take(reader, stalled));
            }

            foreach (Reader reader in stalled)
                reader.Replace();
            stalled.Clear();
        }
    }

    private static bool Take(Reader reader, List<Reader> stalled)
    {
        if (!reader.HasStalled())
            return false;
        stalled.Add(reader);
        return true;
    }

    /// <summary>A thread that reads, and in between lets callers go on.</summary>
    /// <param name="onStalled">Called once when a caller does not return: from then on somebody else has to read.</param>
    public sealed class Reader(Action onStalled)
    {
        private const long Replaced = -1;

        private long _step; // odd while callers go on
        private long _seenStep;

        /// <summary>Lets callers go on. False when that took so long that another one reads now.</summary>
        public bool Run(ResumeQueue callers)
        {
            long step = _step + 1;
            Volatile.Write(ref _step, step);
            callers.Run();
            return Interlocked.CompareExchange(ref _step, step + 1, step) == step;
        }

        /// <summary>Whether the callers that went on at the last look have not returned; then this one reads no more.</summary>
        public bool HasStalled()
        {
            long step = Volatile.Read(ref _step);
            if ((step & 1) == 0 || step != _seenStep)
            {
                _seenStep = step;
                return false;
            }

            return Interlocked.CompareExchange(ref _step, Replaced, step) == step;
        }

        /// <summary>Has another one read.</summary>
        public void Replace() => onStalled();
    }
}
