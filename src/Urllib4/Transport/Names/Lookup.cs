using System.Diagnostics.CodeAnalysis;
using Urllib4.Waiting;

namespace Urllib4.Transport;

/// <summary>
/// One question to a resolver, for all who ask the same meanwhile. A resolver cannot be interrupted: who has no more time leaves, and when
/// nobody is left it is told so, and ends by itself.
/// </summary>
/// <param name="resolver">Who is asked.</param>
/// <param name="host">For which host.</param>
/// <param name="port">For which port.</param>
/// <param name="clock">The clock of those who wait.</param>
/// <param name="done">Is told of the outcome before those who wait.</param>
/// <param name="isWanted">Whether the answer is wanted though nobody waits for it.</param>
internal sealed class Lookup(
    Resolver resolver, string host, int port, TimeProvider clock, Action<Lookup>? done = null, bool isWanted = false)
{
    private readonly Lock _gate = new();
    private readonly long _begun = clock.GetTimestamp();
    private List<Signal>? _waiters = []; // guarded by _gate; null once there is an outcome
    private bool _isAbandoned; // guarded by _gate
    private Action? _cancel; // guarded by _gate

    /// <summary>How long it has been under way.</summary>
    public TimeSpan Age => clock.GetElapsedTime(_begun);

    /// <summary>What came of it; written before anybody is woken.</summary>
    public LookupOutcome Outcome { get; private set; }

    /// <summary>Whether everybody left before there was an answer.</summary>
    public bool IsAbandoned
    {
        get
        {
            lock (_gate)
                return _isAbandoned;
        }
    }

    /// <summary>A place among those who wait; none when everybody had left.</summary>
    public bool TryJoin([NotNullWhen(true)] out Signal? waiter)
    {
        waiter = null;
        lock (_gate)
        {
            if (_isAbandoned)
                return false;
            waiter = new Signal();
            _waiters?.Add(waiter);
            if (_waiters is null)
                waiter.Set();
            return true;
        }
    }

    /// <summary>Waits for the outcome in a place that <see cref="TryJoin"/> gave.</summary>
    /// <exception cref="TimeoutException">The limit ran out; so it is for this one only.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; so it is for this one only.</exception>
    public async ValueTask<LookupOutcome> Wait<TMode>(Signal waiter, TimeSpan limit, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        bool isOver = false;
        try
        {
            isOver = await TMode.Wait(waiter, limit, clock, cancellationToken).ConfigureAwait(false);
            return isOver ? Outcome : throw new TimeoutException();
        }
        finally
        {
            if (!isOver)
                Leave(waiter);
        }
    }

    /// <summary>Nobody joins it any more, and if nobody waits its answer is not wanted.</summary>
    public void Abandon()
    {
        Action? cancel;
        lock (_gate)
        {
            _isAbandoned = true;
            cancel = _waiters is { Count: 0 } ? _cancel : null;
        }

        Cancel(cancel);
    }

    /// <summary>Asks the resolver, and gives the thread back meanwhile; never fails.</summary>
    public async Task AskAsync()
    {
        using var unwanted = new CancellationTokenSource();
        lock (_gate)
            _cancel = unwanted.Cancel;
        try
        {
            Outcome = LookupOutcome.Of(await resolver.LookupAsync(host, port, unwanted.Token).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Outcome = LookupOutcome.Of(e);
        }

        lock (_gate)
            _cancel = null;
        Answer();
    }

    /// <summary>Asks the resolver, holding the thread; nobody hears of it yet.</summary>
    public void Ask()
    {
        try
        {
            Outcome = LookupOutcome.Of(resolver.Lookup(host, port));
        }
        catch (Exception e)
        {
            Outcome = LookupOutcome.Of(e);
        }
    }

    /// <summary>Wakes whoever waits for the answer.</summary>
    public void Answer()
    {
        done?.Invoke(this);
        List<Signal> waiters;
        lock (_gate)
        {
            waiters = _waiters!;
            _waiters = null;
        }

        foreach (Signal waiter in waiters)
            waiter.Set();
    }

    private static void Cancel(Action? cancel)
    {
        try
        {
            cancel?.Invoke();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    private void Leave(Signal waiter)
    {
        Action? cancel = null;
        lock (_gate)
        {
            if (_waiters is null)
                return;
            _waiters.Remove(waiter);
            if (_waiters.Count > 0 || isWanted)
                return;
            _isAbandoned = true;
            cancel = _cancel;
        }

        Cancel(cancel);
    }
}
