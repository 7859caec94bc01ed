namespace Urllib4.TestKit;

/// <summary>A gate in a dialogue: the peer stops at it until the test opens it. Once open it stays open.</summary>
public sealed class Gate
{
    private readonly object _lock = new();
    private Action? _opened;
    private bool _isOpen;

    /// <summary>Whether it was opened.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _isOpen;
        }
    }

    /// <summary>Opens the gate and lets everyone pass who waits at it.</summary>
    public void Open()
    {
        Action? opened;
        lock (_lock)
        {
            _isOpen = true;
            opened = _opened;
            _opened = null;
            Monitor.PulseAll(_lock);
        }

        opened?.Invoke();
    }

    /// <summary>Holds the calling thread until the gate is open.</summary>
    /// <param name="guard">Real time after which the test fails; two minutes when left out.</param>
    /// <exception cref="TimeoutException">The gate was not opened in time.</exception>
    public void Wait(TimeSpan? guard = null)
    {
        lock (_lock)
            Guard.WaitUntil(_lock, () => _isOpen, guard, () => "a gate to be opened");
    }

    /// <summary>Holds the calling thread until the gate is open or the time is over, which is no failure.</summary>
    internal bool WaitAtMost(TimeSpan limit)
    {
        lock (_lock)
            return _isOpen || (Monitor.Wait(_lock, limit) && _isOpen);
    }

    /// <summary>Calls back when the gate opens; at once when it is open.</summary>
    internal void WhenOpen(Action action)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                _opened += action;
                return;
            }
        }

        action();
    }
}
