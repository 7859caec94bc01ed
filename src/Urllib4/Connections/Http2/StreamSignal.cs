using System.Threading.Tasks.Sources;

namespace Urllib4.Connections;

/// <summary>
/// What the one caller of a stream waits for, again and again. A blocking caller is woken directly, without the thread pool; the
/// continuation of an asynchronous one runs in <see cref="Set"/>.
/// </summary>
internal sealed class StreamSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private AutoResetEvent? _event; // an event a waiter costs fewer calls to the system than a monitor

    /// <summary>Whether who waits holds his thread.</summary>
    public bool IsBlocking { get; private set; }

    /// <summary>Makes ready for one wait.</summary>
    public void Reset(bool isBlocking)
    {
        IsBlocking = isBlocking;
        if (isBlocking)
            _event ??= new AutoResetEvent(false);
        else
            _source.Reset();
    }

    /// <summary>Waits until <see cref="Set"/> is called, which may have been before.</summary>
    public ValueTask Wait()
    {
        if (!IsBlocking)
            return new ValueTask(this, _source.Version);
        _event!.WaitOne();
        return default;
    }

    /// <summary>Ends the wait. Called once for each <see cref="Reset"/>, under no lock.</summary>
    public void Set()
    {
        if (IsBlocking)
            _event!.Set();
        else
            _source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
