using System.Diagnostics.CodeAnalysis;

namespace Urllib4.Connections;

/// <summary>
/// Looks whether the code of a caller holds up the thread that reads a connection. While any connection is read, one thread of the process
/// looks at all of them every few milliseconds; a caller who has not returned between two looks is left to himself, and another thread
/// reads on. While nobody lets callers go on, it sleeps.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "it lives as long as the process")]
internal sealed class ReaderWatch
{
    // Code that goes on until the next await takes microseconds, so who takes longer than this works or waits.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(2);

    // How many looks in a row find nothing new before the thread sleeps until it is woken: waking it costs something, and so does looking.
    private const int QuietLooks = 50;

    // How long it sleeps without any connection to watch before it ends.
    private static readonly TimeSpan _linger = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Reader> _readers = []; // guarded by _gate, as is the other
    private readonly AutoResetEvent _wake = new(false);
    private bool _isLooking;
    private int _isAsleep;

    /// <summary>The one of the process.</summary>
    public static ReaderWatch Shared { get; } = new();

    /// <summary>Whether it waits for somebody to let callers go on.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) != 0;

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
        for (int quiet = 0; ;)
        {
            if (quiet < QuietLooks)
                Thread.Sleep(_interval);
            else if (!Sleep())
                return;
            bool isQuiet = true;
            lock (_gate)
            {
                foreach (Reader reader in _readers)
                    isQuiet &= reader.IsUnchanged;
                _readers.RemoveAll(reader => Take(reader, stalled));
            }

            quiet = isQuiet ? quiet + 1 : 0;
            foreach (Reader reader in stalled)
                reader.Replace();
            stalled.Clear();
        }
    }

    // False when there has been nothing to watch for long.
    private bool Sleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        // Somebody may have begun right before: he did not wake anybody.
        lock (_gate)
        {
            if (_readers.Exists(static reader => !reader.IsUnchanged))
            {
                Volatile.Write(ref _isAsleep, 0);
                return true;
            }
        }

        bool isWoken = _wake.WaitOne(_linger);
        Volatile.Write(ref _isAsleep, 0);
        lock (_gate)
        {
            if (isWoken || _readers.Count > 0)
                return true;
            _isLooking = false;
            return false;
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) != 0)
            _wake.Set();
    }

    private static bool Take(Reader reader, List<Reader> stalled)
    {
        if (!reader.HasStalled())
            return false;
        stalled.Add(reader);
        return true;
    }

    /// <summary>A thread that reads, and in between lets callers go on.</summary>
    /// <param name="watch">Who looks at it.</param>
    /// <param name="onStalled">Called once when a caller does not return: from then on somebody else has to read.</param>
    public sealed class Reader(ReaderWatch watch, Action onStalled)
    {
        private const long Replaced = -1;

        private long _step; // odd while callers go on
        private long _seenStep;

        /// <summary>Lets callers go on. False when that took so long that another one reads now.</summary>
        public bool Run(ResumeQueue callers)
        {
            long step = Interlocked.Increment(ref _step);
            if (watch.IsAsleep)
                watch.Wake();
            callers.Run();
            return Interlocked.CompareExchange(ref _step, step + 1, step) == step;
        }

        /// <summary>Whether nothing has happened since the last look, and nothing is under way.</summary>
        public bool IsUnchanged => Volatile.Read(ref _step) is var step && (step & 1) == 0 && step == _seenStep;

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
