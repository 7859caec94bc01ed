using Urllib4.Connections;
using Urllib4.Diagnostics;
using Urllib4.Primitives;
using Urllib4.Waiting;

namespace Urllib4.Pools;

/// <content>How a request gets a connection: an idle or shared one, a new one, or the first that comes free.</content>
internal sealed partial class ConnectionPool
{
    /// <summary>
    /// Lends a connection: an idle one that is still good, or a new one, or the first that comes free. Whoever gets it makes the
    /// <see cref="Lease"/> that brings it back.
    /// </summary>
    /// <param name="timeout">How long to wait and to dial.</param>
    /// <param name="total">The deadline of the whole call.</param>
    /// <param name="fresh">Whether only a newly opened one will do, as for sending again what an idle connection swallowed.</param>
    /// <param name="recorder">Writes down what it comes to, if somebody wants to know.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <exception cref="PoolTimeoutException">The pool stayed full.</exception>
    /// <exception cref="TotalTimeoutException">The pool stayed full until the call had no time left.</exception>
    /// <exception cref="ClosedPoolException">The pool is closed, or was while this waited or dialed.</exception>
    /// <exception cref="HttpException">No connection could be opened.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask<HttpConnection> Borrow<TMode>(
        HttpTimeout timeout, Deadline total, bool fresh, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan now = _clock.GetCoarseTime();
        PoolDecision decision;
        PoolTicket? ticket;
        lock (_lock)
            decision = _state.Borrow(TMode.IsBlocking, fresh, out ticket);
        return decision.Step == PoolStep.Reuse && TryUse<TMode>(decision.Connection!, now)
            ? new ValueTask<HttpConnection>(decision.Connection!)
            : Obtain<TMode>(decision, ticket, timeout, total, recorder, cancellationToken);
    }

    /// <summary>The way when no idle connection was found good at once.</summary>
    private async ValueTask<HttpConnection> Obtain<TMode>(
        PoolDecision decision,
        PoolTicket? ticket,
        HttpTimeout timeout,
        Deadline total,
        CallRecorder? recorder,
        CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        while (true)
        {
            switch (decision.Step)
            {
                case PoolStep.Reuse:
                    HttpConnection connection = decision.Connection!;
                    if (TryUse<TMode>(connection, _clock.GetCoarseTime()))
                        return connection;
                    decision = TurnDown(connection, TMode.IsBlocking, out ticket);
                    break;
                case PoolStep.Dial:
                    return await Dial<TMode>(decision.Connection, timeout, total, recorder, cancellationToken).ConfigureAwait(false);
                case PoolStep.Wait:
                    recorder?.Enter(HttpPhase.PoolWait);
                    decision = await WaitFor<TMode>(ticket!, timeout, total, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw Closed();
            }
        }
    }

    private async ValueTask<PoolDecision> WaitFor<TMode>(
        PoolTicket ticket, HttpTimeout timeout, Deadline total, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        long start = _clock.GetTimestamp();
        bool served = false;
        try
        {
            served = await TMode.Wait(ticket.Served, total.Cap(timeout.Pool), _clock, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!served)
                Withdraw(ticket);
        }

        if (served)
            return ticket.Outcome;
        if (total.HasPassed)
            throw new TotalTimeoutException(HttpPhase.PoolWait, total.Limit, total.Elapsed);
        throw Snapshot().Full(timeout.Pool, _clock.GetElapsedTime(start));
    }

    private void Withdraw(PoolTicket ticket)
    {
        PoolDecision outcome;
        lock (_lock)
        {
            if (_state.Withdraw(ticket))
                return;
            outcome = ticket.Outcome;
        }

        // It was served in the very instant in which its time ran out: what it got goes on to the next.
        if (outcome.Step == PoolStep.Reuse)
            Return(outcome.Connection!, reusable: true);
        else if (outcome.Step == PoolStep.Dial)
            GiveUpDial(outcome.Connection);
    }

    private async ValueTask<HttpConnection> Dial<TMode>(
        HttpConnection? insteadOf, HttpTimeout timeout, Deadline total, CallRecorder? recorder, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        HttpConnection? connection = null;
        try
        {
            if (insteadOf is not null)
                Shut(insteadOf);
            using CancellationTokenSource? either = cancellationToken.CanBeCanceled
                ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed)
                : null;
            connection = await _factory
                .Open(TMode.IsBlocking, new ConnectTerms(timeout, total, recorder, either?.Token ?? _disposed)).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            throw Closed();
        }
        finally
        {
            if (connection is null)
                GiveUpDial();
        }

        // Before it is counted: what changes earlier is seen then.
        connection.Changed = _watch.Changed;
        PoolTicket? served;
        lock (_lock)
        {
            served = _state.Opened(connection);
            _numConnections++;
        }

        served?.Wake();
        if (ConnectionEvents.IsOn(_events))
            ConnectionEvents.Opened(_events, this, connection.Describe());
        if (!_disposed.IsCancellationRequested)
            return connection;
        Return(connection, reusable: false);
        throw Closed();
    }

    private void GiveUpDial(HttpConnection? insteadOf = null)
    {
        if (insteadOf is not null)
            Shut(insteadOf);
        PoolTicket? served;
        lock (_lock)
            served = _state.DialFailed();
        served?.Wake();
    }

    /// <summary>Gives up a connection that was lent but is not good, and says what its borrower is to do instead.</summary>
    private PoolDecision TurnDown(HttpConnection connection, bool isBlocking, out PoolTicket? ticket)
    {
        lock (_lock)
        {
            if (!_state.TurnDown(connection))
                return _state.Borrow(isBlocking, fresh: false, out ticket);
        }

        Shut(connection);
        lock (_lock)
            return _state.BorrowInsteadOf(connection, isBlocking, out ticket);
    }

    /// <summary>Looks whether a connection that was lent is still good.</summary>
    private bool TryUse<TMode>(HttpConnection connection, TimeSpan now)
        where TMode : struct, IWaitMode
    {
        connection.TakenAt = now;
        return IsGood(connection, TMode.IsBlocking, now);
    }

    private bool IsGood(HttpConnection connection, bool isBlocking, TimeSpan now)
    {
        try
        {
            return connection.AcceptsMore && !_limits.HasExpired(connection, now) && connection.IsAlive(isBlocking);
        }
        catch (Exception)
        {
            // One that cannot even be looked at is not alive; were this to get out, its place would be lost.
            return false;
        }
    }
}
