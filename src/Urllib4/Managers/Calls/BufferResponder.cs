using System.Runtime.CompilerServices;
using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>The end of a call into memory of the caller's: the body is read, whatever it is, and nothing is left on its way.</summary>
internal readonly struct BufferResponder(ResponseBuffer buffer) : IResponder<ResponseBuffer>
{
    public ResponseHead? Head => buffer.Head;

    public RedirectObserver? Observer => null;

    public ValueTask<ResponseBuffer> Respond<TMode>(ref Call call, ResponseHead head, ExchangeHandle exchange)
        where TMode : struct, IWaitMode
    {
        Url url = call.Request.Url;
        return ResponseResponder.IsPlain(call, head, exchange)
            ? Fill<TMode>(url, call.Retries, call.Attempts, head, exchange, ResponseResponder.MostOf(call))
            : FillDecoded<TMode>(url, call.Retries, call.Attempts, head, ResponseResponder.BodyOf(call, head, exchange));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseBuffer> Fill<TMode>(
        Url url, Retry retries, int attempts, ResponseHead head, ExchangeHandle exchange, int most)
        where TMode : struct, IWaitMode
    {
        var parts = new ExchangeHandle.Parts(exchange);
        buffer.Content = await WholeBody
            .ReadInto<TMode, ExchangeHandle.Parts>(parts, buffer.Content.Array!, head.ContentLength, most).ConfigureAwait(false);
        exchange.Finish();
        buffer.Complete(head, url, retries, attempts);
        return buffer;
    }

    private async ValueTask<ResponseBuffer> FillDecoded<TMode>(Url url, Retry retries, int attempts, ResponseHead head, ResponseBody body)
        where TMode : struct, IWaitMode
    {
        // After a switch of protocols there is nothing to fill in, and nobody who could take the connection over.
        if (body.IsSwitched)
            await body.Discard<TMode>().ConfigureAwait(false);
        else
            buffer.Content = await body
                .ReadInto<TMode>(buffer.Content.Array!, body.IsDecoded ? null : head.ContentLength).ConfigureAwait(false);
        buffer.Complete(head, url, retries, attempts);
        return buffer;
    }
}
