using System.Diagnostics.CodeAnalysis;
using System.Net;
using Urllib4.Policies;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// What is known of one name: its last answer, its last failure, and who is asking just now. Every method is one step under the lock; what
/// it decides is done after it.
/// </summary>
internal sealed class NameEntry(Resolver resolver, string host, int port, NameOptions options, TimeProvider clock)
{
    // Late enough to spare the resolver, early enough for an answer of half a minute to come in time.
    private const double RefreshAfter = 0.8;

    private readonly Lock _gate = new(); // guards everything below
    private IReadOnlyList<IPEndPoint>? _endpoints;
    private long _since;
    private TimeSpan _lives;
    private LookupOutcome? _failure;
    private long _failedAt;
    private Lookup? _onThread;
    private Lookup? _asynchronous;

    private bool HasFailedOfLate => _failure is not null && clock.GetElapsedTime(_failedAt) < options.FailureTimeToLive;

    /// <summary>Says what one who asks is to do.</summary>
    /// <param name="isBlocking">How he waits. A thread that waits never depends on the thread pool, so it joins no asynchronous
    /// look-up.</param>
    /// <param name="limit">For how long.</param>
    public NameStep Ask(bool isBlocking, TimeSpan limit)
    {
        lock (_gate)
        {
            TimeSpan age = _endpoints is null ? TimeSpan.Zero : clock.GetElapsedTime(_since);
            if (_endpoints is not null && age < _lives)
                return new() { Found = new(_endpoints, NameSource.Memory, age, null), Refresh = RefreshOf(age) };
            FoundName? stale = _endpoints is not null && age - _lives < options.StaleFor
                ? new(_endpoints, NameSource.Stale, age, _failure?.Reason)
                : null;
            if (HasFailedOfLate)
                return new() { Found = stale, Failure = _failure };
            if (TryJoin(_onThread, limit, out Signal? waiter))
                return new() { Lookup = _onThread, Waiter = waiter, Stale = stale };
            if (!isBlocking && TryJoin(_asynchronous, limit, out waiter))
                return new() { Lookup = _asynchronous, Waiter = waiter, Stale = stale };
            Lookup lookup = NewLookup(isWanted: stale is not null);
            lookup.TryJoin(out waiter);
            Lookup? left = isBlocking ? _onThread : _asynchronous;
            if (isBlocking)
                _onThread = lookup;
            else
                _asynchronous = lookup;
            return new() { Lookup = lookup, Waiter = waiter, Stale = stale, IsNew = true, Left = left };
        }
    }

    /// <summary>The answer may have been overtaken: it serves only if there is no other to be had.</summary>
    public void Doubt()
    {
        lock (_gate)
            _lives = TimeSpan.Zero;
    }

    /// <summary>A look-up is over.</summary>
    public void Take(Lookup lookup)
    {
        bool isAbandoned = lookup.IsAbandoned;
        lock (_gate)
        {
            if (_onThread == lookup)
                _onThread = null;
            if (_asynchronous == lookup)
                _asynchronous = null;
            LookupOutcome outcome = lookup.Outcome;
            if (outcome.Answer is { } answer)
            {
                (_endpoints, _since, _lives, _failure) = (answer.EndPoints, clock.GetTimestamp(), LifeOf(answer), null);
                return;
            }

            // What was given up may have failed for that reason alone.
            if (isAbandoned)
                return;
            (_failure, _failedAt) = (outcome, clock.GetTimestamp());
            if (outcome.IsGone)
                _endpoints = null;
        }
    }

    // One that hangs would hold up all who come later.
    private static bool TryJoin(Lookup? lookup, TimeSpan limit, [NotNullWhen(true)] out Signal? waiter)
    {
        waiter = null;
        return lookup is not null && (limit == Timeout.InfiniteTimeSpan || lookup.Age < limit / 2) && lookup.TryJoin(out waiter);
    }

    private Lookup? RefreshOf(TimeSpan age) =>
        age >= _lives * RefreshAfter && _onThread is null && _asynchronous is null && !HasFailedOfLate
            ? _onThread = NewLookup(isWanted: true)
            : null;

    private Lookup NewLookup(bool isWanted) => new(resolver, host, port, clock, Take, isWanted);

    private TimeSpan LifeOf(NameAnswer answer)
    {
        TimeSpan own = answer.TimeToLive ?? options.DefaultTimeToLive;
        TimeSpan least = own > options.MinTimeToLive ? own : options.MinTimeToLive;
        return least < options.MaxTimeToLive ? least : options.MaxTimeToLive;
    }
}

/// <summary>What one who asks for a name is to do: take what was found or the failure, or wait for a look-up.</summary>
internal readonly record struct NameStep
{
    /// <summary>The name is known.</summary>
    public FoundName? Found { get; init; }

    /// <summary>The resolver has just failed; told to whoever has found nothing.</summary>
    public LookupOutcome? Failure { get; init; }

    /// <summary>A look-up to begin that nobody waits for.</summary>
    public Lookup? Refresh { get; init; }

    /// <summary>The look-up to wait for.</summary>
    public Lookup? Lookup { get; init; }

    /// <summary>The place in it.</summary>
    public Signal? Waiter { get; init; }

    /// <summary>Whether it has to be begun.</summary>
    public bool IsNew { get; init; }

    /// <summary>The one in whose place it came, since that has taken too long.</summary>
    public Lookup? Left { get; init; }

    /// <summary>What serves if it fails.</summary>
    public FoundName? Stale { get; init; }
}
