using Urllib4.Connections;

namespace Urllib4.Tests.Pools;

/// <summary>A connection to nowhere that counts how often it is asked and closed, and is as alive as the test says.</summary>
internal sealed class FakeConnection(TimeProvider clock, bool isBlocking = false, Action? closed = null) : HttpConnection(NextId(), clock, isBlocking)
{
    private int _closes;
    private int _checks;
    private int _capacity = 1;
    private bool _isLeaving;
    private bool _hasEnded;

    /// <summary>What <see cref="IsAlive"/> answers, or throws; on the open connection.</summary>
    public Func<bool> Liveness { get; set; } = static () => true;

    public TimeSpan Hint { get; set; } = Timeout.InfiniteTimeSpan;

    public Exception? FailureOfClose { get; set; }

    public int Closes => Volatile.Read(ref _closes);

    public int Checks => Volatile.Read(ref _checks);

    public bool IsOpen => Closes == 0;

    public override int Capacity => Volatile.Read(ref _capacity);

    public override bool AcceptsMore => !Volatile.Read(ref _isLeaving) && !IsOver;

    public override bool IsOver => !IsOpen || Volatile.Read(ref _hasEnded);

    public override TimeSpan KeepAliveHint => Hint;

    /// <summary>Whether something has come, so that a look is worth it.</summary>
    public bool News { get; set; }

    /// <summary>How whoever looked last was going to wait; null when nobody looked.</summary>
    public bool? LookedAtBlocking { get; private set; }

    public override bool HasNews => News;

    public override bool IsAlive(bool isBlocking)
    {
        Interlocked.Increment(ref _checks);
        LookedAtBlocking = isBlocking;
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

    /// <summary>How many requests it carries at once, before anybody has it.</summary>
    public FakeConnection Carrying(int capacity)
    {
        _capacity = capacity;
        return this;
    }

    /// <summary>The server allows another number of requests at once.</summary>
    public void Allow(int capacity)
    {
        Volatile.Write(ref _capacity, capacity);
        Changed?.Invoke(this);
    }

    /// <summary>The server takes no further requests, and ends those it has.</summary>
    public void Leave()
    {
        Volatile.Write(ref _isLeaving, true);
        Changed?.Invoke(this);
    }

    /// <summary>The server is gone.</summary>
    public void BreakOff()
    {
        Volatile.Write(ref _hasEnded, true);
        Changed?.Invoke(this);
    }

    public override ExchangeHandle Begin(Lease lease, in ExchangeTerms terms) => throw new NotSupportedException("It leads to nowhere.");

    public override ConnectionFigures Stamp() => new(new() { Id = Id }, TimeSpan.Zero, TimeSpan.Zero, 0, 0, 0);

    public override string ToString() => $"#{Id}";
}
