namespace Urllib4.Policies;

/// <summary>
/// Counts the requests and retries of one manager against its <see cref="RetryBudget"/>. Thread-safe; no timer, no clock of its own.
/// </summary>
/// <remarks>
/// The window is a ring of slots, so counting costs the same however busy the manager is; it slides by a tenth of its length.
/// <c>now</c> is the time since any fixed moment on a monotonic clock.
/// </remarks>
internal sealed class RetryBudgetMeter
{
    private const int Slots = 10;

    private readonly RetryBudget _budget;
    private readonly long _slotTicks;
    private readonly Lock _lock = new();

    // Guarded by _lock. A slot belongs to the tenth of a window whose number stands in _numbers; others are stale.
    private readonly long[] _numbers = new long[Slots];
    private readonly long[] _requests = new long[Slots];
    private readonly long[] _retries = new long[Slots];

    public RetryBudgetMeter(RetryBudget budget)
    {
        _budget = budget;
        _slotTicks = Math.Max(1, budget.Window.Ticks / Slots);
    }

    private bool IsUnlimited => _budget.Minimum == int.MaxValue;

    /// <summary>Counts a request of a caller; not its retries and redirects.</summary>
    public void CountRequest(TimeSpan now)
    {
        if (IsUnlimited)
            return;
        lock (_lock)
            _requests[Slot(now)]++;
    }

    /// <summary>Takes one retry from the budget; false when nothing is left, and then nothing is taken.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (IsUnlimited)
            return true;
        lock (_lock)
        {
            int slot = Slot(now);
            long oldest = _numbers[slot] - Slots + 1;
            long requests = 0;
            long retries = 0;
            for (int i = 0; i < Slots; i++)
            {
                if (_numbers[i] < oldest)
                    continue;
                requests += _requests[i];
                retries += _retries[i];
            }

            if (retries >= Math.Max(_budget.Minimum, _budget.Share * requests))
                return false;
            _retries[slot]++;
            return true;
        }
    }

    private int Slot(TimeSpan now)
    {
        long number = now.Ticks / _slotTicks;
        int slot = (int)(number % Slots);

        // Threads may bring their readings of the clock out of order; a late one counts for the newer window that has taken its slot.
        if (_numbers[slot] < number)
        {
            _numbers[slot] = number;
            _requests[slot] = 0;
            _retries[slot] = 0;
        }

        return slot;
    }
}
