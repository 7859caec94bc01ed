namespace Urllib4.Transport;

/// <summary>
/// The threads of blocking look-ups. One that is free takes the next look-up; when none is, since a resolver may be stuck, another one
/// is started. So no look-up ever waits for another, and look-ups one after the other share a thread.
/// </summary>
/// <param name="patience">How long a thread without work stays.</param>
internal sealed class LookupThreads(TimeSpan patience)
{
    // After a burst the others end at once.
    private const int MostIdle = 4;

    private readonly object _gate = new();
    private readonly Queue<Lookup> _given = new(); // guarded by _gate; for each of them a free thread is awake or about to be
    private int _idle; // guarded by _gate; free threads that were given nothing

    /// <summary>For the whole process, since names are looked up seldom.</summary>
    public static LookupThreads Shared { get; } = new(TimeSpan.FromSeconds(10));

    /// <summary>Has a look-up done on a thread that does nothing else meanwhile.</summary>
    public void Start(Lookup lookup)
    {
        lock (_gate)
        {
            if (_idle > 0)
            {
                _idle--;
                _given.Enqueue(lookup);
                Monitor.Pulse(_gate);
                return;
            }
        }

        new Thread(Work) { IsBackground = true, Name = "Urllib4 look-up" }.UnsafeStart(lookup);
    }

    private void Work(object? first)
    {
        var lookup = (Lookup?)first;
        while (lookup is not null)
        {
            lookup.Ask();
            lookup = Next(lookup);
        }
    }

    private Lookup? Next(Lookup done)
    {
        lock (_gate)
        {
            bool stays = _idle < MostIdle;
            if (stays)
                _idle++;
            // Only now: whoever has the answer finds this thread free for the next question.
            done.Answer();
            if (!stays)
                return null;
            // What counts is the queue: a thread that gives up may have been the one that was woken.
            while (_given.Count == 0 && Monitor.Wait(_gate, patience))
            {
            }

            if (_given.TryDequeue(out Lookup? next))
                return next;
            _idle--;
            return null;
        }
    }
}
