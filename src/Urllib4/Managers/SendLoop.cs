using System.Runtime.CompilerServices;
using Urllib4.Bodies;
using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Pools;
using Urllib4.Primitives;
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
/// <param name="poolFor">Finds the pool for a URL, or throws: a manager's directory, or the one pool of a one-host face.</param>
internal sealed class SendLoop(PoolOptions options, Func<string, Url> urlOf, Func<Url, RequestOptions, ConnectionPool> poolFor)
{
    private readonly RetryBudgetMeter _budget = new(options.RetryBudget);

    private readonly HttpHeaderDict _defaults = OutgoingRequest.Defaults(options.Headers);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UrllibResponse> Run<TMode>(string method, string url, RequestOptions own, CancellationToken cancellationToken)
        where TMode : struct, IWaitMode
    {
        var call = new Call(Prepare(method, urlOf(url), own), options, own, _budget, cancellationToken);
        call.Begin();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Exchange? exchange = null;
            Verdict verdict;
            ConnectionPool? pool = null;
            call.Recorder?.Begin(call.Request.Method, call.Request.Url);
            try
            {
                pool = poolFor(call.Request.Url, own);
                pool.CountRequest();
                Lease lease = await pool
                    .Borrow<TMode>(call.Timeout, call.Total, call.WantsFresh, call.Recorder, cancellationToken).ConfigureAwait(false);
                exchange = lease.Connection.Begin(lease, call.Terms);
                call.Recorder?.Enter(HttpPhase.Send);
                await exchange.Send<TMode>(call.HeadFor(pool.HostHeader), call.Request.Body).ConfigureAwait(false);
                call.Recorder?.Enter(HttpPhase.Head);
                ResponseHead head = await exchange.ReadHead<TMode>().ConfigureAwait(false);
                call.Recorder?.Answered(head.Status, exchange.Connection);
                verdict = Judge.OfHead(call, head, exchange);
                if (verdict is { IsEnd: true, Error: null })
                    return await Respond<TMode>(call, head, exchange).ConfigureAwait(false);
                await ResponseBody.Drop<TMode>(exchange, call, options.Clock).ConfigureAwait(false);
            }
            catch (HttpException e)
            {
                try
                {
                    verdict = Judge.OfFailure(call, e, exchange);
                }
                finally
                {
                    exchange?.Finish(); // the caller's own OnRetry may throw
                }

                if (verdict.Error == e)
                    throw;
            }
            catch
            {
                exchange?.Finish();
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<UrllibResponse> Respond<TMode>(Call call, ResponseHead head, Exchange exchange)
        where TMode : struct, IWaitMode
    {
        RequestOptions own = call.Own;
        ContentDecoding? coding = own.DecodeContent && !exchange.IsComplete && head.Has("Content-Encoding"u8)
            && own.DecodesOnly?.Invoke(head.Headers) != false
            ? ContentDecoding.Parse(head.Headers.GetAll(HeaderNames.ContentEncoding))
            : null;
        BodyDecoder? decoder = coding?.CreateDecoder() is { } undo
            ? new BodyDecoder(undo, own.DecodeLimits ?? call.Options.DecodeLimits)
            : null;
        // A stream is decoded in bounded memory, so limits hold there only when somebody asks for them.
        if (own.DecodeLimits is not null)
            decoder?.Limit();
        ExchangeStamp stamp = exchange.Stamp;
        var body = new ResponseBody(exchange, call, call.Options.Clock, decoder) { UnknownCoding = coding?.UnknownCoding };
        byte[]? data = body.IsSwitched ? [] : null;
        if (own.PreloadContent && !body.IsSwitched)
            data = await body.ReadAll<TMode>(decoder is null ? head.ContentLength : null, CancellationToken.None).ConfigureAwait(false);
        else
            body.Guarded();
        return new UrllibResponse(head, call.Request.Url, call.Retries, stamp, body, data) { Recorder = call.Recorder };
    }
}
