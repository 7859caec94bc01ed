using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>
/// The way of one call: (1) the request is complete; (2) its head is put together and checked; (3) a pool lends a connection; (4) the
/// request goes out; (5) the head of a response comes back; (6) the judge says what it means, and the caller what he thinks of it; (7) the
/// response is handed over, or the loop begins anew. The only loop about attempts.
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

    private readonly DefaultHeaders _defaults = new(Sealed(options).Headers);

    private readonly UrlCache _asWritten = new(RequestUrl.AsWritten);

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
        own.Seal();
        var call = new Call(
            Prepare(method, own.KeepsEscapes ? _asWritten.Read(url) : urlOf(url), own),
            new CallTerms(options, own, responder.Observer, cancellationToken),
            _memory);
        _budget.CountRequest(options.Clock.GetCoarseTime());
        while (true)
        {
            call.BeginAttempt();
            ConnectionPool? pool = null;
            ExchangeHandle exchange = default;
            Verdict verdict;
            try
            {
                if (call.Credentials is { } credentials)
                    await credentials.Find<TMode>(call.Request, call.Terms).ConfigureAwait(false);
                pool = poolFor(call.Request.Url, call.OwnForWay, call.Credentials?.BoundAuth);
                RequestHead request = call.HeadFor(pool);
                pool.CountRequest();
                HttpConnection? borrowed = call.Connection.IsKept ? null : await pool
                    .Borrow<TMode>(call.Terms.Timeout, call.Terms.Total, call.Connection.WantsFresh, call.Recorder, cancellationToken)
                    .ConfigureAwait(false);
                exchange = call.Begin(pool, borrowed, responder.Head);
                call.Recorder?.Leased(exchange.Connection);
                call.Recorder.Sending(request, call.Request.Body);
                call.Recorder?.Enter(HttpPhase.Send);
                await exchange.Send<TMode>(request, call.Request.Body).ConfigureAwait(false);
                call.Recorder?.Enter(HttpPhase.Head);
                ResponseHead head = await exchange.ReadHead<TMode>().ConfigureAwait(false);
                call.Recorder.Received(head);
                call.Recorder?.Answered(head.Status, head.Version, exchange.Connection);
                verdict = OfHead(ref call, head, exchange);
                if (verdict is Verdict.Return)
                    return await responder.Respond<TMode>(ref call, head, exchange).ConfigureAwait(false);
                await ResponseBody.Drop<TMode>(exchange, call.ForBody(), options.Clock).ConfigureAwait(false);
            }
            catch (HttpException e)
            {
                verdict = OfFailure(ref call, e, pool, exchange);
                if (verdict is Verdict.Fail fail && fail.Error == e)
                    throw;
            }
            catch (Exception e)
            {
                call.GiveUp(e, exchange);
                throw;
            }

            if (verdict is not Verdict.GoOn next)
                throw ((Verdict.Fail)verdict).Error;
            call.Apply(next);
            if (next.Pause > TimeSpan.Zero)
                await Pause<TMode>(next.Pause, pool!.Disposed, cancellationToken).ConfigureAwait(false);
        }
    }

    private static PoolOptions Sealed(PoolOptions options)
    {
        options.Seal();
        return options;
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

    private Verdict OfHead(ref Call call, ResponseHead head, ExchangeHandle exchange)
    {
        AttemptFacts attempt = AttemptFacts.Of(exchange);
        if (call.Credentials is { } credentials)
        {
            bool hasAnswer = credentials.TryAnswer(head.Status, head.Headers);
            if (!hasAnswer && head.Status is (401 or 407) && credentials.WhyNotAnswered is { } reason)
                call.Recorder?.LeftUnanswered(reason);
            attempt = attempt with { HasAnswer = hasAnswer, IsUnproven = !hasAnswer && !credentials.Confirm(head.Status, head.Headers) };
        }

        Verdict verdict = AskCaller(call, Judge.OfHead(call.Facts, attempt, head), head);
        // Only a handshake that goes on needs the same connection again.
        if (verdict is not Verdict.NextLeg)
            call.Connection.LetGo();
        if (verdict is Verdict.Fail fail)
            call.Complete(fail, exchange);
        return verdict;
    }

    private Verdict OfFailure(ref Call call, HttpException error, ConnectionPool? pool, ExchangeHandle exchange)
    {
        try
        {
            call.Complete(error, exchange);
            AttemptFacts attempt = AttemptFacts.Of(exchange) with
            {
                HasAnotherProxy = pool is not null && exchange.IsNone && call.Terms.Own.Proxy is null
                    && proxies?.TryPassOver(call.Request.Url, pool.Key.Proxy, error, call.PassedOver) == true,
            };
            Verdict verdict = AskCaller(call, Judge.OfFailure(call.Facts, attempt, error), null);
            if (verdict is Verdict.Fail fail)
            {
                // The failure itself tells why it was the last one, even when it is only the reason of another error.
                error.NotRetriedBecause ??= fail.WhyNot;
                call.Complete(fail, exchange);
            }

            return verdict;
        }
        finally
        {
            exchange.Finish(); // the caller's own OnRetry may throw
            call.Connection.LetGo();
        }
    }

    /// <summary>Puts a verdict to those who have a say in it: the callbacks of the caller, and the budget of the manager.</summary>
    private Verdict AskCaller(in Call call, Verdict verdict, ResponseHead? head)
    {
        switch (verdict)
        {
            case Verdict.Again again:
                if (again.Retries.Agree(again.Pause) is not { } pause)
                    return again.Instead($"{nameof(Retry.OnRetry)} said no");
                verdict = Judge.Review(call.Facts, again with { Pause = pause });
                return verdict is Verdict.Fail or Verdict.Return || _budget.TryTake(options.Clock.GetCoarseTime())
                    ? verdict
                    : again.Instead("the retry budget of the manager was used up");
            case Verdict.Follow follow:
                RedirectDecision? decision = call.Terms.OnRedirect?.Invoke(call.Describe(follow.Step, head!));
                return decision is RedirectDecision.Stop ? Verdict.Return.Response : Judge.Review(call.Facts, follow);
            default:
                return verdict;
        }
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
