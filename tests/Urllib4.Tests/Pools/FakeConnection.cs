using Urllib4.Connections;

namespace Urllib4.Tests.Pools;

/// <summary>A connection to nowhere that counts how often it is asked and closed, and is as alive as the test says.</summary>
internal sealed class FakeConnection(TimeProvider clock, bool isBlocking = false, Action? closed = null) : HttpConnection(NextId(), clock, isBlocking)
{
    private int _closes;
    private int _checks;

    /// <summary>What <see cref="IsAlive"/> answers, or throws; on the open connection.</summary>
    public Func<bool> Liveness { get; set; } = static () => true;

    public TimeSpan Hint { get; set; } = Timeout.InfiniteTimeSpan;

    public Exception? FailureOfClose { get; set; }

    public int Closes => Volatile.Read(ref _closes);

    public int Checks => Volatile.Read(ref _checks);

    public bool IsOpen => Closes == 0;

    public override int FreeSlots => 1;

    public override TimeSpan KeepAliveHint => Hint;

    public override bool IsAlive(bool isBlocking)
    {
        Interlocked.Increment(ref _checks);
        return IsOpen && Liveness();
    }

    public override void Close()
    {
        if (Interlocked.Increment(ref _closes) > 1)
            return;
        closed?.Invoke();
        if (FailureOfClose is not null)
            throw FailureOfClose;
    }

    public override Exchange Begin(Lease lease, in ExchangeTerms terms) => throw new NotSupportedException("It leads to nowhere.");

    public override ConnectionFigures Stamp() => new(new() { Id = Id }, TimeSpan.Zero, TimeSpan.Zero, 0, 0, 0);

    public override string ToString() => $"#{Id}";
}
