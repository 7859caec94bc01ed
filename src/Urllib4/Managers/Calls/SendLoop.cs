using System.Runtime.CompilerServices;
using Urllib4.Bodies;
using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// The way of one call: (1) the request is complete; (2) a pool lends a connection; (3) the request goes out; (4) the head comes back;
/// (5) the judge says what it means: return it, try again, follow it, or fail; (6) the body is read, or handed over. The only loop about
/// attempts.
/// </summary>
/// <param name="options">What holds for every request.</param>
/// <param name="urlOf">Reads what a caller gave as the URL, or throws.</param>
/// <param name="poolFor">
/// Finds the pool for a URL, and for whoever its connections are bound to, or throws: a manager's directory, or the one pool of a one-host
/// face.
/// </param>
/// <param name="proxies">Who may name another proxy for one that cannot be used; null when there is no choice.</param>
internal sealed class SendLoop(
    PoolOptions options,
    Func<string, Url> urlOf,
    Func<Url, RequestOptions, HttpAuth?, ConnectionPool> poolFor,
    ProxyChoice? proxies = null)
{
    private readonly AuthMemory _memory = new();

    private readonly RetryBudgetMeter _budget = new(options.RetryBudget);

    private readonly DefaultHeaders _defaults = new(options.Headers);

    /// <summary>Makes a call whose response is an object of its own.</summary>
    public ValueTask<UrllibResponse> Run<TMode>(string method, string url, RequestOptions own, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode => Run<TMode, UrllibResponse, ResponseResponder>(default, method, url, own, cancellationToken);

    /// <summary>Makes a call whose response goes into memory of the caller's.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunInto<TMode>(
        ResponseBuffer buffer, string method, string url, RequestOptions own, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.Enter();
        try
        {
            await Run<TMode, ResponseBuffer, BufferResponder>(new BufferResponder(buffer), method, url, own, cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            buffer.Leave();
        }
    }

    /// <summary>Makes a call whose response is handed to somebody.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResponse> Run<TMode, TResponse, TResponder>(
        TResponder responder, string method, string url, RequestOptions own, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
        where TResponder : struct, IResponder<TResponse>
    {
        var call = new Call(Prepare(method, urlOf(url), own), options, own, _budget, _memory, responder.Observer, cancellationToken);
        call.Begin();
        while (true)
        {
            call.BeginAttempt();
            Exchange? exchange = null;
            Verdict verdict;
            ConnectionPool? pool = null;
            try
            {
                await call.FindCredentials<TMode>().ConfigureAwait(false);
                pool = poolFor(call.Request.Url, own, call.BoundAuth);
                pool.CountRequest();
                Lease lease = call.TakeKept() ?? call.Guard(pool, await pool
                    .Borrow<TMode>(call.Timeout, call.Total, call.WantsFresh, call.Recorder, cancellationToken).ConfigureAwait(false));
                exchange = lease.Connection.Begin(lease, call.Terms with { Head = responder.Head });
                call.Recorder?.Leased(exchange.Connection);
                call.Recorder?.Enter(HttpPhase.Send);
                await exchange.Send<TMode>(call.HeadFor(pool), call.Request.Body).ConfigureAwait(false);
                call.Recorder?.Enter(HttpPhase.Head);
                ResponseHead head = await exchange.ReadHead<TMode>().ConfigureAwait(false);
                call.Recorder?.Answered(head.Status, head.Version, exchange.Connection);
                verdict = Judge.OfHead(ref call, head, exchange);
                if (verdict is { IsEnd: true, Error: null })
                    return await responder.Respond<TMode>(ref call, head, exchange).ConfigureAwait(false);
                await ResponseBody.Drop<TMode>(exchange, call.ForBody(), options.Clock).ConfigureAwait(false);
            }
            catch (HttpException e)
            {
                try
                {
                    verdict = OfFailure(ref call, e, pool, exchange);
                }
                finally
                {
                    exchange?.Finish(); // the caller's own OnRetry may throw
                    call.LetGo();
                }

                if (verdict.Error == e)
                    throw;
            }
            catch (Exception e)
            {
                call.GiveUp(e, exchange);
                throw;
            }

            if (verdict.Error is not null)
                throw verdict.Error;
            call.Recorder?.GoOn(verdict.Why!, verdict.Pause);
            if (verdict.Pause > TimeSpan.Zero)
                await Pause<TMode>(verdict.Pause, pool!.Disposed, cancellationToken).ConfigureAwait(false);
        }
    }

    private OutgoingRequest Prepare(string method, Url url, RequestOptions own)
    {
        try
        {
            return OutgoingRequest.Create(method, url, _defaults, own);
        }
        catch (HttpException e)
        {
            e.Url ??= url;
            throw;
        }
    }

    private Verdict OfFailure(ref Call call, HttpException error, ConnectionPool? pool, Exchange? exchange)
    {
        bool hasAnotherWay = pool is not null && exchange is null && call.Own.Proxy is null
            && proxies?.TryPassOver(call.Request.Url, pool.Key.Proxy, error, call.PassedOver) == true;
        if (!hasAnotherWay)
            return Judge.OfFailure(ref call, error, exchange);
        call.Recorder?.Failed(error, error.Connection);
        call.PassOver();
        return Verdict.Again(TimeSpan.Zero, $"{error.Sentence} The next proxy was tried.");
    }

    // The next attempt on a disposed pool is refused, so there is nothing to wait for.
    private async ValueTask Pause<TMode>(TimeSpan time, CancellationToken disposed, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, disposed);
        try
        {
            await TMode.Delay(time, options.Clock, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
