using System.Net.Sockets;

namespace Urllib4.TestKit;

/// <summary>
/// How long a blocking call on a <see cref="ScriptedPeer"/> waits: as long as the timeout of the stream says in virtual time.
/// </summary>
/// <remarks>A call that nothing in the test can end any more is ended by a guard in real time, and fails the test.</remarks>
internal sealed class Patience(object gate, VirtualTime time, int timeout) : IDisposable
{
    private static readonly TimeSpan RealLimit = TimeSpan.FromMinutes(2);
    private ITimer? _timer;
    private bool _over;

    /// <summary>Waits for the next pulse of the gate, which the caller has entered.</summary>
    public void Wait()
    {
        if (timeout > 0)
            _timer ??= time.CreateTimer(_ => End(), null, TimeSpan.FromMilliseconds(timeout), Timeout.InfiniteTimeSpan);
        if (!_over && !Monitor.Wait(gate, RealLimit))
            throw GivenUp();
        if (!_over)
            return;
        var cause = new SocketException((int)SocketError.TimedOut);
        throw new IOException(cause.Message, cause);
    }

    /// <summary>Waits for a change without holding the thread.</summary>
    public static async Task Wait(Task changed, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(RealLimit, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw GivenUp();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private static DialogueException GivenUp() =>
        new($"The client waited {RealLimit.TotalSeconds} s of real time for a peer that has nothing to say.");

    private void End()
    {
        lock (gate)
        {
            _over = true;
            Monitor.PulseAll(gate);
        }
    }
}
