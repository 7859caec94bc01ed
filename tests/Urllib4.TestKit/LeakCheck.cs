using System.Diagnostics;

namespace Urllib4.TestKit;

/// <summary>
/// Watches counters that have to be back at a value when a test is over (open sockets, leases, waiters), and tasks that failed unseen.
/// </summary>
/// <remarks>Unseen failures are those of the whole process: a test that uses this belongs in a collection that runs alone.</remarks>
public sealed class LeakCheck : IDisposable
{
    private readonly List<(string Name, Func<long> Count, long Expected)> _watched = [];
    private readonly List<Exception> _unobserved = [];

    /// <summary>Starts to listen for tasks that failed unseen.</summary>
    public LeakCheck() => TaskScheduler.UnobservedTaskException += Note;

    /// <summary>Watches a counter, which has to be back at its present value in the end.</summary>
    public LeakCheck Watch(string name, Func<long> count) => Watch(name, count, count());

    /// <summary>Watches a counter, which has to show a value in the end.</summary>
    public LeakCheck Watch(string name, Func<long> count, long expected)
    {
        _watched.Add((name, count, expected));
        return this;
    }

    /// <summary>Asserts that nothing leaked. Gives other threads a moment to finish; a leak is what is left after it.</summary>
    /// <param name="guard">Real time after which what is left is a leak; two minutes when left out.</param>
    /// <exception cref="LeakException">Something leaked; every counter that is off is named.</exception>
    public void Verify(TimeSpan? guard = null)
    {
        long started = Stopwatch.GetTimestamp();
        while (Leaks().Count > 0 && Stopwatch.GetElapsedTime(started) < (guard ?? Guard.Limit))
            Thread.Sleep(1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        List<string> leaks = Leaks();
        lock (_unobserved)
            leaks.AddRange(_unobserved.Select(static e => $"a task failed unseen: {e.GetBaseException()}"));
        if (leaks.Count > 0)
            throw new LeakException(string.Join('\n', leaks));
    }

    /// <inheritdoc/>
    public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

    private List<string> Leaks() =>
        [.. _watched.Where(static w => w.Count() != w.Expected).Select(static w => $"{w.Name}: {w.Count()} instead of {w.Expected}")];

    private void Note(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_unobserved)
            _unobserved.Add(e.Exception);
    }
}

/// <summary>Something was not given back.</summary>
/// <param name="message">What, and how much of it.</param>
public sealed class LeakException(string message) : Exception(message);
