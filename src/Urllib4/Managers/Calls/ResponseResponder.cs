using System.Runtime.CompilerServices;
using Urllib4.Bodies;
using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Primitives;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>The usual end of a call: a response object, with its body or with the connection on which that is on its way.</summary>
internal readonly struct ResponseResponder : IResponder<UrllibResponse>
{
    public ResponseHead? Head => null;

    public RedirectObserver? Observer => null;

    public ValueTask<UrllibResponse> Respond<TMode>(ref Call call, ResponseHead head, ExchangeHandle exchange)
        where TMode : struct, IWaitMode
    {
        RequestOptions own = call.Terms.Own;
        if (own.PreloadContent && IsPlain(call, head, exchange))
            return RespondWhole<TMode>(call.Request.Method, call.Request.Url, call.Retries, call.Attempts, head, exchange, MostOf(call));
        ConnectionFigures stamp = exchange.Stamp;
        ResponseBody body = BodyOf(call, head, exchange);
        if (own.PreloadContent && !body.IsSwitched)
            return RespondRead<TMode>(call.Request.Url, call.Retries, call.Attempts, head, stamp, body);
        body.Guarded();
        return new(new UrllibResponse(head, call.Request.Url, call.Retries, call.Attempts, stamp, body, body.IsSwitched ? [] : null));
    }

    /// <summary>Whether the body is nothing but its bytes: nothing to decode, nobody who wants to know, no other protocol.</summary>
    public static bool IsPlain(in Call call, ResponseHead head, ExchangeHandle exchange) =>
        call.Recorder is null && !exchange.IsSwitched && (exchange.IsComplete || !IsCoded(call.Terms.Own, head));

    /// <summary>The most bytes that are collected of a body, no more than an array can hold.</summary>
    public static int MostOf(in Call call) => (int)Math.Min(call.Terms.DecodeLimits.MaxDecodedBytes ?? Array.MaxLength, Array.MaxLength);

    /// <summary>The body, with what undoes its coding, and somebody to watch over it.</summary>
    public static ResponseBody BodyOf(in Call call, ResponseHead head, ExchangeHandle exchange)
    {
        RequestOptions own = call.Terms.Own;
        ContentDecoding? coding = !exchange.IsComplete && IsCoded(own, head)
            ? ContentDecoding.Parse(head.Headers.GetAll(HeaderNames.ContentEncoding))
            : null;
        BodyDecoder? decoder = coding?.CreateDecoder() is { } undo
            ? new BodyDecoder(undo, call.Terms.DecodeLimits)
            : null;
        // A stream is decoded in bounded memory, so limits hold there only when somebody asks for them.
        if (own.DecodeLimits is not null)
            decoder?.Limit();
        return new ResponseBody(exchange, call.ForBody(), call.Terms.Options.Clock, decoder)
        {
            UnknownCoding = coding?.UnknownCoding,
            MaxCollected = decoder is null ? MostOf(call) : Array.MaxLength,
        };
    }

    private static bool IsCoded(RequestOptions own, ResponseHead head) =>
        own.DecodeContent && head.Has("Content-Encoding"u8) && own.DecodesOnly?.Invoke(head.Headers) != false;

    // Most responses are small, not coded, and wanted as a whole: nothing has to watch over them while they are read.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<UrllibResponse> RespondWhole<TMode>(
        string method, Url url, Retry retries, int attempts, ResponseHead head, ExchangeHandle exchange, int most)
        where TMode : struct, IWaitMode
    {
        ConnectionFigures stamp = exchange.Stamp;
        byte[] data = await exchange.ReadWhole<TMode>(head.ContentLength, most).ConfigureAwait(false);
        ResponseBody? body = null;
        if (exchange.Trailers is null)
            exchange.Finish();
        else
            body = new ResponseBody(exchange, new ResponseBodyObserver(method, url, retries, attempts, null), TimeProvider.System);
        return new UrllibResponse(head, url, retries, attempts, stamp, body, data);
    }

    private static async ValueTask<UrllibResponse> RespondRead<TMode>(
        Url url, Retry retries, int attempts, ResponseHead head, ConnectionFigures stamp, ResponseBody body)
        where TMode : struct, IWaitMode
    {
        long? announced = body.IsDecoded ? null : head.ContentLength;
        byte[] data = await body.ReadAll<TMode>(announced, CancellationToken.None).ConfigureAwait(false);
        return new UrllibResponse(head, url, retries, attempts, stamp, body, data);
    }
}
